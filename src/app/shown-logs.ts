import { oneLine } from "../core/text.ts";
import { mayPass, reasonOf } from "../errors.ts";
import type { Excerpt } from "../render/report.ts";
import { createExcerpts } from "./excerpts.ts";
import type { Means } from "./means.ts";
import { createRelay } from "./relay.ts";
import type { Subject } from "./subject.ts";
import { until } from "./within.ts";

/** So many failed tasks' logs are shown. Nobody reads more, and each costs a request. */
export const mostFailed = 50;
/** Of a failed task's log, this many lines are shown. */
const tailLines = 60;
/** While the run goes on, a log that cannot be read now is tried again at the next looks, so often at most. */
const triesAtMost = 3;

export interface Logged {
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
  /** After the run's end: how long the log is asked for, whatever is left of the wait. Milliseconds. */
  readonly patienceMs?: number;
}

/** Logs that are to be shown, and those that have been. */
export interface ShownLogs {
  /** Shows a log, or what is new of it. What is not there, or cannot be read and may be later, stays pending. */
  show(subject: Subject, showing: Showing, signal: AbortSignal): Promise<void>;
  /** By the subject's key. */
  readonly pending: ReadonlyMap<string, Subject>;
  readonly shown: ReadonlyMap<string, Shown>;
  excerpts(): readonly Excerpt[];
  /** Whether a group is open, into which nothing else belongs. */
  isShowing(): boolean;
}

export function createShownLogs({ mode, runId, runUrl, timeoutMs }: Logged, means: Means): ShownLogs {
  const { host, clock } = means;
  const deadline = clock.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const pending = new Map<string, Subject>();
  const shown = new Map<string, Shown>();
  const excerpts = createExcerpts(mostFailed);
  const tries = createTries();
  let isShowing = false;
  const onGroup = (isOpen: boolean) => {
    isShowing = isOpen;
  };
  const relay = createRelay({ isWhole: mode === "all", tailLines, runId, runUrl, onGroup }, means);

  async function show(subject: Subject, { before, patienceMs = 0 }: Showing, signal: AbortSignal) {
    const { key, logId } = subject;
    // Until it has been shown it is to be shown, also if the time is up in the middle of it.
    if (before === undefined) pending.set(key, subject);
    const end = patienceMs > 0 ? Number.POSITIVE_INFINITY : deadline;
    if (end <= clock.now() || logId === null) return;
    try {
      const reading = { logId, shown: before?.total, patienceMs };
      const { lines, total } = await until(end, clock, (limit) => relay(subject, reading, limit), signal);
      shown.set(key, { subject, total });
      excerpts.keep(subject, lines, total);
      pending.delete(key);
    } catch (error) {
      signal.throwIfAborted();
      const mayComeYet = tries.count(key) < triesAtMost && mayPass(error);
      if (patienceMs === 0 && (mayComeYet || clock.now() >= deadline)) return;
      pending.delete(key);
      const text = `The log of ${oneLine(subject.path)} could not be read: ${oneLine(reasonOf(error))}`;
      host.write([{ type: "text", text }]);
    }
  }

  return { show, pending, shown, excerpts: excerpts.all, isShowing: () => isShowing };
}

function createTries() {
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
