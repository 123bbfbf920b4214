import type { Issue, RunFacts, RunStatus } from "./model.ts";
import {
  attemptKey,
  hasBegun,
  type JobNode,
  type RunNode,
  type StageNode,
  strayWaits,
  type TaskNode,
  type Tree,
  type Wait,
} from "./nodes.ts";
import { lengthMs, timeOf } from "./time.ts";

/** Something that happened. `at` is when, by the service's clock. */
export type RunEvent = { readonly at: number | undefined } & (
  | { readonly type: "run-status"; readonly run: RunFacts; readonly status: RunStatus }
  | (InStage & { readonly type: "stage-started" | "stage-skipped" })
  | (InStage & Ended & { readonly type: "stage-finished" })
  | (InJob & { readonly type: "job-started" | "job-skipped" })
  | (InJob & Ended & { readonly type: "job-finished" })
  | (InJob & { readonly type: "task-finished"; readonly task: TaskNode })
  | {
      readonly type: "wait-started" | "wait-ended";
      readonly wait: Wait;
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
  readonly isElsewhere?: boolean;
}

interface Ended {
  /** By the times of the record; `undefined` where it has none. */
  readonly durationMs: number | undefined;
}

/** How far the story had been told by the last look. */
interface Seen {
  readonly status: RunStatus | undefined;
  /** By record and attempt: 1 started, 2 ended; and how many of its issues were told. */
  readonly marks: ReadonlyMap<string, number>;
  /** The stage that was last spoken of. */
  readonly stageId: string | undefined;
}

export const nothingSeen: Seen = { status: undefined, marks: new Map(), stageId: undefined };

/**
 * What happened between the last look and this one, in the order in which it happened.
 *
 * A mark only ever rises, so an answer that is older than the last one adds nothing,
 * and what came and went between two looks is told all the same. `isLast`: nothing more is to come.
 */
export function advance(
  seen: Seen,
  run: RunFacts,
  tree: Tree,
  isLast: boolean,
): { seen: Seen; events: RunEvent[] } {
  const marks = new Map(seen.marks);
  const told: RunEvent[] = [];
  const tell: Tell = (key, mark, event) => {
    if ((marks.get(key) ?? 0) >= mark) return;
    marks.set(key, mark);
    told.push(event);
  };
  for (const wait of strayWaits(tree)) tellWait(tell, wait, undefined);
  for (const stage of tree.stages) tellStage(tell, stage, isLast);

  const { events, stageId } = placed(inTime(told), seen.stageId);
  const status = nextStatus(seen.status, run.status);
  if (status !== seen.status) {
    const isEnd = status === "completed";
    const at = timeOf(isEnd ? run.finishedAt : run.startedAt);
    events.splice(isEnd ? events.length : 0, 0, { type: "run-status", at, run, status });
  }
  return { seen: { status, marks, stageId }, events };
}

type Tell = (key: string, mark: number, event: RunEvent) => void;

/** A run never goes back to the queue; from its end it can only be started again, by a retry. */
function nextStatus(before: RunStatus | undefined, now: RunStatus): RunStatus {
  const isQueued = now === "notStarted" || now === "postponed";
  const hasLeft = before !== undefined && before !== "notStarted" && before !== "postponed";
  return isQueued && hasLeft ? before : now;
}

function tellStage(tell: Tell, stage: StageNode, isLast: boolean): void {
  const key = attemptKey(stage);
  for (const wait of stage.waits) tellWait(tell, wait, stage);
  const begun = begunJobs(stage);
  if (begun.length > 0) {
    tell(key, 1, { type: "stage-started", at: earliest(begun.map((job) => job.startedAt)), stage });
  }
  tellIssues(tell, stage, { at: timeOf(stage.finishedAt), stage, job: undefined, task: undefined });
  const isOver = stage.status === "completed";
  // The jobs of a skipped stage are not worth a line each; until one has begun, it may still be skipped.
  if (begun.length > 0 || (isOver && stage.result !== "skipped")) {
    for (const job of stage.jobs) tellJob(tell, job, stage);
  }
  // A stage ends after its jobs, even when the service says so a look too early.
  if (!isOver || !(isLast || stage.jobs.every((job) => job.status === "completed"))) return;
  const at = latest([stage.finishedAt, ...stage.jobs.map((job) => job.finishedAt)]);
  if (stage.result === "skipped" && begun.length === 0) tell(key, 2, { type: "stage-skipped", at, stage });
  else tell(key, 2, { type: "stage-finished", at, stage, durationMs: lengthMs(stage) });
}

/**
 * Stages are said to run while they wait for an approval, so a stage starts with its first job.
 * Jobs that a retry kept from an earlier attempt do not start it again.
 */
function begunJobs(stage: StageNode): JobNode[] {
  const isOver = stage.status === "completed";
  const isKept = (job: JobNode) => job.status === "completed" && job.attempt < stage.attempt && !isOver;
  return stage.jobs.filter((job) => hasBegun(job) && !isKept(job));
}

function tellJob(tell: Tell, job: JobNode, stage: StageNode): void {
  const key = attemptKey(job);
  const begun = hasBegun(job);
  const end = timeOf(job.finishedAt);
  if (begun) tell(key, 1, { type: "job-started", at: timeOf(job.startedAt), stage, job });
  for (const task of job.tasks) {
    const taskKey = `${key}/${attemptKey(task)}`;
    const at = notAfter(timeOf(task.finishedAt), end);
    tellIssues(tell, task, { at, stage, job, task }, taskKey);
    if (task.status === "completed" && task.result !== "skipped") {
      tell(taskKey, 2, { type: "task-finished", at, stage, job, task });
    }
  }
  tellIssues(tell, job, { at: end, stage, job, task: undefined });
  if (job.status !== "completed") return;
  if (job.result === "skipped") tell(key, 2, { type: "job-skipped", at: end, stage, job });
  else tell(key, 2, { type: "job-finished", at: end, stage, job, durationMs: lengthMs(job) });
}

function tellWait(tell: Tell, wait: Wait, stage: StageNode | undefined): void {
  const isOver = wait.status === "completed" || stage?.status === "completed";
  // Decided before anybody waited.
  if (wait.status === "pending" || (isOver && wait.startedAt === null)) return;
  const key = `wait ${wait.id}#${wait.attempt}`;
  tell(key, 1, { type: "wait-started", at: timeOf(wait.startedAt), wait, stage });
  if (isOver) tell(key, 2, { type: "wait-ended", at: timeOf(wait.finishedAt), wait, stage });
}

interface Place {
  readonly at: number | undefined;
  readonly stage: StageNode;
  readonly job: JobNode | undefined;
  readonly task: TaskNode | undefined;
}

function tellIssues(
  tell: Tell,
  node: RunNode,
  { at, stage, job, task }: Place,
  key = attemptKey(node),
): void {
  node.issues.forEach((issue, index) => {
    tell(`${key}!`, index + 1, { type: "issue", at, issue, stage, ...(job && { job }), task });
  });
}

/** By time; what has none stays behind what it was told after, and so does what happened in the same moment. */
function inTime(events: readonly RunEvent[]): RunEvent[] {
  let last = 0;
  const timed = events.map((event) => {
    last = event.at ?? last;
    return { event, at: last };
  });
  return timed.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

/** Stages that run side by side are told mixed: marks where the story turns from one to another. */
function placed(events: readonly RunEvent[], before: string | undefined) {
  let stageId = before;
  const placedEvents = events.map((event): RunEvent => {
    if (!("stage" in event) || event.type === "issue" || event.type === "task-finished") return event;
    const isElsewhere = stageId !== event.stage?.id;
    stageId = event.stage?.id;
    return isElsewhere && "job" in event ? { ...event, isElsewhere } : event;
  });
  return { events: placedEvents, stageId };
}

function earliest(times: readonly (string | null)[]): number | undefined {
  const known = times.map(timeOf).filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function latest(times: readonly (string | null)[]): number | undefined {
  const known = times.map(timeOf).filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function notAfter(time: number | undefined, end: number | undefined): number | undefined {
  return time !== undefined && end !== undefined ? Math.min(time, end) : (time ?? end);
}
