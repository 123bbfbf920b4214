import type { Issue, NodeResult } from "./model.ts";
import {
  type JobNode,
  pipelineChecks,
  type RunTree,
  type StageCheck,
  type StageNode,
  type TaskNode,
} from "./nodes.ts";
import { capitalized } from "./text.ts";

/** A place where issues can hang. */
export interface IssueLocation {
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
  readonly hasFailedChild: boolean;
  /** What to say where the service says nothing. */
  readonly fallbackMessage?: string;
}

/** What became of a wait that ended badly. */
export const failedCheckTexts: Readonly<Record<StageCheck["kind"], string>> = {
  approval: "approval was not given",
  authorization: "permission was not given",
  check: "a check did not pass",
};

/** Every place of a run, in its order. */
export function issueLocations(tree: RunTree): IssueLocation[] {
  return [
    ...tree.stages.flatMap(stageLocations),
    ...pipelineChecks(tree).map((check) => checkLocation(check, undefined)),
  ];
}

function stageLocations(stage: StageNode): IssueLocation[] {
  const isFailed = (node: { readonly result: NodeResult | null }) => node.result === "failed";
  const hasFailedChild = stage.jobs.some(isFailed) || stage.checks.some(isFailed);
  return [
    ...stage.checks.map((check) => checkLocation(check, stage)),
    ...stage.jobs.flatMap((job) => [
      ...job.tasks.map((task) => ({ stage, job, task, node: task, hasFailedChild: false })),
      { stage, job, task: undefined, node: job, hasFailedChild: job.tasks.some(isFailed) },
    ]),
    { stage, job: undefined, task: undefined, node: stage, hasFailedChild },
  ];
}

function checkLocation(check: StageCheck, stage: StageNode | undefined): IssueLocation {
  return {
    stage,
    job: undefined,
    task: undefined,
    node: { ...check, logId: null },
    hasFailedChild: false,
    fallbackMessage: `${capitalized(failedCheckTexts[check.kind])}.`,
  };
}
