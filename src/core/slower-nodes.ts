import { parseTime } from "../lib/time.ts";
import { waitTimesBetween } from "./progress.ts";
import { allChecks, hasStarted, type RunNode, type RunTree, type StageCheck } from "./run-tree.ts";

/** A stage, or a job of a stage without a name, and how much longer it took than in another run. */
export interface SlowerNode {
  readonly name: string;
  readonly byMs: number;
}

/** Two runs usually differ by less than this, in all and as a factor. */
const minDifferenceMs = 30_000;

const minFactor = 1.25;

/** What took longer than in an earlier run, the largest difference first. Time spent waiting for checks does not count. */
export function slowerNodes(tree: RunTree, earlier: RunTree): readonly SlowerNode[] {
  const earlierByKey = new Map(comparedNodes(earlier).map((compared) => [compared.key, compared]));
  return comparedNodes(tree)
    .flatMap(({ key, name, ms }): SlowerNode[] => {
      const before = earlierByKey.get(key);
      // The last attempt of a retried stage ran only its failed jobs.
      if (before === undefined || before.attempt > 1) return [];
      const byMs = ms - before.ms;
      return byMs < minDifferenceMs || ms < before.ms * minFactor ? [] : [{ name, byMs }];
    })
    .sort((one, other) => other.byMs - one.byMs);
}

interface ComparedNode {
  readonly key: string;
  readonly name: string;
  readonly attempt: number;
  readonly ms: number;
}

function comparedNodes({ stages }: RunTree): readonly ComparedNode[] {
  return stages.flatMap((stage) => {
    if (stage.displayName !== undefined)
      return comparedNode(stage, allChecks({ stages: [stage], checks: stage.checks }), stage.name);
    return stage.jobs.flatMap((job) => {
      const waits = job.tasks.flatMap(({ wait }) => wait ?? []);
      return comparedNode(job, waits, JSON.stringify([stage.name, job.name]));
    });
  });
}

function comparedNode(node: RunNode, checks: readonly StageCheck[], key: string): ComparedNode[] {
  const { displayName: name, attempt, startedAt, finishedAt } = node;
  const [start, end] = [parseTime(startedAt), parseTime(finishedAt)];
  if (name === undefined || !hasStarted(node) || start === undefined || end === undefined) return [];
  const waitedMs = waitTimesBetween(checks, start, end).reduce((sum, { ms }) => sum + ms, 0);
  return [{ key, name, attempt, ms: Math.max(0, end - start - waitedMs) }];
}
