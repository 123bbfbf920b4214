import type { TimelineEntry, TimelineRecord } from "../engine/records.ts";
import type { Run } from "../engine/run.ts";
import { linesInRange } from "./log-content.ts";

const style = `<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
ul { list-style: none; padding-left: 1.5rem } form { display: inline; margin-left: .5rem }
ol { font: 13px/1.5 ui-monospace, monospace; padding-left: 4rem } ol li { white-space: pre-wrap; overflow-wrap: anywhere }
li:target, li.target { background: color-mix(in srgb, gold 35%, Canvas) }
</style>`;

export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** The records as nested lists; `buttonsOf` gives the forms of a stage, by its name. */
export function recordList(
  run: Run,
  entries: readonly TimelineEntry[],
  buttonsOf: (stage: string) => string,
): string {
  const records = entries.map(({ record }) => record);
  const listUnder = (parentId: string | null): string => {
    const children = records
      .filter((record) => record.parentId === parentId)
      .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
    const items = children.map((record) => {
      const buttons = record.type === "Stage" ? buttonsOf(record.identifier ?? "") : "";
      return `<li>${recordLine(run, record)}${buttons}${listUnder(record.id)}</li>`;
    });
    return items.length === 0 ? "" : `<ul>${items.join("")}</ul>`;
  };
  return `${style}${listUnder(null)}`;
}

function recordLine(run: Run, record: TimelineRecord): string {
  const name = escaped(record.name);
  const job = record.type === "Task" ? record.parentId : record.id;
  const task = record.type === "Task" ? `&amp;t=${record.id}` : "";
  const hasLog = run.logs.idOf(record.id) !== undefined;
  const shown = hasLog ? `<a href="?buildId=${run.id}&amp;view=logs&amp;j=${job}${task}">${name}</a>` : name;
  return `${shown} · ${record.result ?? record.state}${duration(record)}`;
}

function duration({ startTime, finishTime }: TimelineRecord): string {
  if (startTime === null || finishTime === null) return "";
  return ` · ${Math.round((Date.parse(finishTime) - Date.parse(startTime)) / 1_000)} s`;
}

/** The log that the address names by `j`, `t` and `l`, with an anchor for each line; undefined if it names none. */
export function logPage(run: Run, query: URLSearchParams): string | undefined {
  const recordId = query.get("t") ?? query.get("j");
  if (recordId === null) return undefined;
  const log = run.logs.find(run.logs.idOf(recordId) ?? 0);
  const back = `${style}<p><a href="?buildId=${run.id}">The whole run</a></p>`;
  if (log === undefined) return `${back}<p>There is no log yet.</p>`;
  const target = Number(query.get("l"));
  const lines = [...linesInRange(log, run, { from: 0, to: maxLines })].map((line, index) => {
    const number = index + 1;
    const mark = number === target ? ' class="target" tabindex="-1" autofocus' : "";
    return `<li id="l${number}"${mark}>${escaped(line)}</li>`;
  });
  return `${back}<ol>${lines.join("\n")}</ol>`;
}

/** A browser shows no more lines than that at ease. */
const maxLines = 20_000;
