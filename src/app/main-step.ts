import type { Candidate } from "../core/run-matching.ts";
import type { Verdict } from "../core/run-report.ts";
import {
  ActionError,
  ignoreError,
  RunnerError,
  reasonOf,
  StepCancelledError,
  shutdownRequested,
} from "../errors.ts";
import { withTimeout } from "../lib/abort.ts";
import type { Clock } from "../lib/time.ts";
import type { SignalOutcome } from "./cancel-on-signal.ts";
import {
  type ActionContext,
  type ActionDeps,
  type Environment,
  readMaskedInputs,
  type TrackingContext,
} from "./context.ts";
import { createOutputs } from "./outputs.ts";
import { reportError } from "./report-error.ts";
import { runAction } from "./run-action.ts";
import { createStepState, ownsRunOrStages, type StepState } from "./step-state.ts";

/** The time from the signal to the last log line: the runner kills the process after ten seconds. Milliseconds. */
const maxCancelMs = 5_800;

/** Runs the action and returns its exit code. The only place that catches errors. */
export async function runMainStep(environment: Environment): Promise<0 | 1> {
  const { runner, clock, signal, workflow } = environment;
  const stepState = createStepState(runner);
  const abortedAt = firstAbortTime(signal, clock);
  const outputs = createOutputs(runner);
  let context: ActionContext | undefined;
  let tracking: TrackingContext | undefined;
  let isFinished = false;
  const bugReportContext = () => ({
    ...environment,
    environmentFields: environment.environmentFields(),
    inputs: context?.inputs,
  });
  const report = (error: unknown, runNote?: string) =>
    reportError(error, { runner, outputs, runNote, logs: tracking?.logs, bugReportContext });
  try {
    // Overwrites variables of the job's environment with these names.
    stepState.setPhase({ at: "idle" });
    environment.saveLifecycle();
    const inputs = await readMaskedInputs(environment);
    runner.checkFiles(inputs.summary);
    runner.write(inputs.warnings.map((text) => ({ type: "warning", text })));
    const deps: ActionDeps = { runner, clock, outputs, stepState, ...environment.connect(inputs) };
    const onTracking = (started: TrackingContext) => {
      tracking = started;
    };
    context = { inputs, deps, workflow, onTracking };
    const outcome = await runAction(context, signal);
    isFinished = true;
    const failure = runner.failure();
    if (outcome === "failed") runner.ignoreFailures();
    else if (failure !== undefined) throw failure;
    markSettled(stepState, tracking);
    return outcome === "failed" ? 1 : 0;
  } catch (error) {
    runner.ignoreFailures();
    const failure = signal.aborted ? signal.reason : error;
    const isCutOff = signal.aborted || (failure instanceof RunnerError && !isFinished);
    const runNote = isCutOff
      ? await handleCutOff(
          failure,
          { context, tracking: () => tracking },
          remainingCancelMs(clock, abortedAt()),
        )
      : await handleError(failure, { stepState, context, tracking }, signal);
    if (failure instanceof StepCancelledError)
      report(new ActionError("canceled", `The step was cancelled. ${runNote}`));
    else report(failure, runNote);
    return 1;
  }
}

interface CutOff {
  readonly context: ActionContext | undefined;
  readonly tracking: () => TrackingContext | undefined;
}

/** Uses the time before the runner kills the process: first cancels the run, then reports on it. Returns what became of it. */
async function handleCutOff(
  failure: unknown,
  { context, tracking }: CutOff,
  timeoutMs: number,
): Promise<string> {
  if (context === undefined) return "No run was started.";
  const { inputs, deps } = context;
  const { stepState } = deps;
  const { phase } = stepState;
  const isLeftRunning = phase.at === "following" && !(inputs.cancelOnAbort ?? ownsRunOrStages(phase));
  // The post step is already cancelling the run then.
  const isPostStepActive = failure === shutdownRequested;
  return await withTimeout(timeoutMs, deps.clock, async (timeoutSignal) => {
    const { cancelOnSignal } = await import("./loaded-later.ts");
    const { message: cancelMessage, found } = await cancelOnSignal(
      { ...deps, cancelOnAbort: inputs.cancelOnAbort, isPostStepActive },
      timeoutSignal,
    ).catch(
      (error: unknown): SignalOutcome => ({
        message: `The state of the run is unknown (${reasonOf(error)}).`,
      }),
    );
    const isStillRunning = isLeftRunning || stepState.phase.at === "following";
    if (found !== undefined) await trackFoundRun(found, context);
    // The summary already contains the URL.
    const cancelOutcome = {
      text: cancelMessage.replace(`: ${stepState.snapshot?.run.url}`, "."),
      isStillRunning,
    };
    const verdict =
      failure instanceof StepCancelledError
        ? ({ kind: "canceled", text: "the step was cancelled", cancelOutcome } as const)
        : ({ kind: "error", text: "the action failed (internal)", cancelOutcome } as const);
    await writeFinalReport(verdict, { stepState, tracking: tracking() }, timeoutSignal);
    return cancelMessage;
  });
}

