import type { Cause } from "../core/causes.ts";
import { exitCodeIn, isEcho } from "../core/echo.ts";
import { logUrl } from "../core/links.ts";
import { clip, counted, oneLine, printable } from "../core/text.ts";
import { coded } from "./annotations.ts";
import { codeSpan, escapeMarkdown, fencedBlock, link } from "./markdown.ts";
import type { Excerpt, Report } from "./report.ts";

interface Amount {
  readonly failures: number;
  readonly lines: number;
}

/** "What went wrong": one block a place, the first cause first. Empty where nothing did. */
export function failuresOf({ run, causes, excerpts }: Report, { failures, lines }: Amount): string[] {
  const own = causes.filter((cause) => !cause.isConsequence);
  const places = [...Map.groupBy(own.length > 0 ? own : causes, placeOf)];
  if (places.length === 0) return [];
  const shown = places.slice(0, failures).map(([place, found], index) => {
    const excerpt = excerpts.find((one) => placeOf(one) === place);
    const log = excerpt === undefined || lines === 0 ? "" : excerptOf(excerpt, lines, index < 3);
    return [titleOf(found, run.url, places.length > 1), messagesOf(found), log].filter(Boolean).join("\n\n");
  });
  const rest = places.length - shown.length;
  return ["### What went wrong", ...shown, ...(rest > 0 ? [`And in ${counted(rest, "more place")}.`] : [])];
}

function placeOf({ jobId, taskId }: Pick<Cause, "jobId" | "taskId">): string {
  return `${jobId ?? ""}/${taskId ?? ""}`;
}

/** `**Smoke tests › Run curl** · exit code 22 · [line 41 of its log](…)`. The heading has the stage of an only one. */
function titleOf(found: readonly Cause[], runUrl: string, isOneOfMany: boolean): string {
  const [first] = found;
  if (first === undefined) return "";
  const inStage = [first.job, first.task].filter((name) => name !== undefined).join(" › ");
  const name = clip(oneLine(isOneOfMany || inStage === "" ? first.path : inStage), 200) || "The run";
  const code = found.map((cause) => exitCodeIn(cause.message ?? "")).find((number) => number !== undefined);
  const line = found.find((cause) => cause.logLine !== undefined)?.logLine;
  const url = first.jobId === undefined ? undefined : logUrl(runUrl, first.jobId, first.taskId, line);
  const log = url === undefined ? "" : link(line === undefined ? "its log" : `line ${line} of its log`, url);
  return [`**${escapeMarkdown(name)}**`, code === undefined ? "" : `exit code ${code}`, log]
    .filter(Boolean)
    .join(" · ");
}

const mostMessages = 5;

function messagesOf(found: readonly Cause[]): string {
  // The exit code stands in the title already.
  const said = found.filter(
    ({ message }) => message && !(isEcho(message) && exitCodeIn(message) !== undefined),
  );
  const items = said.slice(0, mostMessages).map(({ message, issue }) => {
    const text = escapeMarkdown(clip(oneLine(coded(message ?? "", issue)), 500));
    const place =
      issue?.file === undefined ? "" : clip(oneLine(issue.file), 200) + (issue.line ? `:${issue.line}` : "");
    return `- ${place && `${codeSpan(place)} `}${text}`;
  });
  const rest = said.length - items.length;
  return [...items, ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n");
}

const widest = 1_000;

function excerptOf({ lines, totalLines }: Excerpt, most: number, isOpen: boolean): string {
  const last = lines.slice(-most).map((line) => clip(printable(line), widest));
  if (last.length === 0) return "";
  const all = last.length >= totalLines;
  const title = all ? `all ${counted(totalLines, "line")}` : `the last ${last.length} of ${totalLines} lines`;
  return `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${fencedBlock(last)}\n\n</details>`;
}
