import type { ApiRequest } from "./send.ts";

/** Of one answer, where the call says nothing else. Milliseconds. */
const defaultTimeoutMs = 30_000;

/** What is asked at the very deadline may still be answered. Milliseconds. */
const minTimeoutMs = 3_000;

/** How long one answer may take. Milliseconds. */
export function responseTimeoutMs(
  { timeoutMs = defaultTimeoutMs, ...request }: ApiRequest,
  now: number,
): number {
  return Math.min(timeoutMs, remainingMs(request, now));
}

/** How long a token may be in coming: as long as the answers that it is for. Milliseconds. */
export function tokenTimeoutMs(
  { timeoutMs = defaultTimeoutMs, retryForMs = 0, ...request }: ApiRequest,
  now: number,
): number {
  return Math.min(retryForMs + timeoutMs, remainingMs(request, now));
}

function remainingMs(
  { deadline = Number.POSITIVE_INFINITY }: Pick<ApiRequest, "deadline">,
  now: number,
): number {
  return Math.max(deadline - now, minTimeoutMs);
}
