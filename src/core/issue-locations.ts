import { capitalized, oneLine } from "../lib/text.ts";
import { parseTime } from "../lib/time.ts";
import type { Issue, NodeResult } from "./model.ts";
import {
  type JobNode,
  pipelineChecks,
  type RunNode,
  type RunTree,
  type StageCheck,
  type StageNode,
  type TaskNode,
} from "./run-tree.ts";

export const cancelMessage =
  /^(?:error: )?(?:the |a )?(?:operation|task) (?:was|has been|will be) cancell?ed\b|^(?:System\.)?(?:Threading\.Tasks\.)?(?:Operation|Task)Cancell?edException/i;

/** A stage, job or check that was abandoned never got the resources it needed, or lost them. */
export function hasFailed({ result, isTask }: NodeEnd): boolean {
  return result === "failed" || (result === "abandoned" && !isTask);
}

export interface NodeEnd {
  readonly result: NodeResult | null;
  readonly isTask: boolean;
}

/** A node that can have issues. */
export interface IssueLocation {
  readonly stage: StageNode | undefined;
  readonly job: JobNode | undefined;
  readonly task: TaskNode | undefined;
  readonly check?: StageCheck | undefined;
  readonly node: NodeEnd & {
    readonly logId: number | null;
    readonly issues: readonly Issue[];
  };
  /** When its failure began, in milliseconds since 1970; the largest number if unknown. */
  readonly at: number;
  /** The issues of the node itself. */
  readonly counts: Pick<RunNode, "errors" | "warnings">;
  readonly hasFailedChild: boolean;
  /** Something inside it failed with a message, which its own messages only repeat. */
  readonly hasExplainedChild: boolean;
  readonly hasIssueBelow: boolean;
  readonly hasErrorBelow: boolean;
  /** `let-pass`: it failed under `continueOnError`. `harmless`: it succeeded in the end. */
  readonly tolerance: "none" | "let-pass" | "harmless";
  /** Something in it was still running when it ended. */
  readonly wasInterrupted: boolean;
  /** Something in it reports that it was canceled. */
  readonly isCanceledInside: boolean;
  /** The message to use if the service gave none. */
  readonly fallbackMessage?: string | undefined;
}

const failedCheckTexts: Readonly<Record<StageCheck["kind"], string>> = {
  approval: "approval was not given",
  authorization: "permission was not given",
  check: "a check did not pass",
  "manual-validation": "manual validation was rejected",
  delay: "a delay was ended",
  manual: "it was not started",
};

/** Describes a wait (approval, check) that failed. */
export function failedCheckText({ kind, name }: Pick<StageCheck, "kind" | "name">): string {
  return kind === "check" && name !== null
    ? `the check ${oneLine(name)} did not pass`
    : failedCheckTexts[kind];
}

/** Every place of a run, in its order. */
export function issueLocations(tree: RunTree): IssueLocation[] {
  return [
    ...tree.stages.flatMap(stageLocations),
    ...pipelineChecks(tree).map((check) => checkLocation(check, undefined)),
    {
      ...emptyLocation,
      node: { result: null, logId: null, issues: tree.issues, isTask: false },
      at: Number.MAX_SAFE_INTEGER,
      counts: issueCountsOf(tree.issues),
    },
  ];
}

function stageLocations(stage: StageNode): IssueLocation[] {
  const children = [...stage.jobs, ...stage.checks];
  const failedChildren = children.filter((child) => hasFailed({ ...child, isTask: false }));
  const issuesBelow = [
    ...children.flatMap(({ issues }) => issues),
    ...stage.jobs.flatMap(({ tasks }) => issuesIn(tasks)),
  ];
  return [
    ...stage.checks.map((check) => checkLocation(check, stage)),
    ...stage.jobs.flatMap((job) => jobLocations(job, stage)),
    {
      ...emptyLocation,
      stage,
      node: { ...stage, isTask: false },
      at: timeOf(stage.finishedAt),
      counts: issueCountsOf(stage.issues),
      hasFailedChild: failedChildren.length > 0,
      hasExplainedChild: failedChildren.some((child) => !("errors" in child) || child.errors > 0),
      hasIssueBelow: issuesBelow.length > 0,
      hasErrorBelow: issuesBelow.some(isError),
      tolerance: stage.result === "succeededWithIssues" ? "let-pass" : "none",
    },
  ];
}

