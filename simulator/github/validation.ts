const conclusions = "action_required cancelled failure neutral success skipped stale timed_out".split(" ");

/** GitHub's errors for an invalid check run. */
export function checkRunError(body: JsonObject): string | undefined {
  const { status, conclusion, output } = body;
  if (status !== undefined && !["queued", "in_progress", "completed"].includes(String(status)))
    return "Invalid status";
  if (status === "completed" && conclusion === undefined) return "conclusion can't be blank";
  if (conclusion !== undefined && !conclusions.includes(String(conclusion))) return "Invalid conclusion";
  return output === undefined ? undefined : outputError(output as JsonObject);
}

function outputError(output: JsonObject): string | undefined {
  const missingField = missingFieldError(output, ["title", "summary"]);
  if (missingField !== undefined) return missingField;
  if (String(output["title"]).length > 255) return "title is too long (maximum is 255 characters)";
  if (byteLengthOf(output["summary"]) > 65_535) return "summary exceeds a maximum bytesize of 65535";
  const annotations = (output["annotations"] ?? []) as JsonObject[];
  if (annotations.length > 50) return "No more than 50 annotations are allowed";
  return annotations.map(annotationError).find((error) => error !== undefined);
}

function annotationError(annotation: JsonObject): string | undefined {
  const { path, start_line: start, end_line: end, annotation_level: level } = annotation;
  const missingField = missingFieldError(annotation, [
    "path",
    "start_line",
    "end_line",
    "annotation_level",
    "message",
  ]);
  if (missingField !== undefined) return missingField;
  if (String(path).startsWith("/")) return `path ${path} is not relative`;
  if (Number(start) < 1 || Number(end) < Number(start)) return "start_line is invalid";
  if (!["notice", "warning", "failure"].includes(String(level))) return "annotation_level is invalid";
  if (byteLengthOf(annotation["message"]) > 64 * 1024) return "message is too long";
  return String(annotation["title"] ?? "").length > 255
    ? "title is too long (maximum is 255 characters)"
    : undefined;
}

export function statusError({ state, description }: JsonObject): string | undefined {
  if (!["error", "failure", "pending", "success"].includes(String(state)))
    return "state is not included in the list";
  const text = typeof description === "string" ? description : "";
  if (text.length > 140) return "description is too long (maximum is 140 characters)";
  return /[\u{10000}-\u{10ffff}]/u.test(text) ? "description doesn't accept 4-byte Unicode" : undefined;
}

export function shaError(sha: unknown): string | undefined {
  return /^[0-9a-f]{40}$/.test(String(sha)) ? undefined : `No commit found for SHA: ${sha}`;
}

export function missingFieldError(body: JsonObject, names: readonly string[]): string | undefined {
  const name = names.find((one) => body[one] === undefined || body[one] === null || body[one] === "");
  return name === undefined ? undefined : `${name} can't be blank`;
}

function byteLengthOf(value: unknown): number {
  return Buffer.byteLength(String(value ?? ""));
}

export type JsonObject = Readonly<Record<string, unknown>>;
