import type { RunFacts } from "../core/model.ts";
import { openWaits } from "../core/nodes.ts";
import { sizeText } from "../core/size.ts";
import { clip, oneLine } from "../core/text.ts";
import { shortCommit, shortRef, timesText } from "./bookends.ts";
import { chartOf } from "./chart.ts";
import { failuresOf } from "./failures.ts";
import { codeSpan, escapeMarkdown, link } from "./markdown.ts";
import type { ArtifactLink, Report, TestCounts, Verdict } from "./report.ts";
import { goesOn, standingText, untoldText } from "./standing.ts";
import { tableOf } from "./table.ts";
import { placeWord } from "./words.ts";

/** How much is said. */
interface Plan {
  readonly chart: "jobs" | "stages" | "none";
  /** Of each log, at most. */
  readonly lines: number;
  readonly failures: number;
  readonly rows: "all" | "notable";
  readonly mostRows: number;
  /** Of tests and artifacts, at most. */
  readonly names: number;
}

const whole: Plan = { chart: "jobs", lines: 20, failures: 30, rows: "all", mostRows: 400, names: 100 };

/** Each says less than the one before; what helps least with a failure goes first. */
const plans: readonly Plan[] = [
  whole,
  { ...whole, chart: "stages" },
  { ...whole, chart: "stages", lines: 12 },
  { ...whole, chart: "stages", lines: 12, rows: "notable", names: 30 },
  { chart: "none", lines: 10, failures: 20, rows: "notable", mostRows: 200, names: 20 },
  { chart: "none", lines: 10, failures: 10, rows: "notable", mostRows: 50, names: 10 },
  { chart: "none", lines: 5, failures: 3, rows: "notable", mostRows: 20, names: 0 },
  { chart: "none", lines: 0, failures: 1, rows: "notable", mostRows: 0, names: 0 },
];

/**
 * The story of a run in Markdown. Where it would not fit it says less, and never stops in the middle.
 * GitHub drops a step summary of more than 1 MiB, and takes far less for a check.
 */
export function summaryOf(report: Report, limitBytes = 1_000_000): string {
  const encoder = new TextEncoder();
  const isFit = (text: string) => encoder.encode(text).length <= limitBytes;
  for (const plan of plans) {
    const text = summaryBy(plan, report);
    if (isFit(text)) return text;
  }
  const heading = `${headingOf(report)}\n`;
  return isFit(heading) ? heading : "";
}

interface Unseen {
  readonly project: string;
  readonly pipeline: string | undefined;
  readonly run: Facts;
  readonly isStarted: boolean;
}

/** Of a run that is left to itself before anybody has looked at it. */
export function unseenSummary({ project, pipeline, run, isStarted }: Unseen): string {
  const what = [project, pipeline].filter((part) => part !== undefined).join(" › ");
  const verdict = isStarted ? "started, and left to itself" : "left to itself";
  return `## ${verdictMarks.running} ${short(what)}: ${verdict}\n\n${factsOf(run)}\n`;
}

/** Of a request that was only validated. */
export function previewSummary({
  project,
  pipeline,
  source,
}: Pick<Unseen, "project"> & Pick<RunFacts, "source"> & { readonly pipeline: string }): string {
  const from = sourceOf(source);
  const heading = `## ✅ ${short(`${project} › ${pipeline}`)}: valid, nothing was started`;
  return `${[heading, from].filter(Boolean).join("\n\n")}\n`;
}

function summaryBy(plan: Plan, report: Report): string {
  const { run, tree, at } = report;
  const drawing = { at, isLost: !goesOn(report), isRolledUp: plan.chart === "stages" };
  const chart = plan.chart === "none" ? "" : chartOf(run, tree, drawing);
  const tests = testsOf(report.tests, plan.names);
  // Failed tests are what went wrong.
  const isBad = (report.tests?.failed ?? 0) > 0;
  const parts = [
    headingOf(report),
    factsOf(run, timesText(run, tree)),
    standingOf(report),
    report.untold === undefined ? "" : short(untoldText(report.untold), 500),
    ...failuresOf(report, plan),
    isBad ? tests : "",
    tableOf(report, plan),
    chart,
    isBad ? "" : tests,
    artifactsOf(report.artifacts, plan.names),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

const verdictMarks: Readonly<Record<Verdict["kind"], string>> = {
  succeeded: "✅",
  failed: "❌",
  "timed-out": "⏱️",
  canceled: "🚫",
  running: "⏳",
  error: "❗",
};

function headingOf({ run, verdict, project, pipeline, causes }: Report): string {
  const [first] = causes;
  const own = causes.filter(({ isConsequence }) => !isConsequence);
  const inside = [first?.stage, first?.job].filter((name) => name !== undefined).join(" › ");
  const more = new Set(own.map(({ stage, job }) => JSON.stringify([stage, job]))).size - 1;
  const also = more > 0 ? ` and ${more} more` : "";
  const place = verdict.kind === "failed" && inside ? `${placeWord(run)} *${short(inside)}*${also}` : "";
  return `## ${verdictMarks[verdict.kind]} ${short(`${project} › ${pipeline}`)}: ${short(verdict.text, 300)}${place}`;
}

type Facts = Pick<RunFacts, "name" | "url" | "source" | "requestedBy">;

function factsOf(run: Facts, times = ""): string {
  const facts = [
    `**${link(clip(oneLine(run.name), 150), run.url)}**`,
    sourceOf(run.source),
    times,
    run.requestedBy === null ? "" : `started by ${short(run.requestedBy)}`,
  ];
  return facts.filter(Boolean).join(" · ");
}

function sourceOf({ ref, commit }: RunFacts["source"]): string {
  return [clip(shortRef(ref), 150), shortCommit(commit)].filter(Boolean).map(codeSpan).join(" at ");
}

/** What a run that goes on is waiting for, and where to give it. Blank where the heading says it. */
function standingOf(report: Report): string {
  const text = standingText(report);
  if (text === "") return "";
  const isWanted = goesOn(report) && openWaits(report.tree).length > 0;
  const where = isWanted ? ` ${link("Give it in Azure DevOps", report.run.url)}.` : "";
  return `${short(text, 500)}${where}`;
}

function testsOf(tests: TestCounts | undefined, most: number): string {
  if (tests === undefined || tests.passed + tests.failed + tests.skipped === 0) return "";
  const { passed, failed, skipped, failedNames } = tests;
  const counts = [
    passed > 0 ? `${passed} passed` : "",
    failed > 0 ? `${failed} failed` : "",
    skipped > 0 ? `${skipped} skipped` : "",
  ];
  const names = failedNames.slice(0, most).map((name) => codeSpan(clip(oneLine(name), 200)));
  const rest = failed - names.length;
  const list = rest > 0 && names.length > 0 ? [...names, `${rest} more`] : names;
  return `**Tests** ${counts.filter(Boolean).join(", ")}${list.length > 0 ? `: ${list.join(", ")}` : ""}`;
}

function artifactsOf(artifacts: readonly ArtifactLink[] = [], most: number): string {
  if (artifacts.length === 0) return "";
  if (most === 0) return `**Artifacts** ${artifacts.length}`;
  const shown = artifacts.slice(0, most).map(({ name, bytes, url }) => {
    return `${link(clip(oneLine(name), 150), url)}${bytes === undefined ? "" : ` ${sizeText(bytes)}`}`;
  });
  const rest = artifacts.length - shown.length;
  return `**Artifacts** ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function short(text: string, most = 150): string {
  return escapeMarkdown(clip(oneLine(text), most));
}
