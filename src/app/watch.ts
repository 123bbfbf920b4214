import type { Look } from "../core/model.ts";
import { nextPauseMs } from "../core/pace.ts";
import { mayPass } from "../errors.ts";
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
const answerAtMostMs = 30_000;
/** The look at the deadline is there to say what was still waited for, not to wait some more. */
const lastAnswerAtMostMs = 3_000;

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
  let pauseMs = intervalMs;
  for (;;) {
    const before = deadline - clock.now();
    const isLast = before <= 0;
    const patienceMs = Math.min(outageAtMostMs, Math.max(0, before));
    const timeoutMs = isLast ? lastAnswerAtMostMs : Math.min(answerAtMostMs, before);
    const seen = await look({ patienceMs, timeoutMs, thorough: isLast, isUrgent: isLast }, signal).catch(
      (error: unknown) => {
        const isCut = !isLast && clock.now() >= deadline && mayPass(error);
        if (signal.aborted || !isCut) throw error;
      },
    );
    // What the deadline cut off is not the last look.
    if (seen === undefined) continue;
    yield seen;
    const left = deadline - clock.now();
    if (seen.run.status === "completed" || isLast) return;
    pauseMs = nextPauseMs(pauseMs, { askedMs: intervalMs, slowed: seen.slowed });
    // The server's wish lengthens the pause; the deadline alone cuts it.
    await clock.sleep(Math.max(0, Math.min(Math.max(pauseMs, seen.retryAfterMs ?? 0), left)), signal);
  }
}
