import type { Excerpt } from "../core/run-report.ts";
import { stripTimestamp, withoutMarker, withoutTaskHeader } from "../render/task-log.ts";
import type { LogRef } from "./stream-log.ts";

/** The number of lines of a log that are kept for the summary. */
const maxExcerptLines = 20;

/** Keeps the ends of logs: of a limited number of failed tasks, and of as many partially succeeded ones. */
export function createExcerpts(maxTasks: number) {
  const excerpts = new Map<string, { readonly excerpt: Excerpt; readonly hasFailed: boolean }>();
  return {
    /** `lines`: the lines since the last call, or their end. */
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

/** Copied, since a substring would keep the whole chunk in memory. */
function lastPlainLines(lines: readonly string[]): readonly string[] {
  const plain = withoutTaskHeader(lines).map((line) => withoutMarker(stripTimestamp(line)));
  return plain.length === 0 ? [] : plain.slice(-maxExcerptLines).join("\n").split("\n");
}
