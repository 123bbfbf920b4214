import { evaluateCondition } from "../core/expression.ts";
import { annotationsOf, rootCauses } from "../core/failures.ts";
import type { Verdict } from "../core/run-report.ts";
import type { RunSnapshot, TrackedRun, WaitResult } from "../core/run-snapshot.ts";
import { ActionError } from "../errors.ts";
import { durationText } from "../lib/time.ts";
import type { Runner } from "../ports.ts";
import { annotationLines } from "../render/annotations.ts";
import { resultText } from "../render/labels.ts";
import { failureMessage, footerText } from "../render/run-text.ts";
import { activityText } from "../render/status-text.ts";
import { downloadArtifacts, logSkippedDownload, requestsArtifacts } from "./artifacts.ts";
import { cancelAfterTimeout } from "./cancel-run.ts";
import type { TrackingContext } from "./context.ts";
import { setAllOutputs } from "./outputs.ts";
import { fetchFindings, publishSummary, type RunFindings } from "./step-summary.ts";

/** How the step ends: the run's own end is a value, never an error. */
export type StepOutcome = "succeeded" | "failed" | "left";

/** Decides how the step ends, brings back what was asked for, and says it in summary, signs and log. */
export async function finishStep(
  result: WaitResult,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const { inputs, deps, logs } = tracking;
  const { run, tree, document } = result;
  const isCompleted = run.status === "completed";
  // Asked for at once, and waited for only where it is told.
  const pendingFindings = fetchFindings(result, tracking, signal);
  pendingFindings.catch(() => undefined);
  if (isCompleted) await logs.finish(tree, signal);
  else logSkippedDownload(inputs, deps.runner);
  setAllOutputs(document, tracking);
  if (result.end === "timed-out" && !isCompleted) return await finishAfterTimeout(result, tracking, signal);
  const { holds: isSuccess, problem } = evaluateCondition(inputs.successWhen, document);
  if (problem !== undefined) {
    deps.runner.write([{ type: "warning", text: `success-when could not be evaluated: ${problem}` }]);
  }
  const findings = await pendingFindings;
  const artifactError = isCompleted
    ? await downloadRequestedArtifacts({ result, isSuccess, findings }, tracking, signal)
    : undefined;
  const conditionText = isSuccess ? "reached what was waited for" : "did not reach what was waited for";
  const outcomeText = resultText(run) ?? conditionText;
  const text =
    artifactError === undefined
      ? outcomeText
      : `${outcomeText}, and the action gave up (${artifactError.code})`;
  const kind =
    artifactError !== undefined
      ? "error"
      : isSuccess
        ? "succeeded"
        : run.result === "canceled"
          ? "canceled"
          : "failed";
  await publishSummary(result, { verdict: { kind, text }, findings }, tracking, signal);
  annotate(result, deps.runner, { isSuccess });
  signal.throwIfAborted();
  const failure = failureMessage(run, rootCauses(tree, run));
  if (artifactError !== undefined) throw isSuccess ? artifactError : combineErrors(failure, artifactError);
  if (isSuccess) {
    deps.runner.write([{ type: "text", text: footerText(run, tree) }]);
    return "succeeded";
  }
  deps.runner.write([{ type: "error", text: failure }]);
  return "failed";
}

/** A run that failed, and artifacts that could not be had: one error, whose code is the action's own fault. */
function combineErrors(failure: string, artifactError: ActionError): ActionError {
  const { code, hint } = artifactError;
  return new ActionError(code, `${failure}\n${artifactError.message}`, { hint, cause: artifactError });
}

interface RequestedArtifacts {
  readonly result: WaitResult;
  readonly isSuccess: boolean;
  readonly findings: RunFindings;
}

/** Artifacts: what goes wrong with them is told after everything else has been. */
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
      findings.artifacts ?? (await deps.pipelines.listArtifacts(run.id, { retryForMs: 60_000 }, signal));
    await downloadArtifacts({ inputs, run, available, store: deps.store, isSuccess }, deps, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionError) return error;
    throw error;
  }
}

/** A run as it was last seen, or one that no look has shown yet. */
type TimedOutRun = RunSnapshot | { readonly run: TrackedRun };

/** Ends a wait that took too long, as `on-timeout` says, with what was still waited for. */
export async function finishAfterTimeout(
  lastState: TimedOutRun,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<"left"> {
  const { inputs, deps } = tracking;
  const { run } = lastState;
  const elapsed = durationText(inputs.timeoutMs ?? 0);
  const activity =
    "tree" in lastState
      ? `still ${activityText(lastState.run, lastState.tree)}`
      : "no look at it was answered";
  const statusText = `${run.name} was not done after ${elapsed}: ${activity}.`;
  const publish = async (verdict: Verdict) => {
    if ("tree" in lastState) await publishSummary(lastState, { verdict }, tracking, signal);
    else await tracking.reports.closeUnpolled(verdict, signal);
    signal.throwIfAborted();
  };
  if (inputs.onTimeout === "leave") {
    await publish({ kind: "running", text: `left alone after ${elapsed}` });
    if ("tree" in lastState) annotate(lastState, deps.runner, { isSuccess: true, reservedWarnings: 1 });
    deps.runner.write([
      { type: "warning", text: `${statusText} It was left alone, as on-timeout says. ${run.url}` },
    ]);
    return "left";
  }
  const cancelOutcome =
    inputs.onTimeout === "cancel"
      ? await cancelAfterTimeout(run.id, tracking, signal)
      : { text: "It goes on.", isStillRunning: true };
  await publish({ kind: "timed-out", text: `timed out after ${elapsed}`, cancelOutcome });
  if ("tree" in lastState) annotate(lastState, deps.runner);
  throw new ActionError("timeout", `${statusText} ${cancelOutcome.text} ${run.url}`, {
    hint: "Raise `timeout`, or see to what the run waits for.",
  });
}

/** GitHub shows so many of each kind a step. One of the errors is the action's own. */
const maxAnnotations = 10;

interface AnnotateOptions {
  /** The step succeeds: no issue of the run is an error then. */
  readonly isSuccess?: boolean;
  /** How many warnings the step still has to give itself. */
  readonly reservedWarnings?: number;
}

/** The run's own issues as annotations of the step, which has given warnings of its own. */
export function annotate(
  { run, tree }: Pick<RunSnapshot, "run" | "tree">,
  runner: Pick<Runner, "write" | "repositoryPath" | "warningCount">,
  { isSuccess = false, reservedWarnings = 0 }: AnnotateOptions = {},
): void {
  const warnings = Math.max(0, maxAnnotations - runner.warningCount() - reservedWarnings);
  const limits = { errors: maxAnnotations - 1, warnings, isSuccess };
  runner.write(annotationLines(annotationsOf(tree, run, limits), (path) => runner.repositoryPath(path)));
}
