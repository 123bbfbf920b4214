import type { LogEntry } from "../core/log-line.ts";
import { medianOf, progressOf } from "../core/progress.ts";
import { diffSnapshots, emptyEmittedState, type RunEvent } from "../core/run-events.ts";
import type { PollResponse, RunUpdate } from "../core/run-snapshot.ts";
import type { RunTree } from "../core/run-tree.ts";
import { ignoreError } from "../errors.ts";
import { withDeadline } from "../lib/abort.ts";
import { type Clock, parseTime } from "../lib/time.ts";
import type { Pipelines, Runner } from "../ports.ts";
import { type LineContext, renderEvent, timestampedLine } from "../render/run-log.ts";
import { heartbeatLine, outageLine, timelineUnavailableText } from "../render/status-text.ts";
import type { ActionDeps } from "./context.ts";
import type { TaskLogs } from "./task-logs.ts";

export interface ProgressLog {
  /** Logs the changes since the previous poll. */
  update(update: RunUpdate, signal: AbortSignal): Promise<void>;
  /** Logs what the step itself did. */
  write(text: string): void;
  /** Logs, at increasing intervals, that polls fail. */
  onPollError(reason: string, sinceMs: number): void;
  /** Whether the log has been idle for so long that the next poll should read the timeline. */
  isIdle(): boolean;
  /** The time until the run ends, if it takes as long as its pipeline's last runs; negative when overdue. Milliseconds. */
  remainingMs(): number | undefined;
  /** Whether logs that are to be shown have not arrived yet. */
  hasPending(): boolean;
  /** Logs the last known state whenever the log has been idle for too long, until the signal is aborted. */
  runHeartbeat(signal: AbortSignal): Promise<void>;
}

interface ProgressLogOptions {
  readonly logs: TaskLogs;
  /** The end of the wait, by the clock; Infinity for never. */
  readonly deadline: number;
}

/** Writes the progress of a run to the job's log, from polls that may have missed states in between. */
export function createProgressLog({ logs, deadline }: ProgressLogOptions, deps: ActionDeps): ProgressLog {
  const { runner, clock } = deps;
  const startedAt = clock.now();
  const heartbeat = createHeartbeatLog({ startedAt, deadline, isPaused: logs.isGroupOpen }, deps);
  const writeEvents = createEventWriter({ logs, deadline, onWrite: heartbeat.reset }, deps);
  let seen = emptyEmittedState;
  let waitStartMs: number | undefined;
  let isUnavailabilityLogged = false;

  /** The next poll may show what this one did not, so the warning is written only after several polls, or at the end. */
  function logTimelineUnavailable({ timelineUnavailable, isFinal }: RunUpdate): void {
    if (timelineUnavailable === undefined || isUnavailabilityLogged) return;
    if (!timelineUnavailable.isPermanent && !isFinal && !heartbeat.isIdle()) return;
    isUnavailabilityLogged = true;
    runner.write([
      {
        type: timelineUnavailable.isPermanent ? "warning" : "text",
        text: timelineUnavailableText(timelineUnavailable),
      },
    ]);
  }

  return {
    isIdle: heartbeat.isIdle,
    hasPending: logs.hasPending,
    remainingMs: heartbeat.remainingMs,
    onPollError: heartbeat.onPollError,
    runHeartbeat: heartbeat.runHeartbeat,
    write: (text) => {
      runner.write([timestampedLine(text, { elapsedMs: clock.now() - startedAt })]);
      heartbeat.reset();
    },
    update: async (update, signal) => {
      const { run, tree, serviceTime, isFinal } = update;
      waitStartMs ??= serviceTime;
      heartbeat.setLastResponse(update, tree);
      const diff = diffSnapshots(seen, run, tree, isFinal);
      seen = diff.seen;
      await writeEvents(
        diff.events,
        { elapsedMs: clock.now() - startedAt, waitStartMs, runUrl: run.url },
        signal,
      );
      await logs.streamPending(tree, signal);
      logTimelineUnavailable(update);
      if (run.status !== "completed") await heartbeat.writeIfDue(signal);
    },
  };
}

interface EventWriterOptions extends Pick<ProgressLogOptions, "logs"> {
  /** The start of the whole wait, by the clock. */
  readonly deadline: number;
  /** Called for each event that was logged. */
  readonly onWrite: () => void;
}

