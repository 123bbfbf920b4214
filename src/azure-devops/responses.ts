import { TransientError } from "../errors.ts";
import { parseJson } from "../lib/json.ts";
import { retryAfterMs } from "../lib/retry.ts";
import { clip, oneLine } from "../lib/text.ts";
import type { Clock } from "../lib/time.ts";
import type { HttpResponse } from "../ports.ts";
import { apiErrorFrom, signInPageError } from "./api-errors.ts";
import type { ApiEndpoint, ApiRequest, ApiResponse } from "./api-request.ts";
import { firstWords, isFromGateway, isThrottled, parseErrorBody } from "./error-body.ts";
import { tenantHint } from "./hints.ts";

interface ResponseContext {
  readonly clock: Pick<Clock, "now">;
  readonly endpoint: Pick<ApiEndpoint, "baseUrl" | "givenInputs" | "credentialHint">;
  readonly redact: Redact;
}

/**
 * Decodes a response. Success is 2xx with JSON or without a body.
 * https://learn.microsoft.com/azure/devops/integrate/how-to/call-rest-api
 */
export function decodeResponse<T>(
  request: ApiRequest<T>,
  rawResponse: HttpResponse,
  { clock, endpoint, redact }: ResponseContext,
): ApiResponse<T> {
  const isSuccess = rawResponse.status >= 200 && rawResponse.status < 300;
  const response = isSuccess ? rawResponse : redactError(rawResponse, redact);
  const { status, headers, body } = response;
  const requestedDelayMs = retryAfterMs(headers, clock.now());
  if (status === 203 || (status >= 300 && status < 400)) throw signInPageError(request, response, endpoint);
  if (status >= 200 && status < 300) {
    if (isHtml(response)) throw signInPageError(request, response, endpoint);
    const json = body === "" ? undefined : parseBody(body);
    const value = request.decode(redact(body) === body ? json : redactJson(json, redact));
    return {
      value,
      text: body,
      headers,
      retryAfterMs: requestedDelayMs,
      throttling: isDelayed(headers) ? "delayed" : undefined,
    };
  }
  throw apiErrorFrom(request, response, endpoint) ?? transientError(response, requestedDelayMs);
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

/** Before the service refuses requests, it delays responses, and reports the delay in seconds. Milliseconds do not count. */
function isDelayed(headers: HttpResponse["headers"]): boolean {
  return Number(headers["x-ratelimit-delay"] ?? "0") >= 0.5;
}

function isHtml({ headers, body }: HttpResponse): boolean {
  return /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(body);
}

function parseBody(body: string): unknown {
  const json = parseJson(body);
  if (json === undefined) throw new TransientError("the response was truncated, or not JSON");
  return json;
}

/** Fields that are only displayed: their texts may be cut, escaped or joined later. */
const displayedFields: ReadonlySet<string> = new Set([
  "automatedTestName",
  "buildNumber",
  "comment",
  "description",
  "displayName",
  "errorMessage",
  "instructions",
  "message",
  "resultCode",
  "stackTrace",
  "testCaseTitle",
  "title",
]);

export type Redact = (text: string) => string;

/**
 * Replaces secrets in the displayed texts of a response before they are changed: after a text has been cut or escaped, a
 * secret in it can no longer be found. Returns the same value if there is none.
 */
function redactJson(value: unknown, redact: Redact): unknown {
  if (Array.isArray(value)) return value.map((entry) => redactJson(entry, redact));
  if (typeof value !== "object" || value === null) return value;
  // Only records of a timeline have a parent; their names are displayed, their identifiers are not changed.
  const isRecord = "parentId" in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const isDisplayed = displayedFields.has(key) || (isRecord && key === "name");
      return [key, isDisplayed && typeof entry === "string" ? redact(entry) : redactJson(entry, redact)];
    }),
  );
}

/** Errors are only displayed, so secrets are replaced in the whole body and in the header that repeats the message. */
function redactError(response: HttpResponse, redact: Redact): HttpResponse {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, redact(value)] as const);
  return { ...response, body: redact(response.body), headers: Object.fromEntries(headers) };
}
