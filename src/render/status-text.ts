import type { LogEntry } from "../core/log-line.ts";
import type { RunFacts, TimelineUnavailable } from "../core/model.ts";
import { type JobInStage, progressOf, type RunProgress } from "../core/progress.ts";
import type { RunReport, Verdict } from "../core/run-report.ts";
import { jobTitle, nodePath, type RunTree, type StageCheck } from "../core/run-tree.ts";
import { counted, listed, oneLine } from "../lib/text.ts";
import { approximateDurationText, durationText, parseTime } from "../lib/time.ts";
import { checkLabel } from "./labels.ts";
import { type LineContext, timestampedLine } from "./run-log.ts";
import { failureText, firstCauseText, outcomeText } from "./run-text.ts";

/** The current state, when nothing has changed for a while. */
export function heartbeatLine(progress: RunProgress, context: LineContext): LogEntry {
  const { waitStartMs, elapsedMs } = context;
  const nowMs = waitStartMs === undefined ? undefined : waitStartMs + elapsedMs;
  const activity = progressText(progress, nowMs);
  const parts = [`still ${activity}`, doneText(progress), remainingText(progress)].filter(Boolean);
  return timestampedLine(`  ${parts.join(" · ")}`, context);
}

/** The line for polls that fail. */
export function outageLine(
  { reason, sinceMs }: { readonly reason: string; readonly sinceMs: number },
  context: Pick<LineContext, "elapsedMs" | "waitStartMs">,
): LogEntry {
  const text = `  no successful poll for ${durationText(sinceMs)} (${oneLine(reason)}); retrying`;
  return timestampedLine(text, context);
}

/** The warning for a run whose timeline cannot be read. */
export function timelineUnavailableText({ reason }: TimelineUnavailable): string {
  const sentence = oneLine(reason);
  return `Stages and jobs may be incomplete: ${sentence}${/[.!?…]$/.test(sentence) ? "" : "."}`;
}

/** What a run that has not ended is doing: `waiting for approval of Staging`, `running Compile and Lint`. */
export function activityText(run: RunFacts, tree: RunTree): string {
  return progressText(progressOf(tree, run, [], 0));
}

/** Whether the run is probably still running, so that approvals can still be given. */
export function isStillRunning({
  run,
  verdict: { kind, cancelOutcome },
}: Pick<RunReport, "run" | "verdict">): boolean {
  return run.status !== "completed" && (cancelOutcome?.isStillRunning ?? kind !== "error");
}

/**
 * The state of a run that has not ended: `The run was left running. Still running Compile.` Blank if it has ended, or if the
 * result contains it.
 */
export function unfinishedRunText(report: Pick<RunReport, "run" | "tree" | "verdict">): string {
  const { run, tree, verdict } = report;
  const text = run.status === "completed" ? "" : activityText(run, tree);
  if (text === "" || text === verdict.text) return "";
  const status = isStillRunning(report) ? `Still ${text}.` : `It was ${text} at the last poll.`;
  return [verdict.cancelOutcome?.text, status].filter(Boolean).join(" ");
}

const queueTexts: Readonly<Record<NonNullable<RunProgress["queuedFor"]>, string>> = {
  agent: "in the queue, waiting for an agent",
  postponed: "postponed",
  paused: "in the queue: the pipeline is paused",
};

function progressText({ checks, running, awaitingAgent, queuedFor }: RunProgress, nowMs?: number): string {
  const age = (startedAt: string | null) => ageText(startedAt, nowMs);
  const parts = [
    ...(checks.length > 0
      ? [
          `waiting for ${listed([...new Set(checks.map((check) => pendingCheckText(check) + age(check.startedAt)))])}`,
        ]
      : []),
    ...(running.length > 0
      ? [`running ${listed(running.map((entry) => jobLabel(entry, running) + age(entry.job.startedAt)))}`]
      : []),
  ];
  if (parts.length > 0) return parts.join("; ");
  if (queuedFor !== undefined) return queueTexts[queuedFor];
  if (awaitingAgent.length > 0)
    return `waiting for an agent for ${listed(awaitingAgent.map((entry) => jobLabel(entry, awaitingAgent)))}`;
  return "in progress";
}

/** A job's name is sufficient if all jobs are in one stage. */
function jobLabel({ stage, job }: JobInStage, jobs: readonly JobInStage[]): string {
  const isSingleStage = jobs.every((other) => other.stage === stage);
  return oneLine(isSingleStage ? jobTitle(job) : nodePath(stage, job));
}

function pendingCheckText(check: StageCheck): string {
  const { kind, stageTitle } = check;
  const label = checkLabel(check);
  if (stageTitle === undefined) return label;
  const isInside = kind === "authorization" || kind === "manual-validation" || kind === "delay";
  return `${label}${isInside ? " in" : " of"} ${oneLine(stageTitle)}`;
}

function ageText(startedAt: string | null, nowMs: number | undefined): string {
  const startMs = parseTime(startedAt);
  return startMs === undefined || nowMs === undefined || nowMs < startMs
    ? ""
    : ` (${durationText(nowMs - startMs)})`;
}

function doneText({ jobsDone, jobsKnown }: RunProgress): string {
  return jobsKnown < 2 ? "" : `${jobsDone} of ${counted(jobsKnown, "job")} done`;
}

function remainingText({ remainingMs, typicalMs, queuedFor }: RunProgress): string {
  if (remainingMs === undefined || typicalMs === undefined) return "";
  const usual = `usually ${approximateDurationText(typicalMs)}`;
  if (queuedFor !== undefined) return usual;
  return remainingMs > 0
    ? `${usual}, about ${approximateDurationText(remainingMs)} left`
    : `longer than the usual ${durationText(typicalMs)}`;
}

/** One or two sentences for a commit status, in the order of importance: run, result, reason. */
export function verdictText(report: Pick<RunReport, "run" | "tree" | "verdict" | "causes">): string {
  const { run, tree, verdict, causes } = report;
  const { kind, text, reason = "" } = verdict;
  const judgement = [`${oneLine(run.name)}: ${text}.`, oneLine(reason)];
  if (run.status !== "completed") {
    const cause = kind === "failed" ? firstCauseText(causes) : "";
    return [...judgement, cause, unfinishedRunText(report)].filter(Boolean).join(" ");
  }
  if (kind === "succeeded" && run.result === "succeeded") return outcomeText(run, tree);
  const isRunFailure = kind === "failed" || (kind === "canceled" && run.result === "canceled");
  return isRunFailure ? failureText(run, causes) : judgement.filter(Boolean).join(" ");
}

/** The same for a run without a successful poll. */
export function unpolledRunText(name: string, { text, reason = "", cancelOutcome }: Verdict): string {
  return [`${oneLine(name)}: ${text}.`, oneLine(reason), cancelOutcome?.text].filter(Boolean).join(" ");
}
