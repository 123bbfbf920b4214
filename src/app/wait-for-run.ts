import type { RunDocument } from "../core/model.ts";
import { nextPollDelayMs } from "../core/poll-interval.ts";
import { documentOf } from "../core/run-document.ts";
import {
  msSinceFinished,
  type PollResponse,
  type RunSnapshot,
  type RunUpdate,
  type TrackedRun,
  type UnpolledTimeout,
  type WaitResult,
} from "../core/run-snapshot.ts";
import { isRunning } from "../core/run-tree.ts";
import { ignoreError, isTransient } from "../errors.ts";
import { maxRetryAfterMs } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { PollRun } from "../ports.ts";

/** Called for every poll of the wait, in order. */
export interface RunObserver {
  /** The next poll starts after it. */
  update(update: RunUpdate, signal: AbortSignal): void | Promise<void>;
  /** Whether further polls are useful right after the run's end. */
  hasPending?(): boolean;
}

export interface WaitOptions extends PollLoopOptions {
  /** The wait ends when this is true, or when the run is completed. */
  readonly isDone: (document: RunDocument) => boolean;
  /** When a run that stays in the queue ends the wait, by the clock, at the last update. */
  readonly queueDeadline?: (() => number) | undefined;
}

export interface WaitDeps {
  readonly poll: PollRun;
  readonly clock: Clock;
  readonly observers: readonly RunObserver[];
}

/**
 * Polls a run until `isDone` holds, the run is completed or the deadline has passed. Returns its last known state, or the
 * error of the last poll if none succeeded before the deadline.
 */
export async function waitForRun(
  run: Pick<TrackedRun, "raw">,
  { isDone, ...options }: WaitOptions,
  { poll, clock, observers }: WaitDeps,
  signal: AbortSignal,
): Promise<WaitResult | UnpolledTimeout> {
  const { deadline, queueDeadline = () => Number.POSITIVE_INFINITY } = options;
  const notify = async (response: PollResponse, isLast = false): Promise<RunUpdate> => {
    const update = createUpdate(response, { raw: run.raw, isDone, isLast }, clock);
    for (const observer of observers) await observer.update(update, signal);
    return update;
  };
  const isQueuedTooLong = () => clock.now() >= queueDeadline();
  const hasPending = () => observers.some((observer) => observer.hasPending?.() === true);
  let update: RunUpdate | undefined;
  let pollError: unknown;
  try {
    const nextDeadline = () => Math.min(deadline, queueDeadline());
    for await (const response of pollLoop(poll, { ...options, nextDeadline }, clock, signal)) {
      update =
        response.run.status === "completed"
          ? await waitForFinalRecords(response, { poll, notify, hasPending, clock, deadline }, signal)
          : await notify(response);
      if (update.endsWait) return { ...update, end: "reached" };
      if (isQueuedTooLong()) return { ...update, end: "queued-too-long" };
    }
  } catch (error) {
    // A request that failed at the deadline is a timeout.
    const isTimeout = clock.now() >= deadline || (update !== undefined && isQueuedTooLong());
    if (signal.aborted || !isTimeout || !isTransient(error)) throw error;
    if (update !== undefined && clock.now() < deadline) return { ...update, end: "queued-too-long" };
    pollError = error;
  }
  return update === undefined ? { end: "unpolled", error: pollError } : { ...update, end: "timed-out" };
}

interface UpdateContext {
  readonly raw: unknown;
  readonly isDone: WaitOptions["isDone"];
  /** No further poll follows. */
  readonly isLast: boolean;
}

function createUpdate(
  { run, tree, serviceTime, timelineUnavailable, savesRequests }: PollResponse,
  { raw, isDone, isLast }: UpdateContext,
  clock: Pick<Clock, "now">,
): RunUpdate {
  const document = documentOf(run, tree, raw);
  const isCompleted = run.status === "completed";
  const snapshot = {
    run,
    tree,
    document,
    at: serviceTime ?? clock.now(),
    timelineUnavailable,
    savesRequests,
  };
  return {
    ...snapshot,
    serviceTime,
    endsWait: isCompleted || isDone(document),
    isFinal: isLast || (isCompleted && !isMissingRecords(snapshot)),
  };
}

export interface PollLoopOptions {
  /** Between the end of one poll and the next. */
  readonly pollIntervalMs: number;
  /** The end of the wait, by the clock; Infinity for never. */
  readonly deadline: number;
  /** The latest time of the next poll, by the clock; if absent, the deadline. */
  readonly nextDeadline?: () => number;
  /** Called before a delay that a Retry-After makes longer than the poll interval. Milliseconds. */
  readonly onRetryAfter?: (delayMs: number) => void;
  /** The time until the run's expected end, if it is known. Milliseconds. */
  readonly remainingRunMs?: () => number | undefined;
}

