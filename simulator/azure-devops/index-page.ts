import { type Run, statusOf } from "../engine/run.ts";
import { type DecisionKind, type StageSchedule, stateAt } from "../engine/schedule.ts";
import { startStageRefusal } from "../engine/stage-starts.ts";
import type { SimulatorState } from "../engine/state.ts";
import { type ApiResponse, htmlResponse } from "../http/response.ts";
import type { IncomingRequest } from "../http/server.ts";
import { signInPage } from "./sign-in.ts";

/** Pages for people: a run with buttons for what it waits for, and the sign-in page. */
export function indexPageFor(
  { method, url, body }: IncomingRequest,
  state: SimulatorState,
): ApiResponse | undefined {
  if (url.pathname === "/_signin") return signInPage(203);
  if (!/\/_build\/results$/i.test(url.pathname)) return undefined;
  const run = state.find(Number(url.searchParams.get("buildId")));
  if (run === undefined) return htmlResponse(404, "Not found", "<p>There is no such run.</p>");
  if (method !== "POST") return htmlResponse(200, escaped(`${run.spec.name} ${run.name}`), runPage(run));
  handleButton(run, new URLSearchParams(body));
  return { status: 303, headers: { location: url.href }, body: "" };
}

type ButtonKind = DecisionKind | "Start";

const buttonLabels: Readonly<Record<ButtonKind, readonly [yes: string, no?: string]>> = {
  Approval: ["Approve", "Reject"],
  Authorization: ["Permit", "Reject"],
  Validation: ["Resume", "Reject"],
  Start: ["Run stage"],
};

function isButtonKind(kind: string): kind is ButtonKind {
  return Object.hasOwn(buttonLabels, kind);
}

function handleButton(run: Run, form: URLSearchParams): void {
  const [stage, kind] = [form.get("stage") ?? "", form.get("kind") ?? ""];
  const at = run.elapsed();
  if (!isButtonKind(kind)) return;
  if (kind !== "Start") {
    run.decisions.push({ stage, kind, accepted: form.get("answer") === "yes", at, by: "You" });
  } else if (startStageRefusal(run, stage) === undefined) {
    run.stageStarts.push({ stage, at });
  }
}

function runPage(run: Run): string {
  const at = run.elapsed();
  const { status, result } = statusOf(run, at);
  const rows = run.schedule().stages.map((stage) => {
    const state = stateAt(stage, at);
    const label = state === "completed" ? stage.result : state;
    const { name, displayName = name } = stage.spec;
    const buttons = buttonsOf(run, stage, at).join("");
    return `<tr><td>${escaped(displayName)}</td><td>${label}</td><td>${buttons}</td></tr>`;
  });
  const title = escaped(`${run.spec.name} ${run.name}`);
  return `<h1>${title}: ${result ?? status}</h1><table>${rows.join("")}</table>`;
}

function buttonsOf(run: Run, stage: StageSchedule, at: number): string[] {
  const { name } = stage.spec;
  const isOpen = (item: { readonly start: number; readonly end: number }) =>
    item.start <= at && at < item.end;
  const tasks = stage.jobs.flatMap((job) => job.tasks);
  return [
    ...stage.checks
      .filter(isOpen)
      .map(({ kind }) => (kind === "TaskCheck" ? "a check is running" : buttonsFor(name, kind))),
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

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
