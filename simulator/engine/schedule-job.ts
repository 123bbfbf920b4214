import type { IssueSpec, JobSpec, TaskSpec } from "../spec.ts";
import type { Decision, JobSchedule, RecordResult, TaskSchedule } from "./schedule.ts";

interface JobInput {
  readonly spec: JobSpec;
  readonly leg: string | undefined;
  readonly attempt: number;
  readonly earliestStart: number;
  readonly cancelledAt: number;
  readonly cancelSeconds: number;
  /** What was decided about the manual validations of the stage. */
  readonly validation: Decision | undefined;
}

export function scheduleJob(input: JobInput): JobSchedule {
  const { attempt } = input;
  const schedule = scheduleJobAttempt({ ...input, spec: specOfAttempt(input.spec, attempt) });
  return { ...schedule, spec: input.spec };
}

/** The job without its trouble, in the attempts after it. */
function specOfAttempt(spec: JobSpec, attempt: number): JobSpec {
  if (attempt <= (spec.troubledAttempts ?? Infinity)) return spec;
  const {
    agentLost,
    neverGetsAgent,
    refused,
    notProvisioned,
    machineTakenAway,
    timeLimitMinutes,
    issues,
    ...rest
  } = spec;
  return rest;
}

function scheduleJobAttempt(input: JobInput): JobSchedule {
  const { spec, leg, attempt, earliestStart, cancelledAt } = input;
  const start = spec.neverGetsAgent === true ? Infinity : earliestStart + (spec.queueSeconds ?? 0);
  const common = { spec, leg, attempt, issues: spec.issues ?? [], hasLog: spec.server !== true };
  if (cancelledAt <= start) {
    const result = spec.neverGetsAgent === true && cancelledAt < Infinity ? "abandoned" : "canceled";
    return { ...common, start: Infinity, end: cancelledAt, result, tasks: [], hasLog: false };
  }
  if (spec.refused !== undefined)
    return { ...common, ...endedBeforeTasks(spec, start, "failed", spec.refused) };
  if (spec.notProvisioned === true)
    return { ...common, ...endedBeforeTasks(spec, start, "canceled", notProvisionedMessage) };
  if (spec.agentLost !== undefined && spec.agentLost !== false) {
    const result = spec.agentLost === "abandoned" ? "abandoned" : "failed";
    const message = result === "abandoned" ? lockNotRenewedMessage : agentLostMessage;
    const issues = spec.issues ?? [jobIssue("error", message)];
    return { ...common, start, ...interruptedTasks(input, start), result, issues, hasLog: false };
  }
  if (spec.machineTakenAway !== undefined) {
    const issues = spec.issues ?? [jobIssue("warning", machineTakenAwayMessage)];
    return { ...common, start, ...interruptedTasks(input, start), result: spec.machineTakenAway, issues };
  }
  return { ...common, start, ...jobOfTasks(input, start) };
}

/** Runs the tasks, at most until the time limit. */
function jobOfTasks(
  input: JobInput,
  start: number,
): Pick<JobSchedule, "end" | "result" | "tasks"> & Partial<JobSchedule> {
  const { spec, cancelledAt } = input;
  const limitAt = start + (spec.timeLimitMinutes ?? Infinity) * 60;
  const stoppedAt = Math.min(cancelledAt, limitAt);
  const tasks = scheduleTasks({ ...input, cancelledAt: stoppedAt }, start);
  const end = tasks.at(-1)?.end ?? start;
  const result = resultOf(tasks, stoppedAt);
  // A job that ran out of time stays canceled, whatever its last tasks do.
  const isOutOfTime = limitAt < cancelledAt && end > limitAt;
  if (!isOutOfTime) return { end, result, tasks };
  const message = `The job running on agent Azure Pipelines 1 ran longer than the maximum time of ${spec.timeLimitMinutes} minutes. For more information, see https://go.microsoft.com/fwlink/?linkid=2077134`;
  return { end, result: "canceled", tasks, issues: spec.issues ?? [jobIssue("error", message)] };
}

