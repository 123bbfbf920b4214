import { type ConditionResult, evaluateCondition, isDefaultCondition } from "../core/condition.ts";
import { type RootCause, rootCauses } from "../core/failures.ts";
import type { RunFacts } from "../core/model.ts";
import type { CancelOutcome, Verdict } from "../core/run-report.ts";
import type { RunSnapshot, TrackedRun, UnpolledTimeout, WaitResult } from "../core/run-snapshot.ts";
import type { RunTree } from "../core/run-tree.ts";
import { ActionError, hintFor, ignoreError, reasonOf, TransientError } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { listed, oneLine } from "../lib/text.ts";
import { durationText } from "../lib/time.ts";
import type { Runner } from "../ports.ts";
import { judgedResultText, resultText } from "../render/labels.ts";
import { leftLine } from "../render/run-lines.ts";
import {
  causeInFailureMessage,
  failureLine,
  failureMessage,
  failureText,
  successLine,
} from "../render/run-text.ts";
import { activityText } from "../render/status-text.ts";
import { annotate, annotateTests, placeOfCause } from "./annotate.ts";
import { downloadArtifacts, logSkippedDownload, requestsArtifacts } from "./artifacts.ts";
import { cancelAsConfigured } from "./cancel-run.ts";
import type { TrackingContext } from "./context.ts";
import { setAllOutputs } from "./outputs.ts";
import type { RunFindings } from "./run-findings.ts";
import { findStage } from "./stage-requests.ts";
import { publishSummary, publishUnpolledSummary } from "./step-summary.ts";

/** The end of the step. A failed run is a value, not an error. */
export type StepOutcome = "succeeded" | "failed" | "left";

/** Decides the result of the step, downloads the requested artifacts, and reports both in summary, check and log. */
export async function finishStep(
  result: WaitResult,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const { inputs, deps, logs } = tracking;
  const { run, tree, document } = result;
  const isCompleted = run.status === "completed";
  // Requested at once, and awaited only when needed.
  const pendingFindings = tracking.findings.read(result, signal);
  pendingFindings.catch(ignoreError("it is thrown where they are awaited"));
  const condition = evaluateCondition(inputs.successWhen, document);
  const isSuccess = condition.holds;
  const isTimeout = result.end !== "reached" && !isCompleted;
  if (isCompleted || !(isSuccess || isTimeout)) await logs.finish({ run, tree, isSuccess }, signal);
  if (!isCompleted) logSkippedDownload(inputs, deps.runner);
  setAllOutputs(document, tracking);
  if (isTimeout) return await finishAfterTimeout(result, tracking, signal);
  const cancelOutcome =
    isCompleted || inputs.onStop === "leave" ? undefined : await cancelAfterStop(run, tracking, signal);
  const findings = await pendingFindings;
  if (findings.areSkipped) deps.runner.write([{ type: "text", text: skippedFindingsText }]);
  const actionError =
    (isCompleted
      ? await downloadRequestedArtifacts({ result, isSuccess, findings }, tracking, signal)
      : undefined) ?? conditionError(condition, run);
  const verdict = { ...stepVerdict(result, { isSuccess, actionError }, inputs), cancelOutcome };
  const { beforeRetry } = result;
  if (isSuccess && beforeRetry !== undefined) warnAboutRetry(beforeRetry, document.attempt, deps.runner);
  await publishSummary(result, { verdict, findings }, tracking, signal);
  return await logOutcome({ result, isSuccess, actionError, tests: findings.tests }, tracking, signal);
}

interface JudgedStep {
  readonly isSuccess: boolean;
  /** The action could not do its job, whatever the run's result. */
  readonly actionError: ActionError | undefined;
}

/** What summary, check and status say of the end. */
function stepVerdict(
  { run, tree, document, beforeRetry }: WaitResult,
  { isSuccess, actionError }: JudgedStep,
  inputs: Inputs,
): Omit<Verdict, "cancelOutcome"> {
  const attemptText = beforeRetry === undefined ? "" : ` on attempt ${document.attempt}`;
  if (actionError !== undefined)
    return {
      kind: "error",
      text: `${resultText(run) ?? "still running"}${attemptText}, and the action failed (${actionError.code})`,
      reason: actionError.message,
    };
  const stages = isSuccess && run.result !== "succeeded" ? startedStages(inputs, tree) : [];
  const text =
    stages.length > 0
      ? `${listed(stages.map(oneLine))} succeeded`
      : judgedResultText(run, isSuccess, attemptText);
  if (isSuccess) return { kind: "succeeded", text };
  return { kind: run.result === "canceled" ? "canceled" : "failed", text };
}