/** Logs one event after the other. */
function createEventWriter(
  { logs, deadline, onWrite }: EventWriterOptions,
  { runner, clock, approvals }: Pick<ActionDeps, "runner" | "clock" | "approvals">,
) {
  async function approversOf(event: RunEvent, signal: AbortSignal): Promise<readonly string[]> {
    if (event.type !== "check-started" || event.check.kind !== "approval") return [];
    if (event.check.status === "completed") return [];
    const fetchApprovers = (timeoutSignal: AbortSignal) =>
      approvals.getApprovers(event.check.id, timeoutSignal);
    return await withDeadline(deadline, clock, fetchApprovers, signal).catch(
      ignoreError("the line is written without names", []),
    );
  }

  const writtenChecks = new Set<string>();
  /** Two checks of one stage with the same text are one line. */
  function isRepeatedCheck(event: RunEvent, context: LineContext): boolean {
    if (event.type !== "check-started" && event.type !== "check-ended") return false;
    const text = JSON.stringify([
      event.check.attempt,
      renderEvent({ ...event, at: undefined }, { ...context, elapsedMs: 0 }),
    ]);
    if (writtenChecks.has(text)) return true;
    writtenChecks.add(text);
    return false;
  }

  return async (events: readonly RunEvent[], context: LineContext, signal: AbortSignal): Promise<void> => {
    for (const event of events) {
      const eventContext = { ...context, approvers: await approversOf(event, signal) };
      const lines = isRepeatedCheck(event, eventContext) ? [] : renderEvent(event, eventContext);
      runner.write(lines);
      if (lines.length > 0) onWrite();
      if (event.type === "task-finished") await logs.onFinished(event, signal);
    }
  };
}

/** The lines that are written while nothing changes, or polls fail. */
export interface HeartbeatLog {
  /** Something was logged. */
  reset(): void;
  /** Takes the result of a poll. */
  setLastResponse(response: HeartbeatPoll, tree: RunTree): void;
  /** Logs the state of the run if that is due, with the estimated remaining time. */
  writeIfDue(signal: AbortSignal): Promise<void>;
  /** A poll failed: the reason, and the time since the first failure. Milliseconds. */
  onPollError(reason: string, sinceMs: number): void;
  /** Whether the log has been idle for so long that the next poll should read the timeline. */
  isIdle(): boolean;
  /** The time until the run ends, if it takes as long as its pipeline's last runs; negative when overdue. Milliseconds. */
  remainingMs(): number | undefined;
  /** Logs the last known state during any delay, until the signal is aborted. */
  runHeartbeat(signal: AbortSignal): Promise<void>;
}

interface HeartbeatOptions {
  /** The start of the log and the end of the wait, by the runner's clock. */
  readonly startedAt: number;
  readonly deadline: number;
  /** Whether no other line may be written now. */
  readonly isPaused: () => boolean;
}

type HeartbeatPoll = Pick<PollResponse, "run" | "serviceTime" | "savesRequests">;

/** The last poll, and the time of its response by the runner's clock. */
interface LastResponse extends HeartbeatPoll {
  readonly tree: RunTree;
  readonly at: number;
}

interface HeartbeatDeps extends Pick<ActionDeps, "clock"> {
  readonly runner: Pick<Runner, "write">;
  readonly pipelines: Pick<Pipelines, "getPastDurations">;
}

