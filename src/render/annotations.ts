import type { Annotations, Cause } from "../core/causes.ts";
import { clip, counted, oneLine } from "../core/text.ts";
import type { Line } from "./line.ts";

/** GitHub cuts a message at 4,096. */
const longest = 4_000;

/**
 * The run's own issues as annotations, first causes first, and a line that counts the rest.
 * `fileOf` answers with the path in this repository of a path in the sources that were built, where it has one.
 */
export function annotationLines(
  { errors, warnings, moreErrors, moreWarnings }: Annotations,
  fileOf: (path: string) => string | undefined,
): Line[] {
  const rest = [
    moreErrors > 0 ? counted(moreErrors, "more error") : "",
    moreWarnings > 0 ? counted(moreWarnings, "more warning") : "",
  ].filter(Boolean);
  return [
    ...errors.map((cause) => annotation("error", cause, fileOf)),
    ...warnings.map((cause) => annotation("warning", cause, fileOf)),
    ...(rest.length > 0 ? [{ type: "text" as const, text: `And ${rest.join(" and ")} in the run.` }] : []),
  ];
}

/** With the code that a compiler gave it, which is what people search for. */
export function coded(text: string, issue: Cause["issue"]): string {
  return issue?.code && text !== "" && !text.includes(issue.code) ? `${issue.code}: ${text}` : text;
}

function annotation(
  type: "error" | "warning",
  { path, message, issue }: Cause,
  fileOf: (path: string) => string | undefined,
): Line {
  const file = issue?.file === undefined ? undefined : fileOf(issue.file);
  const text = clip((message ?? "").trim(), longest);
  const title = clip(oneLine(path), 200);
  // A line in a file that is not here would be a line of another file.
  const place = file === undefined ? {} : { file, line: issue?.line, column: issue?.column };
  return {
    type,
    text: coded(text, issue),
    title,
    ...place,
  };
}