interface StepEnd extends JudgedStep {
  readonly result: WaitResult;
  readonly tests: RunFindings["tests"];
}

/** Writes annotations, log excerpts and the result to the log. Throws if the action could not do its job. */
async function logOutcome(
  { result, isSuccess, actionError, tests }: StepEnd,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const { inputs, deps, logs } = tracking;
  const { run, tree } = result;
  const causes = rootCauses(tree, run);
  const failure = [
    failureMessage(run, causes),
    ...(run.result === "partiallySucceeded" && isDefaultCondition(inputs.successWhen)
      ? [acceptanceHint]
      : []),
  ].join("\n");
  const writtenCause = isSuccess ? undefined : causeInFailureMessage(causes);
  const place = writtenCause === undefined ? {} : await placeOfCause(writtenCause, run, tracking);
  signal.throwIfAborted();
  const annotateAll = async (options: { reservedErrors: number; writtenCause?: RootCause | undefined }) => {
    await annotate(result, tracking, { isSuccess, ...options });
    await annotateTests(tests, run, tracking, { isSuccess, ...options });
  };
  if (actionError !== undefined) {
    // Its error has no place.
    await annotateAll({ reservedErrors: 1, ...(place.file === undefined && { writtenCause }) });
    throw isSuccess ? actionError : combineErrors(failure, actionError);
  }
  if (isSuccess) {
    await annotateAll({ reservedErrors: 0 });
    logs.writeExcerpts();
    deps.runner.write([{ type: "text", text: successLine(run, tree, startedStages(inputs, tree)) }]);
    return "succeeded";
  }
  // First, since GitHub shows the first ten errors of a step.
  deps.runner.write([{ type: "error", text: failure, ...place }]);
  await annotateAll({ reservedErrors: 0, writtenCause });
  logs.writeExcerpts();
  deps.runner.write([{ type: "text", text: failureLine(run, causes) }]);
  return "failed";
}

const skippedFindingsText =
  "The run's tests and artifacts are not in the summary: they were not read, since the service throttles this identity.";

/** The stages of `stages-to-start` if all of them have succeeded; empty otherwise. */
function startedStages({ target }: Inputs, tree: RunTree): readonly string[] {
  const stages = target.kind === "start" ? [] : target.stagesToStart;
  return stages.every((name) => findStage(tree, name)?.result === "succeeded") ? stages : [];
}

const acceptanceHint =
  "To accept such a run, set `success-when: contains(['succeeded', 'partiallySucceeded'], result)`.";

/** A run that passed on a retry is flaky: the warning stays. */
function warnAboutRetry({ run, tree }: RunSnapshot, attempt: number, runner: Pick<Runner, "write">): void {
  const first = failureText(run, rootCauses(tree, run));
  runner.write([{ type: "warning", text: `Passed only on attempt ${attempt}. Before the retry: ${first}` }]);
}

