/** How the service slows an identity down: first it delays responses, then it refuses requests. */
export type Throttling = "delayed" | "blocked";

/** How far a poll interval may grow: users notice late polls, while extra polls only cost the service requests. */
const maxGrowth: Readonly<Record<Throttling, number>> = { delayed: 2, blocked: 4 };

/** The longest poll interval under throttling. Milliseconds. */
const maxDelayMs = 5 * 60_000;

export interface PacingOptions {
  readonly pollIntervalMs: number;
  readonly throttling: Throttling | undefined;
  /** Until the run's expected end; `undefined` if no earlier runs are known. Milliseconds. */
  readonly remainingMs?: number | undefined;
}

/**
 * The delay before the next poll. It grows while the service throttles the identity, whose limit all waits share, and
 * shrinks again afterwards, or when the run is expected to end. A `Retry-After` is added.
 */
export function nextPollDelayMs(
  previousMs: number,
  { pollIntervalMs, throttling, remainingMs = Number.POSITIVE_INFINITY }: PacingOptions,
): number {
  const longestMs =
    throttling === undefined ? pollIntervalMs : Math.min(pollIntervalMs * maxGrowth[throttling], maxDelayMs);
  const grownMs = throttling === undefined ? previousMs * 0.8 : Math.min(previousMs * 1.5, longestMs);
  // A poll at the expected end sees it at once; one that is overdue may end at any moment.
  const untilEndMs = Math.max(remainingMs, 0);
  return Math.round(Math.max(Math.min(grownMs, untilEndMs), pollIntervalMs));
}

/** Under throttling, the timeline is read at least once in this many polls. */
const maxTimelineGap = 24;

/**
 * The timeline is read once in this many polls. Its requests are saved first, at once and for some minutes; those for the run
 * only as far as that is not enough.
 */
export function nextTimelineGap(previous: number, throttling: Throttling | undefined): number {
  return throttling === undefined ? Math.max(1, previous * 0.95) : Math.min(previous * 8, maxTimelineGap);
}

/** Whether the service has throttled this identity lately, by the gap between timelines. */
export function savesRequests(timelineGap: number): boolean {
  return timelineGap >= 2;
}

/** The more severe of two levels. */
export function worseThrottling(
  a: Throttling | undefined,
  b: Throttling | undefined,
): Throttling | undefined {
  return a === "blocked" ? a : (b ?? a);
}
