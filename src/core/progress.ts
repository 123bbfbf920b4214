import { msBetween, parseTime } from "../lib/time.ts";
import type { RunFacts } from "./model.ts";
import {
  allChecks,
  isNotRun,
  type JobNode,
  pendingChecks,
  type RunTree,
  type StageCheck,
  type StageNode,
} from "./run-tree.ts";

export interface JobInStage {
  readonly stage: StageNode;
  readonly job: JobNode;
}

export interface RunProgress {
  /** Why it is queued; `undefined` once it runs. */
  readonly queuedFor: "agent" | "postponed" | "paused" | undefined;
  readonly running: readonly JobInStage[];
  /** Ready to run, but waiting for an agent. */
  readonly awaitingAgent: readonly JobInStage[];
  readonly checks: readonly StageCheck[];
  readonly jobsDone: number;
  /** The number known so far: stages that have not begun may be skipped. */
  readonly jobsKnown: number;
  /** Median duration of past runs; `undefined` if there are none. */
  readonly typicalMs: number | undefined;
  /** The estimated remaining time; 0 if it takes longer than usual, `undefined` if it only waits for people. */
  readonly remainingMs: number | undefined;
}

/** `pastDurationsMs` and `ranMs` count from a run's start, without its time in the queue. */
export function progressOf(
  tree: RunTree,
  run: RunFacts,
  pastDurationsMs: readonly number[],
  runningMs: number,
): RunProgress {
  const jobs = tree.stages.flatMap((stage) => stage.jobs.map((job) => ({ stage, job })));
  const counted = jobs.filter(({ stage, job }) => !isNotRun(job) && !isNotRun(stage));
  // A job that only waits for a person or a time does not run.
  const isWaiting = ({ job }: JobInStage) =>
    job.tasks.some(({ wait, status }) => wait !== undefined && status === "inProgress");
  const running = jobs.filter((entry) => entry.job.status === "inProgress" && !isWaiting(entry));
  const checks = pendingChecks(tree);
  const stagesWithPendingChecks = new Set(checks.map((check) => check.stage));
  const typicalMs = medianOf(pastDurationsMs);
  const queuedFor = queueReason(run);
  const spentMs = queuedFor !== undefined ? 0 : runningMs;
  return {
    queuedFor,
    running,
    awaitingAgent: jobs.filter(
      ({ job, stage }) =>
        job.status === "pending" && stage.status === "inProgress" && !stagesWithPendingChecks.has(stage.name),
    ),
    checks,
    jobsDone: counted.filter(({ job }) => job.status === "completed").length,
    jobsKnown: counted.length,
    typicalMs,
    remainingMs:
      typicalMs === undefined || (checks.length > 0 && running.length === 0)
        ? undefined
        : Math.max(0, typicalMs - spentMs),
  };
}

function queueReason({ status, isPipelinePaused }: RunFacts): RunProgress["queuedFor"] {
  if (status === "postponed") return "postponed";
  if (status === "notStarted") return isPipelinePaused ? "paused" : "agent";
  return undefined;
}

export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

/** Time queued, time run, and how much of both was spent waiting for people and checks. */
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

/** Waits for checks that are shorter than this are not mentioned. */
export const minReportedWaitMs = 5_000;

export function timingsOf(run: RunFacts, tree: RunTree): Timings {
  return {
    queueMs: msBetween(run.createdAt, run.startedAt),
    runMs: msBetween(run.startedAt, run.finishedAt),
    queueWaitTimes: waitTimesBetween(allChecks(tree), parseTime(run.createdAt), parseTime(run.startedAt)),
    runWaitTimes: waitTimesBetween(allChecks(tree), parseTime(run.startedAt), parseTime(run.finishedAt)),
  };
}

/** Counts overlapping waits of several stages once. */
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
