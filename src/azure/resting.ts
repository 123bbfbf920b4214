import type { Clock } from "../ports.ts";
import type { Call, Send } from "./send.ts";

/** More than this is a wish for the next look, which has its own pace, and not for a request in between. */
const longestRestMs = 60_000;

/**
 * Leaves the service alone for as long as its last good answer asked: `Retry-After` comes with a 200 too, before the
 * throttling begins. A cancellation does not wait: the runner would kill before.
 */
export function resting(send: Send, clock: Clock): Send {
  let restUntil = 0;
  return async <T>(call: Call<T>) => {
    const isUrgent = call.method === "PATCH";
    const rest = Math.min(restUntil - clock.now(), longestRestMs);
    if (rest > 0 && !isUrgent) await clock.sleep(rest, call.signal);
    const answer = await send(call);
    restUntil = clock.now() + (answer.retryAfterMs ?? 0);
    return answer;
  };
}
