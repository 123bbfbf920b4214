import type { PollResponse } from "../core/model.ts";
import { nextPollDelayMs } from "../core/pace.ts";
import { isTransient } from "../errors.ts";
import type { Clock, RunPollOptions } from "../ports.ts";

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
