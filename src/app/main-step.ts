import type { Verdict } from "../core/run-report.ts";
import { ActionError, reasonOf, shutdownRequested } from "../errors.ts";
import { secretInputs } from "../inputs/fields.ts";
import { type Inputs, readInputs } from "../inputs/inputs.ts";
import { withTimeout } from "../lib/abort.ts";
import type { Clock } from "../lib/clock.ts";
import { cancelOnSignal } from "./cancel-run.ts";
import type { ActionDeps, Environment, TrackingContext } from "./context.ts";
import { createOutputs } from "./outputs.ts";
import { reportError } from "./report-error.ts";
import { runAction } from "./run-action.ts";
import { createStepState, type StepState } from "./step-state.ts";

/** From the first signal to the last word. The runner kills ten seconds after it. */
const maxCancelMs = 5_800;

/** Runs the action and answers with its exit code. The only place that catches. */
export async function runMainStep(environment: Environment): Promise<0 | 1> {
  const { runner, clock, signal, workflow } = environment;
  const stepState = createStepState(runner);
  const abortedAt = firstAbortTime(signal, clock);
  const outputs = createOutputs(runner);
  let context: { readonly inputs: Inputs; readonly deps: ActionDeps } | undefined;
  let tracking: TrackingContext | undefined;
  const bugReportContext = () => ({
    ...environment,
    environmentFields: environment.environmentFields(),
    inputs: context?.inputs,
  });
  try {
    for (const name of secretInputs) runner.mask(environment.input(name));
    const inputs = await readInputs(environment.input);
    for (const secret of Object.values(inputs.secretVariables ?? {})) runner.mask(secret);
    runner.write(inputs.warnings.map((text) => ({ type: "warning", text })));
    const deps: ActionDeps = { runner, clock, outputs, ...environment.connect(inputs) };
    context = { inputs, deps };
    const onTracking = (started: TrackingContext) => {
      tracking = started;
    };
    const outcome = await runAction({ inputs, deps, stepState, workflow, onTracking }, signal);
    markSettled(stepState, tracking);
    return outcome === "failed" ? 1 : 0;
  } catch (error) {
    if (signal.aborted) {
      const cancelMessage =
        context === undefined
          ? "No run was started."
          : await handleCancellation(
              { ...context, stepState, tracking, isPostStepActive: signal.reason === shutdownRequested },
              remainingCancelMs(clock, abortedAt()),
            );
      const cancelled = new ActionError("canceled", `The job was cancelled. ${cancelMessage}`);
      reportError(cancelled, { runner, outputs, bugReportContext });
    } else {
      const runNote = describeAbandonedRun(error, stepState, context?.deps);
      await handleError(error, { stepState, tracking }, signal);
      reportError(error, { runner, outputs, runNote, bugReportContext });
    }
    return 1;
  }
}

interface Cancellation {
  readonly inputs: Inputs;
  readonly deps: ActionDeps;
  readonly stepState: StepState;
  readonly tracking: TrackingContext | undefined;
  /** The post step is at it already. */
  readonly isPostStepActive: boolean;
}

/** What can be done before the runner kills: the run first, then what tells of it. */
async function handleCancellation(
  { inputs, deps, stepState, tracking, isPostStepActive }: Cancellation,
  timeoutMs: number,
): Promise<string> {
  const { phase } = stepState;
  const isLeftRunning = phase.at === "following" && !(inputs.cancelOnAbort ?? phase.isOwn);
  return await withTimeout(timeoutMs, deps.clock, async (timeoutSignal) => {
    const cancelMessage = await cancelOnSignal(
      { ...deps, stepState, cancelOnAbort: inputs.cancelOnAbort, isPostStepActive },
      timeoutSignal,
    ).catch((error: unknown) => `What became of the run is not known (${reasonOf(error)}).`);
    const isStillRunning = isLeftRunning || stepState.phase.at === "following";
    // The summary has the address already.
    const cancelOutcome = {
      text: cancelMessage.replace(`: ${stepState.snapshot?.run.url}`, "."),
      isStillRunning,
    };
    await writeFinalReport(
      { kind: "canceled", text: "the job was cancelled", cancelOutcome },
      { stepState, tracking },
      timeoutSignal,
    );
    return cancelMessage;
  });
}

/** When the signal came, once it has. */
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

/** Whoever reads only the error should know where the run is, and whether it goes on. */
function describeAbandonedRun(
  error: unknown,
  { phase, snapshot }: StepState,
  deps: ActionDeps | undefined,
): string | undefined {
  if (phase.at !== "following" || deps === undefined) return undefined;
  const url = snapshot?.run.url ?? deps.pipelines.runUrl(phase.runId);
  // The same run has an address with the project's name and one with its GUID.
  const isMentioned =
    error instanceof Error &&
    [url, `buildId=${phase.runId}`].some((reference) => error.message.includes(reference));
  if (isMentioned) return undefined;
  return snapshot?.run.status === "completed" ? `The run is over: ${url}` : `The run was left alone: ${url}`;
}

/** An end of the action's own, however bad: the run is left alone. */
async function handleError(
  error: unknown,
  { stepState, tracking }: Pick<Cancellation, "stepState" | "tracking">,
  signal: AbortSignal,
): Promise<void> {
  const { phase } = stepState;
  if (phase.at === "following") stepState.setPhase({ at: "left", runId: phase.runId });
  // What ended as planned has said all this itself.
  if (!(error instanceof ActionError && error.code === "timeout")) {
    const text = error instanceof ActionError ? error.code : "internal";
    await writeFinalReport(
      { kind: "error", text: `the action gave up (${text})` },
      { stepState, tracking },
      signal,
    );
  }
  markSettled(stepState, tracking);
}

/** Nothing is left for the post step, unless a sign has not had its last word. */
function markSettled(stepState: StepState, tracking: TrackingContext | undefined): void {
  const { phase } = stepState;
  const hasPendingReport = tracking?.reports.hasPending() === true && "runId" in phase;
  stepState.setPhase(hasPendingReport ? { at: "left", runId: phase.runId } : { at: "settled" });
}

type InterruptedVerdict = Verdict & { readonly kind: "canceled" | "error" };

/** Outputs, summary and signs of a run whose end the step did not see. Without a scene there is nobody to tell. */
async function writeFinalReport(
  verdict: InterruptedVerdict,
  { stepState, tracking }: Pick<Cancellation, "stepState" | "tracking">,
  signal: AbortSignal,
): Promise<void> {
  if (tracking === undefined) return;
  try {
    const { reportInterruptedRun } = await import("./report-interrupted-run.ts");
    await reportInterruptedRun(verdict, { snapshot: stepState.snapshot, tracking }, signal);
  } catch (error) {
    tracking.deps.runner.write([
      { type: "warning", text: `Not all could be told of the run: ${reasonOf(error)}` },
    ]);
  }
}
