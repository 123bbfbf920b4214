import { type Run, statusOf } from "../engine/run.ts";
import type { SimulatorState } from "../engine/state.ts";
import type { ApiResponse } from "../http/response.ts";
import { durationText, escaped, page, stateText, symbolOf } from "./html.ts";

const maxRuns = 20;

/** The newest runs, of all pipelines or of the one that the address names, and the pipelines. */
export function runListPage({ pathname, searchParams }: URL, state: SimulatorState): ApiResponse {
  const base = pathname.replace(/\/$/, "");
  const pipelineId = Number(searchParams.get("definitionId"));
  const pipeline = state.pipelines.get(pipelineId);
  const runs = state
    .all()
    .filter((run) => run.deletedAt === undefined && (pipelineId === 0 || run.spec.id === pipelineId))
    .toReversed();
  const items = runs.slice(0, maxRuns).map((run) => runItem(run, base));
  const links = [...state.pipelines.values()].map(
    ({ id, name }) =>
      `<li><a href="${base}?definitionId=${id}">${escaped(name)}</a> <span class="quiet">${id}</span></li>`,
  );
  const all = pipelineId === 0 ? "" : `<p><a href="${base}">All pipelines</a></p>`;
  const list =
    items.length === 0 ? "<p>There are no runs yet.</p>" : `<ul class="records">${items.join("\n")}</ul>`;
  const title = pipeline === undefined ? "Runs" : `Runs of ${pipeline.name}`;
  const pipelines = pipelineId === 0 ? `<h2>Pipelines</h2><ul class="records">${links.join("\n")}</ul>` : "";
  return page(200, { title, body: `${all}<h1>${escaped(title)}</h1>${list}${pipelines}`, isChanging: true });
}

function runItem(run: Run, base: string): string {
  const { status, result, start, end } = statusOf(run, run.elapsed());
  const state = result ?? status;
  const name = `<a href="${base}/results?buildId=${run.id}">${escaped(`${run.spec.name} ${run.name}`)}</a>`;
  const duration = start === undefined || end === undefined ? "" : durationText(end - start);
  const queued = `${new Date(run.queuedAt).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const details = [state === "succeeded" ? "" : stateText(state), duration, shortRef(run.ref), queued]
    .filter(Boolean)
    .join(" · ");
  return `<li>${symbolOf(state)}${name} <span class="quiet">${escaped(details)}</span></li>`;
}

function shortRef(ref: string): string {
  return ref.replace(/^refs\/heads\//, "");
}
