import type { Issue, NodeResult, NodeStatus, PendingCheck } from "./model.ts";

/** The common fields of stages, jobs and tasks. Times are ISO-8601, null while unknown. */
export interface RunNode {
  /** The record's id. It is the same in every run of a pipeline, so it is a key only together with run and attempt. */
  readonly id: string;
  /** Its name in the YAML. */
  readonly name: string;
  /** Its display name; `undefined` if it was not named (`__default`). */
  readonly displayName: string | undefined;
  readonly status: NodeStatus;
  readonly result: NodeResult | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly attempt: number;
  readonly logId: number | null;
  /** The issues of the node itself. */
  readonly issues: readonly Issue[];
  /** The issues of the node and of everything in it. */
  readonly errors: number;
  readonly warnings: number;
}

export interface TaskNode extends RunNode {
  /** What the task waits for, if it is a task of an agentless job that waits for a person or a time. */
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

/** An approval or check of a stage, including completed ones. */
export interface StageCheck extends PendingCheck {
  /** The stage's display name. */
  readonly stageTitle: string | undefined;
  readonly status: NodeStatus;
  readonly result: NodeResult | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly attempt: number;
  readonly issues: readonly Issue[];
}

/** A run as a tree of stages, jobs and tasks, in display order. */
export interface RunTree {
  readonly stages: readonly StageNode[];
  readonly checks: readonly StageCheck[];
  /** The issues of the run itself. */
  readonly issues: readonly Issue[];
}

/** The tree of a run without records. */
export const emptyTree: RunTree = { stages: [], checks: [], issues: [] };

/** The name of what was not named in the YAML; it is not shown. */
export const defaultName = "__default";

/** The name shown for a job if neither it nor its stage has one. */
export function jobTitle(job: JobNode): string {
  return job.displayName ?? "Job";
}

/** `Staging › Smoke tests › Run curl`, without unnamed nodes. */
export function nodePath(stage?: RunNode, job?: RunNode, task?: RunNode): string {
  const names = [stage, job, task].map((node) => node?.displayName).filter((name) => name !== undefined);
  return names.length === 0 && job !== undefined ? "Job" : names.join(" › ");
}

/** Whether it ran at some time; a skipped or manual one did not, even if it has times. */
export function hasStarted(node: RunNode): boolean {
  if (node.status === "inProgress") return true;
  return node.status === "completed" && !isNotRun(node) && node.startedAt !== null;
}

/** Whether it ended without having run: skipped, or manual and not started. */
export function isNotRun({ result }: Pick<RunNode, "result">): boolean {
  return result === "skipped" || result === "manual";
}

/** Whether something in it is running. */
export function isRunning({ stages }: RunTree): boolean {
  const isInProgress = ({ status }: RunNode) => status === "inProgress";
  return stages.some(
    (stage) =>
      isInProgress(stage) || stage.jobs.some((job) => isInProgress(job) || job.tasks.some(isInProgress)),
  );
}

/** The issues whose stage does not exist. */
export function pipelineChecks({ stages, checks }: RunTree): readonly StageCheck[] {
  const inStages = new Set(stages.flatMap((stage) => stage.checks));
  return checks.filter((check) => !inStages.has(check));
}

/** The total of all of them. */
export function sumCounts(nodes: readonly RunNode[]): Pick<RunNode, "errors" | "warnings"> {
  const sum = (key: "errors" | "warnings") => nodes.reduce((total, node) => total + node[key], 0);
  return { errors: sum("errors"), warnings: sum("warnings") };
}

/** The highest attempt of the run's stages: 1, or more after a retry. */
export function highestAttempt({ stages }: Pick<RunTree, "stages">): number {
  return Math.max(1, ...stages.map(({ attempt }) => attempt));
}

/** A key for one attempt of a node, unique in its run. */
export function attemptKey({ id, attempt }: RunNode): string {
  return `${id}#${attempt}`;
}

/** Every wait of a stage or a run: its checks, and the tasks that wait. */
export function allChecks({ stages, checks }: Pick<RunTree, "stages" | "checks">): readonly StageCheck[] {
  return [...checks, ...stages.flatMap(taskChecks)];
}

function taskChecks({ jobs }: StageNode): readonly StageCheck[] {
  return jobs.flatMap(({ tasks }) => tasks.flatMap(({ wait }) => wait ?? []));
}

/** Whether the run waits for it now. */
export function pendingChecks(tree: RunTree): readonly StageCheck[] {
  const completedStages = new Set(
    tree.stages.filter((stage) => stage.status === "completed").map((stage) => stage.name),
  );
  return allChecks(tree).filter(
    (check) => check.status === "inProgress" && !(check.stage && completedStages.has(check.stage)),
  );
}

/** The URL of a job or task in the run's log viewer. `runUrl` is the URL of the run. */
export function logUrl(runUrl: string, jobId: string, taskId?: string, line?: number): string {
  const taskQuery = taskId === undefined ? "" : `&t=${encodeURIComponent(taskId)}`;
  const lineQuery = line === undefined ? "" : `&l=${line}`;
  return `${withQuery(runUrl)}view=logs&j=${encodeURIComponent(jobId)}${taskQuery}${lineQuery}`;
}

/** The URL of the page that lists a run's artifacts. */
export function artifactsUrl(runUrl: string): string {
  return `${withQuery(runUrl)}view=artifacts`;
}

function withQuery(url: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}`;
}
