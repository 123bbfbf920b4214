import { firstPlace } from "../core/failures.ts";
import type { RunFacts } from "../core/model.ts";
import type { ArtifactLink, Baseline, RunReport, Verdict } from "../core/run-report.ts";
import { pendingChecks } from "../core/run-tree.ts";
import { clip, counted, oneLine, sizeText } from "../lib/text.ts";
import { approximateDurationText } from "../lib/time.ts";
import { changesSection, slowerSection } from "./baseline.ts";
import { failureSections } from "./failures.ts";
import { checkActions, locationPrefix } from "./labels.ts";
import { codeSpan, escapeMarkdown, link } from "./markdown.ts";
import { shortCommit, shortRef } from "./run-lines.ts";
import { timingText } from "./run-text.ts";
import { isStillRunning, timelineUnavailableText, unfinishedRunText } from "./status-text.ts";
import { summaryTable } from "./summary-table.ts";
import { testsSection } from "./tests.ts";
import { ganttChart } from "./timeline-chart.ts";
import { warningsSection } from "./warnings.ts";

/** The limits of a level of detail. */
interface DetailLevel {
  readonly chart: "jobs" | "stages" | "none";
  /** The maximum number of lines of each log. */
  readonly lines: number;
  readonly failures: number;
  readonly warnings: number;
  readonly rows: "all" | "notable";
  readonly maxRows: number;
  /** The maximum number of tests and artifacts. */
  readonly names: number;
}

const fullDetail: DetailLevel = {
  chart: "jobs",
  lines: 20,
  failures: 30,
  warnings: 20,
  rows: "all",
  maxRows: 400,
  names: 100,
};

/** Each level has less detail than the one before; what explains a failure least is dropped first. */
const detailLevels: readonly DetailLevel[] = [
  fullDetail,
  { ...fullDetail, chart: "stages" },
  { ...fullDetail, chart: "stages", lines: 12 },
  { ...fullDetail, chart: "stages", lines: 12, rows: "notable", names: 30 },
  { chart: "none", lines: 10, failures: 20, warnings: 10, rows: "notable", maxRows: 200, names: 20 },
  { chart: "none", lines: 10, failures: 10, warnings: 5, rows: "notable", maxRows: 50, names: 10 },
  { chart: "none", lines: 5, failures: 3, warnings: 0, rows: "notable", maxRows: 20, names: 0 },
  { chart: "none", lines: 0, failures: 1, warnings: 0, rows: "notable", maxRows: 0, names: 0 },
];

/**
 * The summary of a run in Markdown. If it would be too long, details are dropped; it is never truncated.
 * GitHub drops a step summary of more than 1 MiB, and the limit for a check is much lower.
 */
export function renderSummary(report: RunReport, limitBytes = 1_000_000): string {
  const encoder = new TextEncoder();
  const fits = (text: string) => encoder.encode(text).length <= limitBytes;
  for (const level of detailLevels) {
    const text = renderAtLevel(level, report);
    if (fits(text)) return text;
  }
  const heading = `${summaryHeading(report)}\n`;
  return fits(heading) ? heading : "";
}

interface UnpolledRun {
  readonly project: string;
  readonly pipeline: string | undefined;
  readonly run: RunDetails;
  readonly verdict: Verdict;
}

/** The summary of a run without a successful poll. */
export function unpolledRunSummary({ project, pipeline, run, verdict }: UnpolledRun): string {
  const { kind, text, reason = "", cancelOutcome } = verdict;
  const title = [project, pipeline].filter((part) => part !== undefined).join(" › ");
  const heading = `## ${verdictEmoji[kind]} ${inlineText(title)}: ${inlineText(text, 300)}`;
  const status = cancelOutcome === undefined ? "" : inlineText(cancelOutcome.text, 500);
  return `${[heading, runDetailsLine(run), inlineText(reason, 500), status].filter(Boolean).join("\n\n")}\n`;
}

/** The summary of a preview. */
export function previewSummary({
  project,
  pipeline,
  source,
}: Pick<UnpolledRun, "project"> & Pick<RunFacts, "source"> & { readonly pipeline: string }): string {
  const sourceText = sourceMarkdown(source);
  const heading = `## ✅ ${inlineText(`${project} › ${pipeline}`)}: valid, nothing was started`;
  return `${[heading, sourceText].filter(Boolean).join("\n\n")}\n`;
}

