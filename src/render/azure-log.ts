const colours: Readonly<Record<string, string>> = {
  error: "31",
  warning: "33",
  section: "32",
  command: "36",
  debug: "35",
  group: "1",
};

const dateMark = "T".charCodeAt(0);
const zone = "Z".charCodeAt(0);
const bom = 0xfeff;
const hash = "#".charCodeAt(0);
const bracket = "[".charCodeAt(0);

/**
 * A line of one of Azure's logs as we relay it: without its timestamp, its markers turned into colours.
 * A million of them take well under two seconds, so no expression is tried on a line that cannot match.
 */
export function logLineOf(raw: string): string {
  const text = plainOf(raw);
  const first = text.charCodeAt(0);
  const line = first === hash || first === bracket ? coloured(text) : text;
  // A colour that a line leaves on would run on into the next.
  return line.includes("\u001B") ? `│ ${line}\u001B[0m` : `│ ${line}`;
}

/** The text alone: no byte order mark, no timestamp, no carriage return. */
export function plainOf(raw: string): string {
  const start = raw.charCodeAt(0) === bom ? 1 : 0;
  const text = raw.slice(start + stampLength(raw, start));
  return text.includes("\r") ? text.replace(/\r+$/, "").replaceAll("\r", " ") : text;
}

/** `2026-08-12T07:56:51.3267511Z `: seven digits of a second from an agent, fewer from elsewhere. */
function stampLength(raw: string, start: number): number {
  if (raw.charCodeAt(start + 10) !== dateMark) return 0;
  const end = raw.charCodeAt(start + 27) === zone ? start + 27 : raw.indexOf("Z", start + 19);
  if (end < 0 || end > start + 30) return 0;
  const stamp = raw.slice(start, end + 1);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(stamp)) return 0;
  return stamp.length + (raw.charCodeAt(end + 1) === 32 ? 1 : 0);
}

const starting = "##[section]Starting:";
const finishing = "##[section]Finishing:";
const rule = /^={20,}$/;

/**
 * Lines of a log, as they came, without what the agent puts around every task's: that it starts and ends, and the
 * table of its name and version in between. The first line need not be the log's first.
 */
export function withoutFrame(lines: readonly string[]): readonly string[] {
  const textAt = (index: number) => plainOf(lines.at(index) ?? "");
  const isFramed = textAt(0).startsWith(starting);
  const isTablesEnd = (line: string, index: number) => index > 1 && index < 16 && rule.test(plainOf(line));
  const table = isFramed && rule.test(textAt(1)) ? lines.findIndex(isTablesEnd) : -1;
  const from = table >= 0 ? table + 1 : isFramed ? 1 : 0;
  return lines.slice(from, textAt(-1).startsWith(finishing) ? -1 : undefined);
}

/** A plain line without its marker: what is left where there are no colours. */
export function unmarked(text: string): string {
  return partsOf(text).rest;
}

function coloured(text: string): string {
  const { word, rest } = partsOf(text);
  const colour = colours[word ?? ""];
  return colour === undefined ? rest : `\u001B[${colour}m${rest}`;
}

function partsOf(text: string): { readonly word?: string; readonly rest: string } {
  const match = /^(?:##)?\[(error|warning|section|command|debug|group|endgroup)\]/i.exec(text);
  const word = match?.[1]?.toLowerCase();
  // Without its ## only `[command]` is a marker: tools print `[error]` as their own words.
  if (!match || !word || (text.charCodeAt(0) === bracket && word !== "command")) return { rest: text };
  const rest = text.slice(match[0].length);
  return { word, rest: word === "group" ? `▸ ${rest}` : rest };
}
