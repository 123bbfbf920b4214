import { buildRunTree } from "../core/build-run-tree.ts";
import { type Expression, evaluateCondition, isBuiltInCondition } from "../core/expression.ts";
import type { PollResponse, Records } from "../core/model.ts";
import { nextPollDelayMs } from "../core/poll-interval.ts";
import { documentOf } from "../core/run-document.ts";
import { msSinceFinished, type RunSnapshot, type TrackedRun, type WaitResult } from "../core/run-snapshot.ts";
import { isRunning, type RunTree } from "../core/run-tree.ts";
import { isTransient } from "../errors.ts";
import type { MappedOutput } from "../inputs/inputs.ts";
import type { Clock } from "../lib/clock.ts";
import type { RunPollOptions } from "../ports.ts";
import type { CommitReports } from "./commit-report.ts";
import type { ActionDeps } from "./context.ts";
import { createSnapshotOutputWriter } from "./outputs.ts";
import type { ProgressLog } from "./progress-log.ts";
import type { StepState } from "./step-state.ts";

export interface WaitOptions {
  readonly run: TrackedRun;
  readonly stopWhen: Expression;
  readonly mapOutputs: readonly MappedOutput[];
  readonly pollIntervalMs: number;
  readonly timeoutMs: number | undefined;
}

interface WaitContext {
  readonly deps: ActionDeps;
  readonly stepState: StepState;
  readonly progressLog: ProgressLog;
  readonly reports: CommitReports;
  /** Called once, between two looks, with how the run stands while it is under way. */
  readonly onIdle: (snapshot: RunSnapshot) => void;
}

/**
 * Follows a run and tells its story, until `stop-when` holds, the run is completed, or the time is up.
 * Answers nothing where the time was up before any look was answered.
 */
export async function waitForRun(
  options: WaitOptions,
  context: WaitContext,
  signal: AbortSignal,
): Promise<WaitResult | undefined> {
  const { deps, progressLog, reports } = context;
  const { clock } = deps;
  const deadline = clock.now() + (options.timeoutMs ?? Number.POSITIVE_INFINITY);
  const poll = createPoller({ ...options, deadline }, context);
  const handleResponse = createResponseHandler(options, context, signal);
  const isDone = createStopCheck(options.stopWhen, deps);
  let hasIdled = false;
  let snapshot: RunSnapshot | undefined;
  try {
    for await (const response of pollLoop(poll, { ...options, deadline }, clock, signal)) {
      const isCompleted = response.run.status === "completed";
      snapshot = isCompleted
        ? await waitForFinalRecords(
            response,
            { poll, handleResponse, clock, hasPendingLogs: progressLog.hasPendingLogs },
            signal,
          )
        : await handleResponse(response);
      if (isDone(snapshot) || isCompleted) return { ...snapshot, end: "reached" };
      reports.update(snapshot);
      if (hasIdled || response.run.status !== "inProgress") continue;
      hasIdled = true;
      context.onIdle(snapshot);
    }
  } catch (error) {
    // When the time is up anyway, that is what happened.
    if (signal.aborted || clock.now() < deadline || !isTransient(error)) throw error;
  }
  return snapshot && { ...snapshot, end: "timed-out" };
}

/** Takes in what a look shows, and tells of it wherever it matters. */
function createResponseHandler(
  { run: { raw }, mapOutputs }: WaitOptions,
  { deps: { outputs, clock }, stepState, progressLog }: WaitContext,
  signal: AbortSignal,
) {
  const treeFor = memoizedTree();
  const writeOutputs = createSnapshotOutputWriter(outputs, mapOutputs, clock);
  return async (response: PollResponse, isLast = false): Promise<RunSnapshot> => {
    const { run, records, serviceTime, timelineUnavailable } = response;
    const tree = treeFor(records);
    const at = serviceTime ?? clock.now();
    const snapshot = { run, tree, document: documentOf(run, tree, raw), at, timelineUnavailable };
    stepState.setSnapshot(snapshot);
    writeOutputs(snapshot.document);
    const isFinal = isLast || (run.status === "completed" && !isMissingRecords(snapshot));
    await progressLog.update(response, { tree, isLast: isFinal }, signal);
    return snapshot;
  };
}

/** Says once, and then no more, that the condition cannot be evaluated. */
function createStopCheck(stopWhen: Expression, { runner }: Pick<ActionDeps, "runner">) {
  let hasWarned = false;
  return ({ document }: RunSnapshot): boolean => {
    const { holds, problem } = evaluateCondition(stopWhen, document);
    if (problem !== undefined && !hasWarned) {
      hasWarned = true;
      runner.write([{ type: "warning", text: `stop-when could not be evaluated: ${problem}` }]);
    }
    return holds;
  };
}

type PollRun = (options: RunPollOptions, signal: AbortSignal) => Promise<PollResponse>;

/** A queued run's timeline may say what it waits for: worth a request when there has been nothing to tell. */
function createPoller(
  { run, stopWhen, deadline }: WaitOptions & { readonly deadline: number },
  { deps, progressLog }: WaitContext,
): PollRun {
  const poll = ignoreStaleResult(run, deps.pipelines.createRunPoller(run.id), deps.clock);
  // What a condition asks for may stand in the timeline of a run that is still queued.
  const needsTimeline = isBuiltInCondition(stopWhen) ? progressLog.isIdle : () => true;
  const onRetry = progressLog.onPollError;
  return (options, signal) =>
    poll(
      {
        ...options,
        deadline,
        alwaysReadTimeline: options.alwaysReadTimeline === true || needsTimeline(),
        onRetry,
      },
      signal,
    );
}

