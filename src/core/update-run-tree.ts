import { buildRunTree, implicitStage, taskNode } from "./build-run-tree.ts";
import { waitOf } from "./check-nodes.ts";
import type { Records, TimelineRecord } from "./model.ts";
import { type MergeResult, mergeRecords, stageName } from "./records.ts";
import {
  emptyTree,
  type JobNode,
  type RunNode,
  type RunTree,
  type StageNode,
  type TaskNode,
} from "./run-tree.ts";

/** A run's records and their tree, which responses update. */
export interface RunTimeline {
  /** Without records, an empty tree. The same object until a record changes. */
  tree(): RunTree;
  /** Takes the records that changed since the response before, or all of them (`isComplete`). */
  merge(changes: readonly TimelineRecord[], options?: { readonly isComplete?: boolean }): void;
}

/**
 * Keeps the tree of a run. Nodes that do not change stay the same objects. Where stages, jobs and tasks only went on, nothing
 * but these nodes and what they are in is built again, so that the work is that of the changes.
 */
export function createRunTimeline(): RunTimeline {
  const records = new Map<string, TimelineRecord>();
  let tree = emptyTree;
  let places = placeNodes(tree, records);
  return {
    tree: () => tree,
    merge: (changes, options) => {
      const { previous, hasOtherIds } = mergeRecords(records, changes, options);
      if (previous.size === 0 && !hasOtherIds) return;
      const updated = hasOtherIds ? undefined : updateTree({ tree, places, records, previous });
      if (updated === undefined) {
        tree = buildRunTree(records);
        places = placeNodes(tree, records);
      } else {
        tree = updated;
      }
    },
  };
}

/** Where the records of a tree are in it. */
interface NodePlaces {
  /** By the record's id: stages, jobs, and the jobs that tasks are in. */
  readonly places: ReadonlyMap<string, Place>;
  /** The index of each task in its job. */
  readonly taskIndexes: ReadonlyMap<string, number>;
  /** Records that the time of their start may move to another place; `undefined` for all. */
  readonly sortedByStart: ReadonlySet<string> | undefined;
}

interface Place {
  readonly stageAt: number;
  readonly jobAt?: number;
}

function placeNodes(tree: RunTree, records: Records): NodePlaces {
  const places = new Map<string, Place>();
  const taskIndexes = new Map<string, number>();
  for (const [stageAt, stage] of tree.stages.entries()) {
    places.set(stage.id, { stageAt });
    for (const [jobAt, job] of stage.jobs.entries()) {
      const place = { stageAt, jobAt };
      places.set(job.id, place);
      job.tasks.forEach(({ id }, index) => {
        places.set(id, place);
        taskIndexes.set(id, index);
      });
    }
  }
  return { places, taskIndexes, sortedByStart: sortedByStart(records) };
}

const parentTypes: ReadonlyMap<string, string> = new Map([
  ["Phase", "Stage"],
  ["Job", "Phase"],
  ["Task", "Job"],
]);

/** Nodes are sorted by the service's order: only where that is missing, or the same for two of them, by their start. */
function sortedByStart(records: Records): ReadonlySet<string> | undefined {
  const siblingsByParent = new Map<string, Map<number | null, string>>();
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
    const parentKey = parent?.id ?? "";
    const siblings = siblingsByParent.get(parentKey) ?? new Map<number | null, string>();
    siblingsByParent.set(parentKey, siblings);
    const sibling = siblings.get(order);
    if (order === null || sibling !== undefined) sensitive.add(id).add(sibling ?? id);
    siblings.set(order, id);
  }
  return sensitive;
}

interface TreeUpdate {
  readonly tree: RunTree;
  readonly places: NodePlaces;
  /** The records now. */
  readonly records: Records;
  /** Those that changed, as they were. */
  readonly previous: MergeResult["previous"];
}

/** `undefined` where the tree has to be built again. */
function updateTree({ tree, places, records, previous }: TreeUpdate): RunTree | undefined {
  const draft = createDraft(tree, records);
  for (const [id, before] of previous) {
    const record = records.get(id);
    if (record === undefined || !isUpdate(before, record, places)) return undefined;
    const place = places.places.get(id);
    const isUpdated =
      place === undefined
        ? isShownNowhere(before, record)
        : draft.update(record, { ...place, taskAt: places.taskIndexes.get(id) });
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
  { sortedByStart }: Pick<NodePlaces, "sortedByStart">,
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

interface NodePlace extends Place {
  /** Of a task. */
  readonly taskAt: number | undefined;
}

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
  const update = (record: TimelineRecord, place: NodePlace): boolean => {
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
