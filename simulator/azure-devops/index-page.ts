import { type Run, statusOf } from "../engine/run.ts";
import { stateAt } from "../engine/schedule.ts";
import type { SimulatorState } from "../engine/state.ts";
import { type ApiResponse, htmlResponse } from "../http/response.ts";
import type { IncomingRequest } from "../http/server.ts";
import { signInPage } from "./sign-in.ts";

/** Pages for people: a run with buttons for its approvals, and the sign-in page. */
export function indexPageFor(
  { method, url, body }: IncomingRequest,
  state: SimulatorState,
): ApiResponse | undefined {
  if (url.pathname === "/_signin") return signInPage(203);
  if (!/\/_build\/results$/i.test(url.pathname)) return undefined;
  const run = state.find(Number(url.searchParams.get("buildId")));
  if (run === undefined) return htmlResponse(404, "Not found", "<p>There is no such run.</p>");
  if (method !== "POST") return htmlResponse(200, escaped(`${run.spec.name} ${run.name}`), runPage(run));
  const form = new URLSearchParams(body);
  const kind = form.get("kind") === "Authorization" ? "Authorization" : "Approval";
  const accepted = form.get("answer") === "yes";
  run.decisions.push({ stage: form.get("stage") ?? "", kind, accepted, at: run.elapsed(), by: "You" });
  return { status: 303, headers: { location: url.href }, body: "" };
}

function runPage(run: Run): string {
  const t = run.elapsed();
  const { status, result } = statusOf(run, t);
  const rows = run.schedule().stages.map((stage) => {
    const state = stateAt(stage, t);
    const label = state === "completed" ? stage.result : state;
    const waiting = stage.checks.filter((check) => check.start <= t && t < check.end);
    const buttons = waiting.map((check) => buttonsFor(stage.spec.name, check.kind)).join("");
    return `<tr><td>${escaped(stage.spec.displayName ?? stage.spec.name)}</td><td>${label}</td><td>${buttons}</td></tr>`;
  });
  const title = escaped(`${run.spec.name} ${run.name}`);
  return `<h1>${title}: ${result ?? status}</h1><table>${rows.join("")}</table>`;
}

function buttonsFor(stage: string, kind: string): string {
  if (kind === "TaskCheck") return "a check is running";
  const button = (value: string, label: string) => `<button name="answer" value="${value}">${label}</button>`;
  const hiddenInputs = `<input type="hidden" name="stage" value="${escaped(stage)}"><input type="hidden" name="kind" value="${kind}">`;
  return `<form method="post">${hiddenInputs}${button("yes", kind === "Approval" ? "Approve" : "Permit")}${button("no", "Reject")}</form>`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
