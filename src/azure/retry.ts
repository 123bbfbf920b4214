import { backoffMs } from "../core/backoff.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { Call, Send } from "./send.ts";

/** Asks again what failed in passing, for as long as the call's patience lasts. */
export function retrying(send: Send, { clock, random }: { clock: Clock; random: () => number }): Send {
  return async <T>(call: Call<T>) => {
    const { patienceMs = 0, deadline = Number.POSITIVE_INFINITY, signal } = call;
    const start = clock.now();
    const end = Math.min(start + patienceMs, deadline);
    let refused = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await send(call);
        return refused ? { ...answer, slowed: "refused" } : answer;
      } catch (error) {
        if (!(error instanceof PassingError) || patienceMs === 0) throw error;
        refused ||= error.throttled;
        const left = end - clock.now();
        const wish = error.retryAfterMs ?? 0;
        if (left <= 0) throw exhausted(call.doing, error, patienceMs);
        // Only a wait for a run has the time for a rest that long.
        if (wish > left && !call.outlastsOutage) throw restless(call.doing, error, wish);
        call.onTrouble?.(error.message, clock.now() - start);
        const pause = Math.max(wish, backoffMs(attempt, random()));
        // The last question is asked at the very end of the patience, whatever the server would rather have.
        await clock.sleep(Math.min(pause, left), signal);
      }
    }
  };
}

/** What a passing failure becomes when it did not pass. */
export function exhausted(doing: string, error: PassingError, spentMs: number): ActionError {
  const spent = spentMs < 1_000 ? "" : ` for ${timeText(spentMs)}`;
  return lasting(error, `${doing} got no good answer${spent}: ${error.message}.`);
}

/** What a passing failure becomes whose rest is longer than anybody waits for. */
export function restless(doing: string, error: PassingError, wishMs: number): ActionError {
  const wish = `the service wants to be left alone for ${timeText(wishMs)}`;
  return lasting(error, `${doing} got no good answer: ${error.message}; ${wish}.`);
}

function timeText(ms: number): string {
  return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1_000)} s`;
}

function lasting(error: PassingError, message: string): ActionError {
  const code = error.throttled ? "busy" : "unreachable";
  const hint =
    error.hint ??
    (error.throttled
      ? "Start fewer steps at once, or raise poll-interval: the limit is per identity."
      : "Check that Azure DevOps is up (https://status.dev.azure.com) and reachable from this runner.");
  return new ActionError(code, message, { hint, cause: error });
}
