import type { HttpResponse } from "../ports.ts";

/** Fields that people read, and that nothing is decided by: what they hold may be cut, escaped or joined later. */
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
 * Hides secrets in the displayed texts of a response, as they came: after a text has been cut or escaped, a secret in it
 * can no longer be found. Returns the same value where there is none.
 */
export function redactJson(value: unknown, redact: Redact): unknown {
  if (Array.isArray(value)) return value.map((entry) => redactJson(entry, redact));
  if (typeof value !== "object" || value === null) return value;
  // Only records of a timeline have a parent; their names are for people, their identifiers are not touched.
  const isRecord = "parentId" in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const isDisplayed = displayedFields.has(key) || (isRecord && key === "name");
      return [key, isDisplayed && typeof entry === "string" ? redact(entry) : redactJson(entry, redact)];
    }),
  );
}

/** An error is only shown: its whole body and the header that repeats its message. */
export function redactError(response: HttpResponse, redact: Redact): HttpResponse {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, redact(value)] as const);
  return { ...response, body: redact(response.body), headers: Object.fromEntries(headers) };
}
