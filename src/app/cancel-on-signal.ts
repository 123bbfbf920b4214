import type { Candidate } from "../core/run-matching.ts";
import { ActionError, ignoreError, reasonOf } from "../errors.ts";
import {
  type CancelDeps,
  type CancelRunOptions,
  cancelRun,
  cancelStages,
  findDuplicates,
  stagesAsSubject,
  tryGetRun,
} from "./cancel-run.ts";
import { exactMatches, findCandidates, type MatchedRun } from "./find-started-run.ts";
import { type Outputs, startOutputs } from "./outputs.ts";
import { isCancelledWithStep, type PendingStart, type PhaseOf, type StepState } from "./step-state.ts";

export interface CancelContext extends CancelDeps {
  readonly stepState: StepState;
  readonly outputs: Outputs;
  /** Whether to cancel, from `cancel-on-abort`; if blank, only a run that this step started is cancelled. */
  readonly cancelOnAbort: boolean | undefined;
  /** How long to wait for the post step, which is already running and cancels the run itself. */
  readonly isPostStepActive?: boolean;
}

/** With only seconds left, neither a delay that the service requests nor a slow response is waited for. */
const signalRequestOptions = { retryForMs: 5_000, ignoreRetryAfter: true };

const signalCancelOptions: CancelRunOptions = {
  request: { timeoutMs: 2_800, retryForMs: 0 },
  maxAttempts: 2,
};

/** A run that was just started may be missing in the list for this time. */
const listLagMs = 1_000;

/** The time that a post step usually needs to cancel a run. */
const postStepCancelMs = 1_500;

export interface SignalOutcome {
  /** The state of the run, as a sentence. */
  readonly message: string;
  /** The run of a start whose response had not arrived. */
  readonly found?: Candidate;
}

/**
 * Cancels the run between the signal and the end of the process, and returns its state. If this fails, the post step tries
 * again.
 */
export async function cancelOnSignal(context: CancelContext, signal: AbortSignal): Promise<SignalOutcome> {
  const { phase } = context.stepState;
  if (phase.at === "starting") return await cancelPendingStartOnSignal(phase, context, signal);
  if (phase.at === "following") return { message: await cancelTrackedRunOnSignal(phase, context, signal) };
  return { message: "No run was started." };
}

async function cancelTrackedRunOnSignal(
  phase: PhaseOf<"following">,
  context: CancelContext,
  signal: AbortSignal,
): Promise<string> {
  const { stepState, runs } = context;
  const { runId, stages, duplicateSearch } = phase;
  const { snapshot, run } = stepState;
  const { url = run?.url ?? runs.url(runId), status = "inProgress" } = snapshot?.run ?? {};
  if (status !== "completed" && !isCancelledWithStep(phase, context.cancelOnAbort)) {
    stepState.setPhase({ at: "left", runId });
    return `The run continues: ${url}`;
  }
  if (stages !== undefined && stages.length > 0) {
    const deps = { ...context, request: signalCancelOptions.request };
    const { isOver, message } = await cancelStagesOnSignal({ runId, stages, url }, deps, signal);
    if (isOver) stepState.setPhase({ at: "left", runId });
    return message;
  }
  const [outcome, areDuplicatesOver] = await Promise.all([
    cancelAndDescribe({ id: runId, url, status }, context, signal),
    duplicateSearch === undefined ? true : cancelDuplicatesOnSignal(duplicateSearch, runId, context, signal),
  ]);
  if (outcome.isOver && areDuplicatesOver) stepState.setPhase({ at: "left", runId });
  return outcome.message;
}

/** Returns whether all of them were found and have ended; otherwise the post step searches again. */
async function cancelDuplicatesOnSignal(
  search: PendingStart,
  runId: number,
  context: CancelContext,
  signal: AbortSignal,
): Promise<boolean> {
  const deps = { ...context, retryOptions: signalRequestOptions };
  const { certain } = await findDuplicates(search, runId, deps, signal);
  const outcomes = await Promise.all(
    certain.map((duplicate) => cancelAndDescribe(duplicate, context, signal)),
  );
  return certain.length === search.attempts - 1 && outcomes.every(({ isOver }) => isOver);
}

