import { rootCauses } from "./failures.ts";
import { wasInterrupted } from "./issue-locations.ts";
import type { RunFacts } from "./model.ts";
import type { JobNode, RunTree, StageNode, TaskNode } from "./run-tree.ts";

/** The source of a log: a task, or the job itself if `task` is undefined. */
export interface LogSource {
  readonly stage: StageNode;
  readonly job: JobNode;
  readonly task: TaskNode | undefined;
}

/**
 * The logs that show why a run did not succeed: those of its failed tasks, of the tasks that its causes name, and of the
 * tasks that were running when their job was ended from outside. A job's own log replaces the logs that its tasks lack.
 */
export function failureLogs(tree: RunTree, run: Pick<RunFacts, "result" | "problems">): readonly LogSource[] {
  const causes = rootCauses(tree, run).filter(({ isConsequence }) => !isConsequence);
  const causesByJob = Map.groupBy(causes, ({ jobId }) => jobId);
  const blamedIn = ({ id }: JobNode) => new Set(causesByJob.get(id)?.map(({ taskId }) => taskId));
  return tree.stages.flatMap((stage) =>
    stage.jobs.flatMap((job) =>
      sourcesIn(job, blamedIn(job)).map((task): LogSource => ({ stage, job, task })),
    ),
  );
}

/** In both parameters, `undefined` means the job itself. */
function sourcesIn(job: JobNode, blamed: ReadonlySet<string | undefined>): readonly (TaskNode | undefined)[] {
  const isJobBlamed = blamed.has(undefined);
  const tasks = job.tasks.filter(
    (task) =>
      task.result === "failed" ||
      blamed.has(task.id) ||
      (isJobBlamed && wasInterrupted(task) && task.startedAt !== null),
  );
  const needsJobLog = tasks.length === 0 ? isJobBlamed : tasks.some(({ logId }) => logId === null);
  return needsJobLog && job.logId !== null ? [...tasks, undefined] : tasks;
}
