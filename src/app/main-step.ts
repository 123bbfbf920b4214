import { ActionError, RunnerError, reasonOf, StepCancelledError } from "../errors.ts";
import type { Clock } from "../lib/time.ts";
import {
  type ActionContext,
  type ActionDeps,
  type Environment,
  readMaskedInputs,
  type TrackingContext,
} from "./context.ts";
import type { InterruptedStep } from "./interrupted-step.ts";
import { createOutputs } from "./outputs.ts";
import { reportError } from "./report-error.ts";
import { runAction } from "./run-action.ts";
import { createStepState, type StepState } from "./step-state.ts";

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
    const isInterrupted = signal.aborted || (failure instanceof RunnerError && !isFinished);
    const step = { context, tracking: () => tracking };
    let runNote: string | undefined;
    if (isInterrupted) {
      const { handleInterruption } = await import("./loaded-later.ts");
      runNote = await handleInterruption(failure, step, remainingCancelMs(clock, abortedAt()));
    } else {
      runNote = await handleError(failure, { ...step, stepState }, signal);
    }
    if (failure instanceof StepCancelledError)
      report(new ActionError("canceled", `The step was cancelled. ${runNote}`));
    else report(failure, runNote);
    return 1;
  }
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

/** The action failed: the run is not cancelled. Returns whether it still runs, as far as the error does not say so. */
async function handleError(
  error: unknown,
  { stepState, context, tracking }: InterruptedStep & { readonly stepState: StepState },
  signal: AbortSignal,
): Promise<string | undefined> {
  const runNote = describeUnfinishedRun(error, stepState, context?.deps);
  const { phase } = stepState;
  if (phase.at === "following") stepState.setPhase({ at: "left", runId: phase.runId });
  const code = error instanceof ActionError ? error.code : "internal";
  // After a timeout, everything is already written.
  if (code !== "timeout" && stepState.run !== undefined) {
    const { reportInterruptedRun } = await import("./loaded-later.ts");
    const text = `the action failed (${code})`;
    const verdict = { kind: "error", text, reason: reasonOf(error) } as const;
    await reportInterruptedRun(verdict, { context, tracking }, signal);
  }
  markSettled(stepState, tracking());
  return runNote;
}

/** The URL of the run, and whether it is still running, unless the error's own text has it. */
function describeUnfinishedRun(
  error: unknown,
  { phase, snapshot, run }: StepState,
  deps: ActionDeps | undefined,
): string | undefined {
  if (phase.at !== "following" || deps === undefined) return undefined;
  const url = snapshot?.run.url ?? run?.url ?? deps.runs.url(phase.runId);
  // The URL of a run may have the project's name or its GUID.
  const isMentioned =
    error instanceof Error &&
    [url, `buildId=${phase.runId}`].some((reference) => error.message.includes(reference));
  if (isMentioned) return undefined;
  if (snapshot?.run.status === "completed") return `The run has ended: ${url}`;
  // It may have been deleted.
  const isFound = !(error instanceof ActionError && error.code === "not-found");
  return `${isFound ? "The run continues" : "The run was not cancelled"}: ${url}`;
}

/** The post step has nothing to do, unless a check run or status could not be closed. */
function markSettled(stepState: StepState, tracking: TrackingContext | undefined): void {
  const { phase } = stepState;
  const hasPendingReport = tracking?.reports.hasPending() === true && "runId" in phase;
  stepState.setPhase(hasPendingReport ? { at: "left", runId: phase.runId } : { at: "settled" });
}
