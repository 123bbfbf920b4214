import { createTailBuffer, type Lines, type TailBuffer } from "../core/line-splitter.ts";
import type { LogEntry } from "../core/log-line.ts";
import type { NodeResult } from "../core/model.ts";
import { logUrl } from "../core/run-tree.ts";
import type { Clock } from "../lib/time.ts";
import type { Logs, Runner } from "../ports.ts";
import { excerptLines, logTitle, relayedLines } from "../render/task-log.ts";

export interface LogDeps {
  readonly logs: Logs;
  readonly runner: Pick<Runner, "write" | "flush">;
  readonly clock: Clock;
}

export interface LogStreamOptions {
  /** Whether to write each line as it arrives; otherwise, the last ones are written at the end. */
  readonly isFull: boolean;
  readonly tailLines: number;
  readonly runId: number;
  readonly runUrl: string;
  /** Called when a group is opened or closed. */
  readonly onGroup: (isOpen: boolean) => void;
  /** Receives the end of a log, if not every line is streamed. */
  readonly onTail: (entries: readonly LogEntry[]) => void;
}

interface LogReadOptions {
  readonly logId: number;
  /** The number of lines that were shown before; `undefined` the first time. */
  readonly shown: number | undefined;
  readonly retryForMs: number;
}

/** The kept end of a log: its last lines, unchanged, and the total number of lines. */
type LogStreamResult = Pick<TailBuffer, "lines" | "total">;

/** Shows logs, one at a time, each in a group; without a group if there is nothing (more) to show. */
export function createLogStream(
  { isFull, tailLines, runId, runUrl, onGroup, onTail }: LogStreamOptions,
  { runner, logs }: Pick<LogDeps, "runner" | "logs">,
) {
  const streamLog = isFull ? streamFullLog : streamLogTail;
  return async (
    logRef: LogRef,
    { logId, shown, retryForMs }: LogReadOptions,
    signal: AbortSignal,
  ): Promise<LogStreamResult> => {
    const tail = createTailBuffer(tailLines, shown);
    const batches = logs.readLines({ runId, logId, linesRead: tail.total, retryForMs }, signal);
    await streamLog({ logRef, batches, tail, shown, runUrl, onGroup, onTail }, runner);
    return tail;
  };
}

interface LogStreamInput
  extends Pick<LogStreamOptions, "runUrl" | "onGroup" | "onTail">,
    Pick<LogReadOptions, "shown"> {
  readonly logRef: LogRef;
  readonly batches: AsyncIterable<Lines>;
  readonly tail: TailBuffer;
}

async function streamFullLog(
  { logRef: { path, jobId, taskId, result }, batches, tail, shown, runUrl, onGroup }: LogStreamInput,
  runner: Pick<Runner, "write" | "flush">,
): Promise<void> {
  const url = logUrl(runUrl, jobId, taskId);
  const title = logTitle({ path, result, isContinuation: shown !== undefined, url });
  let isOpen = false;
  try {
    for await (const lines of batches) {
      tail.push(lines);
      if (!isOpen) {
        runner.write([{ type: "group", title }]);
        onGroup(true);
      }
      isOpen = true;
      runner.write([relayedLines(lines.text)]);
      await runner.flush();
    }
  } finally {
    if (isOpen) {
      runner.write([{ type: "end-group" }]);
      onGroup(false);
    }
  }
}

async function streamLogTail({
  logRef: { path, jobId, taskId, result, errorLine },
  batches,
  tail,
  shown,
  runUrl,
  onTail,
}: LogStreamInput): Promise<void> {
  for await (const lines of batches) tail.push(lines);
  const { lines, total: totalLines } = tail;
  if (totalLines === shown) return;
  const url = logUrl(runUrl, jobId, taskId, errorLine ?? Math.max(1, totalLines));
  onTail(excerptLines({ path, result, lines, totalLines, isContinuation: shown !== undefined, url }));
}

/** A task or job whose log is to be shown. It has no reference to the tree, which would stay in memory. */
export interface LogRef {
  /** The key of the task or job and its attempt. */
  readonly key: string;
  readonly path: string;
  readonly jobId: string;
  /** Like its name, `undefined` for the job's own log. */
  readonly taskId: string | undefined;
  readonly task: string | undefined;
  readonly result: NodeResult | null;
  /** null until there is a log. */
  readonly logId: number | null;
  /** The line of the first error in the log. */
  readonly errorLine: number | undefined;
}
