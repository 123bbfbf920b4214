/** How the service slows an identity down: first it holds answers back, then it refuses. */
export type Slowed = "held-back" | "refused";

/** However slow the service gets, a run is looked at this often. Milliseconds. */
const longestPauseMs: Readonly<Record<Slowed, number>> = { "held-back": 60_000, refused: 5 * 60_000 };

/**
 * The pause before the next look. It doubles for as long as the service slows us down, since its limit is shared by all
 * who use the same identity, and creeps back to what was asked for once it does not.
 */
export function nextPauseMs(
  lastMs: number,
  { askedMs, slowed }: { readonly askedMs: number; readonly slowed: Slowed | undefined },
): number {
  const calmer = lastMs * 0.8;
  const wanted = slowed === undefined ? calmer : Math.min(lastMs * 2, longestPauseMs[slowed]);
  return Math.round(Math.max(wanted, calmer, askedMs));
}

/** The worse of two. */
export function moreSlowed(a: Slowed | undefined, b: Slowed | undefined): Slowed | undefined {
  return a === "refused" ? a : (b ?? a);
}
