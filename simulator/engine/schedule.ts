import type { IssueSpec, JobSpec, StageSpec, TaskSpec } from "../spec.ts";

// Times are simulated seconds since the run was queued; Infinity is "not yet known, or never".

export type RecordResult =
  | "succeeded"
  | "succeededWithIssues"
  | "failed"
  | "canceled"
  | "skipped"
  | "abandoned"
  | "manuallyQueued"
  | "dependentOnManualQueue";

export type RunResult = "succeeded" | "partiallySucceeded" | "failed" | "canceled";

type CheckKind = "Approval" | "Authorization" | "TaskCheck";

/** A decision about an approval, a permission or a manual validation. */
export type DecisionKind = "Approval" | "Authorization" | "Validation";

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
  /** Issues of the job itself, once it is over. */
  readonly issues: readonly IssueSpec[];
  /** False where no agent uploaded a log of the job. */
  readonly hasLog: boolean;
}

export interface CheckSchedule {
  readonly kind: CheckKind;
  /** The same for no other check of the stage. */
  readonly key: string;
  /** As its record is called. */
  readonly name: string;
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
  /** Until then the run is postponed. */
  readonly postponedUntil: number;
  readonly start: number;
  readonly end: number;
  readonly result: RunResult;
  readonly stages: readonly StageSchedule[];
  readonly cancelledAt: number;
  /** From then on the service has abandoned the run. */
  readonly abandonedAt: number;
}

export interface Decision {
  readonly stage: string;
  readonly kind: DecisionKind;
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
  /** Blank: everything that did not succeed. */
  readonly stage?: string;
  readonly allJobs: boolean;
  /** What the main timeline says was repeated. */
  readonly shape: "stage" | "job";
}

/** A manual stage was started. */
export interface StageStart {
  readonly stage: string;
  readonly at: number;
}

/** What happened to a run from outside. */
export interface RunEvents {
  /** While its pipeline is paused: Infinity. */
  readonly heldUntil: number;
  readonly stageStarts: readonly StageStart[];
  readonly stagesToSkip: readonly string[];
  readonly decisions: readonly Decision[];
  readonly cancels: readonly Cancel[];
  readonly retries: readonly Retry[];
}

export const noEvents: RunEvents = {
  heldUntil: 0,
  stageStarts: [],
  stagesToSkip: [],
  decisions: [],
  cancels: [],
  retries: [],
};

export function isSuccessful(result: RecordResult): boolean {
  return result === "succeeded" || result === "succeededWithIssues";
}

/** Whether it is a manual stage that was not started, or one that depends on such a stage. */
export function waitsForManualStart(result: RecordResult): boolean {
  return result === "manuallyQueued" || result === "dependentOnManualQueue";
}

interface Child {
  readonly start: number;
  readonly end: number;
  readonly result: RecordResult;
}

/** The result of a parent by those of its children: the first that failed or was canceled decides. */
export function parentResult(children: readonly Child[]): RecordResult {
  const inOrder = [...children].sort((one, other) => one.end - other.end).map(asPartOfParent);
  const decisive = inOrder.find((result) => result === "failed" || result === "canceled");
  return decisive ?? (inOrder.includes("succeededWithIssues") ? "succeededWithIssues" : "succeeded");
}

/** An abandoned child counts as failed, unless it was waiting for an agent when the run was cancelled. */
function asPartOfParent({ result, start }: Child): RecordResult {
  if (result !== "abandoned") return result;
  return start === Infinity ? "canceled" : "failed";
}

export function stateAt(
  item: { start: number; end: number },
  atSeconds: number,
): "pending" | "inProgress" | "completed" {
  if (atSeconds >= item.end) return "completed";
  return atSeconds >= item.start ? "inProgress" : "pending";
}
