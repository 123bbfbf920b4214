import type { RunFacts } from "./model.ts";
import type { RunTree, StageCheck } from "./nodes.ts";
import { msBetween, parseTime } from "./time.ts";

/** Told apart: time in the queue, time run, and how much of either went to people and checks. */
interface Timings {
  readonly queueMs: number | undefined;
  readonly runMs: number | undefined;
  readonly queueWaitTimes: readonly WaitTime[];
  readonly runWaitTimes: readonly WaitTime[];
}

export interface WaitTime {
  readonly kind: StageCheck["kind"];
  readonly ms: number;
}

/** Nobody waits for a check that answers within this: not worth a word. */
export const minReportedWaitMs = 5_000;

export function timingsOf(run: RunFacts, tree: RunTree): Timings {
  return {
    queueMs: msBetween(run.createdAt, run.startedAt),
    runMs: msBetween(run.startedAt, run.finishedAt),
    queueWaitTimes: waitTimesBetween(tree.checks, parseTime(run.createdAt), parseTime(run.startedAt)),
    runWaitTimes: waitTimesBetween(tree.checks, parseTime(run.startedAt), parseTime(run.finishedAt)),
  };
}

/** Of stages that wait at the same time, each moment counts once. */
export function waitTimesBetween(
  checks: readonly StageCheck[],
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): WaitTime[] {
  return [...Map.groupBy(checks, (check) => check.kind)]
    .map(([kind, group]) => ({ kind, ms: mergedDurationMs(group, from, to) }))
    .filter(({ ms }) => ms >= minReportedWaitMs);
}

function mergedDurationMs(checks: readonly StageCheck[], from: number, to: number): number {
  const spans = checks
    .map((check) => [parseTime(check.startedAt), parseTime(check.finishedAt)] as const)
    .flatMap(([start, end]) => (start === undefined || end === undefined ? [] : [[start, end] as const]))
    .sort(([a], [b]) => a - b);
  let total = 0;
  let coveredUntil = from;
  for (const [start, end] of spans) {
    const stop = Math.min(end, to);
    total += Math.max(0, stop - Math.max(start, coveredUntil));
    coveredUntil = Math.max(coveredUntil, stop);
  }
  return total;
}
