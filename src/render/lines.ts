import type { RunEvent } from "../core/advance.ts";
import { clockText, durationText } from "../core/duration.ts";
import { type JobNode, jobTitle, pathOf, type RunNode, type StageNode, type Wait } from "../core/nodes.ts";
import { refusedWords } from "../core/spots.ts";
import { counted, listed, oneLine } from "../core/text.ts";
import { lengthMs } from "../core/time.ts";
import { shortWaitMs, waitedBetween } from "../core/timings.ts";
import type { Line } from "./line.ts";
import { red, yellow } from "./paint.ts";
import { marks, passedWords, waitWords } from "./words.ts";

export interface LineContext {
  /** Since the wait began. */
  readonly elapsedMs: number;
  /**
   * When the wait began, by the service's clock. With it each line bears the time when its fact happened,
   * without it the time of the look that showed it.
   */
  readonly zeroMs?: number | undefined;
  readonly runUrl: string;
  /** Who is asked for the approval that is told of, if known. */
  readonly approvers?: readonly string[] | undefined;
}

/** What an event looks like in the log: a line, or none where another line tells it. */
export function linesOf(event: RunEvent, context: LineContext): Line[] {
  const text = textOf(event, context);
  return text === undefined ? [] : [timedLine(text, context, event.at)];
}

function textOf(event: RunEvent, context: LineContext): string | undefined {
  switch (event.type) {
    case "run-status":
      if (event.status === "notStarted") return "In the queue, waiting for an agent";
      if (event.status === "canceling") return yellow("⊘ The run is being canceled");
      return event.status === "postponed" ? yellow("⏸ The run is postponed") : undefined;
    case "stage-started":
      return isHidden(event.stage) ? undefined : `▶ ${titleOf(event.stage)}${passedText(event.stage)}`;
    case "stage-finished":
      return isHidden(event.stage)
        ? undefined
        : finishText(titleOf(event.stage), event, speaksForItsJob(event.stage) ? event.stage : undefined);
    case "stage-skipped":
      return isHidden(event.stage) ? "⏭ All jobs skipped" : `⏭ ${titleOf(event.stage)} skipped`;
    case "job-started":
      return jobText(event, `▶ ${jobName(event)}${workerText(event.job)}`);
    case "job-finished":
      return jobText(event, finishText(jobName(event), event, event.job));
    case "job-skipped":
      return jobText(event, `⏭ ${jobName(event)} skipped`);
    case "wait-started":
      return waitText(event.wait, event.stage, context);
    case "wait-ended":
      return refusalText(event.wait, event.stage);
    // Issues become annotations, tasks become logs.
    case "issue":
    case "task-finished":
      return undefined;
  }
}

/** `' 2:41  '` and the text. `at` is a moment of the service's clock. */
export function timedLine(
  text: string,
  { elapsedMs, zeroMs }: Pick<LineContext, "elapsedMs" | "zeroMs">,
  at?: number,
): Line {
  const happened = at === undefined || zeroMs === undefined ? elapsedMs : at - zeroMs;
  const clock = clockText(Math.min(Math.max(0, happened), elapsedMs));
  return { type: "text", text: `${clock.padStart(5)}  ${text}` };
}

interface JobEvent {
  readonly stage: StageNode;
  readonly job: JobNode;
  readonly isElsewhere?: boolean;
}

/** A job that nobody named, alone in a stage that somebody did, is told by the stage's lines. */
function jobText({ stage }: JobEvent, text: string): string | undefined {
  if (isHidden(stage)) return text;
  return speaksForItsJob(stage) ? undefined : `  ${text}`;
}

function speaksForItsJob({ jobs }: StageNode): boolean {
  return jobs.length === 1 && jobs.every(isHidden);
}

function jobName({ stage, job, isElsewhere }: JobEvent): string {
  const name = isElsewhere === true && !isHidden(stage) ? pathOf(stage, job) : jobTitle(job);
  return `${oneLine(name)}${attemptText(job)}`;
}

function titleOf(node: RunNode): string {
  return `${oneLine(node.displayName ?? node.name)}${attemptText(node)}`;
}

function attemptText({ attempt }: RunNode): string {
  return attempt > 1 ? ` (attempt ${attempt})` : "";
}

function workerText({ worker }: JobNode): string {
  return worker === null ? "" : ` · ${oneLine(worker)}`;
}

function isHidden(node: RunNode): boolean {
  return node.displayName === undefined;
}

interface Ending {
  readonly stage: StageNode;
  readonly job?: JobNode;
  readonly durationMs: number | undefined;
}

/** Counts are told once: with the job, not again with its stage. */
function finishText(name: string, { stage, job, durationMs }: Ending, counter: RunNode | undefined): string {
  const { result } = job ?? stage;
  const took = durationMs === undefined ? "" : durationText(durationMs);
  const isStopped = result === "canceled" || result === "abandoned";
  const end = isStopped ? `${result}${took && ` after ${took}`}` : took;
  // One error is what a failure is made of.
  const isPlain =
    counter === undefined || (result === "failed" && counter.errors <= 1 && counter.warnings === 0);
  const counts = isPlain ? "" : countsText(counter);
  const text = `${result === null ? "■" : marks[result]} ${[name, end].filter(Boolean).join(" ")}${counts && `, ${counts}`}`;
  if (result === "failed") return red(text);
  return isStopped || result === "succeededWithIssues" ? yellow(text) : text;
}

/** `1 error, 2 warnings`; nothing where there are none. */
export function countsText({ errors, warnings }: Pick<RunNode, "errors" | "warnings">): string {
  const parts = [
    errors > 0 ? counted(errors, "error") : "",
    warnings > 0 ? counted(warnings, "warning") : "",
  ];
  return parts.filter(Boolean).join(", ");
}

function passedText(stage: StageNode): string {
  const passed = waitedBetween(stage.waits).map(({ kind, ms }) => `${passedWords[kind]} ${durationText(ms)}`);
  return passed.length === 0 ? "" : `, ${passed.join(", ")}`;
}

function waitText(wait: Wait, stage: StageNode | undefined, context: LineContext): string | undefined {
  const who = stage === undefined || isHidden(stage) ? "The run" : titleOf(stage);
  if (wait.status === "completed") {
    const isShort = (lengthMs(wait) ?? 0) < shortWaitMs;
    return isShort ? undefined : yellow(`⏸ ${who} waited for ${waitWords[wait.kind]}`);
  }
  const { approvers = [] } = context;
  const by = approvers.length > 0 ? ` by ${listed(approvers.map(oneLine))}` : "";
  const where = wait.kind === "check" ? `See ${context.runUrl}` : `Give it at ${context.runUrl}`;
  return `${yellow(`⏸ ${who} waits for ${waitWords[wait.kind]}${by}.`)} ${where}`;
}

/** What was given is told with the start of its stage; what was refused, here. */
function refusalText(wait: Wait, stage: StageNode | undefined): string | undefined {
  if (wait.result !== "failed") return undefined;
  const took = lengthMs(wait);
  const after = took === undefined ? "" : ` after ${durationText(took)}`;
  const of = stage === undefined || isHidden(stage) ? "" : `${titleOf(stage)}: `;
  return red(`✘ ${of}${refusedWords[wait.kind]}${after}`);
}
