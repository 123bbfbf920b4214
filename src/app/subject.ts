import type { RunEvent } from "../core/advance.ts";
import type { NodeResult } from "../core/model.ts";
import { attemptKey, pathOf, type TaskNode } from "../core/nodes.ts";

export type TaskFinished = Extract<RunEvent, { type: "task-finished" }>;

/** A task whose log is wanted; without the tree that it was seen in, which would stay in memory with it. */
export interface Subject {
  /** Of the task and its attempt. */
  readonly key: string;
  readonly path: string;
  readonly jobId: string;
  readonly taskId: string;
  readonly result: NodeResult | null;
  /** null until there is a log. */
  readonly logId: number | null;
  /** Line of the log in which the first error stands. */
  readonly errorLine: number | undefined;
}

export function subjectOf({ stage, job, task }: Pick<TaskFinished, "stage" | "job" | "task">): Subject {
  return {
    key: attemptKey(task),
    path: pathOf(stage, job, task),
    jobId: job.id,
    taskId: task.id,
    result: task.result,
    logId: task.logId,
    errorLine: errorLineOf(task),
  };
}

function errorLineOf({ issues }: TaskNode): number | undefined {
  return issues.find(({ severity, logLine }) => severity === "error" && logLine !== undefined)?.logLine;
}
