import type { Candidate } from "../core/evidence.ts";
import type { RunFacts } from "../core/model.ts";
import { ActionError, reasonOf } from "../errors.ts";
import type { Clock, Pipelines } from "../ports.ts";
import { exactMatches, findCandidates, findDuplicates } from "./candidates.ts";
import type { StepState } from "./course.ts";
import { type Outputs, startOutputs } from "./outputs.ts";
import type { PendingStart, PhaseOf } from "./state.ts";

export interface CancelContext {
  readonly pipelines: Pipelines;
  readonly clock: Clock;
  readonly stepState: StepState;
  readonly outputs: Outputs;
  /** `cancel-on-abort`; blank leaves it to whose run it is. */
  readonly cancelOnAbort: boolean | undefined;
  /** The post step is at it already: the run is only cancelled if that has not come to it. */
  readonly isPostStepActive?: boolean;
}

const maxCancelAttempts = 2;
/** Whoever has seconds left does not rest because the service would have it so. */
const cancelRetryOptions = { retryForMs: 5_000, ignoreRetryAfter: true };
/** What a post step takes to cancel a run, as a rule. */
const postStepCancelMs = 1_500;

/**
 * What can still be done between the signal and the runner's patience: cancels the run, and answers with what became
 * of it, as a sentence. What fails here is left to the post step.
 */
export async function cancelOnSignal(context: CancelContext, signal: AbortSignal): Promise<string> {
  const { phase } = context.stepState;
  if (phase.at === "starting") return await cancelPendingStartOnSignal(phase, context, signal);
  if (phase.at === "following") return await cancelTrackedRunOnSignal(phase, context, signal);
  return "No run was started.";
}

async function cancelTrackedRunOnSignal(
  phase: PhaseOf<"following">,
  context: CancelContext,
  signal: AbortSignal,
): Promise<string> {
  const { stepState, pipelines } = context;
  const { runId, isOwn, duplicateSearch } = phase;
  const { url = pipelines.runUrl(runId), status = "inProgress" } = stepState.snapshot?.run ?? {};
  if (status !== "completed" && !(context.cancelOnAbort ?? isOwn)) {
    stepState.setPhase({ at: "left", runId });
    return `The run goes on: ${url}`;
  }
  const [outcome, areDuplicatesOver] = await Promise.all([
    cancelAndDescribe({ id: runId, url, status }, context, signal),
    duplicateSearch === undefined ? true : cancelDuplicatesOnSignal(duplicateSearch, runId, context, signal),
  ]);
  if (outcome.isOver && areDuplicatesOver) stepState.setPhase({ at: "left", runId });
  return outcome.message;
}

/** Answers whether all of them were found and are over: else the post step looks again. */
async function cancelDuplicatesOnSignal(
  duplicateSearch: PendingStart,
  runId: number,
  context: CancelContext,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await findDuplicates(
    duplicateSearch,
    runId,
    { ...context, retryOptions: cancelRetryOptions },
    signal,
  ).catch(() => []);
  const outcomes = await Promise.all(found.map((duplicate) => cancelAndDescribe(duplicate, context, signal)));
  return found.length === duplicateSearch.attempts - 1 && outcomes.every(({ isOver }) => isOver);
}

/** The answer to the start never came: the runs that show up are the ones to cancel. */
async function cancelPendingStartOnSignal(
  phase: PhaseOf<"starting">,
  context: CancelContext,
  signal: AbortSignal,
): Promise<string> {
  const { stepState, cancelOnAbort = true, outputs, pipelines } = context;
  const unknownText = `Whether a run was started is not known yet: ${pipelines.pipelineUrl(phase.pipelineId)}`;
  if (!cancelOnAbort) return unknownText;
  const deps = { pipelines, clock: context.clock, retryOptions: cancelRetryOptions };
  const matches = await findCandidates(phase, deps, signal).catch(() => []);
  const exact = exactMatches(matches, phase.attempts);
  const [first] = exact;
  if (first === undefined) return unknownText;
  outputs.set(startOutputs(first));
  const outcomes = await Promise.all(exact.map((run) => cancelAndDescribe(run, context, signal)));
  // As long as one is missing the post step has to look again.
  if (exact.length === phase.attempts) {
    const isOver = outcomes.every((outcome) => outcome.isOver);
    if (isOver) stepState.setPhase({ at: "left", runId: first.id });
    else if (exact.length === 1) stepState.setPhase({ at: "following", runId: first.id, isOwn: true });
  }
  return outcomes.map(({ message }) => message).join(" ");
}

async function cancelAndDescribe(
  { id, url, status }: Pick<Candidate, "id" | "url" | "status">,
  context: CancelContext,
  signal: AbortSignal,
): Promise<{ readonly isOver: boolean; readonly message: string }> {
  if (status === "completed") return { isOver: true, message: `The run was over already: ${url}` };
  if (context.isPostStepActive === true && (await isCancelledByPostStep(id, context, signal)))
    return { isOver: true, message: `The run was cancelled by the post step: ${url}` };
  const outcome = await cancelWithRetry(context, id, signal);
  if (outcome === "cancelled") return { isOver: true, message: `The run was cancelled too: ${url}` };
  if (outcome === "over") return { isOver: true, message: `The run was over already: ${url}` };
  return { isOver: false, message: `The run could not be cancelled ${outcome.reason}: ${url}` };
}

/** Gives the post step a moment to cancel the run, and looks whether it has. */
async function isCancelledByPostStep(
  runId: number,
  { pipelines, clock }: Pick<CancelContext, "pipelines" | "clock">,
  signal: AbortSignal,
): Promise<boolean> {
  await clock.sleep(postStepCancelMs, signal).catch(() => undefined);
  const run = await tryGetRun(runId, pipelines, signal);
  return run?.status === "canceling" || run?.status === "completed";
}

async function tryGetRun(
  runId: number,
  pipelines: Pick<Pipelines, "getRun">,
  signal: AbortSignal,
): Promise<RunFacts | undefined> {
  return await pipelines.getRun(runId, { retryForMs: 0, timeoutMs: 1_000 }, signal).catch(() => undefined);
}

async function cancelWithRetry(
  { pipelines }: Pick<CancelContext, "pipelines">,
  runId: number,
  signal: AbortSignal,
): Promise<"cancelled" | "over" | { readonly reason: string }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pipelines.cancel(runId, { timeoutMs: 2_800, retryForMs: 0 }, signal);
      return "cancelled";
    } catch (error) {
      const isRejected = error instanceof ActionError;
      // Refused is also what has ended in the meantime.
      if (isRejected && (await tryGetRun(runId, pipelines, signal))?.status === "completed") return "over";
      if (attempt < maxCancelAttempts && !signal.aborted) continue;
      return { reason: isRejected ? `(${reasonOf(error)})` : `yet (${reasonOf(error)})` };
    }
  }
}
