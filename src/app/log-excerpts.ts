import type { Excerpt } from "../core/run-report.ts";
import { stripTimestamp, taskOutput, withoutMarker } from "../render/task-log.ts";
import type { LogRef } from "./stream-log.ts";

/** The number of lines of a log that are kept for the summary. */
const maxExcerptLines = 20;

const noLines = { lines: [], totalLines: 0, isWhole: true } as const;

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
      const output = taskOutput(lines, totalLines);
      const { lines: shownBefore, totalLines: totalBefore, isWhole: wasWhole } = previous?.excerpt ?? noLines;
      const excerpt = {
        lines: [...shownBefore, ...lastPlainLines(output.lines)].slice(-maxExcerptLines),
        lastLine: output.lastLine,
        totalLines,
        isWhole:
          wasWhole &&
          totalBefore + lines.length === totalLines &&
          shownBefore.length + output.lines.length <= maxExcerptLines,
      };
      excerpts.set(key, { excerpt: { jobId, taskId, task, ...excerpt }, hasFailed });
    },
    all: (): readonly Excerpt[] => [...excerpts.values()].map(({ excerpt }) => excerpt),
    clear: () => excerpts.clear(),
  };
}

/** Copied, since a substring would keep the whole chunk in memory. */
function lastPlainLines(lines: readonly string[]): readonly string[] {
  const plain = lines.slice(-maxExcerptLines).map((line) => withoutMarker(stripTimestamp(line)));
  return plain.length === 0 ? [] : plain.join("\n").split("\n");
}
