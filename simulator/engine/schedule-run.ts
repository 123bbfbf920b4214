import type { PipelineSpec, StageSpec } from "../spec.ts";
import {
  isSuccessful,
  parentResult,
  type Retry,
  type RunEvents,
  type RunResult,
  type RunSchedule,
  type StageSchedule,
  waitsForManualStart,
} from "./schedule.ts";
import { idleStage, jobKey, scheduleStage } from "./schedule-stage.ts";

/** The schedule of a run, as far as the events so far determine it. Pure: it gives the state at any moment. */
export function scheduleRun(spec: PipelineSpec, events: RunEvents): RunSchedule {
  let schedule = scheduleAttempt(spec, events, undefined, undefined);
  for (const retry of events.retries) schedule = scheduleAttempt(spec, events, schedule, retry);
  return schedule;
}

/** Whether the stage, or without one the run, has something that can run again. */
export function isRetryable(schedule: RunSchedule, stage: string | undefined, allJobs: boolean): boolean {
  return schedule.stages.some(
    (one) =>
      (stage === undefined || one.spec.name === stage) && one.ready < Infinity && (allJobs || hasFailed(one)),
  );
}

function scheduleAttempt(
  spec: PipelineSpec,
  events: RunEvents,
  previousSchedule: RunSchedule | undefined,
  retry: Retry | undefined,
): RunSchedule {
  const attemptStart = retry?.at ?? 0;
  const nextAttemptStart = events.retries.find((one) => one.at > attemptStart)?.at ?? Infinity;
  const attemptEvents = {
    ...events,
    cancels: events.cancels.filter((one) => one.at >= attemptStart && one.at < nextAttemptStart),
  };
  const cancelledAt = cancellationTime(attemptEvents, undefined);
  const start = Math.max(spec.postponedSeconds ?? 0, events.heldUntil) + (spec.queueSeconds ?? 1);
  const scheduled = new Map<string, StageSchedule>();
  const repeatedStages = new Set<string>();
  spec.stages.forEach((stage, index) => {
    const previous = previousSchedule?.stages[index];
    const dependsOn = dependenciesOf(stage, spec.stages[index - 1]);
    const isRepeat =
      retry !== undefined && previous !== undefined && isRepeated(previous, dependsOn, retry, repeatedStages);
    if (isRepeat) repeatedStages.add(stage.name);
    if (previous !== undefined && !isRepeat) scheduled.set(stage.name, previous);
    else
      scheduled.set(
        stage.name,
        scheduleStageAttempt(spec, stage, {
          events: attemptEvents,
          dependsOn,
          scheduled,
          start,
          previous,
          retry,
        }),
      );
  });
  return completeSchedule([...scheduled.values()], start, cancelledAt, spec);
}

/** Without `dependsOn` a stage depends on the one before it, a manual one on none. */
export function dependenciesOf(
  { dependsOn, trigger }: StageSpec,
  stageBefore: StageSpec | undefined,
): readonly string[] {
  if (dependsOn !== undefined) return dependsOn;
  return stageBefore === undefined || trigger === "manual" ? [] : [stageBefore.name];
}

interface AttemptContext {
  readonly events: RunEvents;
  readonly dependsOn: readonly string[];
  readonly scheduled: ReadonlyMap<string, StageSchedule>;
  readonly start: number;
  readonly previous: StageSchedule | undefined;
  readonly retry: Retry | undefined;
}

