import type { RunFacts } from "../core/model.ts";
import type { Baseline, Commit, RunReport } from "../core/run-report.ts";
import { slowerNodes } from "../core/slower-nodes.ts";
import { clip, counted, oneLine } from "../lib/text.ts";
import { durationText } from "../lib/time.ts";
import { codeSpan, escapeMarkdown, foldedList, link } from "./markdown.ts";
import { shortRef } from "./run-lines.ts";

/** The maximum number of commits. */
const maxCommits = 10;

/** The number of commits that are not folded. */
const maxOpenCommits = 3;

/** The changes since the last run of the same ref that succeeded: at most `limit` commits. Empty if unknown. */
export function changesSection(
  baseline: Baseline | undefined,
  { source: { ref } }: Pick<RunFacts, "source">,
  limit: number,
): string {
  if (baseline === undefined) return "";
  const { lastSuccess, isSameCommit, commits } = baseline;
  const run = link(clip(oneLine(lastSuccess.name), 150), lastSuccess.url);
  const branch = codeSpan(clip(shortRef(ref), 150));
  if (isSameCommit)
    return `**Changes** none since ${run}, the last run of ${branch} that succeeded: it built the same commit.`;
  if (commits === undefined || commits.first.length === 0)
    return `The last run of ${branch} that succeeded is ${run}.`;
  const { first, hasMore } = commits;
  const shown = first.slice(0, Math.min(limit, maxCommits)).map(commitItem);
  const hiddenCount = first.length - shown.length;
  const more = hiddenCount > 0 && shown.length > 0 ? [`- and ${hiddenCount} more`] : [];
  const count = `${hasMore ? "at least " : ""}${counted(first.length, "commit")}`;
  return [
    `**Changes** ${count} since ${run}, the last run of ${branch} that succeeded`,
    foldedList([...shown, ...more], maxOpenCommits, counted(first.length - maxOpenCommits, "more commit")),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** The maximum number of stages. */
const maxSlower = 3;

/** Which stages took longer than in the last run of the same ref that succeeded. Empty if unknown, or none did. */
export function slowerSection(
  { tree, baseline }: Pick<RunReport, "tree" | "baseline">,
  limit: number,
): string {
  if (baseline?.tree === undefined || limit === 0) return "";
  const slower = slowerNodes(tree, baseline.tree);
  if (slower.length === 0) return "";
  const { name, url } = baseline.lastSuccess;
  const shown = slower
    .slice(0, maxSlower)
    .map((node) => `${escapeMarkdown(clip(oneLine(node.name), 150))} by ${durationText(node.byMs)}`);
  const more = slower.length > maxSlower ? ` and ${slower.length - maxSlower} more` : "";
  return `**Slower** than in ${link(clip(oneLine(name), 150), url)}: ${shown.join(", ")}${more}`;
}

function commitItem({ hash, title, author, url }: Commit): string {
  const by = author === undefined ? "" : ` (${escapeMarkdown(clip(oneLine(author), 100))})`;
  return `- ${link(hash.slice(0, 7), url)} ${escapeMarkdown(clip(oneLine(title), 150))}${by}`;
}
