import type { RunSnapshot } from "../core/run-snapshot.ts";
import { pendingChecks, type RunTree } from "../core/run-tree.ts";
import type { Clock } from "../lib/time.ts";
import { onlyNamed } from "./retry-stages.ts";
import type { RunObserver } from "./wait-for-run.ts";

/** Limits the time that a run spends in the queue: until its first job runs, without what approvals and checks take. */
export interface QueueLimit extends RunObserver {
  /** When the limit is reached if the run stays as the last poll showed it, by the clock; Infinity for never. */
  deadline(): number;
}

interface QueueLimitOptions {
  readonly timeoutMs: number;
  /** The stages that the wait is about; empty for all. */
  readonly stages: readonly string[];
}

export function createQueueLimit(
  { timeoutMs, stages }: QueueLimitOptions,
  clock: Pick<Clock, "now">,
): QueueLimit {
  let queuedMs = 0;
  let since = clock.now();
  let state: QueueState = "queued";
  return {
    update: (snapshot) => {
      const now = clock.now();
      if (state === "queued") queuedMs += now - since;
      since = now;
      if (state !== "left") state = queueStateOf(snapshot, stages);
    },
    deadline: () => (state === "queued" ? since + timeoutMs - queuedMs : Number.POSITIVE_INFINITY),
  };
}

type QueueState = "queued" | "waiting for a check" | "left";

function queueStateOf({ run, tree: wholeTree }: RunSnapshot, names: readonly string[]): QueueState {
  const tree = { ...wholeTree, ...onlyNamed(wholeTree, names) };
  if (run.status === "completed" || hasRunJob(tree)) return "left";
  // Without a timeline only the run itself says whether it has started.
  if (tree.stages.length === 0 && tree.checks.length === 0)
    return run.status === "notStarted" || run.status === "postponed" ? "queued" : "left";
  const isJobWaiting = stagesWithoutChecks(tree).some(
    ({ status, jobs }) => status === "inProgress" && jobs.some((job) => job.status === "pending"),
  );
  return pendingChecks(tree).length > 0 && !isJobWaiting ? "waiting for a check" : "queued";
}

function hasRunJob({ stages }: RunTree): boolean {
  return stages.some(({ jobs }) =>
    jobs.some(
      ({ status, result, startedAt }) =>
        status === "inProgress" || (status === "completed" && result !== "skipped" && startedAt !== null),
    ),
  );
}

function stagesWithoutChecks(tree: RunTree): RunTree["stages"] {
  const withChecks = new Set(pendingChecks(tree).map(({ stage }) => stage));
  return tree.stages.filter(({ name }) => !withChecks.has(name));
}
