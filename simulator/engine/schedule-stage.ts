import type { JobSpec, StageSpec } from "../spec.ts";
import {
  type CheckSchedule,
  type Decision,
  type JobSchedule,
  parentResult,
  type RecordResult,
  type StageSchedule,
} from "./schedule.ts";
import { scheduleJob } from "./schedule-job.ts";

interface StageInput {
  readonly spec: StageSpec;
  readonly attempt: number;
  readonly ready: number;
  readonly cancelledAt: number;
  readonly cancelSeconds: number;
  readonly decisions: readonly Decision[];
  /** Jobs of the attempt before that need not run again. */
  readonly reusedJobs: readonly JobSchedule[];
  /** The attempts that the other jobs had. */
  readonly previousAttempts: ReadonlyMap<string, number>;
}

/** A stage that does not run: skipped, or waiting for a manual start. */
export function idleStage(
  spec: StageSpec,
  attempt: number,
  at: number,
  result: RecordResult = "skipped",
): StageSchedule {
  return { spec, attempt, ready: at, checks: [], start: Infinity, end: at, result, jobs: [] };
}

export function scheduleStage(input: StageInput): StageSchedule {
  const { spec, attempt, ready, cancelledAt } = input;
  const checks = scheduleChecks(input);
  const checksPassedAt = checks.reduce((latest, check) => Math.max(latest, check.end), ready);
  const common = { spec, attempt, ready, checks };
  const unsuccessfulCheck = checks.find((check) => check.result !== "succeeded");
  if (unsuccessfulCheck !== undefined && unsuccessfulCheck.end < Infinity) {
    const result = checks.some((check) => check.result === "failed") ? "failed" : "canceled";
    return { ...common, start: Infinity, end: unsuccessfulCheck.end, result, jobs: [] };
  }
  if (cancelledAt <= checksPassedAt && cancelledAt < Infinity) {
    return { ...common, start: Infinity, end: cancelledAt, result: "canceled", jobs: [] };
  }
  const jobs = spec.jobs.flatMap((job) => scheduleMatrix(job, checksPassedAt, input));
  const ends = jobs.map((job) => job.end);
  return {
    ...common,
    start: checksPassedAt,
    end: Math.max(checksPassedAt, ...ends),
    result: parentResult(jobs),
    jobs,
  };
}

/** Identifies a job within its stage. */
export function jobKey(job: { readonly spec: JobSpec; readonly leg: string | undefined }): string {
  return `${job.spec.name}.${job.leg ?? "__default"}`;
}

function scheduleMatrix(spec: JobSpec, earliestStart: number, input: StageInput): JobSchedule[] {
  if (spec.skipped === true) return [];
  const legs = spec.matrix ?? [undefined];
  return legs.map((leg) => {
    const key = jobKey({ spec, leg });
    const reusedJob = input.reusedJobs.find((job) => jobKey(job) === key);
    const attempt = (input.previousAttempts.get(key) ?? 0) + 1;
    const { cancelledAt, cancelSeconds } = input;
    const validation = input.decisions.find(
      (one) => one.kind === "Validation" && one.stage === input.spec.name,
    );
    return (
      reusedJob ?? scheduleJob({ spec, leg, attempt, earliestStart, cancelledAt, cancelSeconds, validation })
    );
  });
}

function scheduleChecks({ spec, ready, cancelledAt, decisions, attempt }: StageInput): CheckSchedule[] {
  const scheduleCheck = (kind: "Approval" | "Authorization", start: number): CheckSchedule => {
    const decision = decisions.find((one) => one.stage === spec.name && one.kind === kind);
    const end = decision === undefined ? Infinity : Math.max(decision.at, start);
    const check = { kind, key: kind, name: `Checkpoint.${kind}`, start };
    if (cancelledAt <= end) return { ...check, end: cancelledAt, result: "canceled" };
    if (decision === undefined) return { ...check, end, result: "succeeded" };
    const { by, comment, accepted } = decision;
    return {
      ...check,
      end,
      result: accepted ? "succeeded" : "failed",
      ...(by !== undefined && { by }),
      ...(comment !== undefined && { comment }),
    };
  };
  // A permission stays: only the first attempt asks for it.
  const authorization =
    isRequired(spec.authorization) && attempt === 1 ? [scheduleCheck("Authorization", ready)] : [];
  const authorizedAt = authorization[0]?.end ?? ready;
  if (
    authorization[0] !== undefined &&
    (authorization[0].result !== "succeeded" || authorizedAt === Infinity)
  )
    return authorization;
  const otherChecks: CheckSchedule[] = [];
  if (isRequired(spec.approval)) otherChecks.push(scheduleCheck("Approval", authorizedAt));
  for (const [index, taskCheck] of [spec.taskCheck ?? []].flat().entries()) {
    const end = authorizedAt + taskCheck.seconds;
    const check = {
      kind: "TaskCheck" as const,
      key: index === 0 ? "TaskCheck" : `TaskCheck ${index + 1}`,
      name: taskCheck.name ?? "Checkpoint.TaskCheck",
      start: authorizedAt,
    };
    otherChecks.push(
      cancelledAt <= end
        ? { ...check, end: cancelledAt, result: "canceled" }
        : { ...check, end, result: taskCheck.result ?? "succeeded" },
    );
  }
  return [...authorization, ...cancelRemainingChecks(otherChecks)];
}

/** A rejected check cancels the others. */
function cancelRemainingChecks(checks: readonly CheckSchedule[]): CheckSchedule[] {
  const rejectedAt = Math.min(
    ...checks.filter((check) => check.result === "failed").map((check) => check.end),
  );
  return checks.map((check) =>
    check.end > rejectedAt ? { ...check, end: rejectedAt, result: "canceled" } : check,
  );
}

function isRequired(check: unknown): boolean {
  return check !== undefined && check !== false;
}
