import { exitCodeIn, isGenericMessage, primaryCauses, type RootCause } from "../core/failures.ts";
import type { Excerpt, RunReport } from "../core/run-report.ts";
import { logUrl, type RunTree } from "../core/run-tree.ts";
import { clip, counted, oneLine, printable } from "../lib/text.ts";
import { fileText, withIssueCode } from "./annotations.ts";
import { codeSpan, escapeMarkdown, fencedBlock, link } from "./markdown.ts";
import { lineRangeText } from "./task-log.ts";

interface FailureLimits {
  readonly failures: number;
  readonly lines: number;
}

/** "What went wrong": one block for each place, the first cause first. Empty if nothing failed. */
export function failureSections(
  { run, tree, causes, excerpts }: RunReport,
  { failures, lines }: FailureLimits,
): string[] {
  const locations = [...Map.groupBy(primaryCauses(causes), locationKey)];
  if (locations.length === 0) return [];
  const shown = locations.slice(0, failures).map(([location, causesHere], index) => {
    const logs = excerptsFor(location, locations, excerpts).map((excerpt) =>
      lines === 0
        ? ""
        : [
            locationKey(excerpt) === location ? "" : excerptHeading(excerpt, run.url),
            excerptBlock(excerpt, lines, index < 3),
          ]
            .filter(Boolean)
            .join("\n\n"),
    );
    return [failureTitle(causesHere, run.url, locations.length > 1), messageList(causesHere, tree), ...logs]
      .filter(Boolean)
      .join("\n\n");
  });
  const hiddenCount = locations.length - shown.length;
  return [
    "### What went wrong",
    ...shown,
    ...(hiddenCount > 0 ? [`And in ${counted(hiddenCount, "more place")}.`] : []),
  ];
}

function locationKey({ jobId, taskId }: Pick<RootCause, "jobId" | "taskId">): string {
  return `${jobId ?? ""}/${taskId ?? ""}`;
}

/** The log of the place itself; else those of its job's tasks that are not places themselves, or the job's. */
function excerptsFor(
  location: string,
  locations: readonly (readonly [string, readonly RootCause[]])[],
  excerpts: readonly Excerpt[],
): readonly Excerpt[] {
  const own = excerpts.filter((excerpt) => locationKey(excerpt) === location);
  if (own.length > 0) return own;
  const jobPrefix = location.slice(0, location.indexOf("/") + 1);
  const elsewhere = new Set(locations.map(([key]) => key));
  return excerpts.filter((excerpt) => {
    const key = locationKey(excerpt);
    const isInJob = jobPrefix !== "/" && key.startsWith(jobPrefix) && !elsewhere.has(key);
    return isInJob && (location === jobPrefix || key === jobPrefix);
  });
}

/** `**Smoke tests › Run curl** · exit code 22 · [line 41 of its log](…)`. The stage of an only place is in the heading. */
function failureTitle(causesHere: readonly RootCause[], runUrl: string, isOneOfMany: boolean): string {
  const [first] = causesHere;
  if (first === undefined) return "";
  const jobAndTask = [first.job, first.task].filter((name) => name !== undefined).join(" › ");
  const name = clip(oneLine(isOneOfMany || jobAndTask === "" ? first.path : jobAndTask), 200) || "The run";
  const code = causesHere
    .map((cause) => exitCodeIn(cause.message ?? ""))
    .find((number) => number !== undefined);
  const line = causesHere.find((cause) => cause.logLine !== undefined)?.logLine;
  const url = first.jobId === undefined ? undefined : logUrl(runUrl, first.jobId, first.taskId, line);
  const hasLog = causesHere.some(({ logId }) => logId !== null);
  const target = line !== undefined ? `line ${line} of its log` : hasLog ? "its log" : "in Azure DevOps";
  const log = url === undefined ? "" : link(target, url);
  return [`**${escapeMarkdown(name)}**`, code === undefined ? "" : `exit code ${code}`, log]
    .filter(Boolean)
    .join(" · ");
}

const maxMessages = 5;

function messageList(causesHere: readonly RootCause[], tree: RunTree): string {
  // The exit code is already in the title.
  const withMessage = causesHere.filter(
    ({ message }) => message && !(isGenericMessage(message) && exitCodeIn(message) !== undefined),
  );
  const items = withMessage.slice(0, maxMessages).map((cause) => `- ${messageItem(cause)}`);
  const hiddenCount = withMessage.length - items.length + unlistedErrorCount(causesHere, tree);
  return [...items, ...(hiddenCount > 0 ? [`- and ${hiddenCount} more`] : [])].join("\n");
}

/** An agent counts all errors of a task, but lists only the first ten of them. */
function unlistedErrorCount([first]: readonly RootCause[], { stages }: RunTree): number {
  const job = stages.flatMap(({ jobs }) => jobs).find(({ id }) => id === first?.jobId);
  const task = job?.tasks.find(({ id }) => id === first?.taskId);
  if (task === undefined) return 0;
  return Math.max(0, task.errors - task.issues.filter(({ severity }) => severity === "error").length);
}

/** The message of an issue with its file and line: `src/a.ts:3 TS2304: Cannot find name`. */
export function messageItem({ message, issue }: Pick<RootCause, "message" | "issue">): string {
  const text = escapeMarkdown(clip(oneLine(withIssueCode(message ?? "", issue)), 500));
  const location = issue?.file === undefined ? "" : fileText({ file: issue.file, line: issue.line });
  return `${location && `${codeSpan(location)} `}${text}`;
}

const maxLineLength = 1_000;

function excerptHeading({ jobId, taskId, task }: Excerpt, runUrl: string): string {
  const name = taskId === undefined ? "the job" : clip(oneLine(task ?? ""), 200);
  return `Log of ${link(name, logUrl(runUrl, jobId, taskId))}:`;
}

function excerptBlock(excerpt: Excerpt, maxLines: number, isOpen: boolean): string {
  const shownLines = excerpt.lines.slice(-maxLines).map((line) => clip(printable(line), maxLineLength));
  if (shownLines.length === 0) return "";
  const isWhole = excerpt.isWhole && shownLines.length === excerpt.lines.length;
  const title = lineRangeText({ ...excerpt, lines: shownLines, isWhole });
  return `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${fencedBlock(shownLines)}\n\n</details>`;
}
