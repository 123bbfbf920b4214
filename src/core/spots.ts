import type { Issue, NodeResult } from "./model.ts";
import type { JobNode, StageNode, TaskNode, Tree } from "./nodes.ts";

/** A place where issues can hang. */
export interface Spot {
  readonly stage: StageNode | undefined;
  readonly job: JobNode | undefined;
  readonly task: TaskNode | undefined;
  readonly node: {
    readonly result: NodeResult | null;
    readonly finishedAt: string | null;
    readonly logId: number | null;
    readonly issues: readonly Issue[];
  };
  /** Something inside it failed: what it says of itself only repeats that. */
  readonly isEchoed: boolean;
  /** What to say where the service says nothing. */
  readonly fallback?: string;
}

const refusals = {
  approval: "The approval was not given.",
  authorization: "The permission was not given.",
  check: "A check did not pass.",
} as const;

/** Every place of a run, in its order. */
export function spotsIn(tree: Tree): Spot[] {
  const astray = tree.waits.filter((wait) => !tree.stages.some((stage) => stage.waits.includes(wait)));
  return [...tree.stages.flatMap(inStage), ...astray.map((wait) => waitSpot(wait, undefined))];
}

function inStage(stage: StageNode): Spot[] {
  const isFailed = (node: { readonly result: NodeResult | null }) => node.result === "failed";
  const isEchoed = stage.jobs.some(isFailed) || stage.waits.some(isFailed);
  return [
    ...stage.waits.map((wait) => waitSpot(wait, stage)),
    ...stage.jobs.flatMap((job) => [
      ...job.tasks.map((task) => ({ stage, job, task, node: task, isEchoed: false })),
      { stage, job, task: undefined, node: job, isEchoed: job.tasks.some(isFailed) },
    ]),
    { stage, job: undefined, task: undefined, node: stage, isEchoed },
  ];
}

function waitSpot(wait: StageNode["waits"][number], stage: StageNode | undefined): Spot {
  return {
    stage,
    job: undefined,
    task: undefined,
    node: { ...wait, logId: null },
    isEchoed: false,
    fallback: refusals[wait.kind],
  };
}
