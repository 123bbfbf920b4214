import { diffSnapshots, emptyEmittedState, type RunEvent } from "../core/advance.ts";
import type { PollResponse } from "../core/model.ts";
import type { RunTree } from "../core/nodes.ts";
import { type LineContext, renderEvent } from "../render/lines.ts";
import { timelineUnavailableText } from "../render/standing.ts";
import type { ActionDeps } from "./means.ts";
import { createHeartbeatLog } from "./silence.ts";
import type { TaskLogs } from "./task-logs.ts";
import { withDeadline } from "./within.ts";

export interface ProgressLog {
  /** Tells what a look shows that the last one did not. `isLast`: nothing more is to come. */
  update(
    response: PollResponse,
    view: { readonly tree: RunTree; readonly isLast: boolean },
    signal: AbortSignal,
  ): Promise<void>;
  /** Says, when silence has lasted long enough, that the service is not heard of. */
  onPollError(reason: string, sinceMs: number): void;
  /** Whether it has been quiet for so long that the next look should be a thorough one. */
  isIdle(): boolean;
  /** Whether logs that are to be shown have not come yet. */
  hasPendingLogs(): boolean;
  /** Says in between, when silence has lasted too long, how the run stood last, until the signal ends it. */
  runHeartbeat(signal: AbortSignal): Promise<void>;
}

interface ProgressLogOptions {
  readonly logs: TaskLogs;
  /** Of the whole wait, which nothing that is nice to know may outlast. Milliseconds. */
  readonly timeoutMs: number | undefined;
}

/** Tells a run in the job's log, from looks that may have missed anything in between. */
export function createProgressLog({ logs, timeoutMs }: ProgressLogOptions, deps: ActionDeps): ProgressLog {
  const { runner, clock } = deps;
  const startedAt = clock.now();
  const deadline = startedAt + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const heartbeat = createHeartbeatLog({ startedAt, deadline, isPaused: logs.isGroupOpen }, deps);
  const writeEvents = createEventWriter({ logs, deadline, onWrite: heartbeat.reset }, deps);
  let seen = emptyEmittedState;
  let waitStartMs: number | undefined;
  let isUnavailabilityLogged = false;

  /** What only this look did not see the next may show: it is said once that has lasted, or nothing more comes. */
  function logTimelineUnavailable({ timelineUnavailable }: PollResponse, isLast: boolean): void {
    if (timelineUnavailable === undefined || isUnavailabilityLogged) return;
    if (!timelineUnavailable.isPermanent && !isLast && !heartbeat.isIdle()) return;
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
    hasPendingLogs: logs.hasPending,
    onPollError: heartbeat.onPollError,
    runHeartbeat: heartbeat.runHeartbeat,
    update: async (response, { tree, isLast }, signal) => {
      const { run, serviceTime } = response;
      waitStartMs ??= serviceTime;
      heartbeat.setLastResponse(response, tree);
      const diff = diffSnapshots(seen, run, tree, isLast);
      seen = diff.seen;
      await writeEvents(
        diff.events,
        { elapsedMs: clock.now() - startedAt, waitStartMs, runUrl: run.url },
        signal,
      );
      await logs.streamPending(tree, signal);
      logTimelineUnavailable(response, isLast);
      if (run.status !== "completed") await heartbeat.writeIfDue(signal);
    },
  };
}

interface EventWriterOptions extends Pick<ProgressLogOptions, "logs"> {
  /** Of the whole wait, by the clock. */
  readonly deadline: number;
  /** Called for each event that has been worth a line. */
  readonly onWrite: () => void;
}

/** Tells one event after the other. */
function createEventWriter(
  { logs, deadline, onWrite }: EventWriterOptions,
  { runner, clock, pipelines }: Pick<ActionDeps, "runner" | "clock" | "pipelines">,
) {
  async function approversOf(event: RunEvent, signal: AbortSignal): Promise<readonly string[]> {
    if (event.type !== "check-started" || event.check.kind !== "approval") return [];
    if (event.check.status === "completed") return [];
    const fetchApprovers = (timeoutSignal: AbortSignal) =>
      pipelines.getApprovers(event.check.id, timeoutSignal);
    return await withDeadline(deadline, clock, fetchApprovers, signal).catch(() => []);
  }

  return async (events: readonly RunEvent[], context: LineContext, signal: AbortSignal): Promise<void> => {
    for (const event of events) {
      const lines = renderEvent(event, { ...context, approvers: await approversOf(event, signal) });
      runner.write(lines);
      if (lines.length > 0) onWrite();
      if (event.type === "task-finished") await logs.onFinished(event, signal);
    }
  };
}
