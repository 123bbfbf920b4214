import type { RunFacts } from "../core/model.ts";
import type { Candidate } from "../core/run-matching.ts";
import type { CancelOutcome } from "../core/run-report.ts";
import { ActionError, ignoreError, reasonOf } from "../errors.ts";
import { retry } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { RequestOptions, Runner, Runs, Stages } from "../ports.ts";
import { cancelStages, cancelStagesOnSignal, stagesAsSubject } from "./cancel-stages.ts";
import {
  describeRuns,
  exactMatches,
  findCandidates,
  type MatchedRun,
  type SearchDeps,
  type StartDeps,
} from "./find-started-run.ts";
import { type Outputs, startOutputs } from "./outputs.ts";
import { ownsRunOrStages, type PendingStart, type PhaseOf, type StepState } from "./step-state.ts";

type CancelResult =
  | { readonly kind: "cancelled" }
  /** It had ended before. */
  | { readonly kind: "completed" }
  | { readonly kind: "failed"; readonly error: unknown };

interface CancelRunDeps {
  readonly runs: Pick<Runs, "cancel" | "get">;
  readonly clock: Clock;
}

interface CancelRunOptions {
  readonly request: RequestOptions;
  readonly maxAttempts?: number;
}

/** Asks Azure DevOps to cancel a run. What goes wrong is a result, not an exception. */
async function cancelRun(
  runId: number,
  { request, maxAttempts = 1 }: CancelRunOptions,
  { runs, clock }: CancelRunDeps,
  signal: AbortSignal,
): Promise<CancelResult> {
  const cancel = async (): Promise<CancelResult> => {
    try {
      await runs.cancel(runId, request, signal);
      return { kind: "cancelled" };
    } catch (error) {
      // The service also refuses to cancel a run that has ended.
      const isRejected = error instanceof ActionError;
      if (isRejected && (await tryGetRun(runId, runs, signal))?.status === "completed")
        return { kind: "completed" };
      return { kind: "failed", error };
    }
  };
  return await retry(cancel, {
    retryResult: ({ kind }) => (kind === "failed" && !signal.aborted ? {} : undefined),
    maxAttempts,
    delayMs: () => 0,
    clock,
    signal,
  });
}

async function tryGetRun(
  runId: number,
  runs: Pick<Runs, "get">,
  signal: AbortSignal,
): Promise<RunFacts | undefined> {
  return await runs
    .get(runId, { retryForMs: 0, timeoutMs: 1_000 }, signal)
    .catch(ignoreError("the run's status is then unknown"));
}

export interface CancelContext extends CancelDeps {
  readonly stepState: StepState;
  readonly outputs: Outputs;
  /** `cancel-on-abort`; blank leaves it to who started the run. */
  readonly cancelOnAbort: boolean | undefined;
  /** The post step already runs and cancels the run itself: it gets a moment to do so. */
  readonly isPostStepActive?: boolean;
}

/** With seconds left, neither a rest that the service asks for nor a slow answer is waited for. */
const signalRequestOptions = { retryForMs: 5_000, ignoreRetryAfter: true };

const signalCancelOptions: CancelRunOptions = {
  request: { timeoutMs: 2_800, retryForMs: 0 },
  maxAttempts: 2,
};

/** What a post step usually needs to cancel a run. */
const postStepCancelMs = 1_500;

export interface SignalOutcome {
  /** What became of the run, as a sentence. */
  readonly message: string;
  /** The run of a start whose answer had not come. */
  readonly found?: Candidate;
}

/**
 * Cancels the run between the signal and the end of the process, and answers with what became of it. What fails here is
 * left to the post step.
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
  const { url = runs.url(runId), status = "inProgress" } = stepState.snapshot?.run ?? {};
  if (status !== "completed" && !(context.cancelOnAbort ?? ownsRunOrStages(phase))) {
    stepState.setPhase({ at: "left", runId });
    return `The run goes on: ${url}`;
  }
  if (stages !== undefined) {
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

/** Answers whether all of them were found and are over: otherwise the post step searches again. */
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

/** The answer to the start never came: the runs that show up are the ones to cancel. */
async function cancelPendingStartOnSignal(
  phase: PhaseOf<"starting">,
  context: CancelContext,
  signal: AbortSignal,
): Promise<SignalOutcome> {
  const { stepState, cancelOnAbort = true, outputs, pipelines } = context;
  const message = `It is not known yet whether a run was started: ${pipelines.url(phase.pipelineId)}`;
  if (!cancelOnAbort) return { message };
  const deps = { ...context, retryOptions: signalRequestOptions };
  const found = await findCandidates(phase, deps, signal).catch(ignoreError("the post step searches again"));
  const exact = exactMatches(found?.matches ?? [], phase.attempts);
  const [first] = exact;
  if (first === undefined) return { message };
  outputs.set(startOutputs(first));
  const outcomes = await Promise.all(exact.map((run) => cancelAndDescribe(run, context, signal)));
  // As long as one is missing the post step has to search again.
  if (exact.length === phase.attempts) {
    const isOver = outcomes.every((outcome) => outcome.isOver);
    if (isOver) stepState.setPhase({ at: "left", runId: first.id });
    else if (exact.length === 1) stepState.setPhase({ at: "following", runId: first.id, isOwn: true });
  }
  return { message: outcomes.map((outcome) => outcome.message).join(" "), found: first };
}

