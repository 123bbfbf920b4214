/** How the service slows an identity down: first it delays responses, then it refuses requests. */
export type Throttling = "delayed" | "blocked";

/** How far a poll interval may grow: a poll that is late is seen by the user, a poll too many only by the service. */
const maxGrowth: Readonly<Record<Throttling, number>> = { delayed: 2, blocked: 4 };

/** However slow the service gets, a run is polled this often. Milliseconds. */
const maxDelayMs = 5 * 60_000;

export interface PacingOptions {
  readonly pollIntervalMs: number;
  readonly throttling: Throttling | undefined;
  /** Until the run's expected end; `undefined` where nothing is known of earlier runs. Milliseconds. */
  readonly remainingMs?: number | undefined;
}

/**
 * The delay before the next poll. It grows while the service slows the identity down, whose limit all waits share, and
 * shrinks again afterwards, or when the run is expected to end. What Retry-After asks for comes on top.
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

/** While the service slows the identity down, the timeline is read at every so many polls at least. */
const maxTimelineGap = 24;

/** At every how many polls the timeline is read: first requests for it are saved, then those for the run. */
export function nextTimelineGap(previous: number, throttling: Throttling | undefined): number {
  return throttling === undefined ? Math.max(1, previous * 0.95) : Math.min(previous * 2, maxTimelineGap);
}

/** The worse of two. */
export function worseThrottling(
  a: Throttling | undefined,
  b: Throttling | undefined,
): Throttling | undefined {
  return a === "blocked" ? a : (b ?? a);
}
