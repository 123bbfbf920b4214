import type { JobSpec, StageSpec, TaskSpec } from "./spec.ts";

// Times are simulated seconds since the run was queued; Infinity is "not yet known, or never".

export type Outcome = "succeeded" | "succeededWithIssues" | "failed" | "canceled" | "skipped" | "abandoned";
export type RunOutcome = "succeeded" | "partiallySucceeded" | "failed" | "canceled";
export type CheckKind = "Approval" | "Authorization" | "TaskCheck";

export interface TaskPlan {
  readonly spec: TaskSpec;
  readonly start: number;
  readonly end: number;
  readonly result: Outcome;
}

export interface JobPlan {
  readonly spec: JobSpec;
  readonly leg: string | undefined;
  readonly attempt: number;
  readonly start: number;
  readonly end: number;
  readonly result: Outcome;
  readonly tasks: readonly TaskPlan[];
}

export interface CheckPlan {
  readonly kind: CheckKind;
  readonly start: number;
  readonly end: number;
  readonly result: "succeeded" | "failed" | "canceled";
  readonly by?: string;
  readonly comment?: string;
}

export interface StagePlan {
  readonly spec: StageSpec;
  readonly attempt: number;
  /** When what it depends on is over. */
  readonly ready: number;
  readonly checks: readonly CheckPlan[];
  readonly start: number;
  readonly end: number;
  readonly result: Outcome;
  readonly jobs: readonly JobPlan[];
}

export interface RunPlan {
  readonly start: number;
  readonly end: number;
  readonly result: RunOutcome;
  readonly stages: readonly StagePlan[];
  readonly cancelledAt: number;
}

export interface Decision {
  readonly stage: string;
  readonly kind: CheckKind;
  readonly accepted: boolean;
  readonly at: number;
  readonly by?: string;
  readonly comment?: string;
}

export interface Cancel {
  readonly at: number;
  /** Blank: the whole run. */
  readonly stage?: string;
}

export interface Retry {
  readonly at: number;
  /** Blank: whatever did not succeed. */
  readonly stage?: string;
  readonly allJobs: boolean;
  /** What the main timeline says was repeated. */
  readonly shape: "stage" | "job";
}

/** What happened to a run from outside. */
export interface Facts {
  readonly stagesToSkip: readonly string[];
  readonly decisions: readonly Decision[];
  readonly cancels: readonly Cancel[];
  readonly retries: readonly Retry[];
}

export const nothingHappened: Facts = { stagesToSkip: [], decisions: [], cancels: [], retries: [] };

export function isGood(result: Outcome): boolean {
  return result === "succeeded" || result === "succeededWithIssues";
}

export function stateAt(
  item: { start: number; end: number },
  t: number,
): "pending" | "inProgress" | "completed" {
  if (t >= item.end) return "completed";
  return t >= item.start ? "inProgress" : "pending";
}
