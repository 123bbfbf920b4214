import type { RunFacts } from "./model.ts";
import { type JobNode, openWaits, type StageNode, type Tree, type Wait } from "./nodes.ts";

export interface JobInStage {
  readonly stage: StageNode;
  readonly job: JobNode;
}

export interface Progress {
  /** No agent has taken it yet. */
  readonly isQueued: boolean;
  readonly running: readonly JobInStage[];
  /** Could run, if there were an agent. */
  readonly agentless: readonly JobInStage[];
  readonly waits: readonly Wait[];
  readonly jobsDone: number;
  /** As far as known: stages that have not begun may turn out to be skipped. */
  readonly jobsKnown: number;
  /** Median of past runs; `undefined` without any. */
  readonly typicalMs: number | undefined;
  /** How long it should still take; 0 when it takes longer than usual, `undefined` when only people decide. */
  readonly leftMs: number | undefined;
}

/** `pastDurationsMs` and `ranMs` count from a run's start, without its time in the queue. */
export function progressOf(
  tree: Tree,
  run: RunFacts,
  pastDurationsMs: readonly number[],
  ranMs: number,
): Progress {
  const jobs = tree.stages.flatMap((stage) => stage.jobs.map((job) => ({ stage, job })));
  const counted = jobs.filter(({ job }) => job.result !== "skipped");
  const running = jobs.filter(({ job }) => job.status === "inProgress");
  const waits = openWaits(tree);
  const waiting = new Set(waits.map((wait) => wait.stage));
  const typicalMs = medianOf(pastDurationsMs);
  const isQueued = run.status === "notStarted" || run.status === "postponed";
  const spentMs = isQueued ? 0 : ranMs;
  return {
    isQueued,
    running,
    agentless: jobs.filter(
      ({ job, stage }) =>
        job.status === "pending" && stage.status === "inProgress" && !waiting.has(stage.name),
    ),
    waits,
    jobsDone: counted.filter(({ job }) => job.status === "completed").length,
    jobsKnown: counted.length,
    typicalMs,
    leftMs:
      typicalMs === undefined || (waits.length > 0 && running.length === 0)
        ? undefined
        : Math.max(0, typicalMs - spentMs),
  };
}

export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
