import { ActionError } from "../errors.ts";
import type { SignIn } from "../ports.ts";
import { type Flight, singleFlight } from "./flight.ts";
import type { FetchToken, Granted } from "./granted.ts";
import { fetchPatiently, lifeText, lives, nothingYet, type Progress, type Surroundings } from "./patience.ts";

interface RenewingSignIn extends SignIn {
  /** The token in hand, if there is one. */
  present(): Granted | undefined;
}

/**
 * A sign-in over `fetch`: fetches at the first call, renews before the end, and bears with what passes. Nobody waits for
 * a renewal while the present token is good: it goes on by itself.
 */
export function renewing(fetch: FetchToken, who: string, outside: Surroundings): RenewingSignIn {
  const { clock } = outside;
  const state = nothingYet();
  const unhurried = new AbortController().signal;
  const refresh: Flight = singleFlight((signal) => fetchPatiently(fetch, state, outside, signal));
  return {
    get description() {
      return describe(who, state.present, clock.now());
    },
    present: () => state.present,
    authorization: async (signal) => {
      signal.throwIfAborted();
      if (!lives(state, clock.now())) await refreshUnlessOver(state, () => refresh(signal));
      // Whoever asks after the present token has died meets what went wrong here.
      else if (isDue(state, clock.now())) refresh(unhurried).catch(() => undefined);
      if (!state.present) throw new ActionError("internal", "The sign-in ended without a token.");
      return `Bearer ${state.present.token}`;
    },
    renew: async (signal) => {
      const before = state.present;
      if (!before || before.final || state.lost) return false;
      state.refused = true;
      await refresh(signal);
      // Some answer from a cache: the same token again is none.
      return state.present !== undefined && state.present.token !== before.token;
    },
  };
}

async function refreshUnlessOver(
  { present, refusal }: Progress,
  refresh: () => Promise<void>,
): Promise<void> {
  if (refusal) throw refusal;
  if (!present?.final) return await refresh();
  throw new ActionError(
    "unauthorized",
    "The sign-in expired, and it cannot be renewed without somebody at a browser.",
    {
      hint: "For runs that take longer, sign in as an application (`github-oidc`), or with a `refresh-token`.",
    },
  );
}

/** Whether the present token should be replaced, and nothing speaks against trying. */
function isDue({ present, renewAt, tryAgainAt, refusal }: Progress, now: number): boolean {
  return !present?.final && refusal === undefined && now >= renewAt && now >= tryAgainAt;
}

function describe(who: string, present: Granted | undefined, now: number): string {
  if (!present) return `Signing in ${who}.`;
  const life = lifeText(present.expiresAt - now);
  return `Signed in ${who}; good for ${life}, ${present.final ? "not renewable" : "renewed by itself"}.`;
}
