import { annotationsOf } from "../core/annotations.ts";
import type { RootCause } from "../core/failures.ts";
import type { RunReport } from "../core/run-report.ts";
import { logUrl } from "../core/run-tree.ts";
import { clip, counted, oneLine } from "../lib/text.ts";
import { messageItem } from "./failures.ts";
import { escapeMarkdown, link } from "./markdown.ts";

/**
 * The first warnings of the run, folded; of a run that succeeded also the errors that did not count. The errors of any other
 * run are its causes, also if the step accepts its result.
 */
export function warningsSection({ run, tree }: Pick<RunReport, "run" | "tree">, limit: number): string {
  const isSuccess = run.result === "succeeded";
  const { warnings, moreWarnings } = annotationsOf(tree, run, { errors: 0, warnings: limit, isSuccess });
  const count = warnings.length + moreWarnings;
  if (count === 0) return "";
  if (warnings.length === 0) return `${counted(count, "warning")}.`;
  const items = warnings.map((warning) => warningItem(warning, run.url));
  const more = moreWarnings > 0 ? [`- and ${moreWarnings} more`] : [];
  return `<details><summary>${counted(count, "warning")}</summary>\n\n${[...items, ...more].join("\n")}\n\n</details>`;
}

function warningItem(warning: RootCause, runUrl: string): string {
  const { path, jobId, taskId, logLine } = warning;
  const name = clip(oneLine(path), 200);
  const url = jobId === undefined ? undefined : logUrl(runUrl, jobId, taskId, logLine);
  const place = name === "" ? "" : `${url === undefined ? escapeMarkdown(name) : link(name, url)}: `;
  return `- ${place}${messageItem(warning)}`;
}
