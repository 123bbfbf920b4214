import { TransientError } from "../errors.ts";
import { retryAfterMs } from "../lib/retry.ts";
import { clip, firstWords, oneLine } from "../lib/text.ts";
import type { HttpResponse } from "../ports.ts";
import { apiErrorFrom, signInPageError } from "./api-errors.ts";
import type { ApiRequest, Redact, ResponseContext } from "./api-request.ts";
import { isFromGateway, isThrottled, parseErrorBody } from "./error-body.ts";
import { tenantHint } from "./hints.ts";

/** What an answer means that is no success: neither 2xx nor JSON. */
export function responseError(
  request: ApiRequest,
  rawResponse: HttpResponse,
  { clock, endpoint, redact }: ResponseContext,
): Error {
  const { status } = rawResponse;
  if (status >= 200 && status < 300) return signInPageError(request, rawResponse, endpoint);
  const response = redactError(rawResponse, redact);
  if (status >= 300 && status < 400) return signInPageError(request, response, endpoint);
  return (
    apiErrorFrom(request, response, endpoint) ??
    transientError(response, retryAfterMs(response.headers, clock.now()))
  );
}

function transientError(response: HttpResponse, requestedDelayMs: number | undefined): TransientError {
  const { status, headers, body } = response;
  const errorBody = parseErrorBody(response);
  const { message } = errorBody;
  const throttled = isThrottled(response, errorBody);
  if (isFromGateway(response, errorBody)) return gatewayError({ status, body }, requestedDelayMs);
  const summary = throttled ? `too many requests (${status})` : `the service answered ${status}`;
  const text = message === "" ? summary : `${summary}: ${message.trim()}`;
  // A token of another tenant is throttled from the first request on, instead of being rejected.
  const isQuotaExhausted = throttled && headers["x-ratelimit-remaining"] === "0";
  const hint = isQuotaExhausted
    ? ["Wait, or check the tenant:", otherTenantHint, tenantHint(headers)].filter(Boolean).join(" ")
    : undefined;
  return new TransientError(text, { retryAfterMs: requestedDelayMs, throttled, hint });
}

/** A 4xx that Azure DevOps did not send: whatever blocked the response may have forwarded the request. */
export function gatewayError(
  { status, body }: Pick<HttpResponse, "status" | "body">,
  requestedDelayMs?: number,
): TransientError {
  const words = clip(oneLine(firstWords(body)), 200);
  const quote = words === "" ? "" : `: ${JSON.stringify(words)}`;
  return new TransientError(`not Azure DevOps but a gateway or proxy answered ${status}${quote}`, {
    retryAfterMs: requestedDelayMs,
    fromGateway: true,
    hint: "Check for a proxy, firewall or front door between this runner and Azure DevOps, and whether the organization's URL is correct.",
  });
}

const otherTenantHint =
  "a token of another tenant than the organization's gets this response from its first request on.";

/** Errors are only displayed, so secrets are replaced in the whole body and in the header that repeats the message. */
function redactError(response: HttpResponse, redact: Redact): HttpResponse {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, redact(value)] as const);
  return { ...response, body: redact(response.body), headers: Object.fromEntries(headers) };
}
