import { ActionError, asTransient, ignoreError, reasonOf, TransientError } from "../errors.ts";
import { raceAbort } from "../lib/abort.ts";
import { backoffMs, retry } from "../lib/retry.ts";
import { approximateDurationText } from "../lib/time.ts";
import type { Runner, SignIn } from "../ports.ts";
import type { AccessToken, AuthDeps, TokenSource } from "./access-token.ts";

const firstTokenRetryForMs = 60_000;

const refreshRetryForMs = 300_000;

interface TokenCacheDeps extends Pick<AuthDeps, "clock" | "random"> {
  readonly runner: Pick<Runner, "write">;
}

/** State of a sign-in. Times are by the runner's clock, in milliseconds. */
interface TokenState {
  current: AccessToken | undefined;
  /** When the current token should be renewed: after nine tenths of its lifetime, at most five minutes before its end. */
  renewAt: number;
  /** The service rejected the current token. */
  isRejected: boolean;
  /** The last fetch failed in a way that an immediate retry would repeat. */
  lastFetchFailed: boolean;
  /** A permanent error of the renewal; thrown once the current token has expired. */
  permanentError: unknown;
  failures: number;
  failingSince: number | undefined;
  retryAt: number;
}

const noFailures = {
  isRejected: false,
  lastFetchFailed: false,
  permanentError: undefined,
  failures: 0,
  failingSince: undefined,
  retryAt: 0,
};

function createTokenState(): TokenState {
  return { current: undefined, renewAt: 0, ...noFailures };
}

/** Whether the current token can be used. */
function isTokenValid({ current, isRejected }: TokenState, now: number): boolean {
  return current !== undefined && !isRejected && now < current.expiresAt;
}

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
  throw new ActionError("unauthorized", "The sign-in expired, and it cannot be renewed without a user.", {
    hint: "For runs that take longer, sign in as an application (`github-oidc`), or with a `refresh-token`.",
  });
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
  const validity = approximateDurationText(current.expiresAt - now);
  return `Signed in ${credentialDescription}; valid for ${validity}, ${current.nonRefreshable ? "not renewable" : "renewed automatically"}.`;
}

/**
 * Fetches until there is a token. While the current token is valid, a failure does not throw: a transient one is retried by a
 * later call, a permanent one is kept until the token has expired.
 */
async function fetchWithRetry(
  fetchToken: TokenSource,
  state: TokenState,
  deps: TokenCacheDeps,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = deps;
  const requestedAt = clock.now();
  try {
    const token = await retry(() => fetchToken(signal), {
      retryError: (error) => {
        const transient = asTransient(error);
        if (transient !== undefined) recordFailure(transient, state, { ...deps, requestedAt });
        return isTokenValid(state, clock.now()) ? undefined : transient;
      },
      deadline: retryDeadline(state, requestedAt),
      delayMs: () => state.retryAt - clock.now(),
      toFinalError: (error) => failAfterRetries(error, state, clock.now()),
      clock,
      signal,
    });
    storeToken(state, token, clock.now());
  } catch (error) {
    if (!(error instanceof TransientError)) handlePermanentError(error, state, deps, signal);
  }
}

function recordFailure(
  error: TransientError,
  state: TokenState,
  { requestedAt, ...deps }: TokenCacheDeps & { readonly requestedAt: number },
): void {
  state.failures += 1;
  state.failingSince ??= requestedAt;
  state.retryAt =
    deps.clock.now() + Math.max(backoffMs(state.failures, deps.random()), error.retryAfterMs ?? 0);
  // A single failure is not worth a line in the log.
  if (state.failures === 2) logRefreshFailure(error, state, deps);
}

function handlePermanentError(
  error: unknown,
  state: TokenState,
  deps: TokenCacheDeps,
  signal: AbortSignal,
): void {
  state.lastFetchFailed = !signal.aborted;
  if (signal.aborted || !isTokenValid(state, deps.clock.now())) throw error;
  state.permanentError = error;
  logRefreshFailure(error, state, deps);
}

/** Logs that the token may expire without a new one. */
function logRefreshFailure(error: unknown, state: TokenState, { clock, runner }: TokenCacheDeps): void {
  if (!state.current) return;
  const [reason] = reasonOf(error).split("\n");
  const validity = isTokenValid(state, clock.now())
    ? `The current token is valid for ${approximateDurationText(state.current.expiresAt - clock.now())}.`
    : "Retrying.";
  const text = `The access token could not be renewed: ${reason?.replace(/\.$/, "")}. ${validity}`;
  runner.write([{ type: "text", text }]);
}

function storeToken(state: TokenState, token: AccessToken, now: number): void {
  const lifetimeMs = Math.max(token.expiresAt - now, 0);
  const renewAt = token.expiresAt - Math.min(lifetimeMs / 10, 300_000);
  Object.assign(state, { current: token, renewAt, ...noFailures });
}

/** One minute for the first token; later until the current one expires, and at least five minutes. */
function retryDeadline({ current, isRejected, failingSince }: TokenState, now: number): number {
  const since = failingSince ?? now;
  if (!current) return since + firstTokenRetryForMs;
  return Math.max(isRejected ? 0 : current.expiresAt, since + refreshRetryForMs);
}

function failAfterRetries(error: TransientError, state: TokenState, now: number): ActionError {
  const { failures, failingSince = now } = state;
  Object.assign(state, { lastFetchFailed: true, failures: 0, failingSince: undefined });
  const seconds = Math.round((now - failingSince) / 1_000);
  const attempts = failures === 1 ? "" : ` (tried ${failures} times in ${seconds} s)`;
  const { retryAfterMs: requestedDelayMs } = error;
  const requestedDelay = requestedDelayMs
    ? `; it requested a delay of ${approximateDurationText(requestedDelayMs)}`
    : "";
  const reason = `${error.message.replace(/\.$/, "")}${requestedDelay}`;
  const hint = error.throttled
    ? "Run the workflow again later, and sign in with fewer jobs at once: the limit applies to the application, or to this runner's IP address."
    : "Check that this runner can reach the token endpoint, and run the workflow again later.";
  const code = error.throttled ? "busy" : error.fromGateway ? "unexpected-response" : "unreachable";
  return new ActionError(code, `No access token could be requested: ${reason}${attempts}.`, {
    hint: error.hint ?? hint,
    cause: error,
  });
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
