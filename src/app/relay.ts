import type { RunEvent } from "../core/advance.ts";
import { logUrl } from "../core/links.ts";
import { createTail, type Tail } from "../core/log-lines.ts";
import { jobTitle, pathOf, type TaskNode } from "../core/nodes.ts";
import { logLineOf } from "../render/azure-log.ts";
import { excerptLines, logTitle } from "../render/excerpt.ts";
import type { Means } from "./means.ts";

type TaskFinished = Extract<RunEvent, { type: "task-finished" }>;

interface Manner {
  /** Every line as it comes; else the last ones, once all have come. */
  readonly isWhole: boolean;
  readonly tailLines: number;
  readonly runId: number;
  readonly runUrl: string;
}

interface Reading {
  readonly logId: number;
  /** Lines that have been shown before. */
  readonly known: number;
  readonly patienceMs: number;
}

/** What is kept of a log: its last lines, as they came, and how many there are in all. */
export type Relayed = Pick<Tail, "lines" | "total">;

/** Shows logs, one at a time, each in a group. */
export function createRelay(
  { isWhole, tailLines, runId, runUrl }: Manner,
  { host, pipelines }: Pick<Means, "host" | "pipelines">,
) {
  async function whole(
    { stage, job, task }: TaskFinished,
    { logId, known, patienceMs }: Reading,
    signal: AbortSignal,
  ): Promise<Relayed> {
    const tail = createTail(tailLines, known);
    const title = logTitle({
      path: pathOf(stage, job, task) || jobTitle(job),
      result: task.result,
      isMore: known > 0,
      url: logUrl(runUrl, job.id, task.id),
    });
    // Whether there is more than was known shows only once it comes.
    let isOpen = known === 0;
    if (isOpen) host.write([{ type: "group", title }]);
    try {
      for await (const lines of pipelines.logLines({ runId, logId, known, patienceMs }, signal)) {
        tail.push(lines);
        if (!isOpen) host.write([{ type: "group", title }]);
        isOpen = true;
        host.write(lines.map((line) => ({ type: "text", text: logLineOf(line) })));
        await host.flush();
      }
    } finally {
      if (isOpen) host.write([{ type: "end-group" }]);
    }
    return tail;
  }

  async function end(
    { stage, job, task }: TaskFinished,
    { logId, known, patienceMs }: Reading,
    signal: AbortSignal,
  ): Promise<Relayed> {
    const tail = createTail(tailLines, known);
    for await (const lines of pipelines.logLines({ runId, logId, known, patienceMs }, signal))
      tail.push(lines);
    if (known > 0 && tail.total === known) return tail;
    const line = errorLineOf(task) ?? Math.max(1, tail.total);
    const path = pathOf(stage, job, task) || jobTitle(job);
    host.write(excerptLines({ path, ...tailed(tail, known), url: logUrl(runUrl, job.id, task.id, line) }));
    return tail;
  }

  return isWhole ? whole : end;
}

function tailed({ lines, total }: Tail, known: number) {
  return { lines, totalLines: total, isMore: known > 0 };
}

function errorLineOf({ issues }: TaskNode): number | undefined {
  return issues.find(({ severity, logLine }) => severity === "error" && logLine !== undefined)?.logLine;
}
