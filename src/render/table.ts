import { durationText } from "../core/duration.ts";
import { logUrl } from "../core/links.ts";
import { type JobNode, jobTitle, openWaits, type RunNode, type StageNode } from "../core/nodes.ts";
import { clip, counted, oneLine } from "../core/text.ts";
import { lengthMs, timeOf } from "../core/time.ts";
import { waitedBetween } from "../core/timings.ts";
import { emoji } from "./emoji.ts";
import { countsText } from "./lines.ts";
import { escapeMarkdown, link, tableRow } from "./markdown.ts";
import type { Report } from "./report.ts";
import { goesOn } from "./standing.ts";
import { waitedWords, waitWords } from "./words.ts";

interface Extent {
  readonly rows: "all" | "notable";
  readonly mostRows: number;
}

/** Stages and jobs. Jobs that simply succeeded are counted instead of listed where there are too many. */
export function tableOf(
  report: Pick<Report, "run" | "tree" | "at" | "verdict">,
  { rows, mostRows }: Extent,
): string {
  const { run, tree, at } = report;
  const isUnderWay = goesOn(report);
  const now = run.status === "completed" ? undefined : at;
  const open = new Map(openWaits(tree).map((wait) => [wait.stage, waitWords[wait.kind]]));
  const build = (isWhole: boolean) =>
    tree.stages.flatMap((stage) =>
      stageRows(stage, { runUrl: run.url, isWhole, now, isUnderWay, waitsFor: open.get(stage.name) }),
    );
  const all = rows === "all" ? build(true) : build(false);
  const body = all.length > mostRows && rows === "all" ? build(false) : all;
  if (body.length === 0 || mostRows === 0) return "";
  const rest = body.length - mostRows;
  const shown =
    rest > 0 ? [...body.slice(0, mostRows), tableRow(["", `and ${rest} more`, "", "", ""])] : body;
  return ["| | Stage | Job | Took | |", "|:-:|---|---|--:|---|", ...shown].join("\n");
}

interface Look {
  readonly runUrl: string;
  readonly isWhole: boolean;
  /** Of a run that goes on. */
  readonly now: number | undefined;
  /** Else whatever has not ended has an end that nobody saw. */
  readonly isUnderWay: boolean;
  readonly waitsFor: string | undefined;
}

function stageRows(stage: StageNode, look: Look): string[] {
  const isHidden = stage.displayName === undefined;
  const isSkipped = stage.result === "skipped";
  const isItsJob =
    !isHidden && stage.jobs.length === 1 && stage.jobs.every((job) => job.displayName === undefined);
  const listed = isSkipped || isItsJob ? [] : stage.jobs.filter((job) => look.isWhole || !isPlain(job));
  const rolled = isSkipped || isItsJob ? 0 : stage.jobs.length - listed.length;
  const own = [notesOf(stage, look, isItsJob), ...waitNotes(stage, look)].filter(Boolean).join(", ");
  const name = `**${escapeMarkdown(title(stage.displayName ?? "")) || "no name"}**`;
  const rest = rolled > 0 ? `${counted(rolled, "job")} succeeded` : "";
  const isInOne = !isHidden && listed.length === 0;
  return [
    ...(isHidden
      ? []
      : [tableRow([picture(stage, look), name, isInOne ? rest : "", tookText(stage, look), own])]),
    ...listed.map((job) => jobRow(job, look)),
    ...(rest !== "" && !isInOne ? [tableRow(["✅", "", rest, "", ""])] : []),
  ];
}

function isPlain(job: JobNode): boolean {
  return job.result === "succeeded";
}

function jobRow(job: JobNode, look: Look): string {
  const isCut = job.result === "failed" || job.result === "canceled" || job.result === "abandoned";
  const task = job.tasks.find(({ result }) => result !== null && result === job.result);
  const url = isCut ? logUrl(look.runUrl, job.id, task?.id) : undefined;
  return tableRow([
    picture(job, look),
    "",
    link(title(jobTitle(job)), url),
    tookText(job, look),
    notesOf(job, look, true),
  ]);
}

function notesOf(node: RunNode, look: Look, isCounted: boolean): string {
  const notes = [
    isLost(node, look) ? "its end was not seen" : "",
    node.attempt > 1 ? `attempt ${node.attempt}` : "",
    node.result === "skipped" || node.result === "canceled" || node.result === "abandoned" ? node.result : "",
    isCounted ? countsText(node) : "",
  ];
  return notes.filter(Boolean).join(", ");
}

function waitNotes(stage: StageNode, { waitsFor, isUnderWay }: Look): string[] {
  const over = waitedBetween(stage.waits).map(
    ({ kind, ms }) => `waited ${durationText(ms)} for ${waitedWords[kind]}`,
  );
  return waitsFor === undefined ? over : [...over, `${isUnderWay ? "waits" : "waited"} for ${waitsFor}`];
}

function picture(node: RunNode, look: Look): string {
  if (isLost(node, look)) return "❔";
  return node.status === "pending" ? "◻️" : emoji(node.result);
}

function isLost({ status }: RunNode, { isUnderWay }: Look): boolean {
  return status === "inProgress" && !isUnderWay;
}

function tookText(node: RunNode, look: Look): string {
  const { now } = look;
  if (isLost(node, look)) return "";
  const start = node.status === "inProgress" ? timeOf(node.startedAt) : undefined;
  if (start !== undefined && now !== undefined) return `${durationText(now - start)} so far`;
  const took = node.result === "skipped" ? undefined : lengthMs(node);
  return took === undefined ? "" : durationText(took);
}

function title(name: string): string {
  return clip(oneLine(name), 150);
}
