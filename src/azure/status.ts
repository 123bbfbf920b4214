import type { HttpResponse } from "../ports.ts";
import type { ErrorBody } from "./envelope.ts";

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
