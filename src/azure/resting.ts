import type { Clock } from "../ports.ts";
import type { Call, Send } from "./send.ts";

/** A longer rest only a wait may have, between two of its looks. */
const longestRestMs = 5 * 60_000;

/**
 * Leaves the service alone for as long as its last good answer asked: `Retry-After` comes with a 200 too, before the
 * throttling begins.
 */
export function resting(send: Send, clock: Clock): Send {
  let restUntil = 0;
  return async <T>(call: Call<T>) => {
    const rest = Math.min(restUntil - clock.now(), longestRestMs);
    if (rest > 0 && call.isUrgent !== true) await clock.sleep(rest, call.signal);
    const answer = await send(call);
    restUntil = clock.now() + (answer.retryAfterMs ?? 0);
    return answer;
  };
}
