import type { PollResponse } from "../core/model.ts";
import type { RunTree } from "../core/nodes.ts";
import { progressOf } from "../core/progress.ts";
import { parseTime } from "../core/time.ts";
import type { LogEntry } from "../render/line.ts";
import { timestampedLine } from "../render/lines.ts";
import { heartbeatLine, outageLine } from "../render/standing.ts";
import { createHeartbeatTimer, runHeartbeatTimer } from "./heartbeat.ts";
import type { ActionDeps } from "./means.ts";
import { withDeadline } from "./within.ts";

/** What is said while nothing changes, or nothing is heard. */
export interface HeartbeatLog {
  /** Something was told. */
  reset(): void;
  /** What a look has shown. */
  setLastResponse(response: PollResponse, tree: RunTree): void;
  /** Says how the run stands if that is due, with how long it should still take. */
  writeIfDue(signal: AbortSignal): Promise<void>;
  /** No look was answered: why, and for how long by now. Milliseconds. */
  onPollError(reason: string, sinceMs: number): void;
  /** Whether it has lasted for so long that the next look should be a thorough one. */
  isIdle(): boolean;
  /** Says how the run stood last, whatever the step rests or waits for, until the signal ends it. */
  runHeartbeat(signal: AbortSignal): Promise<void>;
}

interface HeartbeatOptions {
  /** When the log began, and when the wait is over, by our clock. */
  readonly startedAt: number;
  readonly deadline: number;
  /** Whether nothing else may be said now. */
  readonly isPaused: () => boolean;
}

/** The last look, and when it was answered by our clock. */
interface LastResponse extends PollResponse {
  readonly tree: RunTree;
  readonly at: number;
}

export function createHeartbeatLog(
  { startedAt, deadline, isPaused }: HeartbeatOptions,
  { runner, clock, pipelines }: Pick<ActionDeps, "runner" | "clock" | "pipelines">,
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
    setLastResponse: (response, tree) => {
      last = { ...response, tree, at: clock.now() };
      waitStartMs ??= response.serviceTime;
      outage = undefined;
    },
    writeIfDue: async (signal) => {
      if (!isIdle()) return;
      wasWrittenBetweenPolls = false;
      const pipelineId = last?.run.pipeline.id ?? null;
      const fetchDurations = (timeoutSignal: AbortSignal) =>
        pipelineId === null ? Promise.resolve([]) : pipelines.getPastDurations(pipelineId, timeoutSignal);
      // Not worth a request before somebody has waited for a while, and not worth a second one.
      pastMs ??= await withDeadline(deadline, clock, fetchDurations, signal).catch(() => []);
      if (timer.isDue(clock.now())) writeStatus();
    },
    onPollError: (why, sinceMs) => {
      outage = { why, since: clock.now() - sinceMs };
      if (timer.isDue(clock.now())) writeStatus();
    },
    isIdle,
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
  /** How long the pipeline's past runs took, as far as that is known. */
  readonly pastMs: readonly number[] | undefined;
  readonly now: number;
}

function statusEntry(
  last: LastResponse | undefined,
  { pastMs = [], now, ...context }: HeartbeatContext,
): LogEntry {
  if (last === undefined) return timestampedLine("  no look was answered yet; still waiting", context);
  const { run, tree, at, serviceTime = at } = last;
  if (run.status === "completed")
    return timestampedLine("  over; still reading what it left behind", context);
  const serviceNow = serviceTime + now - at;
  const runningMs = serviceNow - (parseTime(run.startedAt) ?? serviceNow);
  return heartbeatLine(progressOf(tree, run, pastMs, runningMs), { ...context, runUrl: run.url });
}
