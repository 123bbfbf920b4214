import type { TimelineEntry, TimelineRecord } from "../engine/records.ts";
import type { Run } from "../engine/run.ts";
import { durationText, escaped, stateText, symbolOf } from "./html.ts";
import { linesInRange } from "./log-content.ts";

/** Stages with their jobs and tasks as nested lists; `buttonsOf` gives the forms of a stage, by its name. */
export function recordList(
  run: Run,
  entries: readonly TimelineEntry[],
  buttonsOf: (stage: string) => string,
): string {
  const records = entries.map(({ record }) => record);
  const childrenOf = (parentId: string | null): TimelineRecord[] =>
    records
      .filter((record) => record.parentId === parentId)
      .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
      .flatMap((record) => (isContainer(record) ? childrenOf(record.id) : [record]));
  const listUnder = (parentId: string | null): string => {
    const items = childrenOf(parentId).map((record) => {
      const buttons = record.type === "Stage" ? buttonsOf(record.identifier ?? "") : "";
      return `<li>${recordLine(run, record)}${issueList(record)}${buttons && `<br>${buttons}`}${listUnder(record.id)}</li>`;
    });
    return items.length === 0
      ? ""
      : `<ul${parentId === null ? ' class="records"' : ""}>${items.join("\n")}</ul>`;
  };
  return listUnder(null);
}

/** Records that only hold others: a phase has the name of its job, a checkpoint has the checks of its stage. */
function isContainer({ type }: TimelineRecord): boolean {
  return type === "Phase" || type === "Checkpoint";
}

function recordLine(run: Run, record: TimelineRecord): string {
  const state = record.result ?? record.state;
  const name = escaped(record.name === "__default" ? "Stage" : record.name.replace(/^Checkpoint\./, ""));
  const job = record.type === "Task" ? record.parentId : record.id;
  const task = record.type === "Task" ? `&amp;t=${record.id}` : "";
  const hasLog = run.logs.idOf(record.id) !== undefined;
  const shown = hasLog ? `<a href="?buildId=${run.id}&amp;view=logs&amp;j=${job}${task}">${name}</a>` : name;
  const label = record.type === "Stage" ? `<strong>${shown}</strong>` : shown;
  const details = [state === "succeeded" ? "" : stateText(state), duration(record)]
    .filter(Boolean)
    .join(" · ");
  return `${symbolOf(state)}${label} <span class="quiet">${details}</span>`;
}

function duration({ startTime, finishTime }: TimelineRecord): string {
  if (startTime === null || finishTime === null) return "";
  return durationText((Date.parse(finishTime) - Date.parse(startTime)) / 1_000);
}

function issueList({ issues = [] }: TimelineRecord): string {
  const items = issues.map(({ type, message }) => {
    const name = type === "error" ? "failed" : "warning";
    return `<li class="${name}">${type}: ${escaped(message)}</li>`;
  });
  return items.length === 0 ? "" : `<ul>${items.join("")}</ul>`;
}

/** The log that the address names by `j`, `t` and `l`, with an anchor for each line; undefined if it names none. */
export function logPage(
  run: Run,
  entries: readonly TimelineEntry[],
  query: URLSearchParams,
): string | undefined {
  const recordId = query.get("t") ?? query.get("j");
  if (recordId === null) return undefined;
  const name = entries.find(({ record }) => record.id === recordId)?.record.name ?? "Log";
  const heading = `<p><a href="?buildId=${run.id}">All stages</a> › <strong>${escaped(name)}</strong></p>`;
  const log = run.logs.find(run.logs.idOf(recordId) ?? 0);
  if (log === undefined) return `${heading}<p>It has no log yet.</p>`;
  const target = Number(query.get("l"));
  const lines = [...linesInRange(log, run, { from: 0, to: maxLines })].map((line, index) => {
    const number = index + 1;
    const mark = number === target ? ' class="target" tabindex="-1" autofocus' : "";
    return `<li id="l${number}"${mark}>${escaped(withShortTime(line))}</li>`;
  });
  return `${heading}<ol class="log">${lines.join("\n")}</ol>`;
}

/** `2026-11-28T20:49:49.8460000Z text` as `20:49:49 text`. */
function withShortTime(line: string): string {
  return line.replace(/^\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)\.\d+Z /, "$1 ");
}

/** More lines would slow the browser down. */
const maxLines = 20_000;
