import { ActionError, reasonOf, TransientError } from "../errors.ts";
import { backoffMs } from "../lib/retry.ts";
import type { Runner } from "../ports.ts";
import type { AccessToken, AuthDeps, TokenSource } from "./access-token.ts";

const firstTokenRetryForMs = 60_000;

const refreshRetryForMs = 300_000;

export interface TokenCacheDeps extends Pick<AuthDeps, "clock" | "random"> {
  readonly runner: Pick<Runner, "write">;
}

/** State of a sign-in. Times are by our clock, in milliseconds. */
export interface TokenState {
  current: AccessToken | undefined;
  /** When the current token should be renewed: after nine tenths of its lifetime, at most five minutes before its end. */
  renewAt: number;
  /** The service rejected the current token. */
  isRejected: boolean;
  /** The last fetch failed in a way that an immediate retry would only repeat. */
  lastFetchFailed: boolean;
  /** Why there will be no other token; thrown once the current one has expired. */
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

export function createTokenState(): TokenState {
  return { current: undefined, renewAt: 0, ...noFailures };
}

/** Whether the current token can be used. */
export function isTokenValid({ current, isRejected }: TokenState, now: number): boolean {
  return current !== undefined && !isRejected && now < current.expiresAt;
}

/**
 * Fetches until there is a token. While the current token is valid, a failure does not throw: a transient one is retried by a
 * later call, a permanent one is kept until the token has expired.
 */
export async function fetchWithRetry(
  fetchToken: TokenSource,
  state: TokenState,
  deps: TokenCacheDeps,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random } = deps;
  for (;;) {
    const requestedAt = clock.now();
    try {
      return storeToken(state, await fetchToken(signal), clock.now());
    } catch (error) {
      const now = clock.now();
      if (!(error instanceof TransientError)) return handlePermanentError(error, state, deps, signal);
      state.failures += 1;
      state.failingSince ??= requestedAt;
      // A single failure is not worth a line in the log.
      if (state.failures === 2) logRefreshFailure(error, state, deps);
      const waitMs = Math.max(backoffMs(state.failures, random()), error.retryAfterMs ?? 0);
      state.retryAt = now + waitMs;
      if (isTokenValid(state, now)) return;
      const remainingMs = retryDeadline(state, now) - now;
      if (remainingMs <= 0 || (error.retryAfterMs ?? 0) > remainingMs)
        throw failAfterRetries(error, state, now);
      // The last attempt is made at the deadline.
      await clock.sleep(Math.min(waitMs, remainingMs), signal);
    }
  }
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

/** Announces that the wait may end without a token. */
function logRefreshFailure(error: unknown, state: TokenState, { clock, runner }: TokenCacheDeps): void {
  if (!state.current) return;
  const [reason] = reasonOf(error).split("\n");
  const validity = isTokenValid(state, clock.now())
    ? `The present token is good for ${lifetimeText(state.current.expiresAt - clock.now())}.`
    : "Trying again.";
  const text = `The sign-in could not be renewed: ${reason?.replace(/\.$/, "")}. ${validity}`;
  runner.write([{ type: "text", text }]);
}

/** A duration for messages. */
export function lifetimeText(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1_000), 0);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
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
    ? `, and wants to be left alone for ${lifetimeText(requestedDelayMs)}`
    : "";
  const reason = `${error.message.replace(/\.$/, "")}${requestedDelay}`;
  const hint = error.throttled
    ? "Run the workflow again later, and sign in with fewer jobs at once: the limit is on the application, or on this runner's address."
    : "Check that this runner may reach the token endpoint, and run the workflow again later.";
  return new ActionError(
    error.throttled ? "busy" : "unreachable",
    `No token could be fetched: ${reason}${attempts}.`,
    {
      hint: error.hint ?? hint,
      cause: error,
    },
  );
}
