import { guidFrom, recordId } from "./ids.ts";
import { commandLine, finalizeLines, initializeLines, issuesOf, plainLog, taskLog } from "./log-text.ts";
import { createRecord, issueFields, type TimelineEntry, type TimelineView, timeFields } from "./records.ts";
import { type JobSchedule, stateAt, type TaskSchedule } from "./schedule.ts";

interface JobContext {
  readonly job: JobSchedule;
  /** The job's own identifier. */
  readonly identifier: string;
  readonly worker: string | null;
}

/** The steps of a job, with the two that an agent adds. */
export function taskEntries(context: JobContext, view: TimelineView): TimelineEntry[] {
  const { job } = context;
  const names = refNames(job.tasks);
  const tasks = job.tasks.map((task, index) =>
    taskEntry(task, { refName: names[index] ?? "", order: index + 2 }, context, view),
  );
  if (job.spec.server === true) return tasks;
  const first = agentStepEntry(
    "Initialize job",
    { at: job.start, order: 1, lines: initializeLines },
    context,
    view,
  );
  const isInterrupted = job.tasks.some((task) => task.result === "abandoned");
  if (isInterrupted) return [first, ...tasks];
  const order = job.tasks.length + 2;
  return [
    first,
    ...tasks,
    agentStepEntry("Finalize Job", { at: job.end, order, lines: finalizeLines }, context, view),
  ];
}

/** The reference names of unnamed steps: `Bash`, `Bash1`, `Bash2`. */
function refNames(tasks: readonly TaskSchedule[]): string[] {
  const counts = new Map<string, number>();
  return tasks.map(({ spec }) => {
    if (spec.refName !== undefined) return spec.refName;
    const kind = (spec.task ?? commandLine).name;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return `${kind}${count === 0 ? "" : count}`;
  });
}

interface TaskSlot {
  readonly refName: string;
  readonly order: number;
}

function taskEntry(
  task: TaskSchedule,
  { refName, order }: TaskSlot,
  context: JobContext,
  view: TimelineView,
): TimelineEntry {
  const { job, identifier, worker } = context;
  const state = stateAt(task, view.atSeconds);
  const isCompleted = state === "completed";
  const hasLog =
    isCompleted && task.spec.log !== null && task.result !== "skipped" && task.result !== "abandoned";
  return {
    record: createRecord({
      id: recordId(`${identifier}.${refName}`, job.attempt),
      parentId: recordId(identifier, job.attempt),
      type: "Task",
      name: task.spec.name,
      refName,
      ...(task.start < Infinity && timeFields(task, view)),
      state,
      result: isCompleted ? task.result : null,
      resultCode: isCompleted && task.result === "skipped" ? skipReason(task) : null,
      workerName: worker,
      order,
      task: task.spec.task ?? commandLine,
      ...(isCompleted && issueFields(issuesOf(task))),
    }),
    ...(hasLog && { log: taskLog(task), logCompletedAt: task.end }),
  };
}

interface AgentStep {
  readonly at: number;
  readonly order: number;
  readonly lines: readonly string[];
}

/** A step of the agent itself: a record without a task, whose id follows no rule. */
function agentStepEntry(
  name: string,
  { at, order, lines }: AgentStep,
  context: JobContext,
  view: TimelineView,
): TimelineEntry {
  const { job, identifier, worker } = context;
  const interval = { start: at, end: at };
  const state = stateAt(interval, view.atSeconds);
  const isCompleted = state === "completed";
  return {
    record: createRecord({
      id: guidFrom(`${view.planId}/${identifier}/${job.attempt}/${name}`),
      parentId: recordId(identifier, job.attempt),
      type: "Task",
      name,
      refName: order === 1 ? "JobExtension_Init" : "JobExtension_Final",
      ...timeFields(interval, view),
      percentComplete: isCompleted ? 100 : null,
      state,
      result: isCompleted ? "succeeded" : null,
      workerName: worker,
      order,
    }),
    ...(isCompleted && { log: plainLog(at, at, lines), logCompletedAt: at }),
  };
}

function skipReason(task: TaskSchedule): string {
  return `Evaluating: ${task.spec.always === true ? "failed()" : "succeeded()"}\nResult: False\n`;
}
