import type { NodeResult, RunFacts, RunResult } from "../core/model.ts";
import type { Wait } from "../core/nodes.ts";
import { oneLine } from "../core/text.ts";

/** Before an end of a stage, a job or a task. */
export const marks: Readonly<Record<NodeResult, string>> = {
  succeeded: "✔",
  succeededWithIssues: "⚠",
  failed: "✘",
  canceled: "⊘",
  skipped: "⏭",
  abandoned: "⊘",
};

const runWords: Readonly<Record<RunResult, string>> = {
  succeeded: "succeeded",
  partiallySucceeded: "partially succeeded",
  failed: "failed",
  canceled: "was canceled",
};

export const runMarks: Readonly<Record<RunResult, string>> = {
  succeeded: "✔",
  partiallySucceeded: "⚠",
  failed: "✘",
  canceled: "⊘",
};

/** Completes "waits for …". */
export const waitWords: Readonly<Record<Wait["kind"], string>> = {
  approval: "approval",
  authorization: "permission to use a resource",
  check: "a check",
};

/** Completes "▶ Staging, … 1 min 21 s". */
export const passedWords: Readonly<Record<Wait["kind"], string>> = {
  approval: "approved after",
  authorization: "permitted after",
  check: "checks passed after",
};

/** Completes "waited 1 min 21 s for …". */
export const waitedWords: Readonly<Record<Wait["kind"], string>> = {
  approval: "approval",
  authorization: "permission",
  check: "checks",
};

const statusWords: Readonly<Record<RunFacts["status"], string>> = {
  notStarted: "is still in the queue",
  postponed: "is postponed",
  inProgress: "is still running",
  canceling: "is being canceled",
  completed: "ended without a result",
};

/** `20261122.3 failed`, `20261122.3 is still running`. */
export function runSentence(run: RunFacts): string {
  return `${oneLine(run.name)} ${resultText(run) ?? statusWords[run.status]}`;
}

/** A run fails in a place; otherwise something is amiss there. */
export function placeWord({ result }: Pick<RunFacts, "result">): string {
  return result === "partiallySucceeded" ? ", with errors in" : " in";
}

/** `failed`, also for a word that only the service knows; `undefined` while there is no result. */
export function resultText({ result, strangeResult }: RunFacts): string | undefined {
  if (strangeResult !== undefined) return `ended as "${oneLine(strangeResult)}", taken as failed`;
  return result === null ? undefined : runWords[result];
}