export function createHeartbeatLog(
  { startedAt, deadline, isPaused }: HeartbeatOptions,
  { runner, clock, pipelines }: HeartbeatDeps,
): HeartbeatLog {
  const timer = createHeartbeatTimer(startedAt);
  let waitStartMs: number | undefined;
  let last: LastResponse | undefined;
  let outage: { readonly why: string; readonly since: number } | undefined;
  let pastMs: readonly number[] | undefined;
  let wasWrittenBetweenPolls = false;

  function writeStatus(): void {
    const now = clock.now();
    const context = { elapsedMs: now - startedAt, waitStartMs };
    runner.write([
      outage === undefined
        ? statusEntry(last, { ...context, pastMs, now })
        : outageLine({ reason: outage.why, sinceMs: now - outage.since }, context),
    ]);
    timer.beat(now);
  }
  const isIdle = () => wasWrittenBetweenPolls || timer.isDue(clock.now());
  return {
    reset: () => timer.reset(clock.now()),
    setLastResponse: ({ run, serviceTime, savesRequests }, tree) => {
      last = { run, serviceTime, savesRequests, tree, at: clock.now() };
      waitStartMs ??= serviceTime;
      outage = undefined;
    },
    writeIfDue: async (signal) => {
      if (!isIdle()) return;
      wasWrittenBetweenPolls = false;
      const pipelineId = last?.run.pipeline.id ?? null;
      const fetchDurations = (timeoutSignal: AbortSignal) =>
        pipelineId === null ? Promise.resolve([]) : pipelines.getPastDurations(pipelineId, timeoutSignal);
      // Requested only after a while, only once, and not while the service throttles.
      if (last?.savesRequests !== true)
        pastMs ??= await withDeadline(deadline, clock, fetchDurations, signal).catch(
          ignoreError("the line is written without an estimate", []),
        );
      if (timer.isDue(clock.now())) writeStatus();
    },
    onPollError: (why, sinceMs) => {
      outage = { why, since: clock.now() - sinceMs };
      if (timer.isDue(clock.now())) writeStatus();
    },
    isIdle,
    remainingMs: () => {
      const typicalMs = medianOf(pastMs ?? []);
      const runStartedAt = parseTime(last?.run.startedAt ?? null);
      if (last === undefined || typicalMs === undefined || runStartedAt === undefined) return undefined;
      return runStartedAt + typicalMs - ((last.serviceTime ?? last.at) + clock.now() - last.at);
    },
    runHeartbeat: (signal) => {
      const writeUnlessPaused = () => {
        if (isPaused()) return;
        wasWrittenBetweenPolls = true;
        writeStatus();
      };
      return runHeartbeatTimer(timer, { clock, writeStatus: writeUnlessPaused }, signal);
    },
  };
}

interface HeartbeatContext {
  readonly elapsedMs: number;
  readonly waitStartMs: number | undefined;
  /** The durations of the pipeline's past runs, as far as they are known. */
  readonly pastMs: readonly number[] | undefined;
  readonly now: number;
}

function statusEntry(
  last: LastResponse | undefined,
  { pastMs = [], now, ...context }: HeartbeatContext,
): LogEntry {
  if (last === undefined) return timestampedLine("  no successful poll yet; still waiting", context);
  const { run, tree, at, serviceTime = at } = last;
  if (run.status === "completed")
    return timestampedLine("  completed; still reading its records and logs", context);
  const serviceNow = serviceTime + now - at;
  const runningMs = serviceNow - (parseTime(run.startedAt) ?? serviceNow);
  return heartbeatLine(progressOf(tree, run, pastMs, runningMs), { ...context, runUrl: run.url });
}

const heartbeatDelaysMs = [1, 2, 4, 5].map((minutes) => minutes * 60_000);

/** A poll that is due soon is more useful than a line before it. */
const toleranceMs = 10_000;

type HeartbeatTimer = ReturnType<typeof createHeartbeatTimer>;

/** Decides when an idle log needs a line: after 1, 2, 4 and then every 5 minutes without one. */
export function createHeartbeatTimer(now: number) {
  let idleSince = now;
  let beats = 0;
  const dueAt = () => idleSince + (heartbeatDelaysMs[Math.min(beats, heartbeatDelaysMs.length - 1)] ?? 0);
  return {
    dueAt,
    isDue: (time: number) => time >= dueAt(),
    beat: (time: number) => {
      idleSince = time;
      beats += 1;
    },
    /** Something was logged. */
    reset: (time: number) => {
      idleSince = time;
      beats = 0;
    },
  };
}

/** Writes a line whenever one is overdue, until the signal is aborted. */
async function runHeartbeatTimer(
  timer: HeartbeatTimer,
  { clock, writeStatus }: { readonly clock: Clock; readonly writeStatus: () => void },
  signal: AbortSignal,
): Promise<void> {
  const msUntilOverdue = () => timer.dueAt() + toleranceMs - clock.now();
  while (!signal.aborted) {
    // A line that could not be written is tried again a second later.
    await clock
      .sleep(Math.max(msUntilOverdue(), 1_000), signal)
      .catch(ignoreError("the loop ends by itself"));
    if (!signal.aborted && msUntilOverdue() <= 0) writeStatus();
  }
}
