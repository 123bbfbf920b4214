import type { NodeResult, RunFacts } from "../core/model.ts";
import { minReportedWaitMs } from "../core/progress.ts";
import { isNotRun, jobTitle, type RunNode, type RunTree, type StageNode } from "../core/run-tree.ts";
import { capitalized, clip, oneLine } from "../lib/text.ts";
import { parseTime } from "../lib/time.ts";
import { emoji, waitTimeLabels } from "./labels.ts";

interface GanttBar {
  readonly label: string;
  readonly tag: BarTag;
  readonly from: number;
  readonly to: number;
}

/**
 * The colour: grey, red, or that of the theme for what waits, runs or was canceled. Not Mermaid's `active`, whose labels beside
 * a bar are dark in the dark theme too.
 */
type BarTag = "done, " | "crit, " | "";

interface GanttSection {
  readonly title: string | undefined;
  readonly bars: readonly GanttBar[];
}

/** A longer title would leave no room for the bars on a page of 390 pixels. */
const maxTitleLength = 20;

/** With more bars, each stage has only one. Mermaid is limited to 50,000 characters. */
const maxBars = 200;

interface ChartOptions {
  /** The end of the bars of nodes that are still running. */
  readonly at?: number | undefined;
  /** The results of nodes that were still running are unknown. */
  readonly isEndUnknown?: boolean;
  readonly stagesOnly?: boolean | undefined;
}

/** A Gantt chart in Mermaid's oldest syntax. Blank if nothing has run. */
export function ganttChart(
  run: RunFacts,
  tree: RunTree,
  { stagesOnly = false, at, isEndUnknown = false }: ChartOptions = {},
): string {
  const lastPoll = {
    at: run.status === "completed" ? undefined : at,
    runningSymbol: isEndUnknown ? "❔" : emoji(null),
  };
  const sections = stagesOnly ? [stagesSection(tree, lastPoll)] : jobSections(tree, lastPoll);
  const bars = sections.flatMap((section) => section.bars);
  if (bars.length === 0) return "";

  const first = Math.min(...bars.map((bar) => bar.from));
  const start = Math.min(parseTime(run.createdAt) ?? first, first);
  const end = Math.max(...bars.map((bar) => bar.to));
  const leftPadding = leftPaddingFor(sections);
  const axis = { first, end, leftPadding };
  return [
    "```mermaid",
    chartConfig(leftPadding),
    "gantt",
    "  dateFormat YYYY-MM-DD HH:mm:ss",
    `  axisFormat ${axisFormat(end - start)}`,
    `  tickInterval ${tickInterval(end - start)}`,
    "  todayMarker off",
    ...sections.flatMap(({ title, bars: sectionBars }) => [
      ...(title === undefined ? [] : [`  section ${title}`]),
      ...sectionBars.map(
        (bar) =>
          `    ${fittingLabel(bar, axis)} :${bar.tag}${mermaidTime(bar.from - start)}, ${mermaidTime(bar.to - start)}`,
      ),
    ]),
    "```",
  ].join("\n");
}

/** Mermaid's, which is sufficient for short titles of sections only. Pixels. */
const defaultLeftPadding = 75;

function leftPaddingFor(sections: readonly GanttSection[]): number {
  const longestTitle = Math.max(...sections.map(({ title = "" }) => title.length));
  return longestTitle > 9 ? longestTitle * 6 + 25 : defaultLeftPadding;
}

/** Mermaid's default is more than a narrow page has. Pixels. */
const rightPadding = 25;

/** Mermaid paints bands behind sections, in which a green bar looks like a warning. */
function chartConfig(leftPadding: number): string {
  const bands = Object.fromEntries(
    ["sectionBkgColor", "sectionBkgColor2", "altSectionBkgColor"].map((name) => [name, "transparent"]),
  );
  const config = {
    themeVariables: bands,
    gantt: { ...(leftPadding !== defaultLeftPadding && { leftPadding }), rightPadding },
  };
  return `%%{init: ${JSON.stringify(config)}}%%`;
}

/** On a page of this width, and on wider ones, each label has enough room. Pixels. */
const pageWidth = 800;

interface ChartAxis {
  readonly first: number;
  readonly end: number;
  readonly leftPadding: number;
}

/**
 * The label, truncated to the room that it has. Mermaid draws a label within its bar, else to the right of the bar, else to
 * the left, where section titles and the edge of the chart limit it.
 */
function fittingLabel({ label, from, to }: GanttBar, { first, end, leftPadding }: ChartAxis): string {
  const pixelsPerMs = (pageWidth - leftPadding - rightPadding) / (end - first);
  const [left, right] = [(from - first) * pixelsPerMs, (to - first) * pixelsPerMs];
  return clipToWidth(label, Math.max(right - left, pageWidth - 1.5 * leftPadding - right, left - 5));
}

function clipToWidth(label: string, maxWidth: number): string {
  let width = 0;
  let length = 0;
  for (const character of label) {
    width += characterWidth(character);
    if (width > maxWidth) return clip(label, length);
    length += character.length;
  }
  return label;
}

/** In Mermaid's font, which differs between systems: rather too much than too little. Pixels. */
function characterWidth(character: string): number {
  if (/[ -~]/.test(character)) return /[A-Zmw@%]/.test(character) ? 10 : 6;
  return character < "\u1100" ? 10 : 15;
}

