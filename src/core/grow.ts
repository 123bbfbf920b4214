import type { NodeResult, NodeStatus, TimelineRecord } from "./model.ts";
import {
  defaultName,
  type JobNode,
  type RunNode,
  type StageCheck,
  type StageNode,
  sumCounts,
  type TaskNode,
} from "./nodes.ts";
import { oneLine } from "./text.ts";

// Records into nodes, one function a kind.

export function taskNode(record: TimelineRecord): TaskNode {
  const { errors, warnings } = record;
  return {
    ...recordFields(record),
    name: record.refName ?? record.name,
    displayName: visibleName(record.name),
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
  const ownMessages = new Set(siblings.flatMap((sibling) => sibling.issues.map((issue) => issue.message)));
  const phaseIssues =
    isFirst && phase !== job ? phase.issues.filter((issue) => !ownMessages.has(issue.message)) : [];
  const record = { ...job, issues: [...job.issues, ...phaseIssues] };
  return {
    ...recordFields(record),
    name: jobName(job, prefix) ?? jobName(phase, prefix) ?? job.name,
    displayName: visibleName(job.name) ?? visibleName(phase.name),
    ...issueCounts(record, tasks),
    worker: job.worker,
    tasks,
  };
}

/** A YAML job that became none: skipped, refused, or not there yet. */
export function placeholderJob(phase: TimelineRecord, prefix: string): JobNode {
  return {
    ...recordFields(phase),
    // Its jobs will have ids of their own: were this one told as started, each would start twice.
    status: phase.status === "completed" ? "completed" : "pending",
    name: jobName(phase, prefix) ?? phase.name,
    displayName: visibleName(phase.name),
    ...issueCounts(phase, []),
    worker: null,
    tasks: [],
  };
}

/** The job of tasks whose job is missing, as far as the tasks tell. */
export function inferredJob(tasks: readonly TaskNode[], firstTask: TimelineRecord): JobNode {
  const id = firstTask.parentId ?? "orphans";
  return { ...aggregateNode(id, tasks), displayName: undefined, worker: firstTask.worker, tasks };
}

export function stageNode(
  stage: TimelineRecord,
  jobs: readonly JobNode[],
  checks: readonly StageCheck[],
): StageNode {
  const displayName = stageDisplayName(stage);
  return {
    ...recordFields(stage),
    name: stageName(stage),
    displayName,
    ...issueCounts(stage, jobs),
    checks,
    jobs,
  };
}

/** A stage always has an identifier, which does where its name is blank. */
function stageDisplayName(stage: TimelineRecord): string | undefined {
  return stage.name === defaultName ? undefined : (visibleName(stage.name) ?? visibleName(stageName(stage)));
}

export function stageName({ identifier, refName, name }: TimelineRecord): string {
  return identifier ?? refName ?? name;
}

/** The stage of jobs that have none: classic builds, and servers from before stages. */
export function implicitStage(jobs: readonly JobNode[]): StageNode {
  return { ...aggregateNode(defaultName, jobs), displayName: undefined, checks: [], jobs };
}

const checkKinds: Readonly<Record<string, StageCheck["kind"]>> = {
  "Checkpoint.Approval": "approval",
  "Checkpoint.Authorization": "authorization",
};

export function checkNode(record: TimelineRecord, stageRecord: TimelineRecord | undefined): StageCheck {
  const { id, status, result, startedAt, finishedAt, attempt, issues } = record;
  const kind = checkKinds[record.type] ?? "check";
  const stage = stageRecord === undefined ? null : stageName(stageRecord);
  const stageTitle = stageRecord === undefined ? undefined : stageDisplayName(stageRecord);
  return { kind, id, stage, stageTitle, status, result, startedAt, finishedAt, attempt, issues };
}

/** What nobody named, or with nothing that could be seen, is not shown to people. */
function visibleName(name: string): string | undefined {
  return name === defaultName || oneLine(name) === "" ? undefined : name;
}

function recordFields(record: TimelineRecord) {
  const { id, status, result, startedAt, finishedAt, attempt, logId, issues } = record;
  return { id, status, result, startedAt, finishedAt, attempt, logId, issues };
}

/** `Compile` for `Build.Compile.__default`, `Compile.linux` for `Build.Compile.linux`. */
function jobName({ identifier, refName }: TimelineRecord, prefix: string): string | undefined {
  const fullName = identifier ?? refName ?? undefined;
  const inStage = fullName?.startsWith(`${prefix}.`) ? fullName.slice(prefix.length + 1) : fullName;
  const name = inStage?.endsWith(`.${defaultName}`) ? inStage.slice(0, -defaultName.length - 1) : inStage;
  return identifier === null && name === defaultName ? undefined : name;
}

function issueCounts(record: TimelineRecord, children: readonly RunNode[]) {
  const countOf = (severity: string) => record.issues.filter((issue) => issue.severity === severity).length;
  const { errors, warnings } = sumCounts(children);
  return { errors: countOf("error") + errors, warnings: countOf("warning") + warnings };
}

const resultsBySeverity: readonly (NodeResult | null)[] = [
  "failed",
  "canceled",
  "abandoned",
  "succeededWithIssues",
  "succeeded",
];

function aggregateNode(id: string, children: readonly RunNode[]) {
  const status = aggregateStatus(children);
  const starts = children.map((child) => child.startedAt).filter((at) => at !== null);
  const ends = children.map((child) => child.finishedAt).filter((at) => at !== null);
  const result =
    resultsBySeverity.find((value) => children.some((child) => child.result === value)) ?? "skipped";
  return {
    id,
    name: defaultName,
    status,
    result: status === "completed" ? result : null,
    startedAt: starts.sort()[0] ?? null,
    finishedAt: status === "completed" ? (ends.sort().at(-1) ?? null) : null,
    attempt: Math.max(1, ...children.map((child) => child.attempt)),
    logId: null,
    issues: [],
    ...sumCounts(children),
  };
}

function aggregateStatus(children: readonly RunNode[]): NodeStatus {
  if (children.every((child) => child.status === "completed")) return "completed";
  return children.every((child) => child.status === "pending") ? "pending" : "inProgress";
}