/** `on-stop: cancel` of a run that is still running. The result of the step doesn't depend on it. */
async function cancelAfterStop(
  { id }: RunFacts,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<CancelOutcome> {
  const outcome = await cancelAsConfigured(id, "on-stop", tracking, signal);
  tracking.deps.runner.write([{ type: outcome.isStillRunning ? "warning" : "text", text: outcome.text }]);
  return outcome;
}

/** If `success-when` has no value, the result is unknown. */
function conditionError({ problem, isNull }: ConditionResult, run: RunFacts): ActionError | undefined {
  if (problem === undefined && !isNull) return undefined;
  const reason = problem ?? "it has no value for this run";
  return new ActionError("bad-input", `success-when could not be evaluated: ${reason}. ${run.url}`, {
    hint: "Correct `success-when`: it must yield true or false for the output `run`.",
  });
}

/** A failed run and an error of the action become one error, with the code of the latter. */
function combineErrors(failure: string, actionError: ActionError): ActionError {
  const { code, hint } = actionError;
  return new ActionError(code, `${failure}\n${actionError.message}`, { hint, cause: actionError });
}

interface RequestedArtifacts {
  readonly result: WaitResult;
  readonly isSuccess: boolean;
  readonly findings: RunFindings;
}

/** Artifacts: their errors are reported last. */
async function downloadRequestedArtifacts(
  { result, isSuccess, findings }: RequestedArtifacts,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<ActionError | undefined> {
  const { inputs, deps } = tracking;
  if (!requestsArtifacts(inputs)) return undefined;
  const { run } = result;
  try {
    const available =
      findings.artifacts ?? (await deps.artifacts.list(run.id, { retryForMs: 60_000 }, signal));
    await downloadArtifacts({ inputs, run, available, store: deps.store, isSuccess }, deps, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionError) return error;
    throw error;
  }
}

/** The last known state of the run, or a run without a successful poll. */
type TimedOutRun = WaitResult | (UnpolledTimeout & { readonly run: TrackedRun });

/** Ends a wait after its timeout according to `on-timeout`, and reports what the run was still waiting for. */
export async function finishAfterTimeout(
  lastState: TimedOutRun,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<"left"> {
  const { inputs, deps, logs } = tracking;
  const { run } = lastState;
  const isQueued = lastState.end === "queued-too-long";
  const elapsed = durationText((isQueued ? inputs.queueTimeoutMs : inputs.timeoutMs) ?? 0);
  const isPolled = lastState.end !== "unpolled";
  const { activity, hint, cause } = timeoutReason(lastState);
  const statusText = isQueued
    ? `No job of ${run.name} ran within ${elapsed} in the queue: ${activity}.`
    : `${run.name} was not completed after ${elapsed}: ${activity}.`;
  const publish = async (verdict: Verdict) => {
    if (isPolled) await publishSummary(lastState, { verdict }, tracking, signal);
    else await publishUnpolledSummary(lastState.run, verdict, tracking, signal);
    signal.throwIfAborted();
  };
  if (inputs.onTimeout === "leave") {
    await publish({ kind: "running", text: `left running after ${elapsed}` });
    if (isPolled) await annotate(lastState, tracking, { isSuccess: true, reservedWarnings: 1 });
    deps.runner.write([
      { type: "warning", text: `${statusText} The run was left running (on-timeout: leave). ${run.url}` },
    ]);
    logs.writeExcerpts();
    deps.runner.write([{ type: "text", text: leftLine(run, elapsed) }]);
    return "left";
  }
  const cancelOutcome =
    inputs.onTimeout === "cancel"
      ? await cancelAsConfigured(run.id, "on-timeout", tracking, signal)
      : { text: "The run was left running.", isStillRunning: true };
  const verdictText = isQueued ? `not run after ${elapsed} in the queue` : `timed out after ${elapsed}`;
  await publish({ kind: "timed-out", text: verdictText, cancelOutcome });
  if (isPolled) await annotate(lastState, tracking);
  throw new ActionError("timeout", `${statusText} ${cancelOutcome.text} ${run.url}`, { hint, cause });
}

interface TimeoutReason {
  readonly activity: string;
  readonly hint: string | undefined;
  readonly cause?: unknown;
}

/** What the run was still waiting for, or why that is unknown. */
function timeoutReason(lastState: TimedOutRun): TimeoutReason {
  if (lastState.end === "unpolled") {
    const { error: cause } = lastState;
    const activity = `no poll succeeded (${oneLine(reasonOf(cause))})`;
    return { activity, hint: pollErrorHint(cause), cause };
  }
  const input = lastState.end === "queued-too-long" ? "queue-timeout" : "timeout";
  return {
    activity: `still ${activityText(lastState.run, lastState.tree)}`,
    hint: `Raise \`${input}\`, or check what the run is waiting for.`,
  };
}

function pollErrorHint(error: unknown): string | undefined {
  if (error instanceof TransientError) return hintFor(error);
  return error instanceof ActionError ? error.hint : undefined;
}
