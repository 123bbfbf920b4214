import { stripTimestamp, withoutMarker, withoutTaskHeader } from "../render/azure-log.ts";
import type { Excerpt } from "../render/report.ts";
import type { TaskLogRef } from "./subject.ts";

/** So many lines of a log are kept for the summary. */
const maxExcerptLines = 20;

/** Keeps the ends of failed tasks' logs, of so many tasks at most. */
export function createExcerpts(maxTasks: number) {
  const excerpts = new Map<string, Excerpt>();
  return {
    /** `lines`: what has come since the last time, or its end. */
    add: ({ key, result, jobId, taskId }: TaskLogRef, lines: readonly string[], totalLines: number): void => {
      const previous = excerpts.get(key);
      if (result !== "failed" || (previous === undefined && excerpts.size >= maxTasks)) return;
      const all = [...(previous?.lines ?? []), ...lastPlainLines(lines)].slice(-maxExcerptLines);
      const frameLines = lines.length - withoutTaskHeader(lines).length;
      excerpts.set(key, { jobId, taskId, lines: all, totalLines: totalLines - frameLines });
    },
    all: (): readonly Excerpt[] => [...excerpts.values()],
  };
}

/** Copied: a line that was cut out of what came would keep all of that in memory. */
function lastPlainLines(lines: readonly string[]): readonly string[] {
  const plain = withoutTaskHeader(lines).map((line) => withoutMarker(stripTimestamp(line)));
  return plain.length === 0 ? [] : plain.slice(-maxExcerptLines).join("\n").split("\n");
}
