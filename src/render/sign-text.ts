import { oneLine } from "../core/text.ts";
import { failureText, outcomeText } from "./bookends.ts";
import type { RunReport, Verdict } from "./report.ts";
import { unfinishedRunText } from "./standing.ts";

/** The one sentence or two that a commit status has room for, told from where they matter most: which run, how, why. */
export function verdictText(report: Pick<RunReport, "run" | "tree" | "verdict" | "causes">): string {
  const { run, tree, verdict, causes } = report;
  const { kind, text } = verdict;
  if (run.status !== "completed") return `${oneLine(run.name)}: ${text}. ${unfinishedRunText(report)}`.trim();
  if (kind === "succeeded") return outcomeText(run, tree);
  const isRunFailure = kind === "failed" || run.result === "canceled";
  return isRunFailure ? failureText(run, causes) : `${oneLine(run.name)}: ${text}.`;
}

/** The same of a run that no look has shown. */
export function unpolledRunText(name: string, { text, cancelOutcome }: Verdict): string {
  return [`${oneLine(name)}: ${text}.`, cancelOutcome?.text].filter(Boolean).join(" ");
}