/** How long the service may take to notice a retry. */
const maxStaleMs = 30_000;

/** Right after a retry the service may still show the end that came before it. */
function ignoreStaleResult({ staleResult }: TrackedRun, poll: PollRun, clock: Clock): PollRun {
  if (staleResult === undefined) return poll;
  const staleUntil = clock.now() + maxStaleMs;
  let hasCaughtUp = false;
  return async (options, signal) => {
    const response = await poll(options, signal);
    const { status, result, finishedAt } = response.run;
    const isStale =
      status === "completed" && result === staleResult.result && finishedAt === staleResult.finishedAt;
    hasCaughtUp ||= !isStale || clock.now() >= staleUntil;
    if (hasCaughtUp) return response;
    const run = { ...response.run, status: "inProgress", result: null, finishedAt: null } as const;
    return { ...response, run, records: new Map() };
  };
}

/** Growing a tree takes as long as there are records: only what has changed is worth it. */
function memoizedTree(): (records: Records) => RunTree {
  let last: { readonly records: Records; readonly tree: RunTree } | undefined;
  return (records) => {
    if (last?.records !== records) last = { records, tree: buildRunTree(records) };
    return last.tree;
  };
}

export interface PollLoopOptions {
  /** Between the end of one look and the next. */
  readonly pollIntervalMs: number;
  /** When the wait is over, by the clock; Infinity for never. */
  readonly deadline: number;
}

type Poll = (options: RunPollOptions, signal: AbortSignal) => Promise<PollResponse>;

/** Without one good answer for so long, the run is given up and left alone. */
const maxOutageMs = 5 * 60_000;

const responseTimeoutMs = 30_000;

/** The look at the deadline is there to say what was still waited for, not to wait some more. */
const lastResponseTimeoutMs = 3_000;

/**
 * Yields what each look saw, the first one at once. Ends after the look that saw the run completed, or the one made
 * at the deadline, whichever comes first. One look at a time, never a pile.
 */
export async function* pollLoop(
  poll: Poll,
  { pollIntervalMs, deadline }: PollLoopOptions,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<PollResponse, void, void> {
  let delayMs = pollIntervalMs;
  for (;;) {
    const remainingMs = deadline - clock.now();
    const isLast = remainingMs <= 0;
    const retryForMs = Math.min(maxOutageMs, Math.max(0, remainingMs));
    const timeoutMs = isLast ? lastResponseTimeoutMs : Math.min(responseTimeoutMs, remainingMs);
    const response = await poll(
      { retryForMs, timeoutMs, alwaysReadTimeline: isLast, ignoreRetryAfter: isLast },
      signal,
    ).catch((error: unknown) => {
      const isCutOff = !isLast && clock.now() >= deadline && isTransient(error);
      if (signal.aborted || !isCutOff) throw error;
    });
    // What the deadline cut off is not the last look.
    if (response === undefined) continue;
    yield response;
    const untilDeadlineMs = deadline - clock.now();
    if (response.run.status === "completed" || isLast) return;
    delayMs = nextPollDelayMs(delayMs, { pollIntervalMs: pollIntervalMs, throttling: response.throttling });
    // The server's wish lengthens the pause; the deadline alone cuts it.
    await clock.sleep(
      Math.max(0, Math.min(Math.max(delayMs, response.retryAfterMs ?? 0), untilDeadlineMs)),
      signal,
    );
  }
}

/** The service keeps a run, its records and its logs apart: how long what is missing at the run's end is waited for. */
const finalPollDelaysMs = [1_000, 2_000, 4_000];

/** Of a run that has been over for longer nothing more comes. */
const recentlyFinishedMs = 60_000;

const finalResponseTimeoutMs = 10_000;

interface FinalRecordsDeps {
  readonly poll: (options: RunPollOptions, signal: AbortSignal) => Promise<PollResponse>;
  /** Tells what a look shows; `isLast`: whatever is missing will not come. */
  readonly handleResponse: (response: PollResponse, isLast?: boolean) => Promise<RunSnapshot>;
  readonly hasPendingLogs: () => boolean;
  readonly clock: Clock;
}

/** Whether the ends of what has begun in a run that is over may still come. */
function isMissingRecords(snapshot: RunSnapshot): boolean {
  return isRecentlyFinished(snapshot) && isRunning(snapshot.tree);
}

/** Sees the end of a run, and looks again while its last records, or logs that are wanted, have not come. */
export async function waitForFinalRecords(
  finalResponse: PollResponse,
  { poll, handleResponse, hasPendingLogs, clock }: FinalRecordsDeps,
  signal: AbortSignal,
): Promise<RunSnapshot> {
  let lastResponse = finalResponse;
  let snapshot = await handleResponse(finalResponse);
  for (const delayMs of finalPollDelaysMs) {
    if (!isMissingRecords(snapshot) && !(isRecentlyFinished(snapshot) && hasPendingLogs())) return snapshot;
    await clock.sleep(delayMs, signal);
    const options = { retryForMs: 0, timeoutMs: finalResponseTimeoutMs, alwaysReadTimeline: true };
    const response = await poll(options, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (response?.run.status !== "completed") continue;
    lastResponse = response;
    snapshot = await handleResponse(response);
  }
  return isMissingRecords(snapshot) ? await handleResponse(lastResponse, true) : snapshot;
}

function isRecentlyFinished(snapshot: RunSnapshot): boolean {
  return (msSinceFinished(snapshot) ?? recentlyFinishedMs) < recentlyFinishedMs;
}
