import { ActionError } from "../errors.ts";
import { raceAbort } from "../lib/abort.ts";
import type { SignIn } from "../ports.ts";
import type { AccessToken, TokenSource } from "./access-token.ts";
import {
  createTokenState,
  fetchWithRetry,
  isTokenValid,
  lifetimeText,
  type TokenCacheDeps,
  type TokenState,
} from "./token-retry.ts";

interface CachedSignIn extends SignIn {
  /** The token in hand, if there is one. */
  currentToken(): AccessToken | undefined;
}

/**
 * A sign-in over `fetch`: fetches at the first call, renews before the end, and bears with what passes. Nobody waits for
 * a renewal while the present token is good: it goes on by itself.
 */
export function createTokenCache(
  fetchToken: TokenSource,
  credentialDescription: string,
  deps: TokenCacheDeps,
): CachedSignIn {
  const { clock } = deps;
  const state = createTokenState();
  const neverAborted = new AbortController().signal;
  const refresh: Flight = singleFlight((signal) => fetchWithRetry(fetchToken, state, deps, signal));
  return {
    get description() {
      return describeSignIn(credentialDescription, state.current, clock.now());
    },
    currentToken: () => state.current,
    authorization: async (signal) => {
      signal.throwIfAborted();
      if (!isTokenValid(state, clock.now())) await refreshOrThrow(state, () => refresh(signal));
      // Whoever asks after the present token has died meets what went wrong here.
      else if (shouldRefresh(state, clock.now())) refresh(neverAborted).catch(() => undefined);
      if (!state.current) throw new ActionError("internal", "The sign-in ended without a token.");
      return `Bearer ${state.current.token}`;
    },
    refresh: async (signal) => {
      const previous = state.current;
      if (!previous || previous.nonRefreshable || state.lastFetchFailed) return false;
      state.isRejected = true;
      await refresh(signal);
      // Some answer from a cache: the same token again is none.
      return state.current !== undefined && state.current.token !== previous.token;
    },
  };
}

async function refreshOrThrow(
  { current, permanentError }: TokenState,
  refresh: () => Promise<void>,
): Promise<void> {
  if (permanentError) throw permanentError;
  if (!current?.nonRefreshable) return await refresh();
  throw new ActionError(
    "unauthorized",
    "The sign-in expired, and it cannot be renewed without somebody at a browser.",
    {
      hint: "For runs that take longer, sign in as an application (`github-oidc`), or with a `refresh-token`.",
    },
  );
}

/** Whether the present token should be replaced, and nothing speaks against trying. */
function shouldRefresh({ current, renewAt, retryAt, permanentError }: TokenState, now: number): boolean {
  return !current?.nonRefreshable && permanentError === undefined && now >= renewAt && now >= retryAt;
}

function describeSignIn(
  credentialDescription: string,
  current: AccessToken | undefined,
  now: number,
): string {
  if (!current) return `Signing in ${credentialDescription}.`;
  const validity = lifetimeText(current.expiresAt - now);
  return `Signed in ${credentialDescription}; good for ${validity}, ${current.nonRefreshable ? "not renewable" : "renewed by itself"}.`;
}

type Flight = (signal: AbortSignal) => Promise<void>;

/**
 * However many ask at once, `work` is under way once. It runs under the signal of the first to ask; should that
 * one give up, the next in line starts it anew. Whoever joins leaves as soon as his own signal is aborted.
 */
function singleFlight(work: Flight): Flight {
  let current: { readonly done: Promise<void>; readonly signal: AbortSignal } | undefined;
  const start = (signal: AbortSignal): Promise<void> => {
    const flight = {
      signal,
      done: work(signal).finally(() => {
        if (current === flight) current = undefined;
      }),
    };
    current = flight;
    return flight.done;
  };
  return async (signal) => {
    for (;;) {
      const joined = current;
      if (!joined) return start(signal);
      try {
        return await raceAbort(joined.done, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!joined.signal.aborted) throw error;
        if (current === joined) current = undefined;
      }
    }
  };
}
