import { checksIn, waitOf } from "./check-nodes.ts";
import type { Issue, NodeResult, NodeStatus, Records, TimelineRecord } from "./model.ts";
import {
  compareRecords,
  indexRecords,
  type RecordIndex,
  stageDisplayName,
  stageName,
  visibleName,
} from "./records.ts";
import {
  defaultName,
  type JobNode,
  type RunNode,
  type RunTree,
  type StageCheck,
  type StageNode,
  sumCounts,
  type TaskNode,
} from "./run-tree.ts";

/** One YAML job: a phase with the jobs that it became, or a job of its own (classic builds). */
interface JobGroup {
  readonly phase: TimelineRecord;
  readonly jobs: readonly TimelineRecord[];
}

/** Never throws: records without a parent get one; cycles and records of unknown types are left out. */
export function buildRunTree(records: Records): RunTree {
  const recordIndex = indexRecords(records);
  const stages = recordIndex.ofType("Stage").sort(compareRecords);
  const stageOf = createStageLookup(recordIndex, stages);
  const tasksOf = Map.groupBy(tasksIn(recordIndex), (task) => recordIndex.findAncestor(task, "Job")?.id);
  const foreignIssues = issuesOfOtherRecords(records, recordIndex, stageOf);
  const jobsByStage = new Map<TimelineRecord | undefined, JobNode[]>();

  for (const [stage, groups] of Map.groupBy(jobGroups(recordIndex), (group) => stageOf(group.phase))) {
    const prefix = stage ? stageName(stage) : defaultName;
    jobsByStage.set(
      stage,
      groups.sort((a, b) => compareRecords(a.phase, b.phase)).flatMap((group) => jobsOf(group, prefix)),
    );
  }
  for (const [stage, jobs] of inferredJobs(tasksOf.get(undefined) ?? [], stageOf)) {
    jobsByStage.set(stage, [...(jobsByStage.get(stage) ?? []), ...jobs]);
  }

  function jobsOf({ phase, jobs }: JobGroup, prefix: string): JobNode[] {
    if (jobs.length === 0) return [placeholderJob(phase, prefix)];
    return jobs.map((job, index) => {
      const jobTasks = (tasksOf.get(job.id) ?? []).sort(compareRecords);
      const tasks = jobTasks.map((task) => taskNode(task, waitOf(task, job, stageOf(phase))));
      const issues = [...job.issues, ...(foreignIssues.get(job.id) ?? [])];
      return jobNode({ job: { ...job, issues }, phase, prefix, tasks, isFirst: index === 0, siblings: jobs });
    });
  }

  const checks = checksIn(records, recordIndex);
  const nodes = stages.map((stage): StageNode => {
    const ownChecks = checks.filter((check) => check.stage === stageName(stage));
    const issues = [...stage.issues, ...(foreignIssues.get(stage.id) ?? [])];
    return stageNode({ ...stage, issues }, jobsByStage.get(stage) ?? [], ownChecks);
  });
  const jobsWithoutStage = jobsByStage.get(undefined);
  return {
    stages: jobsWithoutStage ? [...nodes, implicitStage(jobsWithoutStage)] : nodes,
    checks,
    issues: foreignIssues.get(undefined) ?? [],
  };
}

const treeTypes = new Set(["Stage", "Phase", "Job", "Task"]);

/**
 * The issues of records that are not nodes of the tree (unknown types, checkpoints, a check's own tasks), keyed by the id
 * of the job or stage that they are in; `undefined` is the run itself.
 */
function issuesOfOtherRecords(
  records: Records,
  recordIndex: RecordIndex,
  stageOf: StageLookup,
): ReadonlyMap<string | undefined, readonly Issue[]> {
  const found = new Map<string | undefined, { readonly messages: Set<string>; readonly issues: Issue[] }>();
  for (const record of records.values()) {
    if (record.issues.length === 0) continue;
    const isCheckTask =
      record.type === "Task" && recordIndex.findAncestor(record, "Checkpoint") !== undefined;
    const isNode = treeTypes.has(record.type) || record.type.startsWith("Checkpoint.");
    if ((isNode && !isCheckTask) || recordIndex.isFromEarlierAttempt(record)) continue;
    const job = isCheckTask ? undefined : recordIndex.findAncestor(record, "Job");
    const owner = job ?? recordIndex.findAncestor(record, "Stage") ?? (record.parentId && stageOf(record));
    const key = owner ? owner.id : undefined;
    const { messages, issues } = found.get(key) ?? {
      messages: new Set(owner ? owner.issues.map(({ message }) => message) : []),
      issues: [],
    };
    found.set(key, { messages, issues });
    const others = record.issues.filter(({ message }) => !messages.has(message));
    issues.push(...others);
    for (const { message } of others) messages.add(message);
  }
  return new Map([...found].map(([key, { issues }]) => [key, issues]));
}

