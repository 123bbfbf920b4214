import { oneLine } from "../core/text.ts";
import { isTransient, reasonOf } from "../errors.ts";
import type { Excerpt } from "../render/report.ts";
import { createExcerpts } from "./excerpts.ts";
import { createLogStream, type LogDeps } from "./relay.ts";
import type { TaskLogRef } from "./subject.ts";
import { withDeadline } from "./within.ts";

/** So many failed tasks' logs are shown. Nobody reads more, and each costs a request. */
export const maxFailedLogs = 50;
/** Of a failed task's log, this many lines are shown. */
const tailLines = 60;
/** While the run goes on, a log that cannot be read now is tried again at the next looks, so often at most. */
const maxReadAttempts = 3;

export interface LogOptions {
  readonly mode: "failed" | "all" | "none";
  readonly runId: number;
  readonly runUrl: string;
  /** Of the whole wait, which logs may not outlast. Milliseconds. */
  readonly timeoutMs?: number | undefined;
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
export interface ShownLogs {
  /** Shows a log, or what is new of it. What is not there, or cannot be read and may be later, stays pending. */
  show(logRef: TaskLogRef, options: ShowLogOptions, signal: AbortSignal): Promise<void>;
  /** By the subject's key. */
  readonly pending: ReadonlyMap<string, TaskLogRef>;
  readonly shown: ReadonlyMap<string, LogProgress>;
  excerpts(): readonly Excerpt[];
  /** Whether a group is open, into which nothing else belongs. */
  isGroupOpen(): boolean;
}

export function createShownLogs({ mode, runId, runUrl, timeoutMs }: LogOptions, deps: LogDeps): ShownLogs {
  const { runner, clock } = deps;
  const deadline = clock.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const pending = new Map<string, TaskLogRef>();
  const shown = new Map<string, LogProgress>();
  const excerpts = createExcerpts(maxFailedLogs);
  const attempts = createAttemptCounter();
  let isGroupOpen = false;
  const onGroup = (isOpen: boolean) => {
    isGroupOpen = isOpen;
  };
  const streamLog = createLogStream({ isFull: mode === "all", tailLines, runId, runUrl, onGroup }, deps);

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

  return { show, pending, shown, excerpts: excerpts.all, isGroupOpen: () => isGroupOpen };
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
