import { buildRunTree, implicitStage, taskNode } from "./build-run-tree.ts";
import { waitOf } from "./check-nodes.ts";
import type { Records, TimelineRecord } from "./model.ts";
import { stageName } from "./records.ts";
import type { JobNode, RunNode, RunTree, StageNode, TaskNode } from "./run-tree.ts";

/**
 * Builds the tree of each poll of a run. Nodes that have not changed since the last one stay the same objects. Where
 * stages, jobs and tasks only went on, nothing but these nodes and what they are in is built again.
 */
export function createRunTreeBuilder(): (records: Records) => RunTree {
  let last: PlacedTree | undefined;
  return (records) => {
    if (last?.records === records) return last.tree;
    const tree = last && updateTree(last, records);
    last =
      last !== undefined && tree !== undefined
        ? { ...last, records, tree }
        : placeNodes(buildRunTree(records), records);
    return last.tree;
  };
}

/** A tree, and what it takes to update it. */
interface PlacedTree {
  readonly records: Records;
  readonly tree: RunTree;
  /** By the record's id: stages, jobs and tasks. */
  readonly places: ReadonlyMap<string, Place>;
  /** Records that the time of their start may move to another place; `undefined` for all. */
  readonly sortedByStart: ReadonlySet<string> | undefined;
}

interface Place {
  readonly stageAt: number;
  readonly jobAt?: number;
  readonly taskAt?: number;
}

function placeNodes(tree: RunTree, records: Records): PlacedTree {
  const places = new Map<string, Place>();
  for (const [stageAt, stage] of tree.stages.entries()) {
    places.set(stage.id, { stageAt });
    for (const [jobAt, job] of stage.jobs.entries()) {
      places.set(job.id, { stageAt, jobAt });
      for (const [taskAt, task] of job.tasks.entries()) places.set(task.id, { stageAt, jobAt, taskAt });
    }
  }
  return { records, tree, places, sortedByStart: sortedByStart(records) };
}

const parentTypes: ReadonlyMap<string, string> = new Map([
  ["Phase", "Stage"],
  ["Job", "Phase"],
  ["Task", "Job"],
]);

/** Nodes are sorted by the service's order: only where that is missing, or the same for two of them, by their start. */
function sortedByStart(records: Records): ReadonlySet<string> | undefined {
  const siblings = new Map<string, string>();
  const stageNames = new Set<string>();
  const sensitive = new Set<string>();
  for (const record of records.values()) {
    const { id, type, parentId, order } = record;
    const parentType = parentTypes.get(type);
    if (parentType === undefined && type !== "Stage") continue;
    const parent = records.get(parentId ?? "");
    if (parent?.type.startsWith("Checkpoint")) continue;
    // Nodes that lost their parent, or whose stage has another's name, are sorted among those of another.
    if (parent?.type !== parentType || (type === "Stage" && stageNames.has(stageName(record))))
      return undefined;
    if (type === "Stage") stageNames.add(stageName(record));
    const place = `${type} ${parentType === undefined ? "" : parentId} ${order}`;
    const sibling = siblings.get(place);
    if (order === null || sibling !== undefined) sensitive.add(id).add(sibling ?? id);
    siblings.set(place, id);
  }
  return sensitive;
}

/** `undefined` where the tree has to be built again. */
function updateTree({ records: known, tree, ...placed }: PlacedTree, records: Records): RunTree | undefined {
  if (records.size !== known.size) return undefined;
  const draft = createDraft(tree, records);
  for (const [id, record] of records) {
    const previous = known.get(id);
    if (previous === record) continue;
    if (previous === undefined || !isUpdate(previous, record, placed)) return undefined;
    const place = placed.places.get(id);
    const isUpdated = place === undefined ? isShownNowhere(previous, record) : draft.update(record, place);
    if (!isUpdated) return undefined;
  }
  return draft.finish();
}

/** What decides where a node is, and what other nodes take from its record. */
const structuralFields = [
  "type",
  "parentId",
  "name",
  "refName",
  "identifier",
  "order",
  "attempt",
  "taskName",
] as const satisfies readonly (keyof TimelineRecord)[];

/** Whether a record only went on, so that no other node than its own and those that it is in is another one. */
function isUpdate(
  previous: TimelineRecord,
  record: TimelineRecord,
  { sortedByStart }: Pick<PlacedTree, "sortedByStart">,
): boolean {
  const mayMove = sortedByStart === undefined || sortedByStart.has(record.id);
  if (mayMove && previous.startedAt !== record.startedAt) return false;
  if (!structuralFields.every((field) => previous[field] === record[field])) return false;
  // The issues of a job or a stage are told apart from those of what is in it, and a job's tasks wait if it has no worker.
  return (
    record.type === "Task" ||
    (previous.issues.length === 0 &&
      record.issues.length === 0 &&
      (previous.worker === null) === (record.worker === null))
  );
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

type StageDraft = Draft<StageNode> & { jobs: JobNode[] };

type JobDraft = Draft<JobNode> & { tasks: TaskNode[] };

/** A tree in which nodes are replaced: each is copied once. */
function createDraft(tree: RunTree, records: Records) {
  const stages = new Map<number, StageDraft>();
  const jobs = new Map<JobNode, JobDraft>();
  const editStage = (at: number): StageDraft | undefined => {
    const known = stages.get(at);
    const stage = tree.stages[at];
    if (known !== undefined || stage === undefined) return known;
    const draft = { ...stage, jobs: [...stage.jobs] };
    stages.set(at, draft);
    return draft;
  };
  const editJob = (stage: StageDraft, at: number): JobDraft | undefined => {
    const job = stage.jobs[at];
    if (job === undefined || records.get(job.id)?.type !== "Job") return undefined;
    const draft = jobs.get(job) ?? { ...job, tasks: [...job.tasks] };
    jobs.set(draft, draft);
    stage.jobs[at] = draft;
    return draft;
  };
  /** Whether the node could be replaced. */
  const update = (record: TimelineRecord, place: Place): boolean => {
    const stage = editStage(place.stageAt);
    if (stage === undefined) return false;
    if (place.jobAt === undefined) return assignProgress(stage, record);
    const job = editJob(stage, place.jobAt);
    const task = job?.tasks[place.taskAt ?? -1];
    if (job === undefined) return false;
    if (place.taskAt === undefined)
      return assignProgress(Object.assign(job, { worker: record.worker }), record);
    const jobRecord = records.get(job.id);
    if (task === undefined || jobRecord === undefined) return false;
    const replacement = taskNode(record, waitOf(record, jobRecord, records.get(stage.id)));
    job.tasks[place.taskAt] = replacement;
    for (const node of [job, stage]) {
      node.errors += replacement.errors - task.errors;
      node.warnings += replacement.warnings - task.warnings;
    }
    return true;
  };
  const finish = (): RunTree => {
    if (stages.size === 0) return tree;
    const edited = tree.stages.map((stage, at) => stages.get(at) ?? stage);
    return {
      ...tree,
      stages: edited.map((stage) => (records.has(stage.id) ? stage : implicitStage(stage.jobs))),
    };
  };
  return { update, finish };
}

/** A phase that has jobs, or a check's own task. */
function isShownNowhere(previous: TimelineRecord, { type, issues }: TimelineRecord): boolean {
  return (type === "Phase" || type === "Task") && issues.length === 0 && previous.issues.length === 0;
}

function assignProgress(node: Draft<RunNode>, record: TimelineRecord): boolean {
  const { status, result, startedAt, finishedAt, logId } = record;
  Object.assign(node, { status, result, startedAt, finishedAt, logId });
  return true;
}
