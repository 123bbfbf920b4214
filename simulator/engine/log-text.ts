import type { IssueSpec, PipelineSpec, TaskSpec } from "../spec.ts";
import type { LogSource } from "./records.ts";
import type { JobSchedule, TaskSchedule } from "./schedule.ts";

export const commandLine = {
  id: "d9bafed4-0b18-4f58-968d-86655b4d2ce9",
  name: "CmdLine",
  version: "2.250.1",
};

const separator = "=".repeat(78);

/** The issues of a task; one that failed and has none gets the usual message. */
export function issuesOf(schedule: TaskSchedule): readonly IssueSpec[] {
  const { spec, result } = schedule;
  if (result === "canceled") return [{ type: "error", message: "The operation was canceled." }];
  if (result === "skipped" || result === "abandoned") return [];
  if (spec.issues !== undefined) return withLineNumbers(spec, spec.issues);
  if (result === "failed" && spec.waitsForValidation === true)
    return [{ type: "error", message: "The manual validation was rejected." }];
  if (result !== "failed") return [];
  return withLineNumbers(spec, [{ type: "error", message: "Bash exited with code '1'." }]);
}

/** Gives each issue without a line number a line at the end of the log. */
function withLineNumbers(spec: TaskSpec, issues: readonly IssueSpec[]): IssueSpec[] {
  const { log } = spec;
  if (typeof log === "function" || log === null) return [...issues];
  const linesOf = (text: string) => text.split("\n").length;
  let next = 1 + [...taskHeader(spec), ...(log ?? [])].reduce((sum, text) => sum + linesOf(text), 0);
  return issues.map((issue) => {
    if (issue.data?.["logFileLineNumber"] !== undefined) return issue;
    const line = next;
    next += linesOf(issue.message);
    return { ...issue, data: { ...issue.data, logFileLineNumber: String(line) } };
  });
}

export function taskLog(schedule: TaskSchedule): LogSource {
  return { start: schedule.start, end: schedule.end, lines: () => taskLines(schedule) };
}

function* taskLines(schedule: TaskSchedule): Generator<string> {
  const { spec } = schedule;
  yield* taskHeader(spec);
  yield* typeof spec.log === "function" ? spec.log() : (spec.log ?? []);
  for (const issue of issuesOf(schedule)) {
    if (spec.issues?.some((one) => one.message === issue.message && one.data?.["logFileLineNumber"]))
      continue;
    yield `##[${issue.type}]${issue.message}`;
  }
  yield `##[section]Finishing: ${spec.name}`;
}

export function plainLog(start: number, end: number, lines: readonly string[]): LogSource {
  return { start, end, lines: () => lines };
}

/** A job's log is all of its steps' logs, one after the other. */
export function jobLog(job: JobSchedule): LogSource {
  return { start: job.start, end: job.end, lines: () => jobLines(job) };
}

function* jobLines(job: JobSchedule): Generator<string> {
  yield* initializeLines;
  for (const task of job.tasks) {
    if (task.result === "skipped") yield "Skipping step due to condition evaluation.";
    else yield* taskLines(task);
  }
  yield* finalizeLines;
}

export const initializeLines = [
  "##[section]Starting: Initialize job",
  "Agent name: 'Azure Pipelines 1'",
  "Prepare job.",
  "##[section]Finishing: Initialize job",
];

export const finalizeLines = ["##[section]Starting: Finalize Job", "##[section]Finishing: Finalize Job"];

function taskHeader(spec: TaskSpec): string[] {
  const task = spec.task ?? commandLine;
  return [
    `##[section]Starting: ${spec.name}`,
    separator,
    `Task         : ${task.name}`,
    `Version      : ${task.version}`,
    separator,
  ];
}

/** The YAML that a run of this pipeline expands to. */
export function finalYaml(spec: PipelineSpec): string {
  if (spec.finalYaml !== undefined) return spec.finalYaml;
  const quoted = (text: string) => JSON.stringify(text);
  const lines = spec.stages.flatMap((stage) => [
    `- stage: ${stage.name}`,
    `  displayName: ${quoted(stage.displayName ?? stage.name)}`,
    "  jobs:",
    ...stage.jobs.flatMap((job) => [
      `  - job: ${job.name}`,
      `    displayName: ${quoted(job.displayName ?? job.name)}`,
      "    steps:",
      ...job.tasks.flatMap((task) => [
        `    - task: ${(task.task ?? commandLine).name}@2`,
        `      displayName: ${quoted(task.name)}`,
      ]),
    ]),
  ]);
  return `stages:\r\n${lines.join("\r\n")}\r\n`;
}
