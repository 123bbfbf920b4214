import type { RunFacts } from "../core/model.ts";
import type { Candidate } from "../core/run-matching.ts";
import type { CancelOutcome } from "../core/run-report.ts";
import { ActionError, reasonOf } from "../errors.ts";
import type { Clock } from "../lib/clock.ts";
import type { Pipelines } from "../ports.ts";
import type { Connection, Environment, TrackingContext } from "./context.ts";
import {
  exactMatches,
  findCandidates,
  type MatchedRun,
  type StartDeps,
  type StartSearch,
} from "./find-started-run.ts";
import { type Outputs, startOutputs } from "./outputs.ts";
import type { PendingStart, PhaseOf, StepState } from "./step-state.ts";

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

/**
 * A run that shows up late, after the start had to be asked again, is ours by the same evidence: one of the two goes.
 * What cannot be cancelled is said: the run that is followed is not lost for it.
 */
export async function cancelDuplicates(
  search: StartSearch,
  runId: number,
  deps: StartDeps,
  signal: AbortSignal,
): Promise<void> {
  await deps.clock.sleep(1_000, signal);
  for (const duplicate of await findDuplicates(search, runId, deps, signal))
    await cancelDuplicate(duplicate, deps, signal);
}

/** The other runs of a start that had to be asked again, as far as the list shows them. */
async function findDuplicates(
  search: StartSearch,
  runId: number,
  deps: Parameters<typeof findCandidates>[1],
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const matches = await findCandidates(search, deps, signal).catch(() => []);
  signal.throwIfAborted();
  return matches
    .filter(({ candidate, match }) => match === "exact" && candidate.id !== runId)
    .map(({ candidate }) => candidate);
}

async function cancelDuplicate(
  { id, name, url, status }: Candidate,
  { pipelines, runner }: StartDeps,
  signal: AbortSignal,
): Promise<void> {
  const message = `An earlier request had started ${name} after all`;
  if (status === "completed")
    return runner.write([{ type: "warning", text: `${message}; it is over: ${url}` }]);
  try {
    await pipelines.cancel(id, { retryForMs: 30_000 }, signal);
    runner.write([{ type: "text", text: `${message}; it was cancelled: ${url}` }]);
  } catch (error) {
    signal.throwIfAborted();
    const reason = reasonOf(error);
    runner.write([{ type: "warning", text: `${message}, which could not be cancelled (${reason}): ${url}` }]);
  }
}

export type CancelDeps = Pick<Connection, "pipelines"> & Pick<Environment, "clock" | "runner">;

/** Within that minute an answer that never comes must not be the only one that was asked for. */
const postStepRetryOptions = { retryForMs: 40_000, timeoutMs: 8_000 };

export async function cancelInterruptedRun(
  phase: PhaseOf<"starting" | "following">,
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  if (phase.at === "starting") return await cancelPendingStart(phase, deps, signal);
  const { runId, duplicateSearch } = phase;
  await cancelRunInPostStep(runId, deps, signal);
  if (duplicateSearch !== undefined) await cancelDuplicatesInPostStep(duplicateSearch, runId, deps, signal);
}

async function cancelRunInPostStep(
  runId: number,
  { pipelines, runner }: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const { status, name, url } = await pipelines.getRun(runId, postStepRetryOptions, signal);
  const isOver = status === "completed";
  if (!isOver && status !== "canceling") await pipelines.cancel(runId, postStepRetryOptions, signal);
  const text = isOver
    ? `${name} was over when this step was cut off: ${url}`
    : `${name} was cancelled, since this step was cut off: ${url}`;
  runner.write([{ type: "text", text }]);
}

/** They were about to be looked for, and the list may lag behind the start of one. */
async function cancelDuplicatesInPostStep(
  duplicateSearch: PendingStart,
  runId: number,
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const cancelledIds = new Set<number>();
  for (const delayMs of [0, 1_000, 2_000]) {
    await deps.clock.sleep(delayMs, signal);
    for (const duplicate of await findDuplicates(
      duplicateSearch,
      runId,
      { ...deps, retryOptions: postStepRetryOptions },
      signal,
    )) {
      if (!cancelledIds.has(duplicate.id)) await cancelOrphan(duplicate, deps, signal);
      cancelledIds.add(duplicate.id);
    }
    if (cancelledIds.size >= duplicateSearch.attempts - 1) return;
  }
}

/**
 * The service's list may lag behind a start that was cut off a moment ago: it is looked at more than once. In a
 * container nobody tells the main step that it is over, and it may ask for its start again for as long as it lives.
 */
async function cancelPendingStart(
  phase: PhaseOf<"starting">,
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const { runner, clock } = deps;
  const cancelledIds = new Set<number>();
  let matches: readonly MatchedRun[] = [];
  for (const delayMs of [0, 1_000, 2_000, 6_000, 11_000, 20_000]) {
    await clock.sleep(delayMs, signal);
    matches = await findCandidates(phase, { ...deps, retryOptions: postStepRetryOptions }, signal);
    const exact = exactMatches(matches, phase.attempts);
    for (const run of exact) {
      if (!cancelledIds.has(run.id)) await cancelOrphan(run, deps, signal);
      cancelledIds.add(run.id);
    }
    if (cancelledIds.size === phase.attempts || (matches.length > 0 && exact.length === 0)) break;
  }
  if (cancelledIds.size > 0) return;
  const list = matches.map(({ candidate }) => candidate.url).join(", ");
  const prefix = "This step was cut off while it started a run";
  runner.write([
    matches.length === 0
      ? { type: "text", text: `${prefix}; none has shown up.` }
      : { type: "warning", text: `${prefix}, which may be one of these; none was cancelled: ${list}` },
  ]);
}

async function cancelOrphan(
  { id, name, url, status }: Candidate,
  { pipelines, runner }: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const isOver = status === "completed";
  if (!isOver) await pipelines.cancel(id, postStepRetryOptions, signal);
  const text = isOver
    ? `${name} was over when this step, which had started it, was cut off: ${url}`
    : `${name}, whose start was under way when this step was cut off, was cancelled: ${url}`;
  runner.write([{ type: "text", text }]);
}

/** For `on-timeout: cancel` and `on-stop: cancel`: asks for the cancellation, and doesn't wait for it to finish. */
export async function cancelAsConfigured(
  runId: number,
  input: "on-timeout" | "on-stop",
  { deps }: TrackingContext,
  signal: AbortSignal,
): Promise<CancelOutcome> {
  try {
    await deps.pipelines.cancel(runId, { retryForMs: 60_000 }, signal);
    return { text: `It was cancelled, as ${input} says.`, isStillRunning: false };
  } catch (error) {
    signal.throwIfAborted();
    // Refused is also what has ended in the meantime.
    const current = await deps.pipelines.getRun(runId, { retryForMs: 0 }, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (current?.status === "completed")
      return { text: "It was over when it was to be cancelled.", isStillRunning: false };
    return { text: `It could not be cancelled (${reasonOf(error)}), so it goes on.`, isStillRunning: true };
  }
}
