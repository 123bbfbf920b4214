import type { Annotations } from "../core/annotations.ts";
import type { RootCause } from "../core/failures.ts";
import type { Annotation, LogEntry } from "../core/log-line.ts";
import { clip, counted, oneLine } from "../lib/text.ts";

/** GitHub truncates messages at 4,096 characters. */
const maxMessageLength = 4_000;

/**
 * The run's own issues as annotations, first causes first, and a line that counts the rest.
 * `fileOf` returns the path in this repository for a path in the built sources, if it exists.
 */
export function annotationLines(
  { errors, warnings, moreErrors, moreWarnings }: Annotations,
  toRepositoryPath: (path: string) => string | undefined,
): LogEntry[] {
  const remaining = [
    moreErrors > 0 ? counted(moreErrors, "more error") : "",
    moreWarnings > 0 ? counted(moreWarnings, "more warning") : "",
  ].filter(Boolean);
  return [
    ...errors.map((cause) => annotation("error", cause, toRepositoryPath)),
    ...warnings.map((cause) => annotation("warning", cause, toRepositoryPath)),
    ...(remaining.length > 0
      ? [{ type: "text" as const, text: `And ${remaining.join(" and ")} in the run.` }]
      : []),
  ];
}

/** With the compiler's code, which people search for. */
export function withIssueCode(text: string, issue: RootCause["issue"]): string {
  return issue?.code && text !== "" && !text.includes(issue.code) ? `${issue.code}: ${text}` : text;
}

function annotation(
  type: "error" | "warning",
  { path, message, issue }: RootCause,
  toRepositoryPath: (path: string) => string | undefined,
): LogEntry {
  const text = clip((message ?? "").trim(), maxMessageLength);
  return {
    type,
    text: withIssueCode(text, issue),
    title: clip(oneLine(path), 200),
    ...annotationPlace(issue, toRepositoryPath),
  };
}

/** Empty without the same file in this repository: the line number would be wrong. */
export function annotationPlace(
  issue: RootCause["issue"],
  toRepositoryPath: (path: string) => string | undefined,
): Pick<Annotation, "file" | "line" | "column"> {
  const file = issue?.file === undefined ? undefined : toRepositoryPath(issue.file);
  return file === undefined ? {} : { file, line: issue?.line, column: issue?.column };
}

/** GitHub's log does not show the title of an annotation, so the text says the place too. */
export function withPlace(entry: LogEntry): LogEntry {
  if (entry.type === "group" || !("title" in entry) || !entry.title) return entry;
  return { ...entry, text: [entry.title, entry.text].filter(Boolean).join(": ") };
}