function endedBeforeTasks(spec: JobSpec, at: number, result: RecordResult, message: string) {
  const issues = spec.issues ?? [jobIssue("error", message)];
  return { start: at, end: at, result, tasks: [], issues, hasLog: false };
}

function jobIssue(type: IssueSpec["type"], message: string): IssueSpec {
  return { type, category: null, message };
}

const agentLostMessage =
  "We stopped hearing from agent Azure Pipelines 1. Verify the agent machine is running and has a healthy network connection.";

const lockNotRenewedMessage =
  "The job has been abandoned because agent Azure Pipelines 1 did not renew the lock. Ensure agent is running, not sleeping, and has not lost communication with the service.";

const notProvisionedMessage =
  "An error occurred while provisioning resources (Error Type: Failure). Ensure the pool has machines left.";

const machineTakenAwayMessage =
  "Received request to deprovision: The request was cancelled by the remote provider.";

function resultForAttempt(task: TaskSpec, attempt: number): RecordResult {
  const { result } = task;
  if (result === undefined) return "succeeded";
  if (typeof result === "string") return result;
  return result[Math.min(attempt, result.length) - 1] ?? "succeeded";
}

function scheduleTasks(input: JobInput, start: number): TaskSchedule[] {
  const { spec, attempt, cancelledAt, cancelSeconds } = input;
  const tasks: TaskSchedule[] = [];
  let at = start;
  let hasFailed = false;
  for (const task of spec.tasks) {
    const isCancelled = cancelledAt < Infinity && at >= cancelledAt;
    if (
      resultForAttempt(task, attempt) === "skipped" ||
      ((hasFailed || isCancelled) && task.always !== true)
    ) {
      tasks.push({ spec: task, start: at, end: at, result: "skipped" });
      continue;
    }
    const natural = naturalCourse(task, at, input);
    const latestEnd = task.always === true && isCancelled ? Infinity : cancelledAt + cancelSeconds;
    const end = Math.min(natural.end, latestEnd);
    const result = natural.end <= latestEnd ? natural.result : "canceled";
    tasks.push({ spec: task, start: at, end, result });
    hasFailed ||= result === "failed" || result === "canceled";
    at = end;
  }
  return tasks;
}

function naturalCourse(
  task: TaskSpec,
  at: number,
  { attempt, validation }: JobInput,
): { readonly end: number; readonly result: RecordResult } {
  if (task.waitsForValidation !== true)
    return { end: at + task.seconds, result: resultForAttempt(task, attempt) };
  if (validation === undefined) return { end: Infinity, result: "succeeded" };
  return { end: Math.max(at, validation.at), result: validation.accepted ? "succeeded" : "failed" };
}

/** The agent, or its machine, is lost midway. */
function interruptedTasks(
  { spec, cancelledAt }: JobInput,
  start: number,
): Pick<JobSchedule, "end" | "tasks"> {
  const seconds = spec.tasks.reduce((sum, task) => sum + task.seconds, 0);
  const lostAt = Math.min(start + seconds / 2, cancelledAt);
  let at = start;
  const tasks = spec.tasks.map((task): TaskSchedule => {
    const taskStart = at;
    at += task.seconds;
    if (at <= lostAt) return { spec: task, start: taskStart, end: at, result: "succeeded" };
    return { spec: task, start: taskStart < lostAt ? taskStart : Infinity, end: lostAt, result: "abandoned" };
  });
  return { end: lostAt, tasks };
}

function resultOf(tasks: readonly TaskSchedule[], cancelledAt: number): RecordResult {
  const results = tasks.map((task) => task.result);
  if (results.includes("failed")) return "failed";
  const hasSkippedAfterCancel =
    cancelledAt < Infinity && tasks.some((task) => task.result === "skipped" && task.start >= cancelledAt);
  if (results.includes("canceled") || hasSkippedAfterCancel) return "canceled";
  return results.includes("succeededWithIssues") ? "succeededWithIssues" : "succeeded";
}
