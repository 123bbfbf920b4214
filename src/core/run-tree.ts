import type { Issue, NodeResult, NodeStatus, PendingCheck } from "./model.ts";

/** What stages, jobs and tasks have in common. Times are ISO-8601, null while unknown. */
export interface RunNode {
  /** The record's id. The same in every run of a pipeline, so a key only together with run and attempt. */
  readonly id: string;
  /** What YAML calls it. */
  readonly name: string;
  /** What people read; `undefined` where nobody gave it a name (`__default`). */
  readonly displayName: string | undefined;
  readonly status: NodeStatus;
  readonly result: NodeResult | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly attempt: number;
  readonly logId: number | null;
  /** Of the node itself. */
  readonly issues: readonly Issue[];
  /** Of the node and of all that is in it. */
  readonly errors: number;
  readonly warnings: number;
}

export interface TaskNode extends RunNode {
  /** The wait that the task is, where it is one: of an agentless job, for a person or for a time. */
  readonly wait?: StageCheck;
}

export interface JobNode extends RunNode {
  readonly worker: string | null;
  readonly tasks: readonly TaskNode[];
}

export interface StageNode extends RunNode {
  readonly checks: readonly StageCheck[];
  readonly jobs: readonly JobNode[];
}

/** Something that had to be given before a stage could go on. Ended ones, and those that nobody noticed, too. */
export interface StageCheck extends PendingCheck {
  /** The stage's name for people. */
  readonly stageTitle: string | undefined;
  readonly status: NodeStatus;
  readonly result: NodeResult | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly attempt: number;
  readonly issues: readonly Issue[];
}

/** A run as people think of it. Everything in the order in which it is to be shown. */
export interface RunTree {
  readonly stages: readonly StageNode[];
  readonly checks: readonly StageCheck[];
  /** Of the run itself. */
  readonly issues: readonly Issue[];
}

/** Nobody named it, so nobody is told this name. */
export const defaultName = "__default";

/** A job always needs some name where its stage has none either. */
export function jobTitle(job: JobNode): string {
  return job.displayName ?? "Job";
}

/** `Staging › Smoke tests › Run curl`: without what has no name. */
export function nodePath(stage?: RunNode, job?: RunNode, task?: RunNode): string {
  const names = [stage, job, task].map((node) => node?.displayName).filter((name) => name !== undefined);
  return names.length === 0 && job !== undefined ? "Job" : names.join(" › ");
}

/** Did its work at some time; a skipped or manual one did not, whatever times it carries. */
export function hasStarted(node: RunNode): boolean {
  if (node.status === "inProgress") return true;
  return node.status === "completed" && !isNotRun(node) && node.startedAt !== null;
}

/** Ended without having run: skipped, or left to a person who did not start it. */
export function isNotRun({ result }: Pick<RunNode, "result">): boolean {
  return result === "skipped" || result === "manual";
}

/** Something in it has begun and has not ended. */
export function isRunning({ stages }: RunTree): boolean {
  const isInProgress = ({ status }: RunNode) => status === "inProgress";
  return stages.some(
    (stage) =>
      isInProgress(stage) || stage.jobs.some((job) => isInProgress(job) || job.tasks.some(isInProgress)),
  );
}

/** Those of no stage that there is. */
export function pipelineChecks({ stages, checks }: RunTree): readonly StageCheck[] {
  const inStages = new Set(stages.flatMap((stage) => stage.checks));
  return checks.filter((check) => !inStages.has(check));
}

/** Of all of them together. */
export function sumCounts(nodes: readonly RunNode[]): Pick<RunNode, "errors" | "warnings"> {
  const sum = (key: "errors" | "warnings") => nodes.reduce((total, node) => total + node[key], 0);
  return { errors: sum("errors"), warnings: sum("warnings") };
}

/** One attempt of a node, among all of its run. */
export function attemptKey({ id, attempt }: RunNode): string {
  return `${id}#${attempt}`;
}

/** Every wait of a stage or a run: its checks, and the tasks that wait. */
export function allChecks({ stages, checks }: RunTree): readonly StageCheck[] {
  return [...checks, ...stages.flatMap(taskChecks)];
}

function taskChecks({ jobs }: StageNode): readonly StageCheck[] {
  return jobs.flatMap(({ tasks }) => tasks.flatMap(({ wait }) => wait ?? []));
}

/** Still open: what the run waits for now. */
export function pendingChecks(tree: RunTree): readonly StageCheck[] {
  const completedStages = new Set(
    tree.stages.filter((stage) => stage.status === "completed").map((stage) => stage.name),
  );
  return allChecks(tree).filter(
    (check) => check.status === "inProgress" && !(check.stage && completedStages.has(check.stage)),
  );
}

/** The page of a job or task in the run's log viewer. `runUrl` is the run's own address. */
export function logUrl(runUrl: string, jobId: string, taskId?: string, line?: number): string {
  const taskQuery = taskId === undefined ? "" : `&t=${encodeURIComponent(taskId)}`;
  const lineQuery = line === undefined ? "" : `&l=${line}`;
  return `${withQuery(runUrl)}view=logs&j=${encodeURIComponent(jobId)}${taskQuery}${lineQuery}`;
}

/** The page that lists a run's artifacts. */
export function artifactsUrl(runUrl: string): string {
  return `${withQuery(runUrl)}view=artifacts`;
}

function withQuery(url: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}`;
}
