import { parseTime, spanDurationMs } from "../lib/time.ts";
import type { Issue, RunFacts, RunStatus } from "./model.ts";
import {
  attemptKey,
  hasStarted,
  type JobNode,
  pipelineChecks,
  type RunNode,
  type RunTree,
  type StageCheck,
  type StageNode,
  type TaskNode,
} from "./run-tree.ts";

/** Something that happened. `at` is when, by the service's clock. */
export type RunEvent = { readonly at: number | undefined } & (
  | { readonly type: "run-status"; readonly run: RunFacts; readonly status: RunStatus }
  | (InStage & { readonly type: "stage-started" | "stage-skipped" | "stage-not-started" })
  | (InStage & WithDuration & { readonly type: "stage-finished" })
  | (InJob & { readonly type: "job-started" | "job-skipped" })
  | (InJob & WithDuration & { readonly type: "job-finished" })
  | (InJob & { readonly type: "task-finished"; readonly task: TaskNode })
  | {
      readonly type: "check-started" | "check-ended";
      readonly check: StageCheck;
      readonly stage: StageNode | undefined;
    }
  | (Partial<InJob> & { readonly type: "issue"; readonly issue: Issue; readonly task: TaskNode | undefined })
);

interface InStage {
  readonly stage: StageNode;
}

interface InJob extends InStage {
  readonly job: JobNode;
  /** The last thing told was of another stage, so this one has to be named. */
  readonly isStageSwitch?: boolean;
}

interface WithDuration {
  /** By the times of the record; `undefined` where it has none. */
  readonly durationMs: number | undefined;
}

/** How far the story had been told by the last look. */
interface EmittedState {
  readonly status: RunStatus | undefined;
  /** By record and attempt: 1 started, 2 ended; and how many of its issues were told. */
  readonly marks: ReadonlyMap<string, number>;
  /** The stage that was last spoken of. */
  readonly stageId: string | undefined;
}

export const emptyEmittedState: EmittedState = { status: undefined, marks: new Map(), stageId: undefined };

/**
 * What happened between the last look and this one, in the order in which it happened.
 *
 * A mark only ever rises, so an answer that is older than the last one adds nothing,
 * and what came and went between two looks is told all the same. `isLast`: nothing more is to come.
 */
export function diffSnapshots(
  seen: EmittedState,
  run: RunFacts,
  tree: RunTree,
  isLast: boolean,
): { seen: EmittedState; events: RunEvent[] } {
  const marks = new Map(seen.marks);
  const emitted: RunEvent[] = [];
  const emit: Emit = (key, mark, event) => {
    if ((marks.get(key) ?? 0) >= mark) return;
    marks.set(key, mark);
    emitted.push(event);
  };
  for (const check of pipelineChecks(tree)) emitCheck(emit, check, undefined);
  for (const stage of tree.stages) emitStage(emit, stage, isLast);

  const { events, stageId } = markStageChanges(sortByTime(emitted), seen.stageId);
  const status = nextStatus(seen.status, run.status);
  if (status !== seen.status) {
    const isEnd = status === "completed";
    const at = parseTime(isEnd ? run.finishedAt : run.startedAt);
    events.splice(isEnd ? events.length : 0, 0, { type: "run-status", at, run, status });
  }
  return { seen: { status, marks, stageId }, events };
}

type Emit = (key: string, mark: number, event: RunEvent) => void;

/** A run never goes back to the queue; from its end it can only be started again, by a retry. */
function nextStatus(previous: RunStatus | undefined, current: RunStatus): RunStatus {
  const isQueued = current === "notStarted" || current === "postponed";
  const hasLeftQueue = previous !== undefined && previous !== "notStarted" && previous !== "postponed";
  return isQueued && hasLeftQueue ? previous : current;
}

function emitStage(emit: Emit, stage: StageNode, isLast: boolean): void {
  const key = attemptKey(stage);
  if (stage.result === "manual") {
    // Until the end somebody may still start it.
    if (isLast) emit(`${key}?`, 1, { type: "stage-not-started", at: undefined, stage });
    return;
  }
  for (const check of stage.checks) emitCheck(emit, check, stage);
  const started = startedJobs(stage);
  if (started.length > 0) {
    emit(key, 1, { type: "stage-started", at: earliest(started.map((job) => job.startedAt)), stage });
  }
  emitIssues(emit, stage, { at: parseTime(stage.finishedAt), stage, job: undefined, task: undefined });
  const isCompleted = stage.status === "completed";
  // The jobs of a skipped stage are not worth a line each; until one has begun, it may still be skipped.
  if (started.length > 0 || (isCompleted && stage.result !== "skipped")) {
    for (const job of stage.jobs) emitJob(emit, job, stage);
  }
  // A stage ends after its jobs, even when the service says so a look too early.
  if (!isCompleted || !(isLast || stage.jobs.every((job) => job.status === "completed"))) return;
  const at = latest([stage.finishedAt, ...stage.jobs.map((job) => job.finishedAt)]);
  if (stage.result === "skipped" && started.length === 0) emit(key, 2, { type: "stage-skipped", at, stage });
  else emit(key, 2, { type: "stage-finished", at, stage, durationMs: spanDurationMs(stage) });
}

