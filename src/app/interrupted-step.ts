import { buildRunTree } from "../core/build-run-tree.ts";
import type { RunFacts } from "../core/model.ts";
import { documentOf } from "../core/run-document.ts";
import type { Candidate } from "../core/run-matching.ts";
import type { Verdict } from "../core/run-report.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import { ignoreError, reasonOf, StepCancelledError, shutdownRequested } from "../errors.ts";
import { withTimeout } from "../lib/abort.ts";
import { runLine } from "../render/run-lines.ts";
import { annotate } from "./annotate.ts";
import { cancelOnSignal, type SignalOutcome } from "./cancel-on-signal.ts";
import type { ActionContext, TrackingContext } from "./context.ts";
import { setAllOutputs } from "./outputs.ts";
import { isCancelledWithStep } from "./step-state.ts";
import { publishSummary, publishUnpolledSummary } from "./step-summary.ts";
import { createTrackingContext } from "./track-run.ts";

type InterruptedVerdict = Verdict & { readonly kind: "canceled" | "error" };

/** What is known about the step when it is interrupted. */
export interface InterruptedStep {
  /** `undefined` until the inputs have been read. */
  readonly context: ActionContext | undefined;
  /** `undefined` until a run is being followed. */
  readonly tracking: () => TrackingContext | undefined;
}

/** Uses the time before the runner kills the process: first cancels the run, then reports on it. Returns what became of it. */
export async function handleInterruption(
  failure: unknown,
  { context, tracking }: InterruptedStep,
  timeoutMs: number,
): Promise<string> {
  if (context === undefined) return "No run was started.";
  const { inputs, deps } = context;
  const { stepState } = deps;
  const { phase } = stepState;
  const isLeftRunning = phase.at === "following" && !isCancelledWithStep(phase, inputs.cancelOnAbort);
  // The post step is already cancelling the run then.
  const isPostStepActive = failure === shutdownRequested;
  return await withTimeout(timeoutMs, deps.clock, async (timeoutSignal) => {
    const { message, found } = await cancelOnSignal(
      { ...deps, cancelOnAbort: inputs.cancelOnAbort, isPostStepActive },
      timeoutSignal,
    ).catch(
      (error: unknown): SignalOutcome => ({
        message: `The state of the run is unknown (${reasonOf(error)}).`,
      }),
    );
    const isStillRunning = isLeftRunning || stepState.phase.at === "following";
    if (found !== undefined) reportFoundRun(found, context);
    // The summary already contains the URL.
    const text = message.replace(`: ${stepState.snapshot?.run.url ?? stepState.run?.url}`, ".");
    const cancelOutcome = { text, isStillRunning };
    const verdict =
      failure instanceof StepCancelledError
        ? ({ kind: "canceled", text: "the step was cancelled", cancelOutcome } as const)
        : ({ kind: "error", text: "the action failed (internal)", cancelOutcome } as const);
    await reportInterruptedRun(verdict, { context, tracking }, timeoutSignal);
    return message;
  });
}

/** Writes outputs and summary, and closes check run and status, for a run whose end the step did not see. Never throws. */
export async function reportInterruptedRun(
  verdict: InterruptedVerdict,
  step: InterruptedStep,
  signal: AbortSignal,
): Promise<void> {
  if (step.context === undefined) return;
  const { runner, stepState } = step.context.deps;
  const { run, snapshot } = stepState;
  if (run === undefined) return;
  try {
    const tracking = step.tracking() ?? (await trackKnownRun(run, step.context));
    if (snapshot === undefined) return await publishUnpolledSummary(run, verdict, tracking, signal);
    // An error that follows the final report adds nothing to it.
    if (stepState.isFinalized) return;
    setAllOutputs(snapshot.document, tracking);
    await annotate(snapshot, tracking);
    await publishSummary(snapshot, { verdict }, tracking, signal).catch(
      ignoreError("no time is left, and the post step closes the check run"),
    );
  } catch (error) {
    const text = `Summary, check run or status may be incomplete: ${reasonOf(error)}`;
    runner.write([{ type: "warning", text }]);
  }
}

/** The step ended before it could follow its run. */
async function trackKnownRun(run: TrackedRun, context: ActionContext): Promise<TrackingContext> {
  const tracking = await createTrackingContext(run, context, context.deps.clock.now());
  context.onTracking(tracking);
  return tracking;
}

/** A run that was found only when the step was interrupted is not in the log and the summary yet. */
function reportFoundRun(found: Candidate, { deps: { runner, clock, stepState } }: ActionContext): void {
  runner.write([runLine("Started", found)]);
  const { id, name, url, ref, commit } = found;
  const details = { pipelineName: null, source: { ref, commit }, requestedBy: null, raw: null };
  stepState.setRun({ id, name, url, ...details, isExternal: false });
  const run = factsOf(found);
  const tree = buildRunTree(new Map());
  stepState.setSnapshot({ run, tree, document: documentOf(run, tree, null), at: clock.now() });
}

/** From the list of runs. */
function factsOf({ id, name, url, status, pipelineId, ref, commit, queuedAt, tags }: Candidate): RunFacts {
  return {
    id,
    name,
    url,
    status,
    result: null,
    unknownResult: undefined,
    pipeline: { id: pipelineId, name: null, folder: null },
    source: { ref, commit },
    repository: undefined,
    prSourceSha: undefined,
    createdAt: queuedAt === null ? null : new Date(queuedAt).toISOString(),
    startedAt: null,
    finishedAt: null,
    isPipelinePaused: false,
    requestedBy: null,
    tags,
    problems: [],
    raw: null,
  };
}
