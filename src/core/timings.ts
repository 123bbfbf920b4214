import type { RunFacts } from "./model.ts";
import type { Tree, Wait } from "./nodes.ts";
import { betweenMs, timeOf } from "./time.ts";

/** Told apart: time in the queue, time run, and how much of either went to people and checks. */
interface Timings {
  readonly queueMs: number | undefined;
  readonly runMs: number | undefined;
  readonly queueWaits: readonly Waited[];
  readonly runWaits: readonly Waited[];
}

export interface Waited {
  readonly kind: Wait["kind"];
  readonly ms: number;
}

/** Nobody waits for a check that answers within this: not worth a word. */
export const shortWaitMs = 5_000;

export function timingsOf(run: RunFacts, tree: Tree): Timings {
  return {
    queueMs: betweenMs(run.createdAt, run.startedAt),
    runMs: betweenMs(run.startedAt, run.finishedAt),
    queueWaits: waitedBetween(tree.waits, timeOf(run.createdAt), timeOf(run.startedAt)),
    runWaits: waitedBetween(tree.waits, timeOf(run.startedAt), timeOf(run.finishedAt)),
  };
}

/** Of stages that wait at the same time, each moment counts once. */
export function waitedBetween(waits: readonly Wait[], from = 0, to = Number.MAX_SAFE_INTEGER): Waited[] {
  return [...Map.groupBy(waits, (wait) => wait.kind)]
    .map(([kind, same]) => ({ kind, ms: covered(same, from, to) }))
    .filter(({ ms }) => ms >= shortWaitMs);
}

function covered(waits: readonly Wait[], from: number, to: number): number {
  const spans = waits
    .map((wait) => [timeOf(wait.startedAt), timeOf(wait.finishedAt)] as const)
    .flatMap(([start, end]) => (start === undefined || end === undefined ? [] : [[start, end] as const]))
    .sort(([a], [b]) => a - b);
  let total = 0;
  let reached = from;
  for (const [start, end] of spans) {
    const stop = Math.min(end, to);
    total += Math.max(0, stop - Math.max(start, reached));
    reached = Math.max(reached, stop);
  }
  return total;
}