function renderAtLevel(level: DetailLevel, report: RunReport): string {
  const { run, tree, at, verdict } = report;
  const chartOptions = { at, isEndUnknown: !isStillRunning(report), stagesOnly: level.chart === "stages" };
  const chart = level.chart === "none" ? "" : ganttChart(run, tree, chartOptions);
  const tests = testsSection(report.tests, level.names);
  // Failed tests explain the failure.
  const hasFailedTests = (report.tests?.failed ?? 0) > 0;
  const parts = [
    summaryHeading(report),
    runDetailsLine(run, [timingText(run, tree), usualText(report.baseline)].filter(Boolean).join(", ")),
    inlineText(verdict.reason ?? "", 500),
    statusSection(report),
    report.timelineUnavailable === undefined
      ? ""
      : inlineText(timelineUnavailableText(report.timelineUnavailable), 500),
    ...failureSections(report, level),
    hasFailedTests ? tests : "",
    changesSection(report.baseline, run, level.names),
    slowerSection(report, level.names),
    warningsSection(report, level.warnings),
    ...overview(report, [summaryTable(report, level), chart]),
    hasFailedTests ? "" : tests,
    artifactsSection(report.artifacts, level.names),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

/** The usual duration of successful runs. */
function usualText({ typicalMs }: Partial<Baseline> = {}): string {
  return typicalMs === undefined ? "" : `usually ${approximateDurationText(typicalMs)}`;
}

/** Table and chart, folded when the step succeeds. */
function overview({ tree, verdict }: RunReport, sections: readonly string[]): string[] {
  const content = sections.filter(Boolean);
  if (verdict.kind !== "succeeded" || content.length === 0) return content;
  const jobCount = tree.stages.reduce((sum, { jobs }) => sum + jobs.length, 0);
  const title = `${counted(tree.stages.length, "stage")}, ${counted(jobCount, "job")}`;
  return [`<details><summary>${title}</summary>`, ...content, "</details>"];
}

const verdictEmoji: Readonly<Record<Verdict["kind"], string>> = {
  succeeded: "✅",
  failed: "❌",
  "timed-out": "⏱️",
  canceled: "🚫",
  running: "⏳",
  error: "❗",
};

function summaryHeading({ run, verdict, project, pipeline, causes }: RunReport): string {
  const { name, otherCount } = firstPlace(causes);
  const othersText = otherCount > 0 ? ` and ${otherCount} more` : "";
  // A run that the service ended is canceled, in a place that says why.
  const hasPlace = verdict.kind === "failed" || (verdict.kind === "canceled" && run.result === "canceled");
  const location =
    hasPlace && name !== "" ? `${locationPrefix(run, causes)} *${inlineText(name)}*${othersText}` : "";
  return `## ${verdictEmoji[verdict.kind]} ${inlineText(`${project} › ${pipeline}`)}: ${inlineText(verdict.text, 300)}${location}`;
}

type RunDetails = Pick<RunFacts, "name" | "url" | "source" | "requestedBy">;

function runDetailsLine(run: RunDetails, timing = ""): string {
  const details = [
    `**${link(clip(oneLine(run.name), 150), run.url)}**`,
    sourceMarkdown(run.source),
    timing,
    run.requestedBy === null ? "" : `started by ${inlineText(run.requestedBy)}`,
  ];
  return details.filter(Boolean).join(" · ");
}

function sourceMarkdown({ ref, commit }: RunFacts["source"]): string {
  return [clip(shortRef(ref), 150), shortCommit(commit)].filter(Boolean).map(codeSpan).join(" at ");
}

/** What a running run is waiting for, with a link. Blank if the heading contains it. */
function statusSection(report: RunReport): string {
  const text = unfinishedRunText(report);
  if (text === "") return "";
  const pending = isStillRunning(report) ? pendingChecks(report.tree) : [];
  const action = pending.map(({ kind }) => checkActions[kind]).find((text) => text !== undefined);
  const actionLink = action === undefined ? "" : ` ${link(`${action} in Azure DevOps`, report.run.url)}.`;
  return `${inlineText(text, 500)}${actionLink}`;
}

function artifactsSection(artifacts: readonly ArtifactLink[] = [], limit: number): string {
  if (artifacts.length === 0) return "";
  if (limit === 0) return `**Artifacts** ${artifacts.length}`;
  const shown = artifacts.slice(0, limit).map(({ name, bytes, url }) => {
    return `${link(clip(oneLine(name), 150), url)}${bytes === undefined ? "" : ` ${sizeText(bytes)}`}`;
  });
  const hiddenCount = artifacts.length - shown.length;
  return `**Artifacts** ${shown.join(", ")}${hiddenCount > 0 ? ` and ${hiddenCount} more` : ""}`;
}

function inlineText(text: string, maxLength = 150): string {
  return escapeMarkdown(clip(oneLine(text), maxLength));
}