function jobGroups(recordIndex: RecordIndex): JobGroup[] {
  const phases = new Set(recordIndex.ofType("Phase"));
  const byPhase = Map.groupBy(recordIndex.ofType("Job"), (job) => {
    const phase = recordIndex.findAncestor(job, "Phase");
    return phase !== undefined && phases.has(phase) ? phase : undefined;
  });
  return [
    ...[...phases].map((phase) => ({ phase: phase, jobs: (byPhase.get(phase) ?? []).sort(compareRecords) })),
    ...(byPhase.get(undefined) ?? []).map((job) => ({ phase: job, jobs: [job] })),
  ];
}

/** A check's own tasks are not part of the run's work. */
function tasksIn(recordIndex: RecordIndex): TimelineRecord[] {
  return recordIndex
    .ofType("Task")
    .filter((task) => recordIndex.findAncestor(task, "Checkpoint") === undefined);
}

type StageLookup = (record: TimelineRecord) => TimelineRecord | undefined;

/** The stage of a record. If its parents don't lead to one, its identifier decides, or it belongs to the only stage. */
function createStageLookup(recordIndex: RecordIndex, stages: readonly TimelineRecord[]): StageLookup {
  const byName = new Map(stages.map((stage) => [stageName(stage), stage]));
  return (record) => {
    const ancestor = recordIndex.findAncestor(record, "Stage");
    if (ancestor !== undefined && byName.get(stageName(ancestor)) === ancestor) return ancestor;
    const named = byName.get(record.identifier?.split(".")[0] ?? "");
    return named ?? byName.get(defaultName) ?? (stages.length === 1 ? stages[0] : undefined);
  };
}

/** Tasks whose job is not among the records: they get an unnamed job for each missing one. */
function inferredJobs(
  tasks: readonly TimelineRecord[],
  stageOf: StageLookup,
): Map<TimelineRecord | undefined, JobNode[]> {
  const taskGroups = [...Map.groupBy(tasks, (task) => task.parentId ?? "").values()];
  const jobs = taskGroups.flatMap((group) => {
    const [firstTask] = group;
    return firstTask
      ? [
          {
            stage: stageOf(firstTask),
            job: inferredJob(
              group.sort(compareRecords).map((task) => taskNode(task)),
              firstTask,
            ),
          },
        ]
      : [];
  });
  const byStage = [...Map.groupBy(jobs, ({ stage }) => stage)];
  return new Map(byStage.map(([stage, entries]) => [stage, entries.map(({ job }) => job)]));
}

// Conversion of records to nodes, one function for each kind.

/** Without intermediate objects: a run can have thousands of tasks. */
export function taskNode(record: TimelineRecord, wait?: StageCheck): TaskNode {
  const node: TaskNode = {
    id: record.id,
    name: record.refName ?? record.name,
    displayName: visibleName(record.name),
    status: record.status,
    result: record.result,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    attempt: record.attempt,
    logId: record.logId,
    issues: record.issues,
    errors: record.errors,
    warnings: record.warnings,
  };
  return wait === undefined ? node : { ...node, wait };
}

interface JobRecords {
  readonly job: TimelineRecord;
  readonly phase: TimelineRecord;
  /** The stage's name: identifiers inside the stage begin with it. */
  readonly prefix: string;
  readonly tasks: readonly TaskNode[];
  readonly isFirst: boolean;
  readonly siblings: readonly TimelineRecord[];
}

function jobNode({ job, phase, prefix, tasks, isFirst, siblings }: JobRecords): JobNode {
  // A YAML job's own issues are shown once, with the first of its jobs, unless that one has the same issues.
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

/** A YAML job for which there is no job record: skipped, refused, or not created yet. */
function placeholderJob(phase: TimelineRecord, prefix: string): JobNode {
  return {
    ...recordFields(phase),
    // Its jobs will have ids of their own: if this one were logged as started, each of them would be logged twice.
    status: phase.status === "completed" ? "completed" : "pending",
    name: jobName(phase, prefix) ?? phase.name,
    displayName: visibleName(phase.name),
    ...issueCounts(phase, []),
    worker: null,
    tasks: [],
  };
}

/** A job whose record is missing, reconstructed from its tasks. */
function inferredJob(tasks: readonly TaskNode[], firstTask: TimelineRecord): JobNode {
  const id = firstTask.parentId ?? "no-parent";
  return { ...aggregateNode(id, tasks), displayName: undefined, worker: firstTask.worker, tasks };
}

function stageNode(
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

/** The stage of jobs that have none: classic builds, and servers from before stages. */
export function implicitStage(jobs: readonly JobNode[]): StageNode {
  return { ...aggregateNode(defaultName, jobs), displayName: undefined, checks: [], jobs };
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
