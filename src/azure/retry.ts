import { ActionError, PassingError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { Call, Send } from "./send.ts";

/** Asks again what failed in passing, for as long as the call's patience lasts. */
export function retrying(send: Send, { clock, random }: { clock: Clock; random: () => number }): Send {
  return async <T>(call: Call<T>) => {
    const { patienceMs = 0, signal } = call;
    const start = clock.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send(call);
      } catch (error) {
        if (!(error instanceof PassingError) || patienceMs === 0) throw error;
        const left = start + patienceMs - clock.now();
        if (left <= 0) throw exhausted(call.doing, error, patienceMs);
        const pause = Math.max(error.retryAfterMs ?? 0, backoffMs(attempt, random()));
        // The last question is asked at the very end of the patience, whatever the server would rather have.
        await clock.sleep(Math.min(pause, left), signal);
      }
    }
  };
}

/** Doubles from one second to thirty, then takes between half of that and all of it. */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(1_000 * 2 ** (attempt - 1), 30_000);
  return Math.round((ceiling * (1 + random)) / 2);
}

/** What a passing failure becomes when it did not pass. */
export function exhausted(doing: string, error: PassingError, spentMs: number): ActionError {
  const spent =
    spentMs >= 60_000 ? `${Math.round(spentMs / 60_000)} min` : `${Math.round(spentMs / 1_000)} s`;
  const code = error.throttled ? "busy" : "unreachable";
  const hint =
    error.hint ??
    (error.throttled
      ? "Start fewer steps at once, or raise poll-interval: the limit is per identity."
      : "Check that Azure DevOps is up (https://status.dev.azure.com) and reachable from this runner.");
  return new ActionError(code, `${doing} got no good answer for ${spent}: ${error.message}.`, {
    hint,
    cause: error,
  });
}