/** After this time without a successful poll, the wait fails and the run is left running. */
const maxOutageMs = 5 * 60_000;

const responseTimeoutMs = 30_000;

/** The poll at the deadline only has to show what the run was still waiting for. */
const lastResponseTimeoutMs = 3_000;

/**
 * Yields the response of each poll, the first one at once. Ends after the poll that shows the run completed, or the one
 * at the deadline, whichever comes first. Polls never overlap.
 */
export async function* pollLoop(
  poll: PollRun,
  { pollIntervalMs, deadline, nextDeadline = () => deadline, onRetryAfter, remainingRunMs }: PollLoopOptions,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<PollResponse, void, void> {
  let delayMs = pollIntervalMs;
  for (;;) {
    const remainingMs = deadline - clock.now();
    const isLast = remainingMs <= 0;
    const retryForMs = Math.min(maxOutageMs, Math.max(0, nextDeadline() - clock.now()));
    const timeoutMs = isLast ? lastResponseTimeoutMs : Math.min(responseTimeoutMs, remainingMs);
    const response = await poll(
      { retryForMs, timeoutMs, deadline, alwaysReadTimeline: isLast, ignoreRetryAfter: isLast },
      signal,
    ).catch((error: unknown) => {
      const isCutOff = !isLast && clock.now() >= deadline && isTransient(error);
      if (signal.aborted || !isCutOff) throw error;
    });
    // If the deadline ended a poll, one more follows.
    if (response === undefined) continue;
    yield response;
    const untilDeadlineMs = nextDeadline() - clock.now();
    if (response.run.status === "completed" || isLast) return;
    const { throttling } = response;
    delayMs = nextPollDelayMs(delayMs, { pollIntervalMs, throttling, remainingMs: remainingRunMs?.() });
    // Retry-After lengthens the delay; only the deadline shortens it.
    const requestedMs = Math.min(response.retryAfterMs ?? 0, maxRetryAfterMs);
    if (requestedMs > delayMs) onRetryAfter?.(Math.min(requestedMs, untilDeadlineMs));
    await clock.sleep(Math.max(0, Math.min(Math.max(delayMs, requestedMs), untilDeadlineMs)), signal);
  }
}

/** The service stores a run, its records and its logs separately: how long to wait for the rest at the run's end. */
const finalPollDelaysMs = [1_000, 2_000, 4_000];

/** Runs that finished longer ago than this do not change any more. */
const recentlyFinishedMs = 60_000;

const finalResponseTimeoutMs = 10_000;

interface FinalRecordsDeps {
  readonly poll: PollRun;
  /** Calls the observers; `isLast`: no further poll follows. */
  readonly notify: (response: PollResponse, isLast?: boolean) => Promise<RunUpdate>;
  readonly hasPending: () => boolean;
  readonly clock: Clock;
  readonly deadline: number;
}

/** Whether records that started in a completed run may still change. */
function isMissingRecords(snapshot: Pick<RunSnapshot, "run" | "at" | "tree">): boolean {
  return isRecentlyFinished(snapshot) && isRunning(snapshot.tree);
}

/** Polls a completed run again while its last records, or logs that are to be shown, have not arrived. */
export async function waitForFinalRecords(
  finalResponse: PollResponse,
  { poll, notify, hasPending, clock, deadline }: FinalRecordsDeps,
  signal: AbortSignal,
): Promise<RunUpdate> {
  let lastResponse = finalResponse;
  let update = await notify(finalResponse);
  for (const delayMs of finalPollDelaysMs) {
    if (!isMissingRecords(update) && !(isRecentlyFinished(update) && hasPending())) return update;
    await clock.sleep(delayMs, signal);
    const options = { retryForMs: 0, timeoutMs: finalResponseTimeoutMs, deadline, alwaysReadTimeline: true };
    const response = await poll(options, signal).catch(ignoreError("the last successful response is used"));
    signal.throwIfAborted();
    if (response?.run.status !== "completed") continue;
    lastResponse = response;
    update = await notify(response);
  }
  return isMissingRecords(update) ? await notify(lastResponse, true) : update;
}

function isRecentlyFinished(snapshot: Pick<RunSnapshot, "run" | "at">): boolean {
  return (msSinceFinished(snapshot) ?? recentlyFinishedMs) < recentlyFinishedMs;
}
