import type { RunEvent } from "../core/advance.ts";
import { jobTitle, pathOf, type Tree } from "../core/nodes.ts";
import { ActionError } from "../errors.ts";
import { plainOf, unmarked, withoutFrame } from "../render/azure-log.ts";
import type { Excerpt } from "../render/report.ts";
import type { Means } from "./means.ts";
import { createRelay, type Relayed } from "./relay.ts";
import { within } from "./within.ts";

type TaskFinished = Extract<RunEvent, { type: "task-finished" }>;

/** Of a failed task's log, this many lines are shown. */
const tailLines = 60;
/** While the run goes on, a log that cannot be read now is tried again at the next looks, so often at most. */
const triesAtMost = 3;
/** After the run's end: for one log, and for all of them. */
const endPatienceMs = 15_000;
const endAtMostMs = 60_000;

export interface TaskLogs {
  /** Shows what is wanted of a task's log, now or once there is one. */
  onFinished(event: TaskFinished, signal: AbortSignal): Promise<void>;
  /** Logs come a little later than the end of their tasks. */
  catchUp(tree: Tree, signal: AbortSignal): Promise<void>;
  /** Whether the service has not told yet where all the logs are that are to be shown. */
  areAwaited(): boolean;
  /** Once more after the run's end: what could not be read before, or has grown since. */
  finish(tree: Tree, signal: AbortSignal): Promise<void>;
  excerpts(): readonly Excerpt[];
}

interface Logged {
  readonly mode: "failed" | "all" | "none";
  readonly runId: number;
  readonly runUrl: string;
  /** Of the whole wait, which logs may not outlast. Milliseconds. */
  readonly timeoutMs?: number | undefined;
}

interface Shown extends Relayed {
  readonly event: TaskFinished;
  readonly logId: number;
}

interface Showing {
  readonly logId: number;
  /** What was shown of it before. */
  readonly before?: Relayed;
  readonly patienceMs?: number;
}

/** Relays the logs of tasks into the job's log: each in one flat group, never a whole log in memory. */
export function createTaskLogs({ mode, runId, runUrl, timeoutMs }: Logged, means: Means): TaskLogs {
  const { host, pipelines, clock } = means;
  const deadline = clock.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const pending = new Map<string, TaskFinished>();
  const failures = new Map<string, number>();
  const shown = new Map<string, Shown>();
  const relay = createRelay({ isWhole: mode === "all", tailLines, runId, runUrl }, means);

  async function show(
    event: TaskFinished,
    { logId, before, patienceMs = 0 }: Showing,
    signal: AbortSignal,
  ): Promise<void> {
    const key = keyOf(event);
    // Until it has been shown it is to be shown, also if the time is up in the middle of it.
    if (before === undefined) pending.set(key, event);
    const isLate = patienceMs > 0;
    const leftMs = isLate ? Number.POSITIVE_INFINITY : deadline - clock.now();
    if (leftMs <= 0) return;
    try {
      const reading = { logId, known: before?.total ?? 0, patienceMs };
      const read = (limit: AbortSignal) => relay(event, reading, AbortSignal.any([signal, limit]));
      const { lines, total } = await (Number.isFinite(leftMs) ? within(leftMs, clock, read) : read(signal));
      const all = [...(before?.lines ?? []), ...lines].slice(-tailLines);
      shown.set(key, { event, logId, lines: all, total });
      pending.delete(key);
    } catch (error) {
      signal.throwIfAborted();
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      const isCut = !isLate && clock.now() >= deadline;
      if (isCut || (mayPass(error) && !isLate && count < triesAtMost)) return;
      pending.delete(key);
      const why = error instanceof Error ? error.message : String(error);
      host.write([{ type: "text", text: `The log of ${titleOf(event)} could not be read: ${why}` }]);
    }
  }

  async function catchUp(tree: Tree, signal: AbortSignal, patienceMs = 0): Promise<void> {
    if (pending.size === 0) return;
    for (const task of tree.stages.flatMap((stage) => stage.jobs.flatMap((job) => job.tasks))) {
      const key = `${task.id}#${task.attempt}`;
      const event = pending.get(key);
      if (event === undefined || task.logId === null) continue;
      await show({ ...event, task }, { logId: task.logId, patienceMs }, signal);
    }
  }

  async function showGrown(signal: AbortSignal): Promise<void> {
    if (shown.size === 0) return;
    const sizes = await pipelines.logSizes(runId, signal).catch(() => new Map<number, number>());
    signal.throwIfAborted();
    for (const before of [...shown.values()]) {
      const { event, logId, total } = before;
      if ((sizes.get(logId) ?? 0) <= total) continue;
      await show(event, { logId, before, patienceMs: endPatienceMs }, signal);
    }
  }

  return {
    onFinished: async (event, signal) => {
      const { task } = event;
      if (mode === "none" || (mode === "failed" && task.result !== "failed")) return;
      if (task.logId === null) pending.set(keyOf(event), event);
      else await show(event, { logId: task.logId }, signal);
    },
    catchUp: (tree, signal) => catchUp(tree, signal),
    areAwaited: () => [...pending.values()].some(({ task }) => task.logId === null),
    finish: async (tree, signal) => {
      if (pending.size === 0 && shown.size === 0) return;
      const read = async (limit: AbortSignal) => {
        const either = AbortSignal.any([signal, limit]);
        await catchUp(tree, either, endPatienceMs);
        await showGrown(either);
      };
      await within(endAtMostMs, clock, read).catch((error: unknown) => {
        signal.throwIfAborted();
        const why = error instanceof Error ? error.message : String(error);
        host.write([{ type: "text", text: `Not all logs could be read: ${why}` }]);
      });
    },
    excerpts: () => [...shown.values()].filter(({ event }) => event.task.result === "failed").map(excerptOf),
  };
}

function mayPass(error: unknown): boolean {
  return error instanceof ActionError && (error.code === "unreachable" || error.code === "busy");
}

function keyOf({ task }: TaskFinished): string {
  return `${task.id}#${task.attempt}`;
}

function titleOf({ stage, job, task }: TaskFinished): string {
  return pathOf(stage, job, task) || jobTitle(job);
}

function excerptOf({ event: { job, task }, lines, total }: Shown): Excerpt {
  const plain = withoutFrame(lines).map((line) => unmarked(plainOf(line)));
  return { jobId: job.id, taskId: task.id, lines: plain, totalLines: total };
}
