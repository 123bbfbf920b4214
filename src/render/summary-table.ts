import { waitTimesBetween } from "../core/progress.ts";
import type { RunReport } from "../core/run-report.ts";
import {
  isNotRun,
  type JobNode,
  jobTitle,
  logUrl,
  pendingChecks,
  type RunNode,
  type StageNode,
} from "../core/run-tree.ts";
import { clip, counted, oneLine } from "../lib/text.ts";
import { durationText, parseTime, spanDurationMs } from "../lib/time.ts";
import { checkLabel, emoji, waitTimeLabels } from "./labels.ts";
import { escapeMarkdown, link, tableRow } from "./markdown.ts";
import { countsText } from "./run-log.ts";
import { isStillRunning } from "./status-text.ts";

interface TableLimits {
  readonly rows: "all" | "notable";
  readonly maxRows: number;
}

/** Stages and jobs. If there are too many, jobs that succeeded without issues are counted instead of listed. */
export function summaryTable(
  report: Pick<RunReport, "run" | "tree" | "at" | "verdict">,
  { rows, maxRows }: TableLimits,
): string {
  const { run, tree, at } = report;
  const isInProgress = isStillRunning(report);
  const now = run.status === "completed" ? undefined : at;
  const pendingByStage = new Map(
    pendingChecks(tree).map((check) => [check.stage, escapeMarkdown(cellText(checkLabel(check)))]),
  );
  const buildRows = (includeSucceeded: boolean) =>
    tree.stages.flatMap((stage) =>
      stageRows(stage, {
        runUrl: run.url,
        includeSucceeded,
        now,
        isInProgress,
        pendingCheckLabel: pendingByStage.get(stage.name),
      }),
    );
  const all = rows === "all" ? buildRows(true) : buildRows(false);
  const body = all.length > maxRows && rows === "all" ? buildRows(false) : all;
  if (body.length === 0 || maxRows === 0) return "";
  const hiddenCount = body.length - maxRows;
  const shown =
    hiddenCount > 0 ? [...body.slice(0, maxRows), tableRow([`and ${hiddenCount} more`, "", ""])] : body;
  return ["| Stage / job | Duration | Notes |", "|---|--:|---|", ...shown].join("\n");
}

interface RowContext {
  readonly runUrl: string;
  readonly includeSucceeded: boolean;
  /** The run is still running. */
  readonly now: number | undefined;
  /** Otherwise, the ends of nodes that have not ended are unknown. */
  readonly isInProgress: boolean;
  /** Escaped. */
  readonly pendingCheckLabel: string | undefined;
}

function stageRows(stage: StageNode, context: RowContext): string[] {
  const isUnnamed = stage.displayName === undefined;
  const isSkipped = isNotRun(stage);
  const representsJob =
    !isUnnamed && stage.jobs.length === 1 && stage.jobs.every((job) => job.displayName === undefined);
  const listedJobs =
    isSkipped || representsJob
      ? []
      : stage.jobs.filter((job) => context.includeSucceeded || !isSuccessful(job));
  const hiddenJobCount = isSkipped || representsJob ? 0 : stage.jobs.length - listedJobs.length;
  const notes = [notesOf(stage, context, representsJob), ...checkNotes(stage, context)]
    .filter(Boolean)
    .join(", ");
  const name = `**${escapeMarkdown(cellText(stage.displayName ?? "")) || "no name"}**`;
  const hiddenText = hiddenJobCount > 0 ? `${counted(hiddenJobCount, "job")} succeeded` : "";
  const isSingleRow = !isUnnamed && listedJobs.length === 0;
  const [onlyJob] = stage.jobs;
  const label =
    representsJob && onlyJob !== undefined
      ? link(cellText(stage.displayName ?? ""), jobLogUrl(onlyJob, context))
      : undefined;
  return [
    ...(isUnnamed
      ? []
      : [
          tableRow([
            `${symbolBefore(stage, stage.displayName ?? "", context)}${label === undefined ? name : `**${label}**`}`,
            durationCell(stage, context),
            [notes, isSingleRow ? hiddenText : ""].filter(Boolean).join(", "),
          ]),
        ]),
    ...listedJobs.map((job) => jobRow(job, context, isUnnamed)),
    ...(hiddenText !== "" && !isSingleRow
      ? [tableRow([`${isUnnamed ? "" : indent}✅${noBreak}${hiddenText}`, "", ""])]
      : []),
  ];
}

