import type { RunSnapshot } from "./run-snapshot.ts";
import type { JobNode, RunTree, StageNode } from "./run-tree.ts";

/**
 * Stages that failed by themselves. A job that the service ended with an issue of its own (time limit, lost agent, no
 * machine) has failed too; one that a user cancelled has not.
 */
export function failedStages({ stages }: Pick<RunTree, "stages">): readonly StageNode[] {
  return stages.filter(({ result, issues, jobs }) => {
    if (result === "canceled") return hasOwnError(issues) || jobs.some(hasJobFailed);
    return result === "failed" || result === "abandoned";
  });
}

/**
 * Whether somebody cancelled the run. It is also `canceled` if the service ended jobs with an issue of its own, and no other
 * job is canceled.
 */
export function wasCancelled({ run, tree: { stages } }: Pick<RunSnapshot, "run" | "tree">): boolean {
  if (run.result !== "canceled") return false;
  const canceled = stages
    .flatMap((stage) => [stage, ...stage.jobs])
    .filter(({ result }) => result === "canceled");
  return !canceled.some(({ issues }) => hasOwnError(issues)) || stages.some(hasCancelledJob);
}

function hasCancelledJob({ issues, jobs }: StageNode): boolean {
  return (
    !hasOwnError(issues) && jobs.some(({ result, issues: own }) => result === "canceled" && !hasOwnError(own))
  );
}

function hasJobFailed({ result, issues }: JobNode): boolean {
  return result === "failed" || result === "abandoned" || (result === "canceled" && hasOwnError(issues));
}

function hasOwnError(issues: StageNode["issues"]): boolean {
  return issues.some(({ severity }) => severity === "error");
}
