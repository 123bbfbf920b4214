import { oneLine } from "../core/text.ts";
import { failureText, outcomeText } from "./bookends.ts";
import type { Report, Verdict } from "./report.ts";
import { standingText } from "./standing.ts";

/** The one sentence or two that a commit status has room for, told from where they matter most: which run, how, why. */
export function verdictText(report: Pick<Report, "run" | "tree" | "verdict" | "causes">): string {
  const { run, tree, verdict, causes } = report;
  const { kind, text } = verdict;
  if (run.status !== "completed") return `${oneLine(run.name)}: ${text}. ${standingText(report)}`.trim();
  if (kind === "succeeded") return outcomeText(run, tree);
  const isItsOwn = kind === "failed" || run.result === "canceled";
  return isItsOwn ? failureText(run, causes) : `${oneLine(run.name)}: ${text}.`;
}

/** The same of a run that no look has shown. */
export function unseenText(name: string, { text, fate }: Verdict): string {
  return [`${oneLine(name)}: ${text}.`, fate?.text].filter(Boolean).join(" ");
}
