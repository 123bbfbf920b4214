import { ActionError, asTransient, type ErrorCode, hintFor, TransientError } from "../errors.ts";
import { backoffMs, maxRetryAfterMs, retry, retryAfterMs, retryAfterText } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { Transport } from "../ports.ts";
import type { ApiRequest, SendRequest } from "./api-request.ts";

interface RetryPolicyDeps {
  readonly clock: Clock;
  readonly random: () => number;
  /** Called before a delay by a Retry-After. Milliseconds. */
  readonly onRetryAfter?: ((delayMs: number) => void) | undefined;
}

/** Retries transient failures for as long as the request allows. */
export function retryPolicy(
  send: SendRequest,
  { clock, random, onRetryAfter }: RetryPolicyDeps,
): SendRequest {
  return async <T>(request: ApiRequest<T>) => {
    const { retryForMs = 0, deadline = Number.POSITIVE_INFINITY, toleratesOutage = false, signal } = request;
    if (retryForMs === 0) return await send(request);
    const { retryThrottledForMs = retryForMs } = request;
    const startedAt = clock.now();
    let wasThrottled = false;
    const response = await retry(() => send(request), {
      retryError: (error) => {
        const transient = asTransient(error);
        wasThrottled ||= transient?.throttled === true;
        return transient;
      },
      deadline: Math.min(startedAt + Math.max(retryForMs, retryThrottledForMs), deadline),
      delayMs: (attempt, { throttled }) => {
        const remainingMs = startedAt + (throttled ? retryThrottledForMs : retryForMs) - clock.now();
        return remainingMs > 0 ? Math.min(backoffMs(attempt, random()), remainingMs) : undefined;
      },
      // Only a wait for a run has time for a longer delay; it sends its last request at the deadline.
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
      signal,
    });
    return wasThrottled ? { ...response, throttling: "blocked" } : response;
  };
}

/** The error for transient failures after the last retry. */
export function retriesExhausted(
  { operation, toleratesOutage = false }: Pick<ApiRequest, "operation" | "toleratesOutage">,
  error: TransientError,
  elapsedMs: number,
): ActionError {
  const elapsed = elapsedMs < 1_000 ? "" : ` for ${timeText(elapsedMs)}`;
  // During a wait there were successful responses before, so a gateway's page is an outage.
  const code = error.fromGateway && !toleratesOutage ? "unexpected-response" : permanentCode(error);
  return permanentError(code, error, `${operation} failed${elapsed}: ${error.message}.`);
}

/** The error for a Retry-After that is longer than the time limit of the request. */
export function retryAfterTooLong(
  operation: string,
  error: TransientError,
  requestedDelayMs: number,
): ActionError {
  const requestedDelay = `the service requested a delay of ${timeText(requestedDelayMs)}`;
  const message = `${operation} failed: ${error.message}; ${requestedDelay}.`;
  return permanentError(permanentCode(error), error, message);
}

function timeText(ms: number): string {
  return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1_000)} s`;
}

function permanentCode(error: TransientError): ErrorCode {
  return error.throttled ? "busy" : "unreachable";
}

function permanentError(code: ErrorCode, error: TransientError, message: string): ActionError {
  return new ActionError(code, message, { hint: hintFor(error), cause: error });
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

interface RetryAfterOptions
  extends Pick<ApiRequest, "signal" | "ignoreRetryAfter" | "deadline" | "isOptional"> {
  /** Called before a delay. Milliseconds. */
  readonly onDelay?: ((delayMs: number) => void) | undefined;
}

/** The delays that hosts requested: `Retry-After` can come with any status, before requests are throttled. */
export interface RetryAfterRegistry {
  /** The same transport, which also stores the delays that its responses request. */
  trackResponses(transport: Transport): Transport;
  /** Waits as long as a host requested, but not beyond the deadline. */
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
      { signal, ignoreRetryAfter = false, isOptional = false, deadline = Number.POSITIVE_INFINITY, onDelay },
    ) => {
      const retryAt = retryAtByHost.get(new URL(url).host) ?? 0;
      const delayMs = Math.min(retryAt, deadline) - clock.now();
      if (delayMs <= 0 || ignoreRetryAfter) return;
      if (isOptional && retryAt > deadline)
        throw new TransientError("the service requested a longer delay than this request may take");
      onDelay?.(delayMs);
      await clock.sleep(delayMs, signal);
    },
  };
}

/** Sends a request once the delay that the host requested has passed. */
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
