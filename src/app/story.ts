import { advance, nothingSeen, type RunEvent } from "../core/advance.ts";
import type { Look } from "../core/model.ts";
import type { Tree } from "../core/nodes.ts";
import { progressOf } from "../core/progress.ts";
import { timeOf } from "../core/time.ts";
import { type LineContext, linesOf } from "../render/lines.ts";
import { heartbeatLine, outageLine } from "../render/standing.ts";
import { createHeartbeat } from "./heartbeat.ts";
import type { Means } from "./means.ts";
import type { TaskLogs } from "./task-logs.ts";

export interface Story {
  /** Tells what a look shows that the last one did not. `isLast`: nothing more is to come. */
  tell(
    look: Look,
    seen: { readonly tree: Tree; readonly isLast: boolean },
    signal: AbortSignal,
  ): Promise<void>;
  /** Says, when silence has lasted long enough, that the service is not heard of. */
  trouble(why: string, sinceMs: number): void;
  /** Whether it has been quiet for so long that the next look should be a thorough one. */
  isQuiet(): boolean;
  /** Whether logs that are to be shown have not come yet. */
  awaitsLogs(): boolean;
}

/** Tells a run in the job's log, from looks that may have missed anything in between. */
export function createStory(logs: TaskLogs, { host, clock, pipelines }: Means): Story {
  const zero = clock.now();
  const heartbeat = createHeartbeat(zero);
  let seen = nothingSeen;
  let zeroMs: number | undefined;
  let pastDurationsMs: readonly number[] | undefined;

  async function tellEvents(
    events: readonly RunEvent[],
    context: LineContext,
    signal: AbortSignal,
  ): Promise<void> {
    for (const event of events) {
      const lines = linesOf(event, { ...context, approvers: await approversOf(event, signal) });
      host.write(lines);
      if (lines.length > 0) heartbeat.reset(clock.now());
      if (event.type === "task-finished") await logs.onFinished(event, signal);
    }
  }

  async function approversOf(event: RunEvent, signal: AbortSignal): Promise<readonly string[]> {
    if (event.type !== "wait-started" || event.wait.kind !== "approval") return [];
    if (event.wait.status === "completed") return [];
    return await pipelines.approvers(event.wait.id, signal).catch(() => []);
  }

  /** Not worth a request before somebody has waited for a while. */
  async function past(pipelineId: number | null, signal: AbortSignal): Promise<readonly number[]> {
    if (pipelineId === null) return [];
    pastDurationsMs ??= await pipelines.pastDurations(pipelineId, signal).catch(() => []);
    return pastDurationsMs;
  }

  return {
    isQuiet: () => heartbeat.isDue(clock.now()),
    awaitsLogs: () => logs.areAwaited(),
    trouble: (why, sinceMs) => {
      const now = clock.now();
      if (!heartbeat.isDue(now)) return;
      host.write([outageLine({ why, sinceMs }, { elapsedMs: now - zero, zeroMs })]);
      heartbeat.beat(now);
    },
    tell: async ({ run, serviceTime }, { tree, isLast }, signal) => {
      zeroMs ??= serviceTime;
      const context = { elapsedMs: clock.now() - zero, zeroMs, runUrl: run.url };
      const step = advance(seen, run, tree, isLast);
      seen = step.seen;
      await tellEvents(step.events, context, signal);
      await logs.catchUp(tree, signal);
      const now = clock.now();
      if (run.status === "completed" || !heartbeat.isDue(now)) return;
      const durations = await past(run.pipeline.id, signal);
      const ranMs = (serviceTime ?? now) - (timeOf(run.startedAt) ?? now);
      host.write([
        heartbeatLine(progressOf(tree, run, durations, ranMs), { ...context, elapsedMs: now - zero }),
      ]);
      heartbeat.beat(now);
    },
  };
}
