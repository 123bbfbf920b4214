import { jobKey, planStage, skippedStage } from "./model-stage.ts";
import { type Facts, isGood, type Retry, type RunOutcome, type RunPlan, type StagePlan } from "./plan.ts";
import type { PipelineSpec, StageSpec } from "./spec.ts";

/** Everything that will become of a run, as far as the facts tell: pure, so that any moment of it can be asked for. */
export function planRun(spec: PipelineSpec, facts: Facts): RunPlan {
  let plan = planAttempt(spec, facts, undefined, undefined);
  for (const retry of facts.retries) plan = planAttempt(spec, facts, plan, retry);
  return plan;
}

/** Whether the stage, or without one the run, has something that can run again. */
export function isRetryable(plan: RunPlan, stage: string | undefined, allJobs: boolean): boolean {
  return plan.stages.some(
    (one) =>
      (stage === undefined || one.spec.name === stage) && one.ready < Infinity && (allJobs || hasFailed(one)),
  );
}

function planAttempt(
  spec: PipelineSpec,
  facts: Facts,
  before: RunPlan | undefined,
  retry: Retry | undefined,
): RunPlan {
  const since = retry?.at ?? 0;
  const next = facts.retries.find((one) => one.at > since)?.at ?? Infinity;
  const current = { ...facts, cancels: facts.cancels.filter((one) => one.at >= since && one.at < next) };
  const cancelledAt = cancelOf(current, undefined);
  const start = spec.queueSeconds ?? 1;
  const done = new Map<string, StagePlan>();
  const again = new Set<string>();
  spec.stages.forEach((stage, index) => {
    const old = before?.stages[index];
    const needs = stage.dependsOn ?? spec.stages.slice(Math.max(0, index - 1), index).map((one) => one.name);
    const repeated = retry !== undefined && old !== undefined && isRepeated(old, needs, retry, again);
    if (repeated) again.add(stage.name);
    if (old !== undefined && !repeated) done.set(stage.name, old);
    else done.set(stage.name, attemptStage(spec, stage, { facts: current, needs, done, start, old, retry }));
  });
  return finish([...done.values()], start, cancelledAt, spec);
}

interface Context {
  readonly facts: Facts;
  readonly needs: readonly string[];
  readonly done: ReadonlyMap<string, StagePlan>;
  readonly start: number;
  readonly old: StagePlan | undefined;
  readonly retry: Retry | undefined;
}

function attemptStage(spec: PipelineSpec, stage: StageSpec, context: Context): StagePlan {
  const { facts, needs, done, start, old, retry } = context;
  const since = retry?.at ?? 0;
  const before = needs.flatMap((name) => done.get(name) ?? []);
  const ready = Math.max(start, since, ...before.map((one) => one.end));
  const cancelAt = cancelOf(facts, stage.name);
  const wasRun = old !== undefined && (old.start < Infinity || old.checks.length > 0);
  const attempt = (old?.attempt ?? 1) + (wasRun && retry?.shape !== "job" ? 1 : 0);
  if (facts.stagesToSkip.some((name) => isSame(name, stage.name))) return skippedStage(stage, attempt, start);
  if (cancelAt <= ready) return skippedStage(stage, attempt, Math.max(cancelAt, since));
  const satisfied = before.every((one) => isGood(one.result) || isDeselected(one, facts));
  if (stage.condition === "skipped" || (!satisfied && stage.condition !== "always")) {
    return skippedStage(stage, attempt, ready);
  }
  const kept = retry?.allJobs === true ? [] : (old?.jobs.filter((job) => isGood(job.result)) ?? []);
  return planStage({
    spec: stage,
    attempt,
    ready,
    cancelAt,
    cancelSeconds: spec.cancelSeconds ?? 2,
    decisions: facts.decisions.filter((one) => retry === undefined || one.at >= since),
    carried: kept,
    attempts: new Map(old?.jobs.map((job) => [jobKey(job), job.attempt])),
  });
}

function isRepeated(
  old: StagePlan,
  needs: readonly string[],
  retry: Retry,
  again: ReadonlySet<string>,
): boolean {
  if (retry.stage !== undefined && isSame(retry.stage, old.spec.name)) return true;
  if (retry.stage === undefined && hasFailed(old)) return true;
  return needs.some((name) => again.has(name)) && !isGood(old.result);
}

function hasFailed(stage: StagePlan): boolean {
  return stage.result === "failed" || stage.result === "canceled";
}

/** Deselected for this run: what depends on it runs as if it had not been there. */
function isDeselected(stage: StagePlan, facts: Facts): boolean {
  return stage.result === "skipped" && facts.stagesToSkip.some((name) => isSame(name, stage.spec.name));
}

function cancelOf(facts: Facts, stage: string | undefined): number {
  const mine = facts.cancels.filter(
    (one) => one.stage === undefined || (stage !== undefined && isSame(one.stage, stage)),
  );
  return Math.min(...mine.map((one) => one.at));
}

function finish(
  stages: readonly StagePlan[],
  start: number,
  cancelledAt: number,
  spec: PipelineSpec,
): RunPlan {
  const natural = Math.max(start, ...stages.map((stage) => stage.end));
  const begun = stages[0]?.checks.find((check) => check.kind === "Authorization")?.end ?? start;
  const isCut = cancelledAt <= natural && cancelledAt < Infinity;
  if (!isCut) return { start: begun, end: natural, result: verdict(stages), stages, cancelledAt: Infinity };
  const end = Math.max(
    stages.reduce((latest, one) => Math.max(latest, one.end), 0),
    cancelledAt + (spec.cancelSeconds ?? 2),
  );
  // The last step may have come to its end after all.
  const unharmed = cancelledAt > start && stages.every((one) => isGood(one.result) || one.end < cancelledAt);
  const result = unharmed ? verdict(stages) : "canceled";
  return { start: cancelledAt <= begun ? Infinity : begun, end, result, stages, cancelledAt };
}

function verdict(stages: readonly StagePlan[]): RunOutcome {
  const results = stages.map((stage) => stage.result);
  if (results.includes("failed")) return "failed";
  if (results.includes("canceled")) return "canceled";
  return results.includes("succeededWithIssues") ? "partiallySucceeded" : "succeeded";
}

export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
