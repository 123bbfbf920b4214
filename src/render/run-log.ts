import { failedCheckText } from "../core/issue-locations.ts";
import type { LogEntry } from "../core/log-line.ts";
import { minReportedWaitMs, waitTimesBetween } from "../core/progress.ts";
import type { RunEvent } from "../core/run-events.ts";
import {
  type JobNode,
  jobTitle,
  nodePath,
  type RunNode,
  type StageCheck,
  type StageNode,
} from "../core/run-tree.ts";
import { counted, listed, oneLine } from "../lib/text.ts";
import { clockText, durationText, parseTime, spanDurationMs } from "../lib/time.ts";
import { checkActions, checkLabel, completedCheckLabels, resultSymbols } from "./labels.ts";

export interface LineContext {
  /** The time since the start of the wait. */
  readonly elapsedMs: number;
  /**
   * The start of the wait, by the service's clock. With it, each line has the time of its event, without it the time of
   * the poll.
   */
  readonly waitStartMs?: number | undefined;
  readonly runUrl: string;
  /** The approvers of the approval, if known. */
  readonly approvers?: readonly string[] | undefined;
}

/** The log line for an event; `undefined` if another line contains it. */
export function renderEvent(event: RunEvent, context: LineContext): LogEntry[] {
  const text = eventText(event, context);
  return text === undefined ? [] : [timestampedLine(text, context, event.at)];
}

function eventText(event: RunEvent, context: LineContext): string | undefined {
  switch (event.type) {
    case "run-status":
      if (event.status === "notStarted")
        return event.run.isPipelinePaused
          ? yellow("⏸ In the queue: the pipeline is paused, so its runs do not start")
          : "In the queue, waiting for an agent";
      if (event.status === "canceling") return yellow("⊘ The run is being canceled");
      return event.status === "postponed" ? yellow("⏸ The run is postponed") : undefined;
    case "stage-started":
      return isUnnamed(event.stage)
        ? undefined
        : `▶ ${nodeTitle(event.stage)}${completedChecksText(event.stage)}`;
    case "stage-finished":
      return isUnnamed(event.stage)
        ? undefined
        : finishText(nodeTitle(event.stage), event, representsJob(event.stage) ? event.stage : undefined);
    case "stage-skipped":
      return isUnnamed(event.stage) ? "⏭ All jobs skipped" : `⏭ ${nodeTitle(event.stage)} skipped`;
    case "stage-not-started":
      return `⏸ ${nodeTitle(event.stage)} not started (manual). Start it at ${context.runUrl}`;
    case "job-started":
      return jobLineText(event, `▶ ${jobName(event)}${workerText(event.job)}`);
    case "job-finished":
      return jobLineText(event, finishText(jobName(event), event, event.job));
    case "job-skipped":
      return jobLineText(event, `⏭ ${jobName(event)} skipped`);
    case "check-started":
      return checkText(event.check, event.stage, context);
    case "check-ended":
      return rejectedCheckText(event.check, event.stage);
    // Issues are shown as annotations, tasks by their logs.
    case "issue":
    case "task-finished":
      return undefined;
  }
}

/** `' 2:41  '` and the text. `at` is a time of the service's clock. */
export function timestampedLine(
  text: string,
  { elapsedMs, waitStartMs }: Pick<LineContext, "elapsedMs" | "waitStartMs">,
  at?: number,
): LogEntry {
  const eventMs = at === undefined || waitStartMs === undefined ? elapsedMs : at - waitStartMs;
  const clock = clockText(Math.min(Math.max(0, eventMs), elapsedMs));
  return { type: "text", text: `${clock.padStart(5)}  ${text}` };
}

interface JobEvent {
  readonly stage: StageNode;
  readonly job: JobNode;
  readonly isStageSwitch?: boolean;
}

/** The only, unnamed job of a named stage is represented by the stage's lines. */
function jobLineText({ stage }: JobEvent, text: string): string | undefined {
  if (isUnnamed(stage)) return text;
  return representsJob(stage) ? undefined : `  ${text}`;
}

function representsJob({ jobs }: StageNode): boolean {
  return jobs.length === 1 && jobs.every(isUnnamed);
}

function jobName({ stage, job, isStageSwitch }: JobEvent): string {
  const name = isStageSwitch === true && !isUnnamed(stage) ? nodePath(stage, job) : jobTitle(job);
  return `${oneLine(name)}${attemptText(job)}`;
}

