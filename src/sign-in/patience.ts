import { backoffMs } from "../core/backoff.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { FetchToken, Granted, Outside } from "./granted.ts";

const firstPatienceMs = 60_000;
const laterPatienceMs = 300_000;

/** How far a sign-in has got. Times by our clock, in milliseconds. */
export interface Progress {
  present: Granted | undefined;
  /** When the present one should be replaced: a tenth of its life early, five minutes at most. */
  renewAt: number;
  /** The service said no to the present one. */
  refused: boolean;
  /** The last fetch ended in an error that asking again at once would only repeat. */
  lost: boolean;
  failures: number;
  failingSince: number | undefined;
  tryAgainAt: number;
}

const untroubled = { refused: false, lost: false, failures: 0, failingSince: undefined, tryAgainAt: 0 };

export function nothingYet(): Progress {
  return { present: undefined, renewAt: 0, ...untroubled };
}

/**
 * Fetches until there is a token. While the present one still lives, a failure that may pass is no hurry: it is kept,
 * and a later call tries again, so that nobody waits for it.
 */
export async function fetchPatiently(
  fetch: FetchToken,
  state: Progress,
  { clock, random }: Pick<Outside, "clock" | "random">,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const askedAt = clock.now();
    try {
      return keep(state, await fetch(signal), clock.now());
    } catch (error) {
      if (!(error instanceof PassingError)) {
        state.lost = !signal.aborted;
        throw error;
      }
      state.failures += 1;
      state.failingSince ??= askedAt;
      const now = clock.now();
      const waitMs = Math.max(backoffMs(state.failures, random()), error.retryAfterMs ?? 0);
      state.tryAgainAt = now + waitMs;
      if (state.present && !state.refused && now < state.present.expiresAt) return;
      const leftMs = deadlineOf(state, now) - now;
      if (leftMs <= 0 || (error.retryAfterMs ?? 0) > leftMs) throw giveUp(error, state, now);
      // The last question is asked at the very end of the patience.
      await clock.sleep(Math.min(waitMs, leftMs), signal);
    }
  }
}

function keep(state: Progress, granted: Granted, now: number): void {
  const lifeMs = Math.max(granted.expiresAt - now, 0);
  const renewAt = granted.expiresAt - Math.min(lifeMs / 10, 300_000);
  Object.assign(state, { present: granted, renewAt, ...untroubled });
}

/** One minute for the first token. Later as long as the present one lives, or five minutes. */
function deadlineOf({ present, refused, failingSince }: Progress, now: number): number {
  const since = failingSince ?? now;
  if (!present) return since + firstPatienceMs;
  return Math.max(refused ? 0 : present.expiresAt, since + laterPatienceMs);
}

function giveUp(error: PassingError, state: Progress, now: number): ActionError {
  const { failures, failingSince = now } = state;
  Object.assign(state, { lost: true, failures: 0, failingSince: undefined });
  const seconds = Math.round((now - failingSince) / 1_000);
  const tried = failures === 1 ? "" : ` (tried ${failures} times in ${seconds} s)`;
  const code = error.throttled ? "busy" : "unreachable";
  const hint = "Check that this runner may reach the token endpoint, and run the workflow again later.";
  return new ActionError(code, `No token could be fetched: ${error.message.replace(/\.$/, "")}${tried}.`, {
    hint: error.hint ?? hint,
    cause: error,
  });
}