/** The start got no response: the runs that are found later are to be cancelled. */
async function cancelPendingStartOnSignal(
  phase: PhaseOf<"starting">,
  context: CancelContext,
  signal: AbortSignal,
): Promise<SignalOutcome> {
  const { stepState, cancelOnAbort = true, outputs, pipelines } = context;
  const message = `It is not known yet whether a run was started: ${pipelines.url(phase.pipelineId)}`;
  if (!cancelOnAbort) return { message };
  const exact = exactMatches(await searchMatches(phase, context, signal), phase.attempts);
  const [first] = exact;
  if (first === undefined) return { message };
  outputs.set(startOutputs(first));
  const outcomes = await Promise.all(exact.map((run) => cancelAndDescribe(run, context, signal)));
  // As long as one is missing, the post step must search again.
  if (exact.length === phase.attempts) {
    const isOver = outcomes.every((outcome) => outcome.isOver);
    if (isOver) stepState.setPhase({ at: "left", runId: first.id });
    else if (exact.length === 1) stepState.setPhase({ at: "following", runId: first.id, isOwn: true });
  }
  return { message: outcomes.map((outcome) => outcome.message).join(" "), found: first };
}

/** Searches once more if there is no match yet: the list may lag, and the runner may skip the post step. */
async function searchMatches(
  phase: PhaseOf<"starting">,
  context: CancelContext,
  signal: AbortSignal,
): Promise<readonly MatchedRun[]> {
  const search = async () => {
    const deps = { ...context, retryOptions: signalRequestOptions };
    return (await findCandidates(phase, deps, signal)).matches;
  };
  const searchAgainLater = async () => {
    await context.clock.sleep(listLagMs, signal);
    return await search();
  };
  const ignoreFailure = ignoreError<readonly MatchedRun[]>("the post step searches again", []);
  const matches = await search().catch(ignoreFailure);
  return matches.length > 0 ? matches : await searchAgainLater().catch(ignoreFailure);
}

async function cancelAndDescribe(
  { id, url, status }: Pick<Candidate, "id" | "url" | "status">,
  context: CancelContext,
  signal: AbortSignal,
): Promise<{ readonly isOver: boolean; readonly message: string }> {
  const ended = { isOver: true, message: `The run had already ended: ${url}` };
  if (status === "completed") return ended;
  if (context.isPostStepActive === true && (await isCancelledByPostStep(id, context, signal)))
    return { isOver: true, message: `The run was cancelled by the post step: ${url}` };
  const result = await cancelRun(id, signalCancelOptions, context, signal);
  if (result.kind === "cancelled") return { isOver: true, message: `The run was cancelled too: ${url}` };
  if (result.kind === "completed") return ended;
  const yet = result.error instanceof ActionError ? "" : " yet";
  const message = `The run could not be cancelled${yet} (${reasonOf(result.error)}): ${url}`;
  return { isOver: false, message };
}

/** Waits a moment for the post step to cancel the run, and checks whether it did. */
async function isCancelledByPostStep(
  runId: number,
  { runs, clock }: Pick<CancelContext, "runs" | "clock">,
  signal: AbortSignal,
): Promise<boolean> {
  await clock.sleep(postStepCancelMs, signal).catch(ignoreError("without time left, it is checked at once"));
  const run = await tryGetRun(runId, runs, signal);
  return run?.status === "canceling" || run?.status === "completed";
}

/** Cancels stages after the signal, and returns their state. */
async function cancelStagesOnSignal(
  target: { readonly runId: number; readonly stages: readonly string[]; readonly url: string },
  deps: Parameters<typeof cancelStages>[1],
  signal: AbortSignal,
): Promise<{ readonly isOver: boolean; readonly message: string }> {
  const { subject, was } = stagesAsSubject(target.stages);
  try {
    await cancelStages(target, deps, signal);
    return { isOver: true, message: `${subject} of the run ${was} cancelled too: ${target.url}` };
  } catch (error) {
    const yet = error instanceof ActionError ? "" : " yet";
    const message = `${subject} of the run could not be cancelled${yet} (${reasonOf(error)}): ${target.url}`;
    return { isOver: false, message };
  }
}
