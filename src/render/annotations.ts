import type { Annotations } from "../core/annotations.ts";
import type { RootCause } from "../core/failures.ts";
import type { Annotation, LogEntry } from "../core/log-line.ts";
import { sourcePath } from "../core/source-location.ts";
import { clip, counted, oneLine } from "../lib/text.ts";

/** GitHub truncates messages at 4,096 characters. */
const maxMessageLength = 4_000;

interface AnnotationLinesOptions {
  /** The path in this repository for a path in the built sources, if it exists. */
  readonly toRepositoryPath: (path: string) => string | undefined;
  /** GitHub's log shows neither the title nor the file of an annotation, so there the text contains them. */
  readonly isForLog: boolean;
}

/** The run's own issues as annotations, first causes first, and a line that counts the rest. */
export function annotationLines(
  { errors, warnings, moreErrors, moreWarnings }: Annotations,
  options: AnnotationLinesOptions,
): LogEntry[] {
  const remaining = [
    moreErrors > 0 ? counted(moreErrors, "more error") : "",
    moreWarnings > 0 ? counted(moreWarnings, "more warning") : "",
  ].filter(Boolean);
  return [
    ...errors.map((cause) => annotation("error", cause, options)),
    ...warnings.map((cause) => annotation("warning", cause, options)),
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
  cause: RootCause,
  { toRepositoryPath, isForLog }: AnnotationLinesOptions,
): LogEntry {
  const { path, message, issue } = cause;
  const text = withIssueCode(clip((message ?? "").trim(), maxMessageLength), issue);
  return {
    type,
    text: isForLog ? [placeText(cause, 200), text].filter(Boolean).join(": ") : text,
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

/** `Build › Compile › tsc (src/a.ts:3)`; blank for the run itself. */
export function placeText({ path, issue }: Pick<RootCause, "path" | "issue">, maxLength?: number): string {
  const place = maxLength === undefined ? oneLine(path) : clip(oneLine(path), maxLength);
  const file = issue?.file === undefined ? "" : fileText({ file: issue.file, line: issue.line });
  return place && file ? `${place} (${file})` : place || file;
}

/** `src/health.ts:12`, without the folders of the agent. */
export function fileText({
  file,
  line,
}: {
  readonly file: string;
  readonly line: number | undefined;
}): string {
  return clip(oneLine(sourcePath(file) ?? file), 200) + (line ? `:${line}` : "");
}
