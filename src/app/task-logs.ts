import { attemptKey, type Tree } from "../core/nodes.ts";
import { counted, listed, oneLine } from "../core/text.ts";
import { reasonOf } from "../errors.ts";
import type { Excerpt } from "../render/report.ts";
import type { Means } from "./means.ts";
import { createShownLogs, type Logged, mostFailed, type ShownLogs } from "./shown-logs.ts";
import { subjectOf, type TaskFinished } from "./subject.ts";
import { within } from "./within.ts";

/** Where nobody says which logs have grown, so many are read again to see. */
const mostReread = 10;
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
  /** Once more after the run's end: what could not be read before, or has grown since; and what is not shown. */
  finish(tree: Tree, signal: AbortSignal): Promise<void>;
  excerpts(): readonly Excerpt[];
  /** Whether a group is open, into which nothing else belongs. */
  isShowing(): boolean;
}

/** Relays the logs of tasks into the job's log: each in one flat group, never a whole log in memory. */
export function createTaskLogs(logged: Logged, means: Means): TaskLogs {
  const { mode, runId, runUrl } = logged;
  const { host, pipelines, clock } = means;
  const logs = createShownLogs(logged, means);
  const say = (text: string) => host.write([{ type: "text", text }]);
  let wanted = 0;
  return {
    onFinished: async (event, signal) => {
      if (mode === "none" || (mode === "failed" && event.task.result !== "failed")) return;
      wanted += 1;
      if (mode === "failed" && wanted > mostFailed) return;
      await logs.show(subjectOf(event), {}, signal);
    },
    catchUp: (tree, signal) => catchUp(tree, { logs }, signal),
    areAwaited: () => [...logs.pending.values()].some(({ logId }) => logId === null),
    finish: async (tree, signal) => {
      const read = async (limit: AbortSignal) => {
        const either = AbortSignal.any([signal, limit]);
        await catchUp(tree, { logs, patienceMs: endPatienceMs }, either);
        if (logs.shown.size > 0) await showGrown(await sizesOrNone(pipelines, runId, either), logs, either);
      };
      await within(endAtMostMs, clock, read).catch((error: unknown) => {
        signal.throwIfAborted();
        say(`Not all logs could be read: ${oneLine(reasonOf(error))}`);
      });
      const silent = silentIn(logs);
      if (silent.length > 0) say(`No log came of ${listed(silent)}.`);
      const more = mode === "failed" ? wanted - mostFailed : 0;
      if (more > 0) say(`${counted(more, "more task")} failed, whose logs are only at ${runUrl}`);
    },
    excerpts: logs.excerpts,
    isShowing: logs.isShowing,
  };
}

interface CatchingUp {
  readonly logs: ShownLogs;
  readonly patienceMs?: number;
}

async function catchUp(tree: Tree, { logs, patienceMs = 0 }: CatchingUp, signal: AbortSignal): Promise<void> {
  if (logs.pending.size === 0) return;
  for (const stage of tree.stages) {
    for (const job of stage.jobs) {
      for (const task of job.tasks) {
        if (task.logId === null || !logs.pending.has(attemptKey(task))) continue;
        await logs.show(subjectOf({ stage, job, task }), { patienceMs }, signal);
      }
    }
  }
}

type Sizes = ReadonlyMap<number, number>;

async function sizesOrNone(
  pipelines: Means["pipelines"],
  runId: number,
  signal: AbortSignal,
): Promise<Sizes | undefined> {
  const sizes = await pipelines.logSizes(runId, signal).catch(() => undefined);
  signal.throwIfAborted();
  return sizes;
}

async function showGrown(sizes: Sizes | undefined, logs: ShownLogs, signal: AbortSignal): Promise<void> {
  const all = [...logs.shown.values()];
  const grown =
    sizes === undefined
      ? all.filter(({ subject }) => subject.result === "failed").slice(0, mostReread)
      : all.filter(({ subject, total }) => (sizes.get(subject.logId ?? -1) ?? 0) > total);
  for (const before of grown) await logs.show(before.subject, { before, patienceMs: endPatienceMs }, signal);
}

/** Failed tasks of which there is no log. */
function silentIn({ pending }: ShownLogs): readonly string[] {
  const silent = [...pending.values()].filter(({ logId, result }) => logId === null && result === "failed");
  return silent.map(({ path }) => oneLine(path));
}
