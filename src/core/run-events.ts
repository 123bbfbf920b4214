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

/** An event of a run. `at` is its time by the service's clock. */
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
  /** The event before it was in another stage, so the stage must be named. */
  readonly isStageSwitch?: boolean;
}

interface WithDuration {
  /** From the times of the record; `undefined` if it has none. */
  readonly durationMs: number | undefined;
}

/** The events that earlier polls have reported. */
interface EmittedState {
  readonly status: RunStatus | undefined;
  /** By record and attempt: 1 started, 2 ended; and the number of its issues that were reported. */
  readonly marks: ReadonlyMap<string, number>;
  /** The stage of the last event. */
  readonly stageId: string | undefined;
  /** The last snapshot: what is the same object in the next one brings no event. */
  readonly stages: ReadonlyMap<string, StageNode>;
  readonly wasLast: boolean;
}

export const emptyEmittedState: EmittedState = {
  status: undefined,
  marks: new Map(),
  stageId: undefined,
  stages: new Map(),
  wasLast: false,
};

/**
 * The events since the previous poll, in the order in which they happened.
 *
 * A mark never decreases, so a response that is older than the previous one adds nothing, and events that began and
 * ended between two polls are reported too. `isLast`: no further poll follows.
 */
export function diffSnapshots(
  seen: EmittedState,
  run: RunFacts,
  tree: RunTree,
  isLast: boolean,
): { seen: EmittedState; events: RunEvent[] } {
  let marks: Map<string, number> | undefined;
  const emitted: RunEvent[] = [];
  const emit: Emit = (key, mark, event) => {
    if (((marks ?? seen.marks).get(key) ?? 0) >= mark) return;
    marks ??= new Map(seen.marks);
    marks.set(key, mark);
    emitted.push(event);
  };
  for (const check of pipelineChecks(tree)) emitCheck(emit, check, undefined);
  for (const stage of tree.stages) {
    const previous = seen.stages.get(attemptKey(stage));
    if (stage !== previous || isLast !== seen.wasLast) emitStage(emit, stage, { previous, isLast });
  }

  const { events, stageId } = markStageChanges(sortByTime(emitted), seen.stageId);
  const status = nextStatus(seen.status, run.status);
  if (status !== seen.status) {
    const index = statusIndex(events, status);
    const at = statusTime(run, status) ?? events[index]?.at;
    events.splice(index, 0, { type: "run-status", at, run, status });
  }
  const stages = new Map(tree.stages.map((stage) => [attemptKey(stage), stage]));
  return { seen: { status, marks: marks ?? seen.marks, stageId, stages, wasLast: isLast }, events };
}

type Emit = (key: string, mark: number, event: RunEvent) => void;

/** A run never returns to the queue; once completed, it can only be restarted by a retry. */
function nextStatus(previous: RunStatus | undefined, current: RunStatus): RunStatus {
  const isQueued = current === "notStarted" || current === "postponed";
  const hasLeftQueue = previous !== undefined && previous !== "notStarted" && previous !== "postponed";
  return isQueued && hasLeftQueue ? previous : current;
}

/** When the run reached its status; `undefined` if the service does not report it. */
function statusTime(run: RunFacts, status: RunStatus): number | undefined {
  if (status === "completed") return parseTime(run.finishedAt);
  return status === "inProgress" ? parseTime(run.startedAt) : undefined;
}

/** The place of the new status among the events of the same poll: that of `canceling` is before the first job that it ended. */
function statusIndex(events: readonly RunEvent[], status: RunStatus): number {
  if (status === "completed") return events.length;
  if (status !== "canceling") return 0;
  const index = events.findIndex((event) => event.type === "job-finished" && event.job.result === "canceled");
  return index < 0 ? events.length : index;
}

interface StageContext {
  /** The same attempt of the stage in the last snapshot. */
  readonly previous: StageNode | undefined;
  readonly isLast: boolean;
}

