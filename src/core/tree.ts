import {
  checkNode,
  implicitStage,
  inferredJob,
  jobNode,
  placeholderJob,
  stageName,
  stageNode,
  taskNode,
} from "./grow.ts";
import { compareRecords, indexRecords, type RecordIndex } from "./lineage.ts";
import type { Records, TimelineRecord } from "./model.ts";
import { defaultName, type JobNode, type RunTree, type StageCheck, type StageNode } from "./nodes.ts";

/** One YAML job: a phase with the jobs that it became, or a job of its own (classic builds). */
interface JobGroup {
  readonly phase: TimelineRecord;
  readonly jobs: readonly TimelineRecord[];
}

/** Never throws: records without a parent are adopted, circles and unknown types are left out. */
export function buildRunTree(records: Records): RunTree {
  const recordIndex = indexRecords(records);
  const stages = recordIndex.ofType("Stage").sort(compareRecords);
  const stageOf = createStageLookup(recordIndex, stages);
  const tasksOf = Map.groupBy(tasksIn(recordIndex), (task) => recordIndex.findAncestor(task, "Job")?.id);
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
      const tasks = (tasksOf.get(job.id) ?? []).sort(compareRecords).map(taskNode);
      return jobNode({ job, phase: phase, prefix, tasks, isFirst: index === 0, siblings: jobs });
    });
  }

  const checks = checksIn(records, recordIndex);
  const nodes = stages.map((stage): StageNode => {
    const ownChecks = checks.filter((check) => check.stage === stageName(stage));
    return stageNode(stage, jobsByStage.get(stage) ?? [], ownChecks);
  });
  const orphans = jobsByStage.get(undefined);
  return { stages: orphans ? [...nodes, implicitStage(orphans)] : nodes, checks };
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

/** What a check does in its own tasks is no work of the run. */
function tasksIn(recordIndex: RecordIndex): TimelineRecord[] {
  return recordIndex
    .ofType("Task")
    .filter((task) => recordIndex.findAncestor(task, "Checkpoint") === undefined);
}

type StageLookup = (record: TimelineRecord) => TimelineRecord | undefined;

/** The stage of a record. One that lost its stage goes where its identifier points, or to the only stage there is. */
function createStageLookup(recordIndex: RecordIndex, stages: readonly TimelineRecord[]): StageLookup {
  const byName = new Map(stages.map((stage) => [stageName(stage), stage]));
  return (record) => {
    const ancestor = recordIndex.findAncestor(record, "Stage");
    if (ancestor !== undefined && byName.get(stageName(ancestor)) === ancestor) return ancestor;
    const named = byName.get(record.identifier?.split(".")[0] ?? "");
    return named ?? byName.get(defaultName) ?? (stages.length === 1 ? stages[0] : undefined);
  };
}

/** Tasks whose job is not among the records: a job without a name for each that is missing. */
function inferredJobs(
  tasks: readonly TimelineRecord[],
  stageOf: StageLookup,
): Map<TimelineRecord | undefined, JobNode[]> {
  const taskGroups = [...Map.groupBy(tasks, (task) => task.parentId ?? "").values()];
  const jobs = taskGroups.flatMap((group) => {
    const [firstTask] = group;
    return firstTask
      ? [{ stage: stageOf(firstTask), job: inferredJob(group.sort(compareRecords).map(taskNode), firstTask) }]
      : [];
  });
  const byStage = [...Map.groupBy(jobs, ({ stage }) => stage)];
  return new Map(byStage.map(([stage, entries]) => [stage, entries.map(({ job }) => job)]));
}

function checksIn(records: Records, recordIndex: RecordIndex): StageCheck[] {
  const types = new Set(Array.from(records.values(), (record) => record.type));
  return [...types]
    .filter((type) => type.startsWith("Checkpoint."))
    .flatMap((type) => recordIndex.ofType(type))
    .sort(compareRecords)
    .map((record) => checkNode(record, recordIndex.findAncestor(record, "Stage")));
}
