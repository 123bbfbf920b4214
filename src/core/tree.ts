import {
  adoptedJob,
  adoptedStage,
  jobNode,
  stageName,
  stageNode,
  standInJob,
  taskNode,
  waitOf,
} from "./grow.ts";
import { inOrder, type Lineage, lineageOf } from "./lineage.ts";
import type { Records, TimelineRecord } from "./model.ts";
import { type JobNode, type StageNode, type Tree, unnamed, type Wait } from "./nodes.ts";

/** One YAML job: a phase with the jobs that it became, or a job of its own (classic builds). */
interface Unit {
  readonly head: TimelineRecord;
  readonly jobs: readonly TimelineRecord[];
}

/** Never throws: records without a parent are adopted, circles and unknown types are left out. */
export function treeOf(records: Records): Tree {
  const lineage = lineageOf(records);
  const stages = lineage.ofType("Stage").sort(inOrder);
  const homeOf = homes(lineage, stages);
  const tasksOf = Map.groupBy(tasksIn(lineage), (task) => lineage.above(task, "Job")?.id);
  const grown = new Map<TimelineRecord | undefined, JobNode[]>();

  for (const [home, units] of Map.groupBy(unitsIn(lineage), (unit) => homeOf(unit.head))) {
    const prefix = home ? stageName(home) : unnamed;
    grown.set(
      home,
      units.sort((a, b) => inOrder(a.head, b.head)).flatMap((unit) => jobsOf(unit, prefix)),
    );
  }
  for (const [home, jobs] of adopted(tasksOf.get(undefined) ?? [], homeOf)) {
    grown.set(home, [...(grown.get(home) ?? []), ...jobs]);
  }

  function jobsOf({ head, jobs }: Unit, prefix: string): JobNode[] {
    if (jobs.length === 0) return [standInJob(head, prefix)];
    return jobs.map((job, index) => {
      const tasks = (tasksOf.get(job.id) ?? []).sort(inOrder).map(taskNode);
      return jobNode({ job, phase: head, prefix, tasks, isFirst: index === 0, siblings: jobs });
    });
  }

  const waits = waitsIn(records, lineage);
  const nodes = stages.map((stage): StageNode => {
    const own = waits.filter((wait) => wait.stage === stageName(stage));
    return stageNode(stage, grown.get(stage) ?? [], own);
  });
  const homeless = grown.get(undefined);
  return { stages: homeless ? [...nodes, adoptedStage(homeless)] : nodes, waits };
}

function unitsIn(lineage: Lineage): Unit[] {
  const phases = new Set(lineage.ofType("Phase"));
  const byPhase = Map.groupBy(lineage.ofType("Job"), (job) => {
    const phase = lineage.above(job, "Phase");
    return phase !== undefined && phases.has(phase) ? phase : undefined;
  });
  return [
    ...[...phases].map((phase) => ({ head: phase, jobs: (byPhase.get(phase) ?? []).sort(inOrder) })),
    ...(byPhase.get(undefined) ?? []).map((job) => ({ head: job, jobs: [job] })),
  ];
}

/** What a check does in its own tasks is no work of the run. */
function tasksIn(lineage: Lineage): TimelineRecord[] {
  return lineage.ofType("Task").filter((task) => lineage.above(task, "Checkpoint") === undefined);
}

type Home = (record: TimelineRecord) => TimelineRecord | undefined;

/** The stage of a record. One that lost its stage goes where its identifier points, or to the only stage there is. */
function homes(lineage: Lineage, stages: readonly TimelineRecord[]): Home {
  const byName = new Map(stages.map((stage) => [stageName(stage), stage]));
  return (record) => {
    const above = lineage.above(record, "Stage");
    if (above !== undefined && byName.get(stageName(above)) === above) return above;
    const named = byName.get(record.identifier?.split(".")[0] ?? "");
    return named ?? byName.get(unnamed) ?? (stages.length === 1 ? stages[0] : undefined);
  };
}

/** Tasks whose job is not among the records: a job without a name for each that is missing. */
function adopted(tasks: readonly TimelineRecord[], homeOf: Home): Map<TimelineRecord | undefined, JobNode[]> {
  const families = [...Map.groupBy(tasks, (task) => task.parentId ?? "").values()];
  const jobs = families.flatMap((family) => {
    const [eldest] = family;
    return eldest
      ? [{ home: homeOf(eldest), job: adoptedJob(family.sort(inOrder).map(taskNode), eldest) }]
      : [];
  });
  const byHome = [...Map.groupBy(jobs, ({ home }) => home)];
  return new Map(byHome.map(([home, members]) => [home, members.map(({ job }) => job)]));
}

function waitsIn(records: Records, lineage: Lineage): Wait[] {
  const types = new Set(Array.from(records.values(), (record) => record.type));
  return [...types]
    .filter((type) => type.startsWith("Checkpoint."))
    .flatMap((type) => lineage.ofType(type))
    .sort(inOrder)
    .map((record) => waitOf(record, lineage.above(record, "Stage")));
}
