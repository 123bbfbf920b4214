import type { RunEvent } from "../core/advance.ts";
import type { RunFacts } from "../core/model.ts";
import { jobTitle, pathOf, type Tree } from "../core/nodes.ts";
import { timeOf } from "../core/time.ts";
import { treeOf } from "../core/tree.ts";
import { plainOf, unmarked, withoutFrame } from "../render/azure-log.ts";
import type { Excerpt } from "../render/report.ts";
import type { Means } from "./means.ts";
import { createRelay, type Relayed } from "./relay.ts";

type TaskFinished = Extract<RunEvent, { type: "task-finished" }>;

/** Of a failed task's log, this many lines are shown. */
const tailLines = 60;
/** Logs are uploaded apart from what tells of their tasks: how long those of the last ones are waited for. */
const latePausesMs = [1_000, 2_000, 4_000];
const lateAtMostMs = 60_000;

export interface TaskLogs {
  /** Shows what is wanted of a task's log, now or once there is one. */
  onFinished(event: TaskFinished, signal: AbortSignal): Promise<void>;
  /** Logs come a little later than the end of their tasks. */
  catchUp(tree: Tree, signal: AbortSignal): Promise<void>;
  /** Once more after the run's end: what has come, or grown, since. */
  finish(sight: { readonly run: RunFacts; readonly tree: Tree }, signal: AbortSignal): Promise<void>;
  excerpts(): readonly Excerpt[];
}

interface Logged {
  readonly mode: "failed" | "all" | "none";
  readonly runId: number;
  readonly runUrl: string;
}

interface Shown extends Relayed {
  readonly event: TaskFinished;
  readonly logId: number;
}

/** Relays the logs of tasks into the job's log: each in one flat group, never a whole log in memory. */
export function createTaskLogs({ mode, runId, runUrl }: Logged, means: Means): TaskLogs {
  const { host, pipelines, clock } = means;
  const pending = new Map<string, TaskFinished>();
  const shown = new Map<string, Shown>();
  const relay = createRelay({ isWhole: mode === "all", tailLines, runId, runUrl }, means);

  async function show(
    event: TaskFinished,
    { logId, before }: { readonly logId: number; readonly before?: Relayed },
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { lines, total } = await relay(event, { logId, known: before?.total ?? 0 }, signal);
      const all = [...(before?.lines ?? []), ...lines].slice(-tailLines);
      shown.set(keyOf(event), { event, logId, lines: all, total });
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      host.write([{ type: "text", text: `The log of ${titleOf(event)} could not be read: ${why}` }]);
    }
  }

  async function catchUp(tree: Tree, signal: AbortSignal): Promise<void> {
    if (pending.size === 0) return;
    for (const task of tree.stages.flatMap((stage) => stage.jobs.flatMap((job) => job.tasks))) {
      const key = `${task.id}#${task.attempt}`;
      const event = pending.get(key);
      if (event === undefined || task.logId === null) continue;
      pending.delete(key);
      await show(event, { logId: task.logId }, signal);
    }
  }

  /** The run may be over before its last logs are there. */
  async function awaitLate({ finishedAt }: RunFacts, signal: AbortSignal): Promise<void> {
    const ageMs = clock.now() - (timeOf(finishedAt) ?? 0);
    for (const pauseMs of ageMs < lateAtMostMs ? latePausesMs : []) {
      if (pending.size === 0) return;
      await clock.sleep(pauseMs, signal);
      const look = await pipelines
        .looker(runId)({ patienceMs: 0, thorough: true }, signal)
        .catch(() => undefined);
      signal.throwIfAborted();
      if (look !== undefined) await catchUp(treeOf(look.records), signal);
    }
  }

  async function showGrown(signal: AbortSignal): Promise<void> {
    if (shown.size === 0) return;
    const sizes = await pipelines.logSizes(runId, signal).catch(() => new Map<number, number>());
    signal.throwIfAborted();
    for (const before of [...shown.values()]) {
      const { event, logId, total } = before;
      if ((sizes.get(logId) ?? 0) > total) await show(event, { logId, before }, signal);
    }
  }

  return {
    onFinished: async (event, signal) => {
      const { task } = event;
      if (mode === "none" || (mode === "failed" && task.result !== "failed")) return;
      if (task.logId === null) pending.set(keyOf(event), event);
      else await show(event, { logId: task.logId }, signal);
    },
    catchUp,
    finish: async ({ run, tree }, signal) => {
      await catchUp(tree, signal);
      await awaitLate(run, signal);
      await showGrown(signal);
    },
    excerpts: () => [...shown.values()].filter(({ event }) => event.task.result === "failed").map(excerptOf),
  };
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