const tickSeconds = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
];

/** At most five labels on the axis, which also fit a narrow page. */
function tickInterval(durationMs: number): string {
  const seconds = tickSeconds.find((interval) => durationMs / 1_000 / interval <= 4.5);
  if (seconds === undefined) return `${Math.ceil(durationMs / 86_400_000 / 4.5)}day`;
  if (seconds >= 3_600) return `${seconds / 3_600}hour`;
  return seconds >= 60 ? `${seconds / 60}minute` : `${seconds}second`;
}

/** The time of the last poll, and the symbol for what was running then. */
interface LastPoll {
  readonly at: number | undefined;
  readonly runningSymbol: string;
}

/** A section for each stage, with its jobs; if they are too many, one with the stages. */
function jobSections(tree: RunTree, lastPoll: LastPoll): readonly GanttSection[] {
  const sections = tree.stages
    .map((stage) => stageSection(stage, lastPoll))
    .filter(({ bars }) => bars.length > 0);
  const count = sections.reduce((sum, { bars }) => sum + bars.length, 0);
  return count > maxBars ? [stagesSection(tree, lastPoll)] : sections;
}

function stagesSection({ stages }: RunTree, lastPoll: LastPoll): GanttSection {
  return {
    title: undefined,
    bars: stages.flatMap((stage) => stageBars(stage, lastPoll)).slice(0, maxBars),
  };
}

function stageSection(stage: StageNode, lastPoll: LastPoll): GanttSection {
  const checkBars = withoutOverlaps(
    stage.checks.flatMap((check) => {
      const label = `⏸️ ${capitalized(waitTimeLabels[check.kind])}`;
      return barsFor({ label, tag: "" }, check, lastPoll);
    }),
  ).filter(({ from, to }) => to - from >= minReportedWaitMs);
  const jobs = stage.jobs.filter((job) => !isNotRun(job));
  const title = stage.displayName === undefined ? undefined : mermaidText(stage.displayName, maxTitleLength);
  return {
    title,
    bars: [
      ...checkBars,
      ...jobs.flatMap((job) => barsFor(barAppearance(jobTitle(job), job, lastPoll), job, lastPoll)),
    ],
  };
}

/** Simultaneous waits of one kind are one bar, as the table counts their time once. */
function withoutOverlaps(bars: readonly GanttBar[]): GanttBar[] {
  const sorted = bars.toSorted((a, b) => a.from - b.from);
  return [...Map.groupBy(sorted, ({ label }) => label).values()].flatMap((sameKind) => {
    const merged: GanttBar[] = [];
    for (const bar of sameKind) {
      const last = merged.at(-1);
      if (last === undefined || last.to < bar.from) merged.push(bar);
      else merged[merged.length - 1] = { ...last, to: Math.max(last.to, bar.to) };
    }
    return merged;
  });
}

function stageBars(stage: StageNode, lastPoll: LastPoll): GanttBar[] {
  return isNotRun(stage)
    ? []
    : barsFor(barAppearance(stage.displayName ?? "Jobs", stage, lastPoll), stage, lastPoll);
}

const barTags: Partial<Record<NodeResult, BarTag>> = { failed: "crit, ", canceled: "", abandoned: "" };

function barAppearance(
  name: string,
  { result, status }: RunNode,
  lastPoll: LastPoll,
): Pick<GanttBar, "label" | "tag"> {
  // A red cross on a red bar would be invisible.
  const symbol = result === "failed" ? "✘" : result === null ? lastPoll.runningSymbol : emoji(result);
  return {
    label: `${symbol} ${mermaidText(name)}`,
    tag: status === "inProgress" ? "" : ((result && barTags[result]) ?? "done, "),
  };
}

type NodeTimes = Pick<RunNode, "status" | "startedAt" | "finishedAt">;

function barsFor(
  appearance: Pick<GanttBar, "label" | "tag">,
  { status, startedAt, finishedAt }: NodeTimes,
  lastPoll: LastPoll,
): GanttBar[] {
  const from = parseTime(startedAt);
  const to = status === "inProgress" ? lastPoll.at : parseTime(finishedAt);
  // A bar without width is not drawn.
  return from === undefined || to === undefined
    ? []
    : [{ ...appearance, from, to: Math.max(to, from + 1_000) }];
}

/** In Mermaid, a colon ends a name, %% begins a comment, and a row must not begin with a keyword or be empty. */
function mermaidText(name: string, maxLength = 60): string {
  const escaped = oneLine(name).replaceAll(":", "∶").replaceAll(/%{2,}/g, "%").replaceAll("`", "ˋ");
  return clip(escaped, maxLength) || "·";
}

/** Parsed and drawn in the same local form: an epoch would be shifted by the reader's time zone. */
function mermaidTime(ms: number): string {
  return new Date(Date.UTC(2000, 0, 1) + Math.round(ms / 1_000) * 1_000)
    .toISOString()
    .slice(0, 19)
    .replace("T", " ");
}

function axisFormat(ms: number): string {
  if (ms < 3_600_000) return "%M:%S";
  return ms < 86_400_000 ? "%H:%M" : "%d %H:%M";
}
