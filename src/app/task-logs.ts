import { failureLogs, type LogSource } from "../core/failure-logs.ts";
import type { LogEntry } from "../core/log-line.ts";
import type { RunEvent } from "../core/run-events.ts";
import type { Excerpt } from "../core/run-report.ts";
import type { RunSnapshot } from "../core/run-snapshot.ts";
import { attemptKey, nodePath, type RunNode, type RunTree } from "../core/run-tree.ts";
import { ignoreError, isTransient, reasonOf } from "../errors.ts";
import { withDeadline, withTimeout } from "../lib/abort.ts";
import { counted, listed, oneLine } from "../lib/text.ts";
import { createExcerpts } from "./log-excerpts.ts";
import { createLogStream, type LogDeps, type LogRef, type LogStreamOptions } from "./stream-log.ts";

/** If it is unknown which logs have grown, this many are read again. */
const maxRereads = 10;

/** Time limits after the run's end: for one log, and for all of them. */
const finalRetryForMs = 15_000;

const finalTimeoutMs = 60_000;

export interface TaskLogs {
  /** Shows the requested part of a task's log, now or once it exists. */
  onFinished(event: TaskFinishedEvent, signal: AbortSignal): Promise<void>;
  /** Logs become available a little after the end of their tasks. */
  streamPending(tree: RunTree, signal: AbortSignal): Promise<void>;
  /** The records are final: from now on, the sizes of the logs are requested while logs are being shown. */
  onLastRecords(signal: AbortSignal): void;
  /** Whether the ids of some logs that are to be shown are still unknown. */
  hasPending(): boolean;
  /** At the end of the wait: shows logs that could not be read before or have grown; for a failed step, also those that explain it. */
  finish(snapshot: FinalSnapshot, signal: AbortSignal): Promise<void>;
  excerpts(): readonly Excerpt[];
  /** Prints the ends of logs that `logs: failed` shows: after the errors, whose annotations problem matchers could use up. */
  writeExcerpts(): void;
  /** Discards the logs of an attempt that has been retried. */
  reset(): void;
  /** Whether a group is open, into which no other lines may be written. */
  isGroupOpen(): boolean;
}

/** Writes the logs of tasks to the job's log, each in one flat group, without keeping a whole log in memory. */
export function createTaskLogs(options: LogOptions, deps: LogDeps): TaskLogs {
  const { mode, runId, runUrl } = options;
  const { runner, clock } = deps;
  const tails: LogEntry[] = [];
  const logs = createShownLogs({ ...options, onTail: (entries) => tails.push(...entries) }, deps);
  const note = (text: string) => tails.push({ type: "text", text });
  let hasEnded = false;
  let finalSizes: Promise<LogSizes | undefined> | undefined;
  const requestFinalSizes = (signal: AbortSignal) => {
    finalSizes ??= tryGetLogSizes(deps.logs, runId, signal);
    finalSizes.catch(ignoreError("finish awaits the same promise"));
    return finalSizes;
  };
  const requested = new Set<string>();
  const request = async (logRef: LogRef, options: ShowLogOptions, signal: AbortSignal) => {
    if (requested.has(logRef.key)) return;
    requested.add(logRef.key);
    if (mode === "failed" && requested.size > maxFailedLogs) return;
    if (hasEnded && logRef.logId !== null) void requestFinalSizes(signal);
    await logs.show(logRef, options, signal);
  };
  return {
    onFinished: async (event, signal) => {
      if (mode === "none" || (mode === "failed" && event.task.result !== "failed")) return;
      await request(logRefOf(event), {}, signal);
    },
    onLastRecords: (signal) => {
      hasEnded = true;
      finalSizes = undefined;
      if (logs.shown.size > 0) void requestFinalSizes(signal);
    },
    streamPending: (tree, signal) => streamPendingLogs(tree, { logs }, signal),
    hasPending: () => [...logs.pending.values()].some(({ logId }) => logId === null),
    finish: async ({ run, tree, isSuccess }, signal) => {
      const sources = isSuccess || mode === "none" ? [] : failureLogs(tree, run);
      const readRest = async (timeoutSignal: AbortSignal) => {
        const combinedSignal = AbortSignal.any([signal, timeoutSignal]);
        await streamPendingLogs(tree, { logs, retryForMs: finalRetryForMs }, combinedSignal);
        for (const source of sources)
          await request(logRefOf(source), { retryForMs: finalRetryForMs }, combinedSignal);
        if (logs.shown.size > 0)
          await streamNewLines(await requestFinalSizes(combinedSignal), logs, combinedSignal);
      };
      await withTimeout(finalTimeoutMs, clock, readRest).catch((error: unknown) => {
        signal.throwIfAborted();
        note(`Not all logs could be read: ${oneLine(reasonOf(error))}`);
      });
      const missing = missingLogs(logs, sources);
      if (missing.length > 0) note(`No log was found for ${listed(missing)}.`);
      const hiddenCount = mode === "failed" ? requested.size - maxFailedLogs : 0;
      if (hiddenCount > 0) note(`${counted(hiddenCount, "more log")}, only at ${runUrl}`);
    },
    excerpts: logs.excerpts,
    writeExcerpts: () => runner.write(tails.splice(0)),
    reset: () => {
      tails.length = 0;
      requested.clear();
      hasEnded = false;
      finalSizes = undefined;
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
        await logs.show(logRefOf({ stage, job, task }), { retryForMs }, signal);
      }
    }
  }
}

