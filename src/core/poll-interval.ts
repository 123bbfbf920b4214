/** How the service slows an identity down: first it holds answers back, then it refuses. */
export type Throttling = "delayed" | "blocked";

/** However slow the service gets, a run is looked at this often. Milliseconds. */
const maxDelayMs: Readonly<Record<Throttling, number>> = { delayed: 60_000, blocked: 5 * 60_000 };

/**
 * The pause before the next look. It doubles for as long as the service slows us down, since its limit is shared by all
 * who use the same identity, and creeps back to what was asked for once it does not.
 */
export function nextPollDelayMs(
  previousMs: number,
  {
    pollIntervalMs,
    throttling,
  }: { readonly pollIntervalMs: number; readonly throttling: Throttling | undefined },
): number {
  const relaxedMs = previousMs * 0.8;
  const targetMs = throttling === undefined ? relaxedMs : Math.min(previousMs * 2, maxDelayMs[throttling]);
  return Math.round(Math.max(targetMs, relaxedMs, pollIntervalMs));
}

/** The worse of two. */
export function worseThrottling(
  a: Throttling | undefined,
  b: Throttling | undefined,
): Throttling | undefined {
  return a === "blocked" ? a : (b ?? a);
}