/** A space at which no line breaks, in a narrow column. */
const noBreak = "&nbsp;";

/** Before jobs, below their stage. */
const indent = noBreak.repeat(3);

/** `1 min 16 s`, in which each number stays with its unit. */
function durationMarkdown(ms: number): string {
  return durationText(ms).replaceAll(/(?<=\d) /g, noBreak);
}

function isSuccessful(job: JobNode): boolean {
  return job.result === "succeeded";
}

function jobRow(job: JobNode, context: RowContext, isUnnamedStage: boolean): string {
  return tableRow([
    `${isUnnamedStage ? "" : indent}${symbolBefore(job, jobTitle(job), context)}${link(cellText(jobTitle(job)), jobLogUrl(job, context))}`,
    durationCell(job, context),
    notesOf(job, context, true),
  ]);
}

/** The log of a job, at the task that failed; `undefined` if there is none. */
function jobLogUrl(job: JobNode, { runUrl }: RowContext): string | undefined {
  const isUnsuccessful = job.result === "failed" || job.result === "canceled" || job.result === "abandoned";
  const hasLog = job.logId !== null || job.tasks.some(({ logId }) => logId !== null);
  if (!isUnsuccessful && !hasLog) return undefined;
  const task = isUnsuccessful ? job.tasks.find(({ result }) => result === job.result) : undefined;
  return logUrl(runUrl, job.id, task?.id);
}

function notesOf(node: RunNode, context: RowContext, includeCounts: boolean): string {
  const notes = [
    isEndUnknown(node, context) ? "end unknown" : "",
    node.attempt > 1 ? `attempt ${node.attempt}` : "",
    node.result === "skipped" || node.result === "canceled" || node.result === "abandoned" ? node.result : "",
    node.result === "manual" ? "not started (manual)" : "",
    includeCounts ? countsText(node) : "",
  ];
  return notes.filter(Boolean).join(", ");
}

function checkNotes(stage: StageNode, { pendingCheckLabel, isInProgress }: RowContext): string[] {
  const completed = waitTimesBetween(stage.checks).map(
    ({ kind, ms }) => `waited ${durationMarkdown(ms)} for ${waitTimeLabels[kind]}`,
  );
  return pendingCheckLabel === undefined
    ? completed
    : [...completed, `${isInProgress ? "waits" : "waited"} for ${pendingCheckLabel}`];
}

/** A line breaks between a symbol and a name only before a long word, which would make the table too wide for a phone. */
function symbolBefore(node: RunNode, name: string, context: RowContext): string {
  const [firstWord = ""] = oneLine(name).split(" ", 1);
  return `${statusEmoji(node, context)}${firstWord.length > maxFixedWordLength ? " " : noBreak}`;
}

const maxFixedWordLength = 10;

function statusEmoji(node: RunNode, context: RowContext): string {
  if (isEndUnknown(node, context)) return "❔";
  return node.status === "pending" ? "◻️" : emoji(node.result);
}

function isEndUnknown({ status }: RunNode, { isInProgress }: RowContext): boolean {
  return status === "inProgress" && !isInProgress;
}

function durationCell(node: RunNode, context: RowContext): string {
  const { now } = context;
  if (isEndUnknown(node, context)) return "";
  const start = node.status === "inProgress" ? parseTime(node.startedAt) : undefined;
  if (start !== undefined && now !== undefined) return `${durationMarkdown(now - start)} so far`;
  const elapsedMs = isNotRun(node) ? undefined : spanDurationMs(node);
  return elapsedMs === undefined ? "" : durationMarkdown(elapsedMs);
}

function cellText(name: string): string {
  return clip(oneLine(name), 150);
}
