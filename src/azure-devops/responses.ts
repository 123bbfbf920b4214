import { TransientError } from "../errors.ts";
import { parseJson } from "../lib/json.ts";
import { retryAfterMs } from "../lib/retry.ts";
import type { HttpResponse } from "../ports.ts";
import type { ApiRequest, ApiResponse, Redact, ResponseContext } from "./api-request.ts";

/**
 * Whether a response is a success: 2xx with JSON or without a body. 203 is a sign-in page.
 * https://learn.microsoft.com/azure/devops/integrate/how-to/call-rest-api
 */
export function isSuccessful(response: HttpResponse): boolean {
  const { status } = response;
  return status >= 200 && status < 300 && status !== 203 && !isHtml(response);
}

/** Decodes a successful response. */
export async function decodeResponse<T>(
  request: ApiRequest<T>,
  { headers, body }: HttpResponse,
  { clock, redact }: Pick<ResponseContext, "clock" | "redact">,
): Promise<ApiResponse<T>> {
  const json = body === "" ? undefined : parseBody(body);
  return {
    value: await request.decode(redact(body) === body ? json : redactJson(json, redact)),
    text: body,
    headers,
    retryAfterMs: retryAfterMs(headers, clock.now()),
    throttling: isDelayed(headers) ? "delayed" : undefined,
  };
}

/** Before the service refuses requests, it delays responses, and reports the delay in seconds. Milliseconds do not count. */
function isDelayed(headers: HttpResponse["headers"]): boolean {
  return Number(headers["x-ratelimit-delay"] ?? "0") >= 0.5;
}

function isHtml({ headers, body }: HttpResponse): boolean {
  return /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(body);
}

function parseBody(body: string): unknown {
  const json = parseJson(body);
  if (json === undefined)
    throw new TransientError("the response was truncated, not JSON, or nested too deeply");
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