/** A run that was found only when the step was cut off is not in the log and the summary yet. */
async function trackFoundRun(found: Candidate, context: ActionContext): Promise<void> {
  const { reportFoundRun } = await import("./loaded-later.ts");
  await reportFoundRun(found, context).catch(ignoreError("the error names the run, and the time is short"));
}

/** The time of the signal, if there was one. */
function firstAbortTime(signal: AbortSignal, clock: Clock): () => number | undefined {
  let abortedAt: number | undefined;
  signal.addEventListener("abort", () => {
    abortedAt = clock.now();
  });
  return () => abortedAt;
}

function remainingCancelMs(clock: Clock, abortedAt = clock.now()): number {
  return Math.max(0, maxCancelMs - (clock.now() - abortedAt));
}

interface FailedState extends FinalState {
  readonly context: ActionContext | undefined;
}

/** The action failed: the run is not cancelled. Returns whether it still runs, as far as the error does not say so. */
async function handleError(
  error: unknown,
  { stepState, context, tracking }: FailedState,
  signal: AbortSignal,
): Promise<string | undefined> {
  const runNote = describeUnfinishedRun(error, stepState, context?.deps);
  const { phase } = stepState;
  if (phase.at === "following") stepState.setPhase({ at: "left", runId: phase.runId });
  // After a timeout, everything is already written.
  if (!(error instanceof ActionError && error.code === "timeout")) {
    const text = error instanceof ActionError ? error.code : "internal";
    await writeFinalReport(
      { kind: "error", text: `the action failed (${text})` },
      { stepState, tracking },
      signal,
    );
  }
  markSettled(stepState, tracking);
  return runNote;
}

/** The URL of the run, and whether it is still running, unless the error's own text has it. */
function describeUnfinishedRun(
  error: unknown,
  { phase, snapshot }: StepState,
  deps: ActionDeps | undefined,
): string | undefined {
  if (phase.at !== "following" || deps === undefined) return undefined;
  const url = snapshot?.run.url ?? deps.runs.url(phase.runId);
  // The URL of a run may have the project's name or its GUID.
  const isMentioned =
    error instanceof Error &&
    [url, `buildId=${phase.runId}`].some((reference) => error.message.includes(reference));
  if (isMentioned) return undefined;
  return snapshot?.run.status === "completed" ? `The run has ended: ${url}` : `The run continues: ${url}`;
}

/** The post step has nothing to do, unless a check run or status could not be closed. */
function markSettled(stepState: StepState, tracking: TrackingContext | undefined): void {
  const { phase } = stepState;
  const hasPendingReport = tracking?.reports.hasPending() === true && "runId" in phase;
  stepState.setPhase(hasPendingReport ? { at: "left", runId: phase.runId } : { at: "settled" });
}

type InterruptedVerdict = Verdict & { readonly kind: "canceled" | "error" };

interface FinalState {
  readonly stepState: StepState;
  readonly tracking: TrackingContext | undefined;
}

/** Writes outputs and summary, and closes check run and status, for a run whose end the step did not see. */
async function writeFinalReport(
  verdict: InterruptedVerdict,
  { stepState, tracking }: FinalState,
  signal: AbortSignal,
): Promise<void> {
  if (tracking === undefined) return;
  try {
    const { reportInterruptedRun } = await import("./loaded-later.ts");
    await reportInterruptedRun(verdict, { snapshot: stepState.snapshot, tracking }, signal);
  } catch (error) {
    tracking.deps.runner.write([
      { type: "warning", text: `Summary, check run or status may be incomplete: ${reasonOf(error)}` },
    ]);
  }
}
