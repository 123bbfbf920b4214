import type { RunEvent } from "../core/advance.ts";
import type { NodeResult } from "../core/model.ts";
import { attemptKey, nodePath, type TaskNode } from "../core/nodes.ts";

export type TaskFinishedEvent = Extract<RunEvent, { type: "task-finished" }>;

/** A task whose log is wanted; without the tree that it was seen in, which would stay in memory with it. */
export interface TaskLogRef {
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

export function taskLogRef({
  stage,
  job,
  task,
}: Pick<TaskFinishedEvent, "stage" | "job" | "task">): TaskLogRef {
  return {
    key: attemptKey(task),
    path: nodePath(stage, job, task),
    jobId: job.id,
    taskId: task.id,
    result: task.result,
    logId: task.logId,
    errorLine: firstErrorLine(task),
  };
}

function firstErrorLine({ issues }: TaskNode): number | undefined {
  return issues.find(({ severity, logLine }) => severity === "error" && logLine !== undefined)?.logLine;
}
