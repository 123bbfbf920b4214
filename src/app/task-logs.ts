import { attemptKey, type Tree } from "../core/nodes.ts";
import { counted, listed, oneLine } from "../core/text.ts";
import { ActionError, reasonOf } from "../errors.ts";
import { plainOf, unmarked, withoutFrame } from "../render/azure-log.ts";
import type { Excerpt } from "../render/report.ts";
import type { Means } from "./means.ts";
import { createRelay } from "./relay.ts";
import { type Subject, subjectOf, type TaskFinished } from "./subject.ts";
import { until, within } from "./within.ts";

/** Of a failed task's log, this many lines are shown, and this many kept for the summary. */
const tailLines = 60;
const excerptLines = 20;
/** So many failed tasks' logs are shown. Nobody reads more, and each costs a request. */
const mostFailed = 50;
/** Where nobody says which logs have grown, so many are read again to see. */
const mostReread = 10;
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
  /** Once more after the run's end: what could not be read before, or has grown since; and what is not shown. */
  finish(tree: Tree, signal: AbortSignal): Promise<void>;
  excerpts(): readonly Excerpt[];
  /** Whether a group is open, into which nothing else belongs. */
  isShowing(): boolean;
}

interface Logged {
  readonly mode: "failed" | "all" | "none";
  readonly runId: number;
  readonly runUrl: string;
  /** Of the whole wait, which logs may not outlast. Milliseconds. */
  readonly timeoutMs?: number | undefined;
}

interface Shown {
  readonly subject: Subject;
  /** Lines. */
  readonly total: number;
}

interface Showing {
  /** What was shown of it before. */
  readonly before?: Shown;
  readonly patienceMs?: number;
}

/** Relays the logs of tasks into the job's log: each in one flat group, never a whole log in memory. */
export function createTaskLogs({ mode, runId, runUrl, timeoutMs }: Logged, means: Means): TaskLogs {
  const { host, pipelines, clock } = means;
  const deadline = clock.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const pending = new Map<string, Subject>();
  const failures = new Map<string, number>();
  const shown = new Map<string, Shown>();
  const excerpts = new Map<string, Excerpt>();
  let wanted = 0;
  let isShowing = false;
  const onGroup = (isOpen: boolean) => {
    isShowing = isOpen;
  };
  const relay = createRelay({ isWhole: mode === "all", tailLines, runId, runUrl, onGroup }, means);
  const say = (text: string) => host.write([{ type: "text", text }]);

  async function show(
    subject: Subject,
    { before, patienceMs = 0 }: Showing,
    signal: AbortSignal,
  ): Promise<void> {
    const { key, logId } = subject;
    // Until it has been shown it is to be shown, also if the time is up in the middle of it.
    if (before === undefined) pending.set(key, subject);
    const isLate = patienceMs > 0;
    const end = isLate ? Number.POSITIVE_INFINITY : deadline;
    if (end <= clock.now() || logId === null) return;
    try {
      const reading = { logId, shown: before?.total, patienceMs };
      const read = (limit: AbortSignal) => relay(subject, reading, limit);
      const { lines, total } = await until(end, clock, read, signal);
      shown.set(key, { subject, total });
      keepExcerpt(subject, lines, total);
      pending.delete(key);
    } catch (error) {
      signal.throwIfAborted();
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      const isCut = !isLate && clock.now() >= deadline;
      if (isCut || (mayPass(error) && !isLate && count < triesAtMost)) return;
      pending.delete(key);
      say(`The log of ${oneLine(subject.path)} could not be read: ${oneLine(reasonOf(error))}`);
    }
  }

  function keepExcerpt(
    { key, result, jobId, taskId }: Subject,
    lines: readonly string[],
    totalLines: number,
  ) {
    const before = excerpts.get(key);
    if (result !== "failed" || (before === undefined && excerpts.size >= mostFailed)) return;
    const all = [...(before?.lines ?? []), ...plainEnd(lines)].slice(-excerptLines);
    const framed = lines.length - withoutFrame(lines).length;
    excerpts.set(key, { jobId, taskId, lines: all, totalLines: totalLines - framed });
  }

  async function catchUp(tree: Tree, signal: AbortSignal, patienceMs = 0): Promise<void> {
    if (pending.size === 0) return;
    for (const stage of tree.stages) {
      for (const job of stage.jobs) {
        for (const task of job.tasks) {
          if (task.logId === null || !pending.has(attemptKey(task))) continue;
          await show(subjectOf({ stage, job, task }), { patienceMs }, signal);
        }
      }
    }
  }

  async function showGrown(signal: AbortSignal): Promise<void> {
    if (shown.size === 0) return;
    const sizes = await pipelines.logSizes(runId, signal).catch(() => undefined);
    signal.throwIfAborted();
    const all = [...shown.values()];
    const grown =
      sizes === undefined
        ? all.filter(({ subject }) => subject.result === "failed").slice(0, mostReread)
        : all.filter(({ subject, total }) => (sizes.get(subject.logId ?? -1) ?? 0) > total);
    for (const before of grown) await show(before.subject, { before, patienceMs: endPatienceMs }, signal);
  }

  function tellRest(): void {
    const silent = [...pending.values()].filter(({ logId, result }) => logId === null && result === "failed");
    if (silent.length > 0) say(`No log came of ${listed(silent.map(({ path }) => oneLine(path)))}.`);
    const more = mode === "failed" ? wanted - mostFailed : 0;
    if (more > 0) say(`${counted(more, "more task")} failed, whose logs are only at ${runUrl}`);
  }

  return {
    onFinished: async (event, signal) => {
      if (mode === "none" || (mode === "failed" && event.task.result !== "failed")) return;
      wanted += 1;
      if (mode === "failed" && wanted > mostFailed) return;
      await show(subjectOf(event), {}, signal);
    },
    catchUp: (tree, signal) => catchUp(tree, signal),
    areAwaited: () => [...pending.values()].some(({ logId }) => logId === null),
    finish: async (tree, signal) => {
      const read = async (limit: AbortSignal) => {
        const either = AbortSignal.any([signal, limit]);
        await catchUp(tree, either, endPatienceMs);
        await showGrown(either);
      };
      await within(endAtMostMs, clock, read).catch((error: unknown) => {
        signal.throwIfAborted();
        say(`Not all logs could be read: ${oneLine(reasonOf(error))}`);
      });
      tellRest();
    },
    excerpts: () => [...excerpts.values()],
    isShowing: () => isShowing,
  };
}

/** Copied: a line that was cut out of what came would keep all of that in memory. */
function plainEnd(lines: readonly string[]): readonly string[] {
  const plain = withoutFrame(lines).map((line) => unmarked(plainOf(line)));
  return plain.length === 0 ? [] : plain.slice(-excerptLines).join("\n").split("\n");
}

function mayPass(error: unknown): boolean {
  return error instanceof ActionError && (error.code === "unreachable" || error.code === "busy");
}
