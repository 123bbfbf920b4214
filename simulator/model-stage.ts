import { planJob } from "./model-job.ts";
import type { CheckKind, CheckPlan, Decision, JobPlan, Outcome, StagePlan } from "./plan.ts";
import type { JobSpec, StageSpec } from "./spec.ts";

interface StageInput {
  readonly spec: StageSpec;
  readonly attempt: number;
  readonly ready: number;
  readonly cancelAt: number;
  readonly cancelSeconds: number;
  readonly decisions: readonly Decision[];
  /** Jobs of the attempt before that need not run again. */
  readonly carried: readonly JobPlan[];
  /** The attempts that the other jobs had. */
  readonly attempts: ReadonlyMap<string, number>;
}

export function skippedStage(spec: StageSpec, attempt: number, at: number): StagePlan {
  return { spec, attempt, ready: at, checks: [], start: Infinity, end: at, result: "skipped", jobs: [] };
}

export function planStage(input: StageInput): StagePlan {
  const { spec, attempt, ready, cancelAt } = input;
  const checks = planChecks(input);
  const passed = checks.reduce((latest, check) => Math.max(latest, check.end), ready);
  const common = { spec, attempt, ready, checks };
  const stopped = checks.find((check) => check.result !== "succeeded");
  if (stopped !== undefined && stopped.end < Infinity) {
    const result = checks.some((check) => check.result === "failed") ? "failed" : "canceled";
    return { ...common, start: Infinity, end: stopped.end, result, jobs: [] };
  }
  if (cancelAt <= passed && cancelAt < Infinity) {
    return { ...common, start: Infinity, end: cancelAt, result: "canceled", jobs: [] };
  }
  const jobs = spec.jobs.flatMap((job) => planLegs(job, passed, input));
  const ends = jobs.map((job) => job.end);
  return { ...common, start: passed, end: Math.max(passed, ...ends), result: worst(jobs), jobs };
}

/** What tells a job from its siblings in a stage. */
export function jobKey(job: { readonly spec: JobSpec; readonly leg: string | undefined }): string {
  return `${job.spec.name}.${job.leg ?? "__default"}`;
}

function planLegs(spec: JobSpec, from: number, input: StageInput): JobPlan[] {
  if (spec.skipped === true) return [];
  const legs = spec.matrix ?? [undefined];
  return legs.map((leg) => {
    const key = jobKey({ spec, leg });
    const kept = input.carried.find((job) => jobKey(job) === key);
    const attempt = (input.attempts.get(key) ?? 0) + 1;
    const { cancelAt, cancelSeconds } = input;
    return kept ?? planJob({ spec, leg, attempt, from, cancelAt, cancelSeconds });
  });
}

function planChecks({ spec, ready, cancelAt, decisions, attempt }: StageInput): CheckPlan[] {
  const decide = (kind: CheckKind, start: number): CheckPlan => {
    const decision = decisions.find((one) => one.stage === spec.name && one.kind === kind);
    const end = decision === undefined ? Infinity : Math.max(decision.at, start);
    if (cancelAt <= end) return { kind, start, end: cancelAt, result: "canceled" };
    if (decision === undefined) return { kind, start, end, result: "succeeded" };
    const { by, comment, accepted } = decision;
    return {
      kind,
      start,
      end,
      result: accepted ? "succeeded" : "failed",
      ...(by !== undefined && { by }),
      ...(comment !== undefined && { comment }),
    };
  };
  // What was permitted once stays permitted: only the first attempt asks.
  const first = isAsked(spec.authorization) && attempt === 1 ? [decide("Authorization", ready)] : [];
  const from = first[0]?.end ?? ready;
  if (first[0] !== undefined && (first[0].result !== "succeeded" || from === Infinity)) return first;
  const others: CheckPlan[] = [];
  if (isAsked(spec.approval)) others.push(decide("Approval", from));
  if (spec.taskCheck !== undefined) {
    const end = from + spec.taskCheck.seconds;
    const check = { kind: "TaskCheck" as const, start: from };
    others.push(
      cancelAt <= end
        ? { ...check, end: cancelAt, result: "canceled" }
        : { ...check, end, result: spec.taskCheck.result ?? "succeeded" },
    );
  }
  return [...first, ...abortTogether(others)];
}

/** One refusal ends the checks beside it. */
function abortTogether(checks: readonly CheckPlan[]): CheckPlan[] {
  const refusedAt = Math.min(
    ...checks.filter((check) => check.result === "failed").map((check) => check.end),
  );
  return checks.map((check) =>
    check.end > refusedAt
      ? { kind: check.kind, start: check.start, end: refusedAt, result: "canceled" }
      : check,
  );
}

function isAsked(check: unknown): boolean {
  return check !== undefined && check !== false;
}

function worst(jobs: readonly JobPlan[]): Outcome {
  const results = jobs.map((job): Outcome => (job.result === "abandoned" ? "canceled" : job.result));
  const order: readonly Outcome[] = ["failed", "canceled", "succeededWithIssues"];
  return order.find((outcome) => results.includes(outcome)) ?? "succeeded";
}
