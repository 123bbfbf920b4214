import type { RootCause } from "../core/failures.ts";
import type { NodeResult, RunFacts, RunResult } from "../core/model.ts";
import type { StageCheck } from "../core/run-tree.ts";
import { oneLine } from "../lib/text.ts";

/** The prefix of a completed stage, job or task. */
export const resultSymbols: Readonly<Record<NodeResult, string>> = {
  succeeded: "✔",
  succeededWithIssues: "⚠",
  failed: "✘",
  canceled: "⊘",
  skipped: "⏭",
  abandoned: "⊘",
  manual: "⏸",
};

const runResultLabels: Readonly<Record<RunResult, string>> = {
  succeeded: "succeeded",
  partiallySucceeded: "partially succeeded",
  failed: "failed",
  canceled: "canceled",
};

/** Completes "waits for …". */
const checkKindLabels: Readonly<Record<StageCheck["kind"], string>> = {
  approval: "approval",
  authorization: "permission to use a resource",
  check: "a check",
  "manual-validation": "manual validation",
  delay: "a delay",
  manual: "a manual start",
};

/** The same for one check, with its name if that is more specific than its kind. */
export function checkLabel({ kind, name }: Pick<StageCheck, "kind" | "name">): string {
  const label = checkKindLabels[kind];
  if (name === null || kind === "approval" || kind === "authorization") return label;
  if (kind === "check") return `the check ${oneLine(name)}`;
  const isSameWord = name.replaceAll(/\W/g, "").toLowerCase() === kind.replaceAll("-", "");
  return isSameWord ? label : `${label} (${oneLine(name)})`;
}

/** What a person can do about a wait, followed by "at" and the URL; `undefined` if nothing can be done. */
export const checkActions: Readonly<Record<StageCheck["kind"], string | undefined>> = {
  approval: "Approve or reject it",
  authorization: "Permit it",
  check: undefined,
  "manual-validation": "Resume or reject it",
  delay: undefined,
  manual: "Start it",
};

/** Completes "▶ Staging, … 1 min 21 s". */
export const completedCheckLabels: Readonly<Record<StageCheck["kind"], string>> = {
  approval: "approved after",
  authorization: "permitted after",
  check: "checks passed after",
  "manual-validation": "validated after",
  delay: "delayed by",
  manual: "started after",
};

/** Completes "waited 1 min 21 s for …". */
export const waitTimeLabels: Readonly<Record<StageCheck["kind"], string>> = {
  approval: "approval",
  authorization: "permission",
  check: "checks",
  "manual-validation": "manual validation",
  delay: "a delay",
  manual: "a manual start",
};

const runStatusLabels: Readonly<Record<RunFacts["status"], string>> = {
  notStarted: "is still in the queue",
  postponed: "is postponed",
  inProgress: "is still running",
  canceling: "is being canceled",
  completed: "ended without a result",
};

/** `20261122.3 failed`, `20261122.3 is still running`. */
export function runSentence(run: RunFacts): string {
  const verb = run.result === "canceled" ? "was " : "";
  return `${oneLine(run.name)} ${verb}${resultText(run) ?? runStatusLabels[run.status]}`;
}

/** Before the place of the first cause, which may not be where the run ended. */
export function locationPrefix(
  { result }: Pick<RunFacts, "result">,
  [first]: readonly Pick<RootCause, "result">[],
): string {
  // What failed before a run was canceled did not cancel it.
  const isElsewhere = result === "canceled" && first?.result === "failed";
  return isElsewhere || result === "partiallySucceeded" || result === null ? ", with errors in" : " in";
}

/** How the step judged the run: `failed on attempt 2, which success-when accepts`. */
export function judgedResultText(run: RunFacts, isSuccess: boolean, attemptText = ""): string {
  const text = resultText(run);
  if (text === undefined) return isSuccess ? "success-when is true" : "success-when is false";
  const isExpected = isSuccess === (run.result === "succeeded");
  const suffix = isSuccess ? acceptedSuffix : rejectedSuffix;
  return `${text}${attemptText}${isExpected ? "" : suffix}`;
}

export const acceptedSuffix = ", which success-when accepts";

export const rejectedSuffix = ", and success-when is false";

/** `failed`, also for unknown results; `undefined` while there is no result. */
export function resultText({ result, unknownResult }: RunFacts): string | undefined {
  if (unknownResult !== undefined) return `ended as "${oneLine(unknownResult)}", treated as failed`;
  return result === null ? undefined : runResultLabels[result];
}

const resultEmoji: Readonly<Record<NodeResult, string>> = {
  succeeded: "✅",
  succeededWithIssues: "⚠️",
  failed: "❌",
  canceled: "🚫",
  skipped: "⏭️",
  abandoned: "🚫",
  manual: "⏸️",
};

/** For Markdown and charts; the log has simpler symbols. */
export function emoji(result: NodeResult | null): string {
  return result === null ? "⏳" : resultEmoji[result];
}
