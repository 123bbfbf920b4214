import { durationText, roughText } from "../core/duration.ts";
import type { RunFacts, Untold } from "../core/model.ts";
import { jobTitle, pathOf, type Tree, type Wait } from "../core/nodes.ts";
import { type JobInStage, type Progress, progressOf } from "../core/progress.ts";
import { counted, listed, oneLine } from "../core/text.ts";
import { timeOf } from "../core/time.ts";
import type { Line } from "./line.ts";
import { type LineContext, timedLine } from "./lines.ts";
import type { Report } from "./report.ts";
import { waitWords } from "./words.ts";

/** Where things stand when nothing has changed for a while. */
export function heartbeatLine(progress: Progress, context: LineContext): Line {
  const { zeroMs, elapsedMs } = context;
  const nowMs = zeroMs === undefined ? undefined : zeroMs + elapsedMs;
  const standing = standingOf(progress, nowMs);
  const parts = [`still ${standing}`, doneText(progress), leftText(progress)].filter(Boolean);
  return timedLine(`  ${parts.join(" · ")}`, context);
}

/** While the service is not heard of. */
export function outageLine(
  { why, sinceMs }: { readonly why: string; readonly sinceMs: number },
  context: Pick<LineContext, "elapsedMs" | "zeroMs">,
): Line {
  const text = `  no good answer for ${durationText(sinceMs)} (${oneLine(why)}); still trying`;
  return timedLine(text, context);
}

/** While, or where for good, a run is seen without what is in it. */
export function untoldText({ why }: Untold): string {
  const reason = oneLine(why);
  return `Stages and jobs are not told in full: ${reason}${/[.!?…]$/.test(reason) ? "" : "."}`;
}

/** For the end of a wait that came too soon: `waiting for approval of Staging`, `running Compile and Lint`. */
export function waitingText(run: RunFacts, tree: Tree): string {
  return standingOf(progressOf(tree, run, [], 0));
}

/** Whether the run is still under way for all that is known: what it waits for can then be given. */
export function goesOn({ run, verdict: { kind, fate } }: Pick<Report, "run" | "verdict">): boolean {
  return run.status !== "completed" && (fate?.goesOn ?? kind !== "error");
}

/**
 * What became of a run that has not come to its end, and how it stood: `It goes on. Still running Compile.` Blank for
 * one that has, or where the verdict says it.
 */
export function standingText(report: Pick<Report, "run" | "tree" | "verdict">): string {
  const { run, tree, verdict } = report;
  const text = run.status === "completed" ? "" : waitingText(run, tree);
  if (text === "" || text === verdict.text) return "";
  const stood = goesOn(report) ? `Still ${text}.` : `It was ${text} when it was last seen.`;
  return [verdict.fate?.text, stood].filter(Boolean).join(" ");
}

function standingOf({ waits, running, agentless, isQueued }: Progress, nowMs?: number): string {
  const age = (startedAt: string | null) => ageText(startedAt, nowMs);
  const parts = [
    ...(waits.length > 0
      ? [`waiting for ${listed(waits.map((wait) => waitName(wait) + age(wait.startedAt)))}`]
      : []),
    ...(running.length > 0
      ? [`running ${listed(running.map((each) => nameOf(each, running) + age(each.job.startedAt)))}`]
      : []),
  ];
  if (parts.length > 0) return parts.join("; ");
  if (isQueued) return "in the queue, waiting for an agent";
  if (agentless.length > 0)
    return `waiting for an agent for ${listed(agentless.map((each) => nameOf(each, agentless)))}`;
  return "under way";
}

/** A job's name is enough while all the jobs are of one stage. */
function nameOf({ stage, job }: JobInStage, all: readonly JobInStage[]): string {
  const isAlone = all.every((other) => other.stage === stage);
  return oneLine(isAlone ? jobTitle(job) : pathOf(stage, job));
}

function waitName({ kind, stageTitle }: Wait): string {
  const word = waitWords[kind];
  if (stageTitle === undefined) return word;
  return `${word}${kind === "authorization" ? " in" : " of"} ${oneLine(stageTitle)}`;
}

function ageText(startedAt: string | null, nowMs: number | undefined): string {
  const start = timeOf(startedAt);
  return start === undefined || nowMs === undefined || nowMs < start
    ? ""
    : ` (${durationText(nowMs - start)})`;
}

function doneText({ jobsDone, jobsKnown }: Progress): string {
  return jobsKnown < 2 ? "" : `${jobsDone} of ${counted(jobsKnown, "job")} done`;
}

function leftText({ leftMs, typicalMs, isQueued }: Progress): string {
  if (leftMs === undefined || typicalMs === undefined) return "";
  if (isQueued) return `then about ${roughText(typicalMs)}`;
  return leftMs > 0 ? `about ${roughText(leftMs)} left` : `longer than the usual ${durationText(typicalMs)}`;
}
