import { type Run, statusOf } from "../engine/run.ts";
import type { DecisionKind, StageSchedule } from "../engine/schedule.ts";
import { startStageRefusal } from "../engine/stage-starts.ts";
import type { SimulatorState } from "../engine/state.ts";
import type { ApiResponse } from "../http/response.ts";
import type { IncomingRequest } from "../http/server.ts";
import { escaped, page, stateText, symbolOf } from "./html.ts";
import { runListPage } from "./run-list-page.ts";
import { logPage, recordList } from "./run-page.ts";
import { signInPage } from "./sign-in.ts";
import { currentEntries } from "./timeline-json.ts";

/** Pages for people: the list of runs, a run with buttons for what it waits for, and the sign-in page. */
export function indexPageFor(
  { method, url, body }: IncomingRequest,
  state: SimulatorState,
): ApiResponse | undefined {
  if (url.pathname === "/_signin") return signInPage(203);
  if (/\/_build\/?$/i.test(url.pathname)) return runListPage(url, state);
  if (!/\/_build\/results$/i.test(url.pathname)) return undefined;
  const run = state.find(Number(url.searchParams.get("buildId")));
  if (run === undefined)
    return page(404, { title: "Not found", body: `<p>There is no such run. ${linkToRuns}</p>` });
  if (method !== "POST") return runPage(run, state, url.searchParams);
  handleButton(run, new URLSearchParams(body));
  return { status: 303, headers: { location: url.href }, body: "" };
}

const linkToRuns = '<a href="../_build">All runs</a>';

type ButtonKind = DecisionKind | "Start" | "Cancel";

const buttonLabels: Readonly<Record<ButtonKind, readonly [yes: string, no?: string]>> = {
  Approval: ["Approve", "Reject"],
  Authorization: ["Permit", "Reject"],
  Validation: ["Resume", "Reject"],
  Start: ["Run stage"],
  Cancel: ["Cancel"],
};

function isButtonKind(kind: string): kind is ButtonKind {
  return Object.hasOwn(buttonLabels, kind);
}

function handleButton(run: Run, form: URLSearchParams): void {
  const [stage, kind] = [form.get("stage") ?? "", form.get("kind") ?? ""];
  const at = run.elapsed();
  if (!isButtonKind(kind)) return;
  if (kind === "Cancel") {
    if (isCancellable(run)) run.cancels.push({ at });
  } else if (kind !== "Start") {
    run.decisions.push({ stage, kind, accepted: form.get("answer") === "yes", at, by: "You" });
  } else if (startStageRefusal(run, stage) === undefined) {
    run.stageStarts.push({ stage, at });
  }
}

function runPage(run: Run, state: SimulatorState, query: URLSearchParams): ApiResponse {
  const at = run.elapsed();
  const { status, result, end } = statusOf(run, at);
  const entries = currentEntries(run, { state });
  const title = `${run.spec.name} ${run.name}`;
  const heading = `<p>${linkToRuns}</p><h1>${symbolOf(result ?? status)}${escaped(title)}: ${stateText(result ?? status)}</h1>`;
  const log = logPage(run, entries, query);
  if (log !== undefined) return page(200, { title, body: heading + log });
  const stages = run.schedule().stages;
  const buttons = (name: string) =>
    stages.flatMap((stage) => (stage.spec.name === name ? buttonsOf(run, stage, at) : [])).join("");
  const source = `<p class="quiet">${escaped(run.ref)} at ${escaped(run.version.slice(0, 7))}</p>`;
  const cancel = isCancellable(run) ? `<p>${buttonsFor("", "Cancel")}</p>` : "";
  const body = `${heading}${source}${cancel}${recordList(run, entries, buttons)}`;
  return page(200, { title, body, isChanging: end === undefined });
}

function isCancellable(run: Run): boolean {
  return ["notStarted", "postponed", "inProgress"].includes(statusOf(run, run.elapsed()).status);
}

function buttonsOf(run: Run, stage: StageSchedule, at: number): string[] {
  const { name } = stage.spec;
  const isOpen = (item: { readonly start: number; readonly end: number }) =>
    item.start <= at && at < item.end;
  const tasks = stage.jobs.flatMap((job) => job.tasks);
  return [
    ...stage.checks
      .filter(isOpen)
      .map(({ kind }) => (kind === "TaskCheck" ? "A check is running. " : buttonsFor(name, kind))),
    ...(tasks.some((task) => isOpen(task) && task.spec.waitsForValidation === true)
      ? [buttonsFor(name, "Validation")]
      : []),
    ...(startStageRefusal(run, name) === undefined ? [buttonsFor(name, "Start")] : []),
  ];
}

function buttonsFor(stage: string, kind: ButtonKind): string {
  const button = (value: string, label: string) => `<button name="answer" value="${value}">${label}</button>`;
  const hiddenInputs = `<input type="hidden" name="stage" value="${escaped(stage)}"><input type="hidden" name="kind" value="${kind}">`;
  const [yes, no] = buttonLabels[kind];
  return `<form method="post">${hiddenInputs}${button("yes", yes)}${no === undefined ? "" : button("no", no)}</form>`;
}
