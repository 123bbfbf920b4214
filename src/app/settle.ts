import type { PollResponse } from "../core/model.ts";
import { isRunning } from "../core/nodes.ts";
import { parseTime } from "../core/time.ts";
import type { Clock, RunPollOptions } from "../ports.ts";
import type { RunSnapshot } from "./follow.ts";

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

/** How long a run has been over; `undefined` where nobody can tell. */
export function msSinceFinished({ run, at }: Pick<RunSnapshot, "run" | "at">): number | undefined {
  const end = parseTime(run.finishedAt);
  return end === undefined ? undefined : at - end;
}

/** Whether the ends of what has begun in a run that is over may still come. */
export function isMissingRecords(snapshot: RunSnapshot): boolean {
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
