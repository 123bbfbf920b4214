import { type Clock, durationText } from "./time.ts";

/** A failure after which another attempt may succeed. */
export interface RetryableFailure {
  /** The delay that the server requested. Milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

export interface RetryOptions<T, F extends RetryableFailure> {
  /** The failure if an error is worth a retry; other errors are thrown at once. */
  readonly retryError?: (error: unknown) => F | undefined;
  /** The failure if a result is worth a retry. The last result is returned when no attempt is left. */
  readonly retryResult?: (result: T) => F | undefined;
  readonly maxAttempts?: number;
  /** The latest time of an attempt. Waits are shortened to end at it. By the clock, in milliseconds. */
  readonly deadline?: number;
  /** A longer `Retry-After` ends the attempts; so does one past the deadline. Milliseconds. */
  readonly maxRetryAfterMs?: number;
  /** Waits until the deadline where `Retry-After` goes past it. */
  readonly clampRetryAfter?: boolean;
  /** The delay after an attempt, counted from 1, unless the server requests a longer one; `undefined` ends the attempts. */
  readonly delayMs?: (attempt: number, failure: F) => number | undefined;
  /** Called before each wait. */
  readonly onRetry?: (failure: F, waitMs: number) => void;
  /** Converts the last error to the one to throw. */
  readonly toFinalError?: (failure: F, end: RetryEnd) => unknown;
  readonly clock: Clock;
  /** Randomizes the delays; without it, each has its maximum length. */
  readonly random?: (() => number) | undefined;
  readonly signal: AbortSignal;
}

interface RetryEnd {
  readonly attempts: number;
  readonly elapsedMs: number;
  /** The `Retry-After` that was longer than the limit. */
  readonly tooLongMs: number | undefined;
}

/** Repeats work until it succeeds, fails permanently, or no attempt is left. An abort ends it at once with the signal's reason. */
export async function retry<T, F extends RetryableFailure>(
  work: () => Promise<T>,
  options: RetryOptions<T, F>,
): Promise<T> {
  const { retryError, retryResult, clock, signal, random } = options;
  const { delayMs: delayAfter = (attempt) => backoffMs(attempt, random?.()) } = options;
  const { maxAttempts = Number.POSITIVE_INFINITY, deadline = Number.POSITIVE_INFINITY } = options;
  const { maxRetryAfterMs = Number.POSITIVE_INFINITY, clampRetryAfter = false } = options;
  const startedAt = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await settle(work);
    const failure = outcome.isError ? retryError?.(outcome.error) : retryResult?.(outcome.result);
    if (failure === undefined) return unwrap(outcome);
    const now = clock.now();
    const retryAfterMs = failure.retryAfterMs ?? 0;
    const remainingMs = deadline - now;
    const delayMs = attempt < maxAttempts && remainingMs > 0 ? delayAfter(attempt, failure) : undefined;
    const isTooLong = retryAfterMs > maxRetryAfterMs || (retryAfterMs > remainingMs && !clampRetryAfter);
    if (delayMs === undefined || isTooLong) {
      const end = { attempts: attempt, elapsedMs: now - startedAt };
      const tooLongMs = delayMs === undefined ? undefined : retryAfterMs;
      if (outcome.isError && options.toFinalError !== undefined)
        throw options.toFinalError(failure, { ...end, tooLongMs });
      return unwrap(outcome);
    }
    const waitMs = Math.min(Math.max(retryAfterMs, delayMs), remainingMs);
    options.onRetry?.(failure, waitMs);
    await clock.sleep(waitMs, signal);
  }
}

type Outcome<T> =
  | { readonly isError: false; readonly result: T }
  | { readonly isError: true; readonly error: unknown };

async function settle<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { isError: false, result: await work() };
  } catch (error) {
    return { isError: true, error };
  }
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.isError) throw outcome.error;
  return outcome.result;
}

/** Doubles from one second to thirty, of which a random part between half and all is used. Milliseconds. */
export function backoffMs(attempt: number, random = 1): number {
  const ceiling = Math.min(1_000 * 2 ** (attempt - 1), 30_000);
  return Math.round((ceiling * (1 + random)) / 2);
}

/** The longest Retry-After that is obeyed. Milliseconds. */
export const maxRetryAfterMs = 5 * 60_000;

/** The log line for a server's Retry-After that delays the next request. */
export function retryAfterText(delayMs: number): string {
  return `The service requested a delay: the next request is sent in ${durationText(delayMs)}.`;
}

/**
 * `Retry-After` in seconds or as a date, which is relative to the server's own `Date`; `undefined` if it is neither.
 * Milliseconds from the arrival of the response.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.round(Number(value) * 1_000);
  const [retryAt, respondedAt] = [Date.parse(value), Date.parse(headers["date"] ?? "")];
  return Number.isNaN(retryAt)
    ? undefined
    : Math.max(0, retryAt - (Number.isNaN(respondedAt) ? now : respondedAt));
}