function scheduleStageAttempt(spec: PipelineSpec, stage: StageSpec, context: AttemptContext): StageSchedule {
  const { events, dependsOn, scheduled, start, previous, retry } = context;
  const attemptStart = retry?.at ?? 0;
  const dependencies = dependsOn.flatMap((name) => scheduled.get(name) ?? []);
  const startedBy = events.stageStarts.find((one) => equalsIgnoreCase(one.stage, stage.name));
  const ready = Math.max(start, attemptStart, startedBy?.at ?? 0, ...dependencies.map((one) => one.end));
  const cancelledAt = cancellationTime(events, stage.name);
  const hadRun = previous !== undefined && (previous.start < Infinity || previous.checks.length > 0);
  const attempt = (previous?.attempt ?? 1) + (hadRun && retry?.shape !== "job" ? 1 : 0);
  if (events.stagesToSkip.some((name) => equalsIgnoreCase(name, stage.name)))
    return idleStage(stage, attempt, start);
  if (cancelledAt <= ready) return idleStage(stage, attempt, Math.max(cancelledAt, attemptStart));
  if (dependencies.some((one) => waitsForManualStart(one.result)))
    return idleStage(stage, attempt, ready, "dependentOnManualQueue");
  const areDependenciesMet = dependencies.every(
    (one) => isSuccessful(one.result) || isDeselected(one, events),
  );
  if (stage.condition === "skipped" || (!areDependenciesMet && stage.condition !== "always")) {
    return idleStage(stage, attempt, ready);
  }
  if (stage.trigger === "manual" && startedBy === undefined)
    return idleStage(stage, attempt, ready, "manuallyQueued");
  const reusedJobs =
    retry?.allJobs === true ? [] : (previous?.jobs.filter((job) => isSuccessful(job.result)) ?? []);
  return scheduleStage({
    spec: stage,
    attempt,
    ready,
    cancelledAt,
    cancelSeconds: spec.cancelSeconds ?? 2,
    decisions: events.decisions.filter((one) => retry === undefined || one.at >= attemptStart),
    reusedJobs: reusedJobs,
    previousAttempts: new Map(previous?.jobs.map((job) => [jobKey(job), job.attempt])),
  });
}

function isRepeated(
  previous: StageSchedule,
  dependsOn: readonly string[],
  retry: Retry,
  repeatedStages: ReadonlySet<string>,
): boolean {
  if (retry.stage !== undefined && equalsIgnoreCase(retry.stage, previous.spec.name)) return true;
  if (retry.stage === undefined && hasFailed(previous)) return true;
  return dependsOn.some((name) => repeatedStages.has(name)) && !isSuccessful(previous.result);
}

function hasFailed(stage: StageSchedule): boolean {
  return stage.result === "failed" || stage.result === "canceled";
}

/** Skipped on request: stages that depend on it run as if it did not exist. */
function isDeselected(stage: StageSchedule, events: RunEvents): boolean {
  return (
    stage.result === "skipped" && events.stagesToSkip.some((name) => equalsIgnoreCase(name, stage.spec.name))
  );
}

function cancellationTime(events: RunEvents, stage: string | undefined): number {
  const cancels = events.cancels.filter(
    (one) => one.stage === undefined || (stage !== undefined && equalsIgnoreCase(one.stage, stage)),
  );
  return Math.min(...cancels.map((one) => one.at));
}

function completeSchedule(
  stages: readonly StageSchedule[],
  start: number,
  cancelledAt: number,
  spec: PipelineSpec,
): RunSchedule {
  const uncancelledEnd = Math.max(start, ...stages.map((stage) => stage.end));
  const runStart = stages[0]?.checks.find((check) => check.kind === "Authorization")?.end ?? start;
  const isCancelled = cancelledAt <= uncancelledEnd && cancelledAt < Infinity;
  const common = {
    postponedUntil: spec.postponedSeconds ?? 0,
    abandonedAt: spec.abandoned?.afterSeconds ?? Infinity,
    stages,
  };
  if (!isCancelled) {
    const result = resultOf(stages);
    return { ...common, start: runStart, end: uncancelledEnd, result, cancelledAt: Infinity };
  }
  const end = Math.max(
    stages.reduce((latest, one) => Math.max(latest, one.end), 0),
    cancelledAt + (spec.cancelSeconds ?? 2),
  );
  // The last step may have ended before the cancellation took effect.
  const finishedBeforeCancel =
    cancelledAt > start && stages.every((one) => isSuccessful(one.result) || one.end < cancelledAt);
  const result = finishedBeforeCancel ? resultOf(stages) : "canceled";
  return { ...common, start: cancelledAt <= runStart ? Infinity : runStart, end, result, cancelledAt };
}

function resultOf(stages: readonly StageSchedule[]): RunResult {
  const result = parentResult(stages);
  if (result === "failed" || result === "canceled") return result;
  return result === "succeededWithIssues" ? "partiallySucceeded" : "succeeded";
}

export function equalsIgnoreCase(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
