import { rootCauses } from "../core/causes.ts";
import { evaluateCondition } from "../core/expression.ts";
import { ActionError } from "../errors.ts";
import { failureMessage, footerText } from "../render/bookends.ts";
import { resultText } from "../render/words.ts";
import { annotate } from "./annotate.ts";
import { downloadArtifacts, logSkippedDownload, requestsArtifacts } from "./artifacts.ts";
import type { WaitResult } from "./follow.ts";
import { setAllOutputs } from "./outputs.ts";
import type { TrackingContext } from "./scene.ts";
import { fetchFindings, publishSummary, type RunFindings } from "./summarize.ts";
import { finishAfterTimeout } from "./timed-out.ts";

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
  annotate(result, deps.runner);
  signal.throwIfAborted();
  const failure = failureMessage(run, rootCauses(tree, run.problems));
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
