import { guidFrom, recordId } from "./ids.ts";
import { commandLine, finalizeLines, initializeLines, issuesOf, plainLog, taskLog } from "./log-text.ts";
import { type JobPlan, stateAt, type TaskPlan } from "./plan.ts";
import { type Entry, issueFields, recordOf } from "./records.ts";
import { times, type View } from "./timeline.ts";

interface Crew {
  readonly job: JobPlan;
  /** The job's own identifier. */
  readonly identifier: string;
  readonly worker: string;
}

/** The steps of a job, with the two that the agent adds. */
export function taskEntries(crew: Crew, view: View): Entry[] {
  const { job } = crew;
  const names = refNames(job.tasks);
  const tasks = job.tasks.map((task, index) =>
    taskEntry(task, { refName: names[index] ?? "", order: index + 2 }, crew, view),
  );
  const first = frameEntry("Initialize job", { at: job.start, order: 1, lines: initializeLines }, crew, view);
  if (job.spec.agentLost === true) return [first, ...tasks];
  const order = job.tasks.length + 2;
  return [
    first,
    ...tasks,
    frameEntry("Finalize Job", { at: job.end, order, lines: finalizeLines }, crew, view),
  ];
}

/** `Bash`, `Bash1`, `Bash2`: how steps without a name of their own are called. */
function refNames(tasks: readonly TaskPlan[]): string[] {
  const counts = new Map<string, number>();
  return tasks.map(({ spec }) => {
    if (spec.refName !== undefined) return spec.refName;
    const kind = (spec.task ?? commandLine).name;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return `${kind}${count === 0 ? "" : count}`;
  });
}

interface Slot {
  readonly refName: string;
  readonly order: number;
}

function taskEntry(task: TaskPlan, { refName, order }: Slot, crew: Crew, view: View): Entry {
  const { job, identifier, worker } = crew;
  const state = stateAt(task, view.t);
  const done = state === "completed";
  const hasLog = done && task.result !== "skipped" && task.result !== "abandoned";
  return {
    record: recordOf({
      id: recordId(`${identifier}.${refName}`, job.attempt),
      parentId: recordId(identifier, job.attempt),
      type: "Task",
      name: task.spec.name,
      refName,
      ...(task.start < Infinity && times(task, view)),
      state,
      result: done ? task.result : null,
      resultCode: done && task.result === "skipped" ? skipReason(task) : null,
      workerName: worker,
      order,
      task: task.spec.task ?? commandLine,
      ...(done && issueFields(issuesOf(task))),
    }),
    ...(hasLog && { log: taskLog(task), loggedAt: task.end }),
  };
}

interface Frame {
  readonly at: number;
  readonly order: number;
  readonly lines: readonly string[];
}

/** What the agent does before and after: a record of no task, whose id follows no rule. */
function frameEntry(name: string, { at, order, lines }: Frame, crew: Crew, view: View): Entry {
  const { job, identifier, worker } = crew;
  const whole = { start: at, end: at };
  const state = stateAt(whole, view.t);
  const done = state === "completed";
  return {
    record: recordOf({
      id: guidFrom(`${view.planId}/${identifier}/${job.attempt}/${name}`),
      parentId: recordId(identifier, job.attempt),
      type: "Task",
      name,
      refName: order === 1 ? "JobExtension_Init" : "JobExtension_Final",
      ...times(whole, view),
      percentComplete: done ? 100 : null,
      state,
      result: done ? "succeeded" : null,
      workerName: worker,
      order,
    }),
    ...(done && { log: plainLog(at, at, lines), loggedAt: at }),
  };
}

function skipReason(task: TaskPlan): string {
  return `Evaluating: ${task.spec.always === true ? "failed()" : "succeeded()"}\nResult: False\n`;
}
