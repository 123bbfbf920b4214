import type { Excerpt } from "../core/run-report.ts";
import { stripTimestamp, withoutMarker, withoutTaskHeader } from "../render/task-log.ts";
import type { LogRef } from "./stream-log.ts";

/** So many lines of a log are kept for the summary. */
const maxExcerptLines = 20;

/** Keeps the ends of logs: of so many failed tasks at most, and of as many that did not quite succeed. */
export function createExcerpts(maxTasks: number) {
  const excerpts = new Map<string, { readonly excerpt: Excerpt; readonly hasFailed: boolean }>();
  return {
    /** `lines`: what has come since the last time, or its end. */
    add: (
      { key, result, jobId, taskId, task }: LogRef,
      lines: readonly string[],
      totalLines: number,
    ): void => {
      const previous = excerpts.get(key);
      const hasFailed = result === "failed";
      const isFull = () =>
        [...excerpts.values()].filter((kept) => kept.hasFailed === hasFailed).length >= maxTasks;
      if (result === "succeeded" || (previous === undefined && isFull())) return;
      const all = [...(previous?.excerpt.lines ?? []), ...lastPlainLines(lines)].slice(-maxExcerptLines);
      const frameLines = lines.length - withoutTaskHeader(lines).length;
      const excerpt = { jobId, taskId, task, lines: all, totalLines: totalLines - frameLines };
      excerpts.set(key, { excerpt, hasFailed });
    },
    all: (): readonly Excerpt[] => [...excerpts.values()].map(({ excerpt }) => excerpt),
    clear: () => excerpts.clear(),
  };
}

/** Copied: a line that was cut out of what came would keep all of that in memory. */
function lastPlainLines(lines: readonly string[]): readonly string[] {
  const plain = withoutTaskHeader(lines).map((line) => withoutMarker(stripTimestamp(line)));
  return plain.length === 0 ? [] : plain.slice(-maxExcerptLines).join("\n").split("\n");
}
