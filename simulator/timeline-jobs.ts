import { recordId } from "./ids.ts";
import { queueRef } from "./links.ts";
import { jobLog } from "./log-text.ts";
import { type JobPlan, type Outcome, type StagePlan, stateAt } from "./plan.ts";
import { type Entry, issueFields, recordOf } from "./records.ts";
import type { JobSpec } from "./spec.ts";
import { times, type View } from "./timeline.ts";
import { taskEntries } from "./timeline-tasks.ts";

const queueId = queueRef.id;

/** The Phase, Job and Task records of a stage. A job that was never reached has a Phase only. */
export function jobEntries(stage: StagePlan, view: View, firstWorker: number): Entry[] {
  return stage.spec.jobs.flatMap((spec, index) => {
    const jobs = stage.jobs.filter((job) => job.spec === spec);
    const phase = phaseEntry(stage, { spec, order: index + 1, jobs }, view);
    if (view.t < stage.start) return [phase];
    const legs = jobs.map((job, leg) => {
      const worker = `Azure Pipelines ${firstWorker + stage.jobs.indexOf(job) + 1}`;
      return jobWithTasks(stage, job, { order: leg + 1, worker }, view);
    });
    return [phase, ...legs.flat()];
  });
}

/** `Build.Compile`, or `Compile` where the pipeline has no stages. */
function phaseIdentifier(stage: StagePlan, spec: JobSpec): string {
  return stage.spec.name === "__default" ? spec.name : `${stage.spec.name}.${spec.name}`;
}

export function jobIdentifier(stage: StagePlan, job: JobPlan): string {
  return `${phaseIdentifier(stage, job.spec)}.${job.leg ?? "__default"}`;
}

interface Phase {
  readonly spec: JobSpec;
  readonly order: number;
  readonly jobs: readonly JobPlan[];
}

function phaseEntry(stage: StagePlan, { spec, order, jobs }: Phase, view: View): Entry {
  const identifier = phaseIdentifier(stage, spec);
  const skipped = jobs.length === 0;
  const over = Math.max(stage.start === Infinity ? stage.end : stage.start, ...jobs.map((job) => job.end));
  const whole = { start: stage.start, end: skipped ? Math.min(over, stage.end) : over };
  const state = stateAt(whole, view.t);
  return {
    record: recordOf({
      id: recordId(identifier, stage.attempt),
      parentId: recordId(stage.spec.name, stage.attempt),
      type: "Phase",
      name: spec.displayName ?? spec.name,
      refName: spec.name,
      ...times(whole, view),
      state,
      result: state === "completed" ? (skipped ? "skipped" : worst(jobs)) : null,
      order,
      attempt: stage.attempt,
      identifier,
    }),
  };
}

interface Place {
  readonly order: number;
  readonly worker: string;
}

function jobWithTasks(stage: StagePlan, job: JobPlan, place: Place, view: View): Entry[] {
  const identifier = jobIdentifier(stage, job);
  const id = recordId(identifier, job.attempt);
  const state = stateAt(job, view.t);
  const done = state === "completed";
  const begun = job.start <= view.t;
  const lost = job.spec.agentLost === true || !begun || job.spec.refused !== undefined;
  const name = job.spec.displayName ?? job.spec.name;
  const entry: Entry = {
    record: recordOf({
      previousAttempts: earlierAttempts(identifier, stage, job),
      id,
      parentId: recordId(phaseIdentifier(stage, job.spec), stage.attempt),
      type: "Job",
      name: job.leg === undefined ? name : `${name} ${job.leg}`,
      refName: job.leg ?? "__default",
      ...(job.result === "abandoned" ? {} : times(job, view)),
      state,
      result: done ? job.result : null,
      workerName: begun && job.spec.refused === undefined ? place.worker : null,
      queueId,
      order: place.order,
      attempt: job.attempt,
      identifier,
      ...(done && issueFields(jobIssues(job))),
    }),
    ...(done && !lost && { log: jobLog(job), loggedAt: job.end }),
  };
  if (!begun || job.spec.refused !== undefined) return [entry];
  return [entry, ...taskEntries({ job, identifier, worker: place.worker }, view)];
}

/** Where the job alone was repeated, each old record has a timeline to itself. */
function earlierAttempts(identifier: string, stage: StagePlan, job: JobPlan) {
  if (job.attempt <= stage.attempt) return [];
  return Array.from({ length: job.attempt - 1 }, (_, before) => {
    const old = recordId(identifier, before + 1);
    return { attempt: before + 1, timelineId: old, recordId: old };
  });
}

function jobIssues(job: JobPlan) {
  const { refused, agentLost } = job.spec;
  if (refused !== undefined) return [{ type: "error" as const, category: null, message: refused }];
  if (agentLost !== true) return [];
  const message = "We stopped hearing from agent Azure Pipelines 1. Verify the agent machine is running.";
  return [{ type: "error" as const, category: null, message }];
}

function worst(jobs: readonly JobPlan[]): Outcome {
  const order: readonly Outcome[] = ["failed", "canceled", "abandoned", "succeededWithIssues"];
  return order.find((outcome) => jobs.some((job) => job.result === outcome)) ?? "succeeded";
}