async function cancelAndDescribe(
  { id, url, status }: Pick<Candidate, "id" | "url" | "status">,
  context: CancelContext,
  signal: AbortSignal,
): Promise<{ readonly isOver: boolean; readonly message: string }> {
  const ended = { isOver: true, message: `The run was over already: ${url}` };
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

/** Gives the post step a moment to cancel the run, and checks whether it has. */
async function isCancelledByPostStep(
  runId: number,
  { runs, clock }: Pick<CancelContext, "runs" | "clock">,
  signal: AbortSignal,
): Promise<boolean> {
  await clock.sleep(postStepCancelMs, signal).catch(ignoreError("without time left, it is checked at once"));
  const run = await tryGetRun(runId, runs, signal);
  return run?.status === "canceling" || run?.status === "completed";
}

/**
 * Cancels a run that shows up late, after the start had to be asked for again. What cannot be cancelled, or may be
 * somebody else's, is a warning: the step goes on with its run.
 */
export async function cancelDuplicates(
  search: PendingStart,
  runId: number,
  deps: StartDeps,
  signal: AbortSignal,
): Promise<void> {
  await deps.clock.sleep(1_000, signal);
  const { certain, doubtful } = await findDuplicates(search, runId, deps, signal);
  signal.throwIfAborted();
  for (const duplicate of certain) await cancelDuplicate(duplicate, deps, signal);
  if (doubtful.length > 0) deps.runner.write([doubtfulDuplicates(doubtful)]);
}

interface Duplicates {
  /** As many as requests whose run is not known, or fewer: they are ours. */
  readonly certain: readonly Candidate[];
  /** Any of them may be somebody else's. */
  readonly doubtful: readonly Candidate[];
}

/** The other runs of a start that had to be asked for again, as far as the list shows them. */
async function findDuplicates(
  search: PendingStart,
  runId: number,
  deps: SearchDeps,
  signal: AbortSignal,
): Promise<Duplicates> {
  const found = await findCandidates(search, deps, signal).catch(
    ignoreError("a duplicate that cannot be searched for must not end the step"),
  );
  const others = (found?.matches ?? []).filter(({ candidate }) => candidate.id !== runId);
  const certain = exactMatches(others, search.attempts - 1);
  return { certain, doubtful: certain.length > 0 ? [] : others.map(({ candidate }) => candidate) };
}

function doubtfulDuplicates(runs: readonly Candidate[]) {
  const text = `An earlier request may have started one of these runs too. None was cancelled, since they may be somebody else's:\n${describeRuns(runs)}`;
  return { type: "warning", text } as const;
}

async function cancelDuplicate(
  { id, name, url, status }: Candidate,
  deps: StartDeps,
  signal: AbortSignal,
): Promise<void> {
  const { runner } = deps;
  const message = `An earlier request had started ${name} after all`;
  const warn = (text: string) => runner.write([{ type: "warning", text: `${message}; ${text}: ${url}` }]);
  if (status === "completed") return warn("it has ended");
  const result = await cancelRun(id, { request: { retryForMs: 30_000 } }, deps, signal);
  signal.throwIfAborted();
  if (result.kind === "completed") return warn("it has ended");
  if (result.kind === "failed") return warn(`it could not be cancelled (${reasonOf(result.error)})`);
  runner.write([{ type: "text", text: `${message}; it was cancelled: ${url}` }]);
}

export interface CancelDeps extends SearchDeps {
  readonly runs: Pick<Runs, "url" | "cancel" | "get" | "getStarted">;
  readonly stages: Stages;
  readonly runner: Pick<Runner, "write">;
}

/** Within the post step's minute more than one request must find time. */
const postStepRequestOptions = { retryForMs: 40_000, timeoutMs: 8_000 };

/** Cancels, in the post step, what a main step that was cut off has left running. Rejects if the run cannot be cancelled. */
export async function cancelInterruptedRun(
  phase: PhaseOf<"starting" | "following">,
  context: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const deps = { ...context, retryOptions: postStepRequestOptions };
  if (phase.at === "starting") return await cancelPendingStart(phase, deps, signal);
  const { runId, stages, duplicateSearch } = phase;
  const run = await deps.runs.get(runId, postStepRequestOptions, signal);
  if (stages !== undefined && run.status !== "completed") {
    await cancelStages({ runId, stages }, { ...deps, request: postStepRequestOptions }, signal);
    const { subject, was } = stagesAsSubject(stages);
    const text = `${subject} of ${run.name} ${was} cancelled because this step was cut off: ${run.url}`;
    deps.runner.write([{ type: "text", text }]);
    return;
  }
  await cancelInPostStep(run, { cancelled: "was cancelled because this step was cut off" }, deps, signal);
  if (duplicateSearch !== undefined) await cancelDuplicatesInPostStep(duplicateSearch, runId, deps, signal);
}

const orphan = { cancelled: "was being started when this step was cut off, and was cancelled" };

/** The list may lag behind the start of a duplicate. */
async function cancelDuplicatesInPostStep(
  search: PendingStart,
  runId: number,
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const cancelledIds = new Set<number>();
  let doubtful: readonly Candidate[] = [];
  for (const delayMs of [0, 1_000, 2_000]) {
    await deps.clock.sleep(delayMs, signal);
    const duplicates = await findDuplicates(search, runId, deps, signal);
    signal.throwIfAborted();
    doubtful = duplicates.doubtful;
    for (const run of duplicates.certain) {
      if (!cancelledIds.has(run.id)) await cancelInPostStep(run, orphan, deps, signal);
      cancelledIds.add(run.id);
    }
    if (cancelledIds.size >= search.attempts - 1) return;
  }
  if (doubtful.length > 0) deps.runner.write([doubtfulDuplicates(doubtful)]);
}

/**
 * The service's list may lag behind a start that was cut off a moment ago, so it is read more than once. In a container
 * nothing tells the main step that the job is over, and it may repeat its start for as long as it lives.
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
    matches = (await findCandidates(phase, deps, signal)).matches;
    const exact = exactMatches(matches, phase.attempts);
    for (const run of exact) {
      if (!cancelledIds.has(run.id)) await cancelInPostStep(run, orphan, deps, signal);
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
      : { type: "warning", text: `${prefix}, which may be one of these. None was cancelled: ${list}` },
  ]);
}

async function cancelInPostStep(
  { id, name, url, status }: Pick<Candidate, "id" | "name" | "url" | "status">,
  words: { readonly cancelled: string },
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const isActive = status !== "completed" && status !== "canceling";
  const result: CancelResult = isActive
    ? await cancelRun(id, { request: postStepRequestOptions }, deps, signal)
    : { kind: status === "completed" ? "completed" : "cancelled" };
  if (result.kind === "failed") throw result.error;
  const text = result.kind === "completed" ? "had completed before this step was cut off" : words.cancelled;
  deps.runner.write([{ type: "text", text: `${name} ${text}: ${url}` }]);
}

interface CancelTarget {
  readonly deps: CancelRunDeps & { readonly stages: Stages; readonly stepState: Pick<StepState, "phase"> };
}

async function cancelStagesAsConfigured(
  target: { readonly runId: number; readonly stages: readonly string[] },
  input: "on-timeout" | "on-stop",
  deps: { readonly stages: Stages },
  signal: AbortSignal,
): Promise<CancelOutcome> {
  const { subject, was } = stagesAsSubject(target.stages);
  try {
    await cancelStages(target, { ...deps, request: { retryForMs: 60_000 } }, signal);
    return { text: `${subject} ${was} cancelled (${input}: cancel).`, isStillRunning: false };
  } catch (error) {
    signal.throwIfAborted();
    return { text: `${subject} could not be cancelled (${reasonOf(error)}).`, isStillRunning: true };
  }
}

/** For `on-timeout: cancel` and `on-stop: cancel`: asks for the cancellation, and doesn't wait for it to finish. */
export async function cancelAsConfigured(
  runId: number,
  input: "on-timeout" | "on-stop",
  { deps }: CancelTarget,
  signal: AbortSignal,
): Promise<CancelOutcome> {
  const { phase } = deps.stepState;
  const stages = phase.at === "following" ? phase.stages : undefined;
  if (stages !== undefined) return await cancelStagesAsConfigured({ runId, stages }, input, deps, signal);
  const result = await cancelRun(runId, { request: { retryForMs: 60_000 } }, deps, signal);
  signal.throwIfAborted();
  if (result.kind === "cancelled")
    return { text: `The run was cancelled (${input}: cancel).`, isStillRunning: false };
  if (result.kind === "completed") return { text: "The run had already completed.", isStillRunning: false };
  const text = `The run could not be cancelled (${reasonOf(result.error)}) and is still running.`;
  return { text, isStillRunning: true };
}
