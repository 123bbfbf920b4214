import { type ActionError, TransientError } from "../errors.ts";
import { retryAfterMs } from "../lib/retry.ts";
import type { HttpResponse } from "../ports.ts";
import { apiErrorFrom, signInPageError, tenantHint } from "./api-errors.ts";
import type { ApiRequest, ApiResponse } from "./api-request.ts";
import { isThrottled, parseErrorBody } from "./error-body.ts";

/**
 * Judges an answer: success is 2xx and JSON (or no body at all), nothing else.
 * https://learn.microsoft.com/azure/devops/integrate/how-to/call-rest-api
 */
export function decodeResponse<T>(
  request: ApiRequest<T>,
  response: HttpResponse,
  now: number,
): ApiResponse<T> {
  const { status, headers, body } = response;
  const requestedDelayMs = retryAfterMs(headers, now);
  if (status === 203 || (status >= 300 && status < 400)) throw signInPageError(request, response);
  if (status >= 200 && status < 300) {
    if (isHtml(response)) throw signInPageError(request, response);
    const value = request.decode(body === "" ? undefined : parseJson(body));
    return {
      value,
      text: body,
      headers,
      retryAfterMs: requestedDelayMs,
      throttling: isDelayed(headers) ? "delayed" : undefined,
    };
  }
  throw toError(request, response, requestedDelayMs);
}

function toError(
  request: ApiRequest,
  response: HttpResponse,
  requestedDelayMs: number | undefined,
): ActionError | TransientError {
  const apiError = apiErrorFrom(request, response);
  if (apiError !== undefined) return apiError;
  const { status, headers } = response;
  const errorBody = parseErrorBody(response);
  const { message } = errorBody;
  const throttled = isThrottled(response, errorBody);
  const summary = throttled ? `too many requests (${status})` : `the service answered ${status}`;
  const text = message === "" ? summary : `${summary}: ${message.trim()}`;
  // A token of another tenant is not refused but throttled, from the first call on.
  const isQuotaExhausted = throttled && headers["x-ratelimit-remaining"] === "0";
  const hint = isQuotaExhausted
    ? ["Wait, or check the tenant:", otherTenantHint, tenantHint(headers)].filter(Boolean).join(" ")
    : undefined;
  return new TransientError(text, { retryAfterMs: requestedDelayMs, throttled, hint });
}

const otherTenantHint =
  "a token of another tenant than the organization's is answered like this from its first request on.";

/** Before it refuses, the service delays, and says by how many seconds. Milliseconds do not count. */
function isDelayed(headers: HttpResponse["headers"]): boolean {
  return Number(headers["x-ratelimit-delay"] ?? "0") >= 0.5;
}

function isHtml({ headers, body }: HttpResponse): boolean {
  return /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(body);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new TransientError("the answer was not whole, or not JSON", { cause });
  }
}
