import type { HttpResponse } from "../ports.ts";

/** What an error answer says of itself. Blank where it says nothing. */
export interface ErrorBody {
  readonly typeKey: string;
  readonly message: string;
}

/** Reads the error envelope, or what stands in for one: `{"Message"}`, plain text, the header. */
export function parseErrorBody({ headers, body }: HttpResponse): ErrorBody {
  const json = parseJsonObject(body);
  const typeKey = stringOrEmpty(json["typeKey"]);
  const message =
    stringOrEmpty(json["message"]) ||
    stringOrEmpty(json["Message"]) ||
    plainTextMessage(body, headers) ||
    headerMessage(headers);
  return { typeKey, message: [message, ...validationMessages(json)].join("\n").slice(0, 4_000) };
}

/** The Build area keeps its reasons apart from its message. */
function validationMessages(json: Record<string, unknown>): string[] {
  const properties = json["customProperties"];
  const results = isObject(properties) ? properties["ValidationResults"] : undefined;
  const list = isObject(results) ? results["$values"] : results;
  if (!Array.isArray(list)) return [];
  return list
    .map((entry: unknown) => (isObject(entry) ? stringOrEmpty(entry["message"]) : ""))
    .filter((text) => text !== "");
}

function plainTextMessage(body: string, headers: HttpResponse["headers"]): string {
  const isText = /^text\/plain/i.test(headers["content-type"] ?? "");
  if (isText) return body.replace(/^\uFEFF/, "").slice(0, 1_000);
  // Of a page only the one sentence that bears a number of the service's own.
  return /\b(?:TF|VS)\d{5,}: [^<\r\n]{1,500}/.exec(body)?.[0].trim() ?? "";
}

/** The message again, URL-encoded; the only one in answers without a body. */
function headerMessage(headers: HttpResponse["headers"]): string {
  const encoded = headers["x-tfs-serviceerror"] ?? "";
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    return encoded;
  }
}

function parseJsonObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.replace(/^\uFEFF/, ""));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stringOrEmpty(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Passing by their nature, unless the envelope names a refusal. */
const transientStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether a status may pass by itself. */
export function isTransientStatus(status: number): boolean {
  return transientStatuses.has(status) || status > 504;
}

/**
 * Throttling has its own status, and has come as 403 too: by its typeKey, by its number, which is in no language, or by
 * its words. A 5xx may bear that number for other reasons, and would then leave open what was done.
 */
export function isThrottled(
  { status }: Pick<HttpResponse, "status">,
  { typeKey, message }: ErrorBody,
): boolean {
  if (status === 429 || typeKey === "RequestBlockedException") return true;
  return (
    (status < 500 && /\bTF400733\b/.test(message)) || /Request was blocked due to exceeding/.test(message)
  );
}
