import type { Look } from "../core/model.ts";
import type { Clock, LookOptions } from "../ports.ts";

export interface Pace {
  /** Between the end of one look and the next. */
  readonly intervalMs: number;
  /** When the wait is over, by the clock; Infinity for never. */
  readonly deadline: number;
}

type LookOnce = (options: LookOptions, signal: AbortSignal) => Promise<Look>;

/** Without one good answer for so long, the run is given up and left alone. */
const outageAtMostMs = 5 * 60_000;

/**
 * Yields what each look saw, the first one at once. Ends after the look that saw the run completed, or the one made
 * at the deadline, whichever comes first. One look at a time, never a pile.
 */
export async function* watch(
  look: LookOnce,
  { intervalMs, deadline }: Pace,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Look, void, void> {
  for (;;) {
    const isLast = deadline - clock.now() <= 0;
    const patienceMs = Math.min(outageAtMostMs, Math.max(0, deadline - clock.now()));
    const seen = await look({ patienceMs, thorough: isLast }, signal);
    yield seen;
    const left = deadline - clock.now();
    if (seen.run.status === "completed" || isLast) return;
    // The server's wish lengthens the pause; the deadline alone cuts it.
    await clock.sleep(Math.max(0, Math.min(Math.max(intervalMs, seen.retryAfterMs ?? 0), left)), signal);
  }
}
