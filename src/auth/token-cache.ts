import { ActionError, ignoreError } from "../errors.ts";
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
  /** The current token, if there is one. */
  currentToken(): AccessToken | undefined;
}

/**
 * A sign-in that fetches a token at the first call, renews it before it expires, and retries transient errors. While the current
 * token is valid, it is renewed in the background.
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
      else if (shouldRefresh(state, clock.now()))
        refresh(neverAborted).catch(ignoreError("the first caller after the token has expired gets it"));
      if (!state.current) throw new ActionError("internal", "The sign-in ended without a token.");
      return `Bearer ${state.current.token}`;
    },
    refresh: async (signal) => {
      const previous = state.current;
      if (!previous || previous.nonRefreshable || state.lastFetchFailed) return false;
      state.isRejected = true;
      await refresh(signal);
      // Some endpoints answer from a cache: the same token again is not a new one.
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

/** Whether the current token is due for renewal and an attempt is allowed. */
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
 * Runs `work` once for all concurrent callers, with the signal of the first; if that one is aborted, the next caller starts it
 * again. Each caller stops waiting as soon as its own signal is aborted.
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
