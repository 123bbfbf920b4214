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

function coloured(text: string): string {
  const match = /^(?:##)?\[(error|warning|section|command|debug|group|endgroup)\]/i.exec(text);
  const word = match?.[1]?.toLowerCase();
  // Without its ## only `[command]` is a marker: tools print `[error]` as their own words.
  if (!match || !word || (text.charCodeAt(0) === bracket && word !== "command")) return text;
  const rest = text.slice(match[0].length);
  const colour = colours[word];
  if (colour === undefined) return rest;
  return `\u001B[${colour}m${word === "group" ? `▸ ${rest}` : rest}`;
}
