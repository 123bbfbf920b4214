/** However slow the service gets, a run is looked at this often. Milliseconds. */
const longestPauseMs = 5 * 60_000;

/**
 * The pause before the next look. It doubles for as long as the service slows us down, since its limit is shared by all
 * who use the same identity, and creeps back to what was asked for once it does not.
 */
export function nextPauseMs(
  lastMs: number,
  { askedMs, slowed }: { readonly askedMs: number; readonly slowed: boolean },
): number {
  const wanted = slowed ? Math.min(lastMs * 2, longestPauseMs) : lastMs * 0.8;
  return Math.round(Math.max(wanted, askedMs));
}