function emitStage(emit: Emit, stage: StageNode, { previous, isLast }: StageContext): void {
  const key = attemptKey(stage);
  if (stage.result === "manual") {
    // It can still be started until the run ends.
    if (isLast) emit(`${key}?`, 1, { type: "stage-not-started", at: undefined, stage });
    return;
  }
  for (const check of stage.checks) emitCheck(emit, check, stage);
  const started = startedJobs(stage);
  const startedAt = earliest(started.map((job) => job.startedAt));
  if (started.length > 0) emit(key, 1, { type: "stage-started", at: startedAt, stage });
  emitIssues(emit, stage, { at: parseTime(stage.finishedAt), stage, job: undefined, task: undefined });
  const isCompleted = stage.status === "completed";
  if (showsJobs(stage, started)) {
    const isComparable =
      previous?.status === stage.status && previous.result !== "manual" && showsJobs(previous);
    const previousJobs = isComparable ? previous.jobs : [];
    // A retried stage starts before the jobs that it keeps from an earlier attempt, if they have not been reported.
    const emitAfterStart: Emit = (eventKey, mark, event) =>
      emit(eventKey, mark, { ...event, at: event.at && Math.max(event.at, startedAt ?? 0) });
    for (const [index, job] of stage.jobs.entries())
      emitJob(emitAfterStart, job, { stage, previous: previousJobs[index] });
  }
  // A stage ends after its jobs, even if the service reports its end one poll too early.
  if (!isCompleted || !(isLast || stage.jobs.every((job) => job.status === "completed"))) return;
  const at = latest([stage.finishedAt, ...stage.jobs.map((job) => job.finishedAt)]);
  if (stage.result === "skipped" && started.length === 0)
    emit(skipKey(key), 1, { type: "stage-skipped", at, stage });
  else emit(key, 2, { type: "stage-finished", at, stage, durationMs: spanDurationMs(stage) });
}

/** The jobs of a skipped stage don't get a line each; a stage may still be skipped until its first job begins. */
function showsJobs(stage: StageNode, started = startedJobs(stage)): boolean {
  return started.length > 0 || (stage.status === "completed" && stage.result !== "skipped");
}

/**
 * The service reports stages as running while they wait for an approval, so a stage starts with its first job.
 * Jobs that a retry kept from an earlier attempt don't start it again.
 */
function startedJobs(stage: StageNode): JobNode[] {
  const isCompleted = stage.status === "completed";
  const isCarriedOver = (job: JobNode) =>
    job.status === "completed" && job.attempt < stage.attempt && !isCompleted;
  return stage.jobs.filter((job) => hasStarted(job) && !isCarriedOver(job));
}

interface JobContext {
  readonly stage: StageNode;
  /** The job at the same place of the last snapshot, if its events were emitted. */
  readonly previous: JobNode | undefined;
}

function emitJob(emit: Emit, job: JobNode, { stage, previous }: JobContext): void {
  if (job === previous) return;
  const key = attemptKey(job);
  const previousTasks = previous !== undefined && attemptKey(previous) === key ? previous.tasks : [];
  const isStarted = hasStarted(job);
  const end = parseTime(job.finishedAt);
  if (isStarted) emit(key, 1, { type: "job-started", at: parseTime(job.startedAt), stage, job });
  for (const [index, task] of job.tasks.entries()) {
    if (task === previousTasks[index] || isEventless(task)) continue;
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
  if (job.result === "skipped") emit(skipKey(key), 1, { type: "job-skipped", at: end, stage, job });
  else emit(key, 2, { type: "job-finished", at: end, stage, job, durationMs: spanDurationMs(job) });
}

/** What was skipped can still run as the same attempt, if the stage before it is retried. */
function skipKey(key: string): string {
  return `${key}~`;
}

/** Most tasks of a large run have not begun, or are running. */
function isEventless({ status, issues, wait }: TaskNode): boolean {
  return status !== "completed" && issues.length === 0 && wait === undefined;
}

function emitCheck(emit: Emit, check: StageCheck, stage: StageNode | undefined): void {
  const isCompleted = check.status === "completed" || stage?.status === "completed";
  // Completed before the run waited for it.
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

/** Sorts by time. Events without a time, or with the same time, keep their order. */
function sortByTime(events: readonly RunEvent[]): RunEvent[] {
  let last = 0;
  const timed = events.map((event) => {
    last = event.at ?? last;
    return { event, at: last };
  });
  return timed.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

/** Events of parallel stages are interleaved: marks those whose stage differs from that of the event before. */
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
