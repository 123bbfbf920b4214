import type { JobSpec } from "../spec.ts";
import { queueRef, recordId } from "./ids.ts";
import { jobLog } from "./log-text.ts";
import { createRecord, issueFields, type TimelineEntry, type TimelineView, timeFields } from "./records.ts";
import {
  type JobSchedule,
  parentResult,
  type StageSchedule,
  stateAt,
  waitsForManualStart,
} from "./schedule.ts";
import { taskEntries } from "./timeline-tasks.ts";

const queueId = queueRef.id;

/** The Phase, Job and Task records of a stage. A job that did not start has a Phase only. */
export function jobEntries(stage: StageSchedule, view: TimelineView, firstWorker: number): TimelineEntry[] {
  return stage.spec.jobs.flatMap((spec, index) => {
    const jobs = stage.jobs.filter((job) => job.spec === spec);
    const phase = phaseEntry(stage, { spec, order: index + 1, jobs }, view);
    if (view.atSeconds < stage.start) return [phase];
    const legs = jobs.map((job, leg) => {
      const worker = `Azure Pipelines ${firstWorker + stage.jobs.indexOf(job) + 1}`;
      return jobWithTasks(stage, job, { order: leg + 1, worker }, view);
    });
    return [phase, ...legs.flat()];
  });
}

/** `Build.Compile`, or `Compile` where the pipeline has no stages. */
function phaseIdentifier(stage: StageSchedule, spec: JobSpec): string {
  return stage.spec.name === "__default" ? spec.name : `${stage.spec.name}.${spec.name}`;
}

export function jobIdentifier(stage: StageSchedule, job: JobSchedule): string {
  return `${phaseIdentifier(stage, job.spec)}.${job.leg ?? "__default"}`;
}

interface PhaseJobs {
  readonly spec: JobSpec;
  readonly order: number;
  readonly jobs: readonly JobSchedule[];
}

function phaseEntry(
  stage: StageSchedule,
  { spec, order, jobs }: PhaseJobs,
  view: TimelineView,
): TimelineEntry {
  const identifier = phaseIdentifier(stage, spec);
  const isSkipped = jobs.length === 0;
  const end = Math.max(stage.start === Infinity ? stage.end : stage.start, ...jobs.map((job) => job.end));
  const interval = { start: stage.start, end: isSkipped ? Math.min(end, stage.end) : end };
  const state = waitsForManualStart(stage.result) ? "pending" : stateAt(interval, view.atSeconds);
  return {
    record: createRecord({
      id: recordId(identifier, stage.attempt),
      parentId: recordId(stage.spec.name, stage.attempt),
      type: "Phase",
      name: spec.displayName ?? spec.name,
      refName: spec.name,
      ...timeFields(interval, view),
      state,
      result: state === "completed" ? (isSkipped ? "skipped" : parentResult(jobs)) : null,
      order,
      attempt: stage.attempt,
      identifier,
    }),
  };
}

interface JobSlot {
  readonly order: number;
  readonly worker: string;
}

function jobWithTasks(
  stage: StageSchedule,
  job: JobSchedule,
  slot: JobSlot,
  view: TimelineView,
): TimelineEntry[] {
  const identifier = jobIdentifier(stage, job);
  const id = recordId(identifier, job.attempt);
  const state = stateAt(job, view.atSeconds);
  const isCompleted = state === "completed";
  const hasStarted = job.start <= view.atSeconds;
  const hasWorker = hasStarted && job.tasks.length > 0 && job.spec.server !== true;
  const name = job.spec.displayName ?? job.spec.name;
  const entry: TimelineEntry = {
    record: createRecord({
      previousAttempts: previousAttemptsOf(identifier, stage, job),
      id,
      parentId: recordId(phaseIdentifier(stage, job.spec), stage.attempt),
      type: "Job",
      name: job.leg === undefined ? name : `${name} ${job.leg}`,
      refName: job.leg ?? "__default",
      ...(job.result === "abandoned" && job.start === Infinity ? {} : timeFields(job, view)),
      state,
      result: isCompleted ? job.result : null,
      workerName: hasWorker ? slot.worker : null,
      ...(job.spec.server !== true && { queueId }),
      order: slot.order,
      attempt: job.attempt,
      identifier,
      ...(isCompleted && issueFields(job.issues)),
    }),
    ...(isCompleted && job.hasLog && { log: jobLog(job), logCompletedAt: job.end }),
  };
  if (!hasStarted || job.tasks.length === 0) return [entry];
  const worker = hasWorker ? slot.worker : null;
  return [entry, ...taskEntries({ job, identifier, worker }, view)];
}

/** Where only the job was retried, each old record has a timeline of its own. */
function previousAttemptsOf(identifier: string, stage: StageSchedule, job: JobSchedule) {
  if (job.attempt <= stage.attempt) return [];
  return Array.from({ length: job.attempt - 1 }, (_, attemptIndex) => {
    const previousId = recordId(identifier, attemptIndex + 1);
    return { attempt: attemptIndex + 1, timelineId: previousId, recordId: previousId };
  });
}
