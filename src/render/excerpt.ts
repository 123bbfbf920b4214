import type { NodeResult } from "../core/model.ts";
import { clip, counted, oneLine } from "../core/text.ts";
import { logLineOf, withoutFrame } from "./azure-log.ts";
import type { Line } from "./line.ts";
import { marks } from "./words.ts";

interface LogEnd {
  /** `Staging › Smoke tests › Run curl` */
  readonly path: string;
  /** As they came. */
  readonly lines: readonly string[];
  readonly totalLines: number;
  /** The lines before these have been shown already. */
  readonly isMore?: boolean;
  /** Of the very line, where it is known. */
  readonly url: string;
}

/** The end of a failed task's log in one flat group: GitHub does not nest them. */
export function excerptLines({ path, lines, totalLines, isMore = false, url }: LogEnd): Line[] {
  const shown = withoutFrame(lines);
  // What the agent put around them is none of the task's lines.
  const total = totalLines - (lines.length - shown.length);
  const later = isMore ? "what came later, " : "";
  const extent =
    shown.length >= total
      ? `all ${counted(total, "line")}, also at ${url}`
      : `the last ${shown.length} of ${counted(total, "line")}, all at ${url}`;
  return [
    { type: "group", title: `✘ ${clip(oneLine(path), 200)}: ${later}${extent}` },
    ...shown.map((line): Line => ({ type: "text", text: logLineOf(line) })),
    { type: "end-group" },
  ];
}

interface WholeLog extends Pick<LogEnd, "path" | "isMore" | "url"> {
  readonly result: NodeResult | null;
}

/** Above a log that is shown from its first line on. */
export function logTitle({ path, result, isMore, url }: WholeLog): string {
  const mark = result === null ? "■" : marks[result];
  return `${mark} ${clip(oneLine(path), 200)}${isMore ? ", what came later" : ""}: ${url}`;
}
