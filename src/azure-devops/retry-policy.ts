import { ActionError, asTransient, type ErrorCode, type TransientError } from "../errors.ts";
import { maxRetryAfterMs, retry, retryAfterMs, retryAfterText } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { Transport } from "../ports.ts";
import type { ApiRequest, SendRequest } from "./api-request.ts";

interface RetryPolicyDeps {
  readonly clock: Clock;
  readonly random: () => number;
  /** Called before a Retry-After is waited for. Milliseconds. */
  readonly onRetryAfter?: ((delayMs: number) => void) | undefined;
}

/** Asks again what failed in passing, for as long as the call's patience lasts. */
export function retryPolicy(
  send: SendRequest,
  { clock, random, onRetryAfter }: RetryPolicyDeps,
): SendRequest {
  return async <T>(request: ApiRequest<T>) => {
    const { retryForMs = 0, deadline = Number.POSITIVE_INFINITY, toleratesOutage = false, signal } = request;
    if (retryForMs === 0) return await send(request);
    const startedAt = clock.now();
    const retryUntil = Math.min(startedAt + retryForMs, deadline);
    let wasThrottled = false;
    const response = await retry(() => send(request), {
      retryError: (error) => {
        const transient = asTransient(error);
        wasThrottled ||= transient?.throttled === true;
        return transient;
      },
      deadline: retryUntil,
      // Only a wait for a run has the time for a longer one; it sends the last request at its deadline.
      clampRetryAfter: toleratesOutage,
      onRetry: (error, waitMs) => {
        request.onRetry?.(error.message, clock.now() - startedAt);
        if (error.retryAfterMs) onRetryAfter?.(waitMs);
      },
      toFinalError: (error, { tooLongMs }) =>
        tooLongMs === undefined
          ? retriesExhausted(request, error, retryForMs)
          : retryAfterTooLong(request.operation, error, tooLongMs),
      clock,
      random,
      signal,
    });
    return wasThrottled ? { ...response, throttling: "blocked" } : response;
  };
}

/** What a transient error becomes when it did not pass. */
export function retriesExhausted(
  { operation, toleratesOutage = false }: Pick<ApiRequest, "operation" | "toleratesOutage">,
  error: TransientError,
  elapsedMs: number,
): ActionError {
  const elapsed = elapsedMs < 1_000 ? "" : ` for ${timeText(elapsedMs)}`;
  // A wait has had good answers before: there a gateway's page is an outage like any other.
  const code = error.fromGateway && !toleratesOutage ? "unexpected-response" : permanentCode(error);
  return permanentError(code, error, `${operation} got no good answer${elapsed}: ${error.message}.`);
}

/** What a transient error becomes whose Retry-After is longer than the call may take. */
export function retryAfterTooLong(
  operation: string,
  error: TransientError,
  requestedDelayMs: number,
): ActionError {
  const requestedDelay = `the service asked to retry after ${timeText(requestedDelayMs)}`;
  const message = `${operation} got no good answer: ${error.message}; ${requestedDelay}.`;
  return permanentError(permanentCode(error), error, message);
}

function timeText(ms: number): string {
  return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1_000)} s`;
}

function permanentCode(error: TransientError): ErrorCode {
  return error.throttled ? "busy" : "unreachable";
}

function permanentError(code: ErrorCode, error: TransientError, message: string): ActionError {
  const hint =
    error.hint ??
    (error.throttled
      ? "Start fewer steps at once: the limit is per identity."
      : "Check that Azure DevOps is up (https://status.dev.azure.com) and reachable from this runner.");
  return new ActionError(code, message, { hint, cause: error });
}

/** Logs the delays that are longer than a poll interval. */
export function createRetryAfterLog(
  pollIntervalMs: number,
  write: (text: string) => void,
): (delayMs: number) => void {
  return (delayMs) => {
    if (delayMs > pollIntervalMs) write(retryAfterText(delayMs));
  };
}

interface RetryAfterOptions extends Pick<ApiRequest, "signal" | "ignoreRetryAfter" | "deadline"> {
  /** Called before a rest begins. Milliseconds. */
  readonly onDelay?: ((delayMs: number) => void) | undefined;
}

/** How long each host wants to be left alone: `Retry-After` comes with any status, before the throttling begins. */
export interface RetryAfterRegistry {
  /** The same transport; what its answers wish for is remembered. */
  trackResponses(transport: Transport): Transport;
  /** Leaves a host alone for as long as it asked. At the deadline there is no time left for that. */
  waitForRetryAfter(url: string, options: RetryAfterOptions): Promise<void>;
}

export function createRetryAfterRegistry(clock: Clock): RetryAfterRegistry {
  const retryAtByHost = new Map<string, number>();
  async function recordRetryAfter<T extends { readonly headers: Readonly<Record<string, string>> }>(
    url: string,
    pendingResponse: Promise<T>,
  ): Promise<T> {
    const response = await pendingResponse;
    const now = clock.now();
    const retryAt = now + Math.min(retryAfterMs(response.headers, now) ?? 0, maxRetryAfterMs);
    const { host } = new URL(url);
    retryAtByHost.set(host, Math.max(retryAtByHost.get(host) ?? 0, retryAt));
    return response;
  }
  return {
    trackResponses: ({ send, stream }) => ({
      send: (request) => recordRetryAfter(request.url, send(request)),
      stream: (request) => recordRetryAfter(request.url, stream(request)),
    }),
    waitForRetryAfter: async (
      url,
      { signal, ignoreRetryAfter = false, deadline = Number.POSITIVE_INFINITY, onDelay },
    ) => {
      const retryAt = Math.min(retryAtByHost.get(new URL(url).host) ?? 0, deadline);
      const delayMs = retryAt - clock.now();
      if (delayMs <= 0 || ignoreRetryAfter) return;
      onDelay?.(delayMs);
      await clock.sleep(delayMs, signal);
    },
  };
}

/** Asks once the host has had its rest. */
export function retryAfterPolicy(
  send: SendRequest,
  retryAfterRegistry: RetryAfterRegistry,
  { url, onDelay }: Pick<RetryAfterOptions, "onDelay"> & { readonly url: string },
): SendRequest {
  return async (request) => {
    await retryAfterRegistry.waitForRetryAfter(url, { ...request, onDelay });
    return await send(request);
  };
}