/**
 * Stages are said to run while they wait for an approval, so a stage starts with its first job.
 * Jobs that a retry kept from an earlier attempt do not start it again.
 */
function startedJobs(stage: StageNode): JobNode[] {
  const isCompleted = stage.status === "completed";
  const isCarriedOver = (job: JobNode) =>
    job.status === "completed" && job.attempt < stage.attempt && !isCompleted;
  return stage.jobs.filter((job) => hasStarted(job) && !isCarriedOver(job));
}

function emitJob(emit: Emit, job: JobNode, stage: StageNode): void {
  const key = attemptKey(job);
  const isStarted = hasStarted(job);
  const end = parseTime(job.finishedAt);
  if (isStarted) emit(key, 1, { type: "job-started", at: parseTime(job.startedAt), stage, job });
  for (const task of job.tasks) {
    if (task.wait !== undefined) emitCheck(emit, task.wait, stage);
    const taskKey = `${key}/${attemptKey(task)}`;
    const at = clampToEnd(parseTime(task.finishedAt), end);
    emitIssues(emit, task, { at, stage, job, task }, taskKey);
    if (task.status === "completed" && task.result !== "skipped") {
      emit(taskKey, 2, { type: "task-finished", at, stage, job, task });
    }
  }
  emitIssues(emit, job, { at: end, stage, job, task: undefined });
  if (job.status !== "completed") return;
  if (job.result === "skipped") emit(key, 2, { type: "job-skipped", at: end, stage, job });
  else emit(key, 2, { type: "job-finished", at: end, stage, job, durationMs: spanDurationMs(job) });
}

function emitCheck(emit: Emit, check: StageCheck, stage: StageNode | undefined): void {
  const isCompleted = check.status === "completed" || stage?.status === "completed";
  // Decided before anybody waited.
  if (check.status === "pending" || (isCompleted && check.startedAt === null)) return;
  const key = `wait ${check.id}#${check.attempt}`;
  emit(key, 1, { type: "check-started", at: parseTime(check.startedAt), check, stage });
  if (isCompleted) emit(key, 2, { type: "check-ended", at: parseTime(check.finishedAt), check, stage });
}

interface IssueScope {
  readonly at: number | undefined;
  readonly stage: StageNode;
  readonly job: JobNode | undefined;
  readonly task: TaskNode | undefined;
}

function emitIssues(
  emit: Emit,
  node: RunNode,
  { at, stage, job, task }: IssueScope,
  key = attemptKey(node),
): void {
  node.issues.forEach((issue, index) => {
    emit(`${key}!`, index + 1, { type: "issue", at, issue, stage, ...(job && { job }), task });
  });
}

/** By time; what has none stays behind what it was told after, and so does what happened in the same moment. */
function sortByTime(events: readonly RunEvent[]): RunEvent[] {
  let last = 0;
  const timed = events.map((event) => {
    last = event.at ?? last;
    return { event, at: last };
  });
  return timed.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

/** Stages that run side by side are told mixed: marks where the story turns from one to another. */
function markStageChanges(events: readonly RunEvent[], previousStageId: string | undefined) {
  let stageId = previousStageId;
  const markedEvents = events.map((event): RunEvent => {
    if (!("stage" in event) || event.type === "issue" || event.type === "task-finished") return event;
    const isStageSwitch = stageId !== event.stage?.id;
    stageId = event.stage?.id;
    return isStageSwitch && "job" in event ? { ...event, isStageSwitch } : event;
  });
  return { events: markedEvents, stageId };
}

function earliest(times: readonly (string | null)[]): number | undefined {
  const known = times.map(parseTime).filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function latest(times: readonly (string | null)[]): number | undefined {
  const known = times.map(parseTime).filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function clampToEnd(time: number | undefined, end: number | undefined): number | undefined {
  return time !== undefined && end !== undefined ? Math.min(time, end) : (time ?? end);
}
