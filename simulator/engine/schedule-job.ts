import type { JobSpec, TaskSpec } from "../spec.ts";
import type { JobSchedule, RecordResult, TaskSchedule } from "./schedule.ts";

interface JobInput {
  readonly spec: JobSpec;
  readonly leg: string | undefined;
  readonly attempt: number;
  readonly earliestStart: number;
  readonly cancelledAt: number;
  readonly cancelSeconds: number;
}

export function scheduleJob(input: JobInput): JobSchedule {
  const { spec, leg, attempt, earliestStart, cancelledAt } = input;
  const start = spec.neverGetsAgent === true ? Infinity : earliestStart + (spec.queueSeconds ?? 0);
  const common = { spec, leg, attempt };
  if (cancelledAt <= start) {
    const result = spec.neverGetsAgent === true && cancelledAt < Infinity ? "abandoned" : "canceled";
    return { ...common, start: Infinity, end: cancelledAt, result, tasks: [] };
  }
  if (spec.refused !== undefined) return { ...common, start, end: start, result: "failed", tasks: [] };
  if (spec.agentLost === true) return { ...common, start, ...scheduleTasksOfLostAgent(input, start) };
  const tasks = scheduleTasks(input, start);
  return { ...common, start, end: tasks.at(-1)?.end ?? start, result: resultOf(tasks, cancelledAt), tasks };
}

function resultForAttempt(task: TaskSpec, attempt: number): RecordResult {
  const { result } = task;
  if (result === undefined) return "succeeded";
  if (typeof result === "string") return result;
  return result[Math.min(attempt, result.length) - 1] ?? "succeeded";
}

function scheduleTasks(
  { spec, attempt, cancelledAt, cancelSeconds }: JobInput,
  start: number,
): TaskSchedule[] {
  const tasks: TaskSchedule[] = [];
  let at = start;
  let hasFailed = false;
  for (const task of spec.tasks) {
    const specifiedResult = resultForAttempt(task, attempt);
    const isPreempted = hasFailed || at >= cancelledAt;
    if (specifiedResult === "skipped" || (isPreempted && task.always !== true)) {
      tasks.push({ spec: task, start: at, end: at, result: "skipped" });
      continue;
    }
    const naturalEnd = at + task.seconds;
    const latestEnd = task.always === true && at >= cancelledAt ? Infinity : cancelledAt + cancelSeconds;
    const end = Math.min(naturalEnd, latestEnd);
    const result = naturalEnd <= latestEnd ? specifiedResult : "canceled";
    tasks.push({ spec: task, start: at, end, result });
    hasFailed ||= result === "failed" || result === "canceled";
    at = end;
  }
  return tasks;
}

/** Half-way through its work, nobody hears from the agent again. */
function scheduleTasksOfLostAgent(
  { spec, cancelledAt }: JobInput,
  start: number,
): Pick<JobSchedule, "end" | "result" | "tasks"> {
  const seconds = spec.tasks.reduce((sum, task) => sum + task.seconds, 0);
  const lostAt = Math.min(start + seconds / 2, cancelledAt);
  let at = start;
  const tasks = spec.tasks.map((task): TaskSchedule => {
    const taskStart = at;
    at += task.seconds;
    if (at <= lostAt) return { spec: task, start: taskStart, end: at, result: "succeeded" };
    return { spec: task, start: taskStart < lostAt ? taskStart : Infinity, end: lostAt, result: "abandoned" };
  });
  return { end: lostAt, result: "failed", tasks };
}

function resultOf(tasks: readonly TaskSchedule[], cancelledAt: number): RecordResult {
  const results = tasks.map((task) => task.result);
  if (results.includes("failed")) return "failed";
  const hasSkippedAfterCancel = tasks.some((task) => task.result === "skipped" && task.start >= cancelledAt);
  if (results.includes("canceled") || hasSkippedAfterCancel) return "canceled";
  return results.includes("succeededWithIssues") ? "succeededWithIssues" : "succeeded";
}