type LogSizes = ReadonlyMap<number, number>;

async function tryGetLogSizes(
  logs: LogDeps["logs"],
  runId: number,
  signal: AbortSignal,
): Promise<LogSizes | undefined> {
  const sizes = await logs
    .getLineCounts(runId, signal)
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

/** Tasks without a log that would be shown, and whose job has none either. */
function missingLogs({ pending }: ShownLogs, sources: readonly LogSource[]): readonly string[] {
  const hasJobLog = (id: string) => sources.some(({ job, task }) => job.id === id && task === undefined);
  const refs = [...pending.values()].filter(
    ({ logId, result, jobId, key }) =>
      logId === null &&
      !hasJobLog(jobId) &&
      (result === "failed" || sources.some(({ task }) => task !== undefined && attemptKey(task) === key)),
  );
  return refs.map(({ path }) => oneLine(path));
}

/** The number of logs that are shown for a failed run. Each costs a request. */
const maxFailedLogs = 50;

/** The number of lines that are shown of a failed task's log. */
const tailLines = 60;

/** While the run is running, a log that cannot be read is retried at the next polls, at most this often. */
const maxReadAttempts = 3;

export interface LogOptions {
  readonly mode: "failed" | "all" | "none";
  readonly runId: number;
  readonly runUrl: string;
  /** The end of the wait, by the clock, at which reading logs ends too. Infinity for never. */
  readonly deadline: number;
}

interface LogProgress {
  readonly logRef: LogRef;
  /** The number of lines. */
  readonly total: number;
}

interface ShowLogOptions {
  /** The part of it that was shown before. */
  readonly previous?: LogProgress;
  /** After the run's end: the time limit for reading the log, regardless of the end of the wait. Milliseconds. */
  readonly retryForMs?: number;
}

/** Logs that are to be shown, and those that have been. */
interface ShownLogs {
  /** Shows a log, or its new lines. A log that is missing, or cannot be read yet, stays pending. */
  show(logRef: LogRef, options: ShowLogOptions, signal: AbortSignal): Promise<void>;
  /** By the subject's key. */
  readonly pending: ReadonlyMap<string, LogRef>;
  readonly shown: ReadonlyMap<string, LogProgress>;
  excerpts(): readonly Excerpt[];
  reset(): void;
  /** Whether a group is open, into which no other lines may be written. */
  isGroupOpen(): boolean;
}

type ShownLogsOptions = LogOptions & Pick<LogStreamOptions, "onTail">;

function createShownLogs(
  { mode, runId, runUrl, deadline, onTail }: ShownLogsOptions,
  deps: LogDeps,
): ShownLogs {
  const { runner, clock } = deps;
  const pending = new Map<string, LogRef>();
  const shown = new Map<string, LogProgress>();
  const excerpts = createExcerpts(maxFailedLogs);
  const attempts = createAttemptCounter();
  let isGroupOpen = false;
  const onGroup = (isOpen: boolean) => {
    isGroupOpen = isOpen;
  };
  const isFull = mode === "all";
  // A note stands where the log would.
  const writeNotes = isFull ? runner.write : onTail;
  const streamLog = createLogStream({ isFull, tailLines, runId, runUrl, onGroup, onTail }, deps);

  async function show(logRef: LogRef, { previous, retryForMs = 0 }: ShowLogOptions, signal: AbortSignal) {
    const { key, logId } = logRef;
    // It stays pending until it has been shown completely, also if the time limit ends it.
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
      writeNotes([{ type: "text", text }]);
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
    /** Adds one, and returns their number. */
    count: (key: string): number => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count;
    },
  };
}

type FinalSnapshot = Pick<RunSnapshot, "run" | "tree"> & {
  /** If the step succeeds, no logs are needed as an explanation. */
  readonly isSuccess: boolean;
};

type TaskFinishedEvent = Extract<RunEvent, { type: "task-finished" }>;

function logRefOf({ stage, job, task }: LogSource): LogRef {
  const node = task ?? job;
  return {
    key: attemptKey(node),
    path: nodePath(stage, job, task),
    jobId: job.id,
    taskId: task?.id,
    task: task?.displayName,
    result: node.result,
    logId: node.logId,
    errorLine: firstErrorLine(node),
  };
}

function firstErrorLine({ issues }: RunNode): number | undefined {
  return issues.find(({ severity, logLine }) => severity === "error" && logLine !== undefined)?.logLine;
}