function jobLocations(job: JobNode, stage: StageNode): IssueLocation[] {
  const isInTolerated = isTolerated(stage) || isTolerated(job);
  const failedTasks = job.tasks.filter(({ result }) => result === "failed");
  const interrupted = job.status === "completed" ? job.tasks.filter(wasInterrupted) : [];
  const issuesBelow = issuesIn(job.tasks);
  const interruptedAt = interrupted.map((task) => timeOf(task.finishedAt ?? task.startedAt));
  const isEndedFromOutside = job.result === "canceled" || job.result === "abandoned";
  const jobLocation: IssueLocation = {
    ...emptyLocation,
    stage,
    job,
    node: { ...job, isTask: false },
    at: Math.min(timeOf(job.finishedAt), ...interruptedAt),
    counts: issueCountsOf(job.issues),
    hasFailedChild: failedTasks.length > 0,
    hasExplainedChild: failedTasks.some(({ issues }) => issues.some(isError)),
    hasIssueBelow: issuesBelow.length > 0,
    hasErrorBelow: issuesBelow.some((issue) => isError(issue) && !cancelMessage.test(issue.message.trim())),
    tolerance: isTolerated(stage) || job.result === "succeededWithIssues" ? "let-pass" : "none",
    wasInterrupted: interrupted.length > 0,
    isCanceledInside: issuesBelow.some(({ message }) => cancelMessage.test(message.trim())),
    fallbackMessage: job.result === "abandoned" ? "The job was abandoned." : undefined,
  };
  const taskLocations = job.tasks.filter(mayExplain).map(
    (task): IssueLocation => ({
      ...emptyLocation,
      stage,
      job,
      task,
      node: { ...task, isTask: true },
      at: timeOf(task.finishedAt),
      counts: task,
      tolerance: taskTolerance(task, isInTolerated),
    }),
  );
  return isEndedFromOutside ? [jobLocation, ...taskLocations] : [...taskLocations, jobLocation];
}

/** Most tasks of a large run are pending or have succeeded without an issue: they explain nothing. */
function mayExplain({ result, issues, errors, warnings }: TaskNode): boolean {
  const isUneventful = result === null || result === "succeeded" || result === "skipped";
  return !isUneventful || issues.length > 0 || errors > 0 || warnings > 0;
}

function issuesIn(tasks: readonly TaskNode[]): readonly Issue[] {
  const found: Issue[] = [];
  for (const { issues } of tasks) if (issues.length > 0) found.push(...issues);
  return found;
}

const emptyLocation = {
  stage: undefined,
  job: undefined,
  task: undefined,
  hasFailedChild: false,
  hasExplainedChild: false,
  hasIssueBelow: false,
  hasErrorBelow: false,
  tolerance: "none",
  wasInterrupted: false,
  isCanceledInside: false,
} as const;

/** With `continueOnError`, a job or stage can contain failed tasks without failing itself. */
function isTolerated({ result }: RunNode): boolean {
  return result === "succeededWithIssues" || result === "succeeded";
}

/** A task that succeeded in the end (for example on a retry) keeps its errors. */
function taskTolerance({ result }: TaskNode, isInTolerated: boolean): IssueLocation["tolerance"] {
  if (result === "succeeded" || result === "skipped") return "harmless";
  return isInTolerated || result === "succeededWithIssues" ? "let-pass" : "none";
}

/** Still running, or not started, when its job ended. */
export function wasInterrupted({ status, result }: TaskNode): boolean {
  return status !== "completed" || result === "canceled" || result === "abandoned";
}

function isError({ severity }: Issue): boolean {
  return severity === "error";
}

function issueCountsOf(issues: readonly Issue[]): IssueLocation["counts"] {
  const errors = issues.filter(isError).length;
  return { errors, warnings: issues.length - errors };
}

function timeOf(at: string | null): number {
  return parseTime(at) ?? Number.MAX_SAFE_INTEGER;
}

function checkLocation(check: StageCheck, stage: StageNode | undefined): IssueLocation {
  return {
    ...emptyLocation,
    stage,
    check,
    node: { ...check, logId: null, isTask: false },
    at: timeOf(check.finishedAt),
    counts: { errors: 0, warnings: 0 },
    fallbackMessage: `${capitalized(failedCheckText(check))}.`,
  };
}
