import type { NodeResult, RunFacts } from "../core/model.ts";
import { jobTitle, type RunNode, type StageNode, type Tree } from "../core/nodes.ts";
import { capitalized, clip, oneLine } from "../core/text.ts";
import { timeOf } from "../core/time.ts";
import { shortWaitMs } from "../core/timings.ts";
import { emoji } from "./emoji.ts";
import { waitedWords } from "./words.ts";

interface Bar {
  readonly label: string;
  readonly tag: string;
  readonly from: number;
  readonly to: number;
}

interface Section {
  readonly title: string | undefined;
  readonly bars: readonly Bar[];
}

/** Beyond so many bars a stage is one. Mermaid gives up at 50,000 characters. */
const mostBars = 200;

interface ChartOptions {
  /** Until when what is under way is drawn. */
  readonly at?: number | undefined;
  /** Nobody knows how what was under way then has ended. */
  readonly isLost?: boolean;
  readonly isRolledUp?: boolean | undefined;
}

/** A Gantt chart in Mermaid's oldest words. Blank where nothing has run for any time. */
export function chartOf(
  run: RunFacts,
  tree: Tree,
  { isRolledUp = false, at, isLost = false }: ChartOptions = {},
): string {
  const now = { at: run.status === "completed" ? undefined : at, mark: isLost ? "❔" : emoji(null) };
  const whole = tree.stages.map((stage) => sectionOf(stage, now)).filter(({ bars }) => bars.length > 0);
  const count = whole.reduce((sum, { bars }) => sum + bars.length, 0);
  const isLong = isRolledUp || count > mostBars;
  const sections = isLong
    ? [{ title: undefined, bars: tree.stages.flatMap((stage) => stageBar(stage, now)).slice(0, mostBars) }]
    : whole;
  const bars = sections.flatMap((section) => section.bars);
  if (bars.length === 0) return "";

  const first = Math.min(...bars.map((bar) => bar.from));
  const zero = Math.min(timeOf(run.createdAt) ?? first, first);
  const end = Math.max(...bars.map((bar) => bar.to));
  return [
    "```mermaid",
    ...roomFor(sections),
    "gantt",
    "  dateFormat YYYY-MM-DD HH:mm:ss",
    `  axisFormat ${axisFor(end - zero)}`,
    // Of so short a time Mermaid would draw each second several times.
    ...(end - zero < 10_000 ? ["  tickInterval 1second"] : []),
    "  todayMarker off",
    ...sections.flatMap(({ title, bars: own }) => [
      ...(title === undefined ? [] : [`  section ${title}`]),
      ...own.map(
        (bar) => `    ${bar.label} :${bar.tag}, ${localText(bar.from - zero)}, ${localText(bar.to - zero)}`,
      ),
    ]),
    "```",
  ].join("\n");
}

/** Mermaid leaves room for the shortest of titles, and draws longer ones across the bars. */
function roomFor(sections: readonly Section[]): string[] {
  const longest = Math.max(...sections.map(({ title = "" }) => title.length));
  return longest <= 9 ? [] : [`%%{init: {"gantt": {"leftPadding": ${longest * 6 + 25}}}}%%`];
}

/** When the run was last seen, and what marks that which was under way then. */
interface Now {
  readonly at: number | undefined;
  readonly mark: string;
}

function sectionOf(stage: StageNode, now: Now): Section {
  const approvals = stage.waits.flatMap((wait) => {
    return bar({ label: `⏸️ ${capitalized(waitedWords[wait.kind])}`, tag: "active" }, wait, now).filter(
      ({ from, to }) => to - from >= shortWaitMs,
    );
  });
  const jobs = stage.jobs.filter((job) => job.result !== "skipped");
  const title = stage.displayName === undefined ? undefined : chartName(stage.displayName, 36);
  return {
    title,
    bars: [...approvals, ...jobs.flatMap((job) => bar(look(jobTitle(job), job, now), job, now))],
  };
}

function stageBar(stage: StageNode, now: Now): Bar[] {
  return stage.result === "skipped" ? [] : bar(look(stage.displayName ?? "Jobs", stage, now), stage, now);
}

const tags: Partial<Record<NodeResult, string>> = { failed: "crit", canceled: "active", abandoned: "active" };

function look(name: string, { result, status }: RunNode, now: Now): Pick<Bar, "label" | "tag"> {
  // A red cross on a red bar cannot be seen.
  const mark = result === "failed" ? "✘" : result === null ? now.mark : emoji(result);
  return {
    label: `${mark} ${chartName(name)}`,
    tag: status === "inProgress" ? "active" : ((result && tags[result]) ?? "done"),
  };
}

type Times = Pick<RunNode, "status" | "startedAt" | "finishedAt">;

function bar(style: Pick<Bar, "label" | "tag">, { status, startedAt, finishedAt }: Times, now: Now): Bar[] {
  const from = timeOf(startedAt);
  const to = status === "inProgress" ? now.at : timeOf(finishedAt);
  // A bar of no width is not drawn.
  return from === undefined || to === undefined ? [] : [{ ...style, from, to: Math.max(to, from + 1_000) }];
}

/** Mermaid ends a name at a colon, takes %% for itself, and chokes on a row that begins with one of its words or with none. */
function chartName(name: string, most = 60): string {
  const safe = oneLine(name).replaceAll(":", "∶").replaceAll(/%{2,}/g, "%").replaceAll("`", "ˋ");
  return clip(safe, most) || "·";
}

/** Given and drawn in the same local form: an epoch would be shifted by the reader's time zone. */
function localText(ms: number): string {
  return new Date(Date.UTC(2000, 0, 1) + Math.round(ms / 1_000) * 1_000)
    .toISOString()
    .slice(0, 19)
    .replace("T", " ");
}

function axisFor(ms: number): string {
  if (ms < 3_600_000) return "%M:%S";
  return ms < 86_400_000 ? "%H:%M" : "%d %H:%M";
}
