import { ActionError } from "../errors.ts";
import type { SignIn } from "../ports.ts";
import { type Flight, singleFlight } from "./flight.ts";
import type { FetchToken, Granted, Outside } from "./granted.ts";
import { fetchPatiently, nothingYet, type Progress } from "./patience.ts";

export interface RenewingSignIn extends SignIn {
  /** The token in hand, if there is one. */
  present(): Granted | undefined;
}

/** A sign-in over `fetch`: fetches at the first call, renews before the end, and bears with what passes. */
export function renewing(
  fetch: FetchToken,
  who: string,
  outside: Pick<Outside, "clock" | "random">,
): RenewingSignIn {
  const { clock } = outside;
  const state = nothingYet();
  const refresh: Flight = singleFlight((signal) => fetchPatiently(fetch, state, outside, signal));
  return {
    get description() {
      return describe(who, state.present, clock.now());
    },
    present: () => state.present,
    authorization: async (signal) => {
      signal.throwIfAborted();
      if (!isGood(state, clock.now())) await refresh(signal);
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

/** Whether the present token will do for now. */
function isGood(state: Progress, now: number): boolean {
  const { present } = state;
  if (!present || state.refused) return false;
  if (present.final) {
    if (now < present.expiresAt) return true;
    throw new ActionError(
      "unauthorized",
      "The sign-in expired, and it cannot be renewed without somebody at a browser.",
      {
        hint: "For runs that take longer, sign in as an application (`github-oidc`), or with a `refresh-token`.",
      },
    );
  }
  return now < state.renewAt || (now < present.expiresAt && now < state.tryAgainAt);
}

function describe(who: string, present: Granted | undefined, now: number): string {
  if (!present) return `Signing in ${who}.`;
  const seconds = Math.max(Math.round((present.expiresAt - now) / 1_000), 0);
  const life = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `Signed in ${who}; good for ${life}, ${present.final ? "not renewable" : "renewed by itself"}.`;
}
