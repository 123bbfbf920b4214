import type { Look } from "../core/model.ts";
import type { Tree } from "../core/nodes.ts";
import { progressOf } from "../core/progress.ts";
import { timeOf } from "../core/time.ts";
import type { Line } from "../render/line.ts";
import { timedLine } from "../render/lines.ts";
import { heartbeatLine, outageLine } from "../render/standing.ts";
import { createHeartbeat, keepBeating } from "./heartbeat.ts";
import type { Means } from "./means.ts";
import { until } from "./within.ts";

/** What is said while nothing changes, or nothing is heard. */
export interface Silence {
  /** Something was told. */
  end(): void;
  /** What a look has shown. */
  see(look: Look, tree: Tree): void;
  /** Says how the run stands if that is due, with how long it should still take. */
  tell(signal: AbortSignal): Promise<void>;
  /** No look was answered: why, and for how long by now. Milliseconds. */
  trouble(why: string, sinceMs: number): void;
  /** Whether it has lasted for so long that the next look should be a thorough one. */
  isLong(): boolean;
  /** Says how the run stood last, whatever the step rests or waits for, until the signal ends it. */
  keepTelling(signal: AbortSignal): Promise<void>;
}

interface Quiet {
  /** When the log began, and when the wait is over, by our clock. */
  readonly zero: number;
  readonly deadline: number;
  /** Whether nothing else may be said now. */
  readonly isHeld: () => boolean;
}

/** The last look, and when it was answered by our clock. */
interface Last extends Look {
  readonly tree: Tree;
  readonly at: number;
}

export function createSilence(
  { zero, deadline, isHeld }: Quiet,
  { host, clock, pipelines }: Pick<Means, "host" | "clock" | "pipelines">,
): Silence {
  const heartbeat = createHeartbeat(zero);
  let zeroMs: number | undefined;
  let last: Last | undefined;
  let outage: { readonly why: string; readonly since: number } | undefined;
  let pastMs: readonly number[] | undefined;
  let isToldBetweenLooks = false;

  function beat(): void {
    const now = clock.now();
    const context = { elapsedMs: now - zero, zeroMs };
    host.write([
      outage === undefined
        ? standing(last, { ...context, pastMs, now })
        : outageLine({ why: outage.why, sinceMs: now - outage.since }, context),
    ]);
    heartbeat.beat(now);
  }
  const isLong = () => isToldBetweenLooks || heartbeat.isDue(clock.now());
  return {
    end: () => heartbeat.reset(clock.now()),
    see: (look, tree) => {
      last = { ...look, tree, at: clock.now() };
      zeroMs ??= look.serviceTime;
      outage = undefined;
    },
    tell: async (signal) => {
      if (!isLong()) return;
      isToldBetweenLooks = false;
      const pipelineId = last?.run.pipeline.id ?? null;
      const ask = (limit: AbortSignal) =>
        pipelineId === null ? Promise.resolve([]) : pipelines.pastDurations(pipelineId, limit);
      // Not worth a request before somebody has waited for a while, and not worth a second one.
      pastMs ??= await until(deadline, clock, ask, signal).catch(() => []);
      if (heartbeat.isDue(clock.now())) beat();
    },
    trouble: (why, sinceMs) => {
      outage = { why, since: clock.now() - sinceMs };
      if (heartbeat.isDue(clock.now())) beat();
    },
    isLong,
    keepTelling: (signal) => {
      const beatUnlessHeld = () => {
        if (isHeld()) return;
        isToldBetweenLooks = true;
        beat();
      };
      return keepBeating(heartbeat, { clock, beat: beatUnlessHeld }, signal);
    },
  };
}

interface Moment {
  readonly elapsedMs: number;
  readonly zeroMs: number | undefined;
  /** How long the pipeline's past runs took, as far as that is known. */
  readonly pastMs: readonly number[] | undefined;
  readonly now: number;
}

function standing(last: Last | undefined, { pastMs = [], now, ...context }: Moment): Line {
  if (last === undefined) return timedLine("  no look was answered yet; still waiting", context);
  const { run, tree, at, serviceTime = at } = last;
  if (run.status === "completed") return timedLine("  over; still reading what it left behind", context);
  const nowThere = serviceTime + now - at;
  const ranMs = nowThere - (timeOf(run.startedAt) ?? nowThere);
  return heartbeatLine(progressOf(tree, run, pastMs, ranMs), { ...context, runUrl: run.url });
}
