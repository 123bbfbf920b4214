import type { NodeResult, NodeStatus, TimelineRecord } from "./model.ts";
import {
  countsOf,
  type JobNode,
  type RunNode,
  type StageNode,
  type TaskNode,
  unnamed,
  type Wait,
} from "./nodes.ts";
import { oneLine } from "./text.ts";

// Records into nodes, one function a kind.

export function taskNode(record: TimelineRecord): TaskNode {
  const { errors, warnings } = record;
  return {
    ...facts(record),
    name: record.refName ?? record.name,
    displayName: shown(record.name),
    errors,
    warnings,
  };
}

interface JobRecords {
  readonly job: TimelineRecord;
  readonly phase: TimelineRecord;
  /** The stage's name, which begins the identifiers in it. */
  readonly prefix: string;
  readonly tasks: readonly TaskNode[];
  readonly isFirst: boolean;
  readonly siblings: readonly TimelineRecord[];
}

export function jobNode({ job, phase, prefix, tasks, isFirst, siblings }: JobRecords): JobNode {
  // A YAML job's own issues are told once, with the first job that it became, unless that one says the same.
  const said = new Set(siblings.flatMap((sibling) => sibling.issues.map((issue) => issue.message)));
  const shared = isFirst && phase !== job ? phase.issues.filter((issue) => !said.has(issue.message)) : [];
  const own = { ...job, issues: [...job.issues, ...shared] };
  return {
    ...facts(own),
    name: jobName(job, prefix) ?? jobName(phase, prefix) ?? job.name,
    displayName: shown(job.name) ?? shown(phase.name),
    ...counts(own, tasks),
    worker: job.worker,
    tasks,
  };
}

/** A YAML job that became none: skipped, refused, or not there yet. */
export function standInJob(phase: TimelineRecord, prefix: string): JobNode {
  return {
    ...facts(phase),
    // Its jobs will have ids of their own: were this one told as started, each would start twice.
    status: phase.status === "completed" ? "completed" : "pending",
    name: jobName(phase, prefix) ?? phase.name,
    displayName: shown(phase.name),
    ...counts(phase, []),
    worker: null,
    tasks: [],
  };
}

/** The job of tasks whose job is missing, as far as the tasks tell. */
export function adoptedJob(tasks: readonly TaskNode[], eldest: TimelineRecord): JobNode {
  const id = eldest.parentId ?? "orphans";
  return { ...summed(id, tasks), displayName: undefined, worker: eldest.worker, tasks };
}

export function stageNode(
  stage: TimelineRecord,
  jobs: readonly JobNode[],
  waits: readonly Wait[],
): StageNode {
  const displayName = titleOf(stage);
  return { ...facts(stage), name: stageName(stage), displayName, ...counts(stage, jobs), waits, jobs };
}

/** A stage always has an identifier, which does where its name is blank. */
function titleOf(stage: TimelineRecord): string | undefined {
  return stage.name === unnamed ? undefined : (shown(stage.name) ?? shown(stageName(stage)));
}

export function stageName({ identifier, refName, name }: TimelineRecord): string {
  return identifier ?? refName ?? name;
}

/** The stage of jobs that have none: classic builds, and servers from before stages. */
export function adoptedStage(jobs: readonly JobNode[]): StageNode {
  return { ...summed(unnamed, jobs), displayName: undefined, waits: [], jobs };
}

const kinds: Readonly<Record<string, Wait["kind"]>> = {
  "Checkpoint.Approval": "approval",
  "Checkpoint.Authorization": "authorization",
};

export function waitOf(record: TimelineRecord, home: TimelineRecord | undefined): Wait {
  const { id, status, result, startedAt, finishedAt, attempt, issues } = record;
  const kind = kinds[record.type] ?? "check";
  const stage = home === undefined ? null : stageName(home);
  const stageTitle = home === undefined ? undefined : titleOf(home);
  return { kind, id, stage, stageTitle, status, result, startedAt, finishedAt, attempt, issues };
}

/** What nobody named, or with nothing that could be seen, is not shown to people. */
function shown(name: string): string | undefined {
  return name === unnamed || oneLine(name) === "" ? undefined : name;
}

function facts(record: TimelineRecord) {
  const { id, status, result, startedAt, finishedAt, attempt, logId, issues } = record;
  return { id, status, result, startedAt, finishedAt, attempt, logId, issues };
}

/** `Compile` for `Build.Compile.__default`, `Compile.linux` for `Build.Compile.linux`. */
function jobName({ identifier, refName }: TimelineRecord, prefix: string): string | undefined {
  const whole = identifier ?? refName ?? undefined;
  const inStage = whole?.startsWith(`${prefix}.`) ? whole.slice(prefix.length + 1) : whole;
  const name = inStage?.endsWith(`.${unnamed}`) ? inStage.slice(0, -unnamed.length - 1) : inStage;
  return identifier === null && name === unnamed ? undefined : name;
}

function counts(record: TimelineRecord, parts: readonly RunNode[]) {
  const of = (severity: string) => record.issues.filter((issue) => issue.severity === severity).length;
  const { errors, warnings } = countsOf(parts);
  return { errors: of("error") + errors, warnings: of("warning") + warnings };
}

const worst: readonly (NodeResult | null)[] = [
  "failed",
  "canceled",
  "abandoned",
  "succeededWithIssues",
  "succeeded",
];

function summed(id: string, parts: readonly RunNode[]) {
  const status = statusOf(parts);
  const starts = parts.map((part) => part.startedAt).filter((at) => at !== null);
  const ends = parts.map((part) => part.finishedAt).filter((at) => at !== null);
  const result = worst.find((word) => parts.some((part) => part.result === word)) ?? "skipped";
  return {
    id,
    name: unnamed,
    status,
    result: status === "completed" ? result : null,
    startedAt: starts.sort()[0] ?? null,
    finishedAt: status === "completed" ? (ends.sort().at(-1) ?? null) : null,
    attempt: Math.max(1, ...parts.map((part) => part.attempt)),
    logId: null,
    issues: [],
    ...countsOf(parts),
  };
}

function statusOf(parts: readonly RunNode[]): NodeStatus {
  if (parts.every((part) => part.status === "completed")) return "completed";
  return parts.every((part) => part.status === "pending") ? "pending" : "inProgress";
}
