import type { LogEntry } from "../core/log-line.ts";
import type { RunEvent } from "../core/run-events.ts";
import type { Excerpt } from "../core/run-report.ts";
import { attemptKey, nodePath, type RunTree, type TaskNode } from "../core/run-tree.ts";
import { ignoreError, isTransient, reasonOf } from "../errors.ts";
import { withDeadline, withTimeout } from "../lib/abort.ts";
import { counted, listed, oneLine } from "../lib/text.ts";
import { stripTimestamp, withoutMarker, withoutTaskHeader } from "../render/task-log.ts";
import { createLogStream, type LogDeps, type LogStreamOptions, type TaskLogRef } from "./stream-log.ts";

/** Where nobody says which logs have grown, so many are read again to see. */
const maxRereads = 10;

/** After the run's end: for one log, and for all of them. */
const finalRetryForMs = 15_000;

const finalTimeoutMs = 60_000;

export interface TaskLogs {
  /** Shows what is wanted of a task's log, now or once there is one. */
  onFinished(event: TaskFinishedEvent, signal: AbortSignal): Promise<void>;
  /** Logs come a little later than the end of their tasks. */
  streamPending(tree: RunTree, signal: AbortSignal): Promise<void>;
  /** Whether the service has not told yet where all the logs are that are to be shown. */
  hasPending(): boolean;
  /** Once more after the run's end: what could not be read before, or has grown since; and what is not shown. */
  finish(tree: RunTree, signal: AbortSignal): Promise<void>;
  excerpts(): readonly Excerpt[];
  /** Prints the ends of logs that `logs: failed` shows: after the errors, whose annotations problem matchers could use up. */
  writeExcerpts(): void;
  /** Forgets the logs of an attempt that has been retried. */
  reset(): void;
  /** Whether a group is open, into which nothing else belongs. */
  isGroupOpen(): boolean;
}

/** Relays the logs of tasks into the job's log: each in one flat group, never a whole log in memory. */
export function createTaskLogs(options: LogOptions, deps: LogDeps): TaskLogs {
  const { mode, runId, runUrl } = options;
  const { runner, pipelines, clock } = deps;
  const tails: LogEntry[] = [];
  const logs = createShownLogs({ ...options, onTail: (entries) => tails.push(...entries) }, deps);
  const log = (text: string) => runner.write([{ type: "text", text }]);
  let requestedCount = 0;
  return {
    onFinished: async (event, signal) => {
      if (mode === "none" || (mode === "failed" && event.task.result !== "failed")) return;
      requestedCount += 1;
      if (mode === "failed" && requestedCount > maxFailedLogs) return;
      await logs.show(taskLogRef(event), {}, signal);
    },
    streamPending: (tree, signal) => streamPendingLogs(tree, { logs }, signal),
    hasPending: () => [...logs.pending.values()].some(({ logId }) => logId === null),
    finish: async (tree, signal) => {
      const readRest = async (timeoutSignal: AbortSignal) => {
        const combinedSignal = AbortSignal.any([signal, timeoutSignal]);
        await streamPendingLogs(tree, { logs, retryForMs: finalRetryForMs }, combinedSignal);
        if (logs.shown.size > 0)
          await streamNewLines(await tryGetLogSizes(pipelines, runId, combinedSignal), logs, combinedSignal);
      };
      await withTimeout(finalTimeoutMs, clock, readRest).catch((error: unknown) => {
        signal.throwIfAborted();
        log(`Not all logs could be read: ${oneLine(reasonOf(error))}`);
      });
      const tasksWithoutLog = failedTasksWithoutLog(logs);
      if (tasksWithoutLog.length > 0) log(`No log came of ${listed(tasksWithoutLog)}.`);
      const hiddenCount = mode === "failed" ? requestedCount - maxFailedLogs : 0;
      if (hiddenCount > 0)
        tails.push({
          type: "text",
          text: `${counted(hiddenCount, "more task")} failed, whose logs are only at ${runUrl}`,
        });
    },
    excerpts: logs.excerpts,
    writeExcerpts: () => runner.write(tails.splice(0)),
    reset: () => {
      tails.length = 0;
      requestedCount = 0;
      logs.reset();
    },
    isGroupOpen: logs.isGroupOpen,
  };
}

interface PendingLogOptions {
  readonly logs: ShownLogs;
  readonly retryForMs?: number;
}

async function streamPendingLogs(
  tree: RunTree,
  { logs, retryForMs = 0 }: PendingLogOptions,
  signal: AbortSignal,
): Promise<void> {
  if (logs.pending.size === 0) return;
  for (const stage of tree.stages) {
    for (const job of stage.jobs) {
      for (const task of job.tasks) {
        if (task.logId === null || !logs.pending.has(attemptKey(task))) continue;
        await logs.show(taskLogRef({ stage, job, task }), { retryForMs }, signal);
      }
    }
  }
}

type LogSizes = ReadonlyMap<number, number>;

async function tryGetLogSizes(
  pipelines: LogDeps["pipelines"],
  runId: number,
  signal: AbortSignal,
): Promise<LogSizes | undefined> {
  const sizes = await pipelines
    .getLogLineCounts(runId, signal)
    .catch(ignoreError("logs are read from their start then"));
  signal.throwIfAborted();
  return sizes;
}

async function streamNewLines(
  sizes: LogSizes | undefined,
  logs: ShownLogs,
  signal: AbortSignal,
): Promise<void> {
  const all = [...logs.shown.values()];
  const changed =
    sizes === undefined
      ? all.filter(({ logRef }) => logRef.result === "failed").slice(0, maxRereads)
      : all.filter(({ logRef, total }) => (sizes.get(logRef.logId ?? -1) ?? 0) > total);
  for (const previous of changed)
    await logs.show(previous.logRef, { previous, retryForMs: finalRetryForMs }, signal);
}

