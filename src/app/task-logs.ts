import { attemptKey, type RunTree } from "../core/nodes.ts";
import { counted, listed, oneLine } from "../core/text.ts";
import { reasonOf } from "../errors.ts";
import type { Excerpt } from "../render/report.ts";
import type { LogDeps } from "./relay.ts";
import { createShownLogs, type LogOptions, maxFailedLogs, type ShownLogs } from "./shown-logs.ts";
import { type TaskFinishedEvent, taskLogRef } from "./subject.ts";
import { withTimeout } from "./within.ts";

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
  /** Whether a group is open, into which nothing else belongs. */
  isGroupOpen(): boolean;
}

/** Relays the logs of tasks into the job's log: each in one flat group, never a whole log in memory. */
export function createTaskLogs(options: LogOptions, deps: LogDeps): TaskLogs {
  const { mode, runId, runUrl } = options;
  const { runner, pipelines, clock } = deps;
  const logs = createShownLogs(options, deps);
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
        log(`${counted(hiddenCount, "more task")} failed, whose logs are only at ${runUrl}`);
    },
    excerpts: logs.excerpts,
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
  const sizes = await pipelines.getLogLineCounts(runId, signal).catch(() => undefined);
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
