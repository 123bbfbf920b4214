import type { JobPlan, Outcome, TaskPlan } from "./plan.ts";
import type { JobSpec, TaskSpec } from "./spec.ts";

interface JobInput {
  readonly spec: JobSpec;
  readonly leg: string | undefined;
  readonly attempt: number;
  readonly from: number;
  readonly cancelAt: number;
  readonly cancelSeconds: number;
}

export function planJob(input: JobInput): JobPlan {
  const { spec, leg, attempt, from, cancelAt } = input;
  const start = spec.neverGetsAgent === true ? Infinity : from + (spec.queueSeconds ?? 0);
  const common = { spec, leg, attempt };
  if (cancelAt <= start) {
    const result = spec.neverGetsAgent === true && cancelAt < Infinity ? "abandoned" : "canceled";
    return { ...common, start: Infinity, end: cancelAt, result, tasks: [] };
  }
  if (spec.refused !== undefined) return { ...common, start, end: start, result: "failed", tasks: [] };
  if (spec.agentLost === true) return { ...common, start, ...planLostTasks(input, start) };
  const tasks = planTasks(input, start);
  return { ...common, start, end: tasks.at(-1)?.end ?? start, result: resultOf(tasks, cancelAt), tasks };
}

function resultForAttempt(task: TaskSpec, attempt: number): Outcome {
  const { result } = task;
  if (result === undefined) return "succeeded";
  if (typeof result === "string") return result;
  return result[Math.min(attempt, result.length) - 1] ?? "succeeded";
}

function planTasks({ spec, attempt, cancelAt, cancelSeconds }: JobInput, start: number): TaskPlan[] {
  const tasks: TaskPlan[] = [];
  let at = start;
  let broken = false;
  for (const task of spec.tasks) {
    const wanted = resultForAttempt(task, attempt);
    const stopped = broken || at >= cancelAt;
    if (wanted === "skipped" || (stopped && task.always !== true)) {
      tasks.push({ spec: task, start: at, end: at, result: "skipped" });
      continue;
    }
    const natural = at + task.seconds;
    const latest = task.always === true && at >= cancelAt ? Infinity : cancelAt + cancelSeconds;
    const end = Math.min(natural, latest);
    const result = natural <= latest ? wanted : "canceled";
    tasks.push({ spec: task, start: at, end, result });
    broken ||= result === "failed" || result === "canceled";
    at = end;
  }
  return tasks;
}

/** Half-way through its work, nobody hears from the agent again. */
function planLostTasks(
  { spec, cancelAt }: JobInput,
  start: number,
): Pick<JobPlan, "end" | "result" | "tasks"> {
  const seconds = spec.tasks.reduce((sum, task) => sum + task.seconds, 0);
  const lostAt = Math.min(start + seconds / 2, cancelAt);
  let at = start;
  const tasks = spec.tasks.map((task): TaskPlan => {
    const begin = at;
    at += task.seconds;
    if (at <= lostAt) return { spec: task, start: begin, end: at, result: "succeeded" };
    return { spec: task, start: begin < lostAt ? begin : Infinity, end: lostAt, result: "abandoned" };
  });
  return { end: lostAt, result: "failed", tasks };
}

function resultOf(tasks: readonly TaskPlan[], cancelAt: number): Outcome {
  const results = tasks.map((task) => task.result);
  if (results.includes("failed")) return "failed";
  const cutShort = tasks.some((task) => task.result === "skipped" && task.start >= cancelAt);
  if (results.includes("canceled") || cutShort) return "canceled";
  return results.includes("succeededWithIssues") ? "succeededWithIssues" : "succeeded";
}