function nodeTitle(node: RunNode): string {
  return `${oneLine(node.displayName ?? node.name)}${attemptText(node)}`;
}

function attemptText({ attempt }: RunNode): string {
  return attempt > 1 ? ` (attempt ${attempt})` : "";
}

function workerText({ worker }: JobNode): string {
  return worker === null ? "" : ` · ${oneLine(worker)}`;
}

function isUnnamed(node: RunNode): boolean {
  return node.displayName === undefined;
}

interface FinishedNode {
  readonly stage: StageNode;
  readonly job?: JobNode;
  readonly durationMs: number | undefined;
}

/** Counts are shown only with the job, not again with its stage. */
function finishText(
  name: string,
  { stage, job, durationMs }: FinishedNode,
  countedNode: RunNode | undefined,
): string {
  const { result } = job ?? stage;
  const took = durationMs === undefined ? "" : durationText(durationMs);
  const isCanceled = result === "canceled" || result === "abandoned";
  const ending = isCanceled ? `${result}${took && ` after ${took}`}` : took;
  // Every failure has at least one error, so a single one is not mentioned.
  const hidesCounts =
    countedNode === undefined ||
    (result === "failed" && countedNode.errors <= 1 && countedNode.warnings === 0);
  const counts = hidesCounts ? "" : countsText(countedNode);
  const text = `${result === null ? "■" : resultSymbols[result]} ${[name, ending].filter(Boolean).join(" ")}${counts && `, ${counts}`}`;
  if (result === "failed") return red(text);
  return isCanceled || result === "succeededWithIssues" ? yellow(text) : text;
}

/** `1 error, 2 warnings`; blank if there are none. */
export function countsText({ errors, warnings }: Pick<RunNode, "errors" | "warnings">): string {
  const parts = [
    errors > 0 ? counted(errors, "error") : "",
    warnings > 0 ? counted(warnings, "warning") : "",
  ];
  return parts.filter(Boolean).join(", ");
}

function completedChecksText(stage: StageNode): string {
  const completed = waitTimesBetween(stage.checks).map(
    ({ kind, ms }) => `${completedCheckLabels[kind]} ${durationText(ms)}`,
  );
  return completed.length === 0 ? "" : `, ${completed.join(", ")}`;
}

function checkText(
  check: StageCheck,
  stage: StageNode | undefined,
  context: LineContext,
): string | undefined {
  const subject = stage === undefined || isUnnamed(stage) ? "The run" : nodeTitle(stage);
  if (check.status === "completed") {
    const isShort = (spanDurationMs(check) ?? 0) < minReportedWaitMs;
    return isShort ? undefined : yellow(`⏸ ${subject} waited for ${checkLabel(check)}`);
  }
  const { approvers = [] } = context;
  const approverText = approvers.length > 0 ? ` by ${listed(approvers.map(oneLine))}` : "";
  const action = checkActions[check.kind];
  const instruction = action === undefined ? `See ${context.runUrl}` : `${action} at ${context.runUrl}`;
  const text = `⏸ ${subject} waits for ${checkLabel(check)}${approverText}${olderThanWaitText(check, context)}.`;
  return `${yellow(text)} ${instruction}`;
}

/** A wait that began well before the step has no time of its own in the log. */
function olderThanWaitText({ startedAt }: StageCheck, { waitStartMs }: LineContext): string {
  const start = parseTime(startedAt);
  const ageMs = start === undefined || waitStartMs === undefined ? 0 : waitStartMs - start;
  return ageMs < 60_000 ? "" : `, for ${durationText(ageMs)} already`;
}

/** Approvals are shown with the start of their stage; rejections are shown here. */
function rejectedCheckText(check: StageCheck, stage: StageNode | undefined): string | undefined {
  if (check.result !== "failed") return undefined;
  const took = spanDurationMs(check);
  const after = took === undefined ? "" : ` after ${durationText(took)}`;
  const prefix = stage === undefined || isUnnamed(stage) ? "" : `${nodeTitle(stage)}: `;
  return red(`✘ ${prefix}${failedCheckText(check)}${after}`);
}

/** Colours only for lines that must be found when scrolling. The runner and the log viewer support SGR codes. */
const red = (text: string) => `\u001B[31m${text}\u001B[0m`;

const yellow = (text: string) => `\u001B[33m${text}\u001B[0m`;
