import type { Issue, NodeResult } from "./model.ts";
import { type JobNode, type StageNode, strayWaits, type TaskNode, type Tree, type Wait } from "./nodes.ts";
import { capitalized } from "./text.ts";

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

/** What became of a wait that ended badly. */
export const refusedWords: Readonly<Record<Wait["kind"], string>> = {
  approval: "approval was not given",
  authorization: "permission was not given",
  check: "a check did not pass",
};

/** Every place of a run, in its order. */
export function spotsIn(tree: Tree): Spot[] {
  return [...tree.stages.flatMap(inStage), ...strayWaits(tree).map((wait) => waitSpot(wait, undefined))];
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

function waitSpot(wait: Wait, stage: StageNode | undefined): Spot {
  return {
    stage,
    job: undefined,
    task: undefined,
    node: { ...wait, logId: null },
    isEchoed: false,
    fallback: `${capitalized(refusedWords[wait.kind])}.`,
  };
}
