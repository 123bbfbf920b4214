import { backoffMs } from "../core/backoff.ts";
import { ActionError, PassingError, reasonOf } from "../errors.ts";
import type { Host } from "../ports.ts";
import type { FetchToken, Granted, Outside } from "./granted.ts";

const firstPatienceMs = 60_000;
const laterPatienceMs = 300_000;

export interface Surroundings extends Pick<Outside, "clock" | "random"> {
  readonly host: Pick<Host, "write">;
}

/** How far a sign-in has got. Times by our clock, in milliseconds. */
export interface Progress {
  present: Granted | undefined;
  /** When the present one should be replaced: a tenth of its life early, five minutes at most. */
  renewAt: number;
  /** The service said no to the present one. */
  refused: boolean;
  /** The last fetch ended in an error that asking again at once would only repeat. */
  lost: boolean;
  /** Why there will be no other; it matters once the present one is spent. */
  refusal: unknown;
  failures: number;
  failingSince: number | undefined;
  tryAgainAt: number;
}

const untroubled = {
  refused: false,
  lost: false,
  refusal: undefined,
  failures: 0,
  failingSince: undefined,
  tryAgainAt: 0,
};

export function nothingYet(): Progress {
  return { present: undefined, renewAt: 0, ...untroubled };
}

/** Whether the present token will do for now. */
export function lives({ present, refused }: Progress, now: number): boolean {
  return present !== undefined && !refused && now < present.expiresAt;
}

/**
 * Fetches until there is a token. While the present one still lives, a failure is no hurry: it is kept, and so is what
 * went wrong. What may pass is tried again by a later call; a definite no is not.
 */
export async function fetchPatiently(
  fetch: FetchToken,
  state: Progress,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random } = surroundings;
  for (;;) {
    const askedAt = clock.now();
    try {
      return keep(state, await fetch(signal), clock.now());
    } catch (error) {
      const now = clock.now();
      if (!(error instanceof PassingError)) return refuse(error, state, surroundings, signal);
      state.failures += 1;
      state.failingSince ??= askedAt;
      // One that passes at once is not worth a line.
      if (state.failures === 2) tell(error, state, surroundings);
      const waitMs = Math.max(backoffMs(state.failures, random()), error.retryAfterMs ?? 0);
      state.tryAgainAt = now + waitMs;
      if (lives(state, now)) return;
      const leftMs = deadlineOf(state, now) - now;
      if (leftMs <= 0 || (error.retryAfterMs ?? 0) > leftMs) throw giveUp(error, state, now);
      // The last question is asked at the very end of the patience.
      await clock.sleep(Math.min(waitMs, leftMs), signal);
    }
  }
}

function refuse(error: unknown, state: Progress, surroundings: Surroundings, signal: AbortSignal): void {
  state.lost = !signal.aborted;
  if (signal.aborted || !lives(state, surroundings.clock.now())) throw error;
  state.refusal = error;
  tell(error, state, surroundings);
}

/** A wait that ends for want of a token should not come out of the blue. */
function tell(error: unknown, state: Progress, { clock, host }: Surroundings): void {
  if (!state.present) return;
  const [why] = reasonOf(error).split("\n");
  const rest = lives(state, clock.now())
    ? `The present token is good for ${lifeText(state.present.expiresAt - clock.now())}.`
    : "Trying again.";
  const text = `The sign-in could not be renewed: ${why?.replace(/\.$/, "")}. ${rest}`;
  host.write([{ type: "text", text }]);
}

/** A span of time, for people. */
export function lifeText(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1_000), 0);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
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
  const { retryAfterMs: wishMs } = error;
  const wish = wishMs ? `, and wants to be left alone for ${lifeText(wishMs)}` : "";
  const said = `${error.message.replace(/\.$/, "")}${wish}`;
  const hint = error.throttled
    ? "Run the workflow again later, and sign in with fewer jobs at once: the limit is on the application, or on this runner's address."
    : "Check that this runner may reach the token endpoint, and run the workflow again later.";
  return new ActionError(
    error.throttled ? "busy" : "unreachable",
    `No token could be fetched: ${said}${tried}.`,
    {
      hint: error.hint ?? hint,
      cause: error,
    },
  );
}