/** Failed tasks of which there is no log. */
function failedTasksWithoutLog({ pending }: ShownLogs): readonly string[] {
  const refs = [...pending.values()].filter(({ logId, result }) => logId === null && result === "failed");
  return refs.map(({ path }) => oneLine(path));
}

/** So many failed tasks' logs are shown. Nobody reads more, and each costs a request. */
const maxFailedLogs = 50;

/** Of a failed task's log, this many lines are shown. */
const tailLines = 60;

/** While the run goes on, a log that cannot be read now is tried again at the next looks, so often at most. */
const maxReadAttempts = 3;

export interface LogOptions {
  readonly mode: "failed" | "all" | "none";
  readonly runId: number;
  readonly runUrl: string;
  /** When the wait ends, by the clock, which reading logs may not outlast. Infinity for never. */
  readonly deadline: number;
}

interface LogProgress {
  readonly logRef: TaskLogRef;
  /** Lines. */
  readonly total: number;
}

interface ShowLogOptions {
  /** What was shown of it before. */
  readonly previous?: LogProgress;
  /** After the run's end: how long the log is asked for, whatever is left of the wait. Milliseconds. */
  readonly retryForMs?: number;
}

/** Logs that are to be shown, and those that have been. */
interface ShownLogs {
  /** Shows a log, or what is new of it. What is not there, or cannot be read and may be later, stays pending. */
  show(logRef: TaskLogRef, options: ShowLogOptions, signal: AbortSignal): Promise<void>;
  /** By the subject's key. */
  readonly pending: ReadonlyMap<string, TaskLogRef>;
  readonly shown: ReadonlyMap<string, LogProgress>;
  excerpts(): readonly Excerpt[];
  reset(): void;
  /** Whether a group is open, into which nothing else belongs. */
  isGroupOpen(): boolean;
}

type ShownLogsOptions = LogOptions & Pick<LogStreamOptions, "onTail">;

function createShownLogs(
  { mode, runId, runUrl, deadline, onTail }: ShownLogsOptions,
  deps: LogDeps,
): ShownLogs {
  const { runner, clock } = deps;
  const pending = new Map<string, TaskLogRef>();
  const shown = new Map<string, LogProgress>();
  const excerpts = createExcerpts(maxFailedLogs);
  const attempts = createAttemptCounter();
  let isGroupOpen = false;
  const onGroup = (isOpen: boolean) => {
    isGroupOpen = isOpen;
  };
  const isFull = mode === "all";
  const streamLog = createLogStream({ isFull, tailLines, runId, runUrl, onGroup, onTail }, deps);

  async function show(logRef: TaskLogRef, { previous, retryForMs = 0 }: ShowLogOptions, signal: AbortSignal) {
    const { key, logId } = logRef;
    // Until it has been shown it is to be shown, also if the time is up in the middle of it.
    if (previous === undefined) pending.set(key, logRef);
    const readDeadline = retryForMs > 0 ? Number.POSITIVE_INFINITY : deadline;
    if (readDeadline <= clock.now() || logId === null) return;
    try {
      const readOptions = { logId, shown: previous?.total, retryForMs };
      const { lines, total } = await withDeadline(
        readDeadline,
        clock,
        (timeoutSignal) => streamLog(logRef, readOptions, timeoutSignal),
        signal,
      );
      shown.set(key, { logRef, total });
      excerpts.add(logRef, lines, total);
      pending.delete(key);
    } catch (error) {
      signal.throwIfAborted();
      const mayRetry = attempts.count(key) < maxReadAttempts && isTransient(error);
      if (retryForMs === 0 && (mayRetry || clock.now() >= deadline)) return;
      pending.delete(key);
      const text = `The log of ${oneLine(logRef.path)} could not be read: ${oneLine(reasonOf(error))}`;
      runner.write([{ type: "text", text }]);
    }
  }

  const reset = () => {
    for (const logs of [pending, shown]) logs.clear();
    excerpts.clear();
  };
  return { show, pending, shown, excerpts: excerpts.all, reset, isGroupOpen: () => isGroupOpen };
}

function createAttemptCounter() {
  const counts = new Map<string, number>();
  return {
    /** One more, and how many there have been. */
    count: (key: string): number => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count;
    },
  };
}

/** So many lines of a log are kept for the summary. */
const maxExcerptLines = 20;

/** Keeps the ends of failed tasks' logs, of so many tasks at most. */
function createExcerpts(maxTasks: number) {
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
    clear: () => excerpts.clear(),
  };
}

/** Copied: a line that was cut out of what came would keep all of that in memory. */
function lastPlainLines(lines: readonly string[]): readonly string[] {
  const plain = withoutTaskHeader(lines).map((line) => withoutMarker(stripTimestamp(line)));
  return plain.length === 0 ? [] : plain.slice(-maxExcerptLines).join("\n").split("\n");
}

type TaskFinishedEvent = Extract<RunEvent, { type: "task-finished" }>;

function taskLogRef({ stage, job, task }: Pick<TaskFinishedEvent, "stage" | "job" | "task">): TaskLogRef {
  return {
    key: attemptKey(task),
    path: nodePath(stage, job, task),
    jobId: job.id,
    taskId: task.id,
    result: task.result,
    logId: task.logId,
    errorLine: firstErrorLine(task),
  };
}

function firstErrorLine({ issues }: TaskNode): number | undefined {
  return issues.find(({ severity, logLine }) => severity === "error" && logLine !== undefined)?.logLine;
}
