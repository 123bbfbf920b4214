import type { NodeResult } from "../core/model.ts";
import { clip, counted, oneLine } from "../core/text.ts";
import { formatLogLine, withoutTaskHeader } from "./azure-log.ts";
import type { LogEntry } from "./line.ts";
import { resultSymbols } from "./words.ts";

interface LogTail {
  /** `Staging › Smoke tests › Run curl` */
  readonly path: string;
  /** As they came. */
  readonly lines: readonly string[];
  readonly totalLines: number;
  /** The lines before these have been shown already. */
  readonly isContinuation?: boolean;
  /** Of the very line, where it is known. */
  readonly url: string;
}

/** The end of a failed task's log in one flat group: GitHub does not nest them. */
export function excerptLines({ path, lines, totalLines, isContinuation = false, url }: LogTail): LogEntry[] {
  const shown = withoutTaskHeader(lines);
  // What the agent put around them is none of the task's lines.
  const total = totalLines - (lines.length - shown.length);
  const continuation = isContinuation ? "what came later, " : "";
  const range =
    shown.length >= total
      ? `all ${counted(total, "line")}, also at ${url}`
      : `the last ${shown.length} of ${counted(total, "line")}, all at ${url}`;
  return [
    { type: "group", title: `✘ ${clip(oneLine(path), 200)}: ${continuation}${range}` },
    ...shown.map((line): LogEntry => ({ type: "text", text: formatLogLine(line) })),
    { type: "end-group" },
  ];
}

interface LogHeading extends Pick<LogTail, "path" | "isContinuation" | "url"> {
  readonly result: NodeResult | null;
}

/** Above a log that is shown from its first line on. */
export function logTitle({ path, result, isContinuation, url }: LogHeading): string {
  const symbol = result === null ? "■" : resultSymbols[result];
  return `${symbol} ${clip(oneLine(path), 200)}${isContinuation ? ", what came later" : ""}: ${url}`;
}
