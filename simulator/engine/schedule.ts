import type { JobSpec, StageSpec, TaskSpec } from "../spec.ts";

// Times are simulated seconds since the run was queued; Infinity is "not yet known, or never".

export type RecordResult =
  | "succeeded"
  | "succeededWithIssues"
  | "failed"
  | "canceled"
  | "skipped"
  | "abandoned";

export type RunResult = "succeeded" | "partiallySucceeded" | "failed" | "canceled";

export type CheckKind = "Approval" | "Authorization" | "TaskCheck";

export interface TaskSchedule {
  readonly spec: TaskSpec;
  readonly start: number;
  readonly end: number;
  readonly result: RecordResult;
}

export interface JobSchedule {
  readonly spec: JobSpec;
  readonly leg: string | undefined;
  readonly attempt: number;
  readonly start: number;
  readonly end: number;
  readonly result: RecordResult;
  readonly tasks: readonly TaskSchedule[];
}

export interface CheckSchedule {
  readonly kind: CheckKind;
  readonly start: number;
  readonly end: number;
  readonly result: "succeeded" | "failed" | "canceled";
  readonly by?: string;
  readonly comment?: string;
}

export interface StageSchedule {
  readonly spec: StageSpec;
  readonly attempt: number;
  /** When what it depends on is over. */
  readonly ready: number;
  readonly checks: readonly CheckSchedule[];
  readonly start: number;
  readonly end: number;
  readonly result: RecordResult;
  readonly jobs: readonly JobSchedule[];
}

export interface RunSchedule {
  readonly start: number;
  readonly end: number;
  readonly result: RunResult;
  readonly stages: readonly StageSchedule[];
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
export interface RunEvents {
  readonly stagesToSkip: readonly string[];
  readonly decisions: readonly Decision[];
  readonly cancels: readonly Cancel[];
  readonly retries: readonly Retry[];
}

export const noEvents: RunEvents = { stagesToSkip: [], decisions: [], cancels: [], retries: [] };

export function isSuccessful(result: RecordResult): boolean {
  return result === "succeeded" || result === "succeededWithIssues";
}

export function stateAt(
  item: { start: number; end: number },
  atSeconds: number,
): "pending" | "inProgress" | "completed" {
  if (atSeconds >= item.end) return "completed";
  return atSeconds >= item.start ? "inProgress" : "pending";
}
