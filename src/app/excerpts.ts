import { plainOf, unmarked, withoutFrame } from "../render/azure-log.ts";
import type { Excerpt } from "../render/report.ts";
import type { Subject } from "./subject.ts";

/** So many lines of a log are kept for the summary. */
const mostLines = 20;

/** Keeps the ends of failed tasks' logs, of so many tasks at most. */
export function createExcerpts(mostTasks: number) {
  const kept = new Map<string, Excerpt>();
  return {
    /** `lines`: what has come since the last time, or its end. */
    keep: ({ key, result, jobId, taskId }: Subject, lines: readonly string[], totalLines: number): void => {
      const before = kept.get(key);
      if (result !== "failed" || (before === undefined && kept.size >= mostTasks)) return;
      const all = [...(before?.lines ?? []), ...plainEnd(lines)].slice(-mostLines);
      const framed = lines.length - withoutFrame(lines).length;
      kept.set(key, { jobId, taskId, lines: all, totalLines: totalLines - framed });
    },
    all: (): readonly Excerpt[] => [...kept.values()],
  };
}

/** Copied: a line that was cut out of what came would keep all of that in memory. */
function plainEnd(lines: readonly string[]): readonly string[] {
  const plain = withoutFrame(lines).map((line) => unmarked(plainOf(line)));
  return plain.length === 0 ? [] : plain.slice(-mostLines).join("\n").split("\n");
}
