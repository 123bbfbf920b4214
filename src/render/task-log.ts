import type { LogEntry, RelayedLines } from "../core/log-line.ts";
import type { NodeResult } from "../core/model.ts";
import type { Excerpt } from "../core/run-report.ts";
import { clip, oneLine } from "../lib/text.ts";
import { resultSymbols } from "./labels.ts";

const colours: Readonly<Record<string, string>> = {
  error: "31",
  warning: "33",
  section: "32",
  command: "36",
  debug: "35",
  group: "1",
};

const bom = 0xfeff;

const hash = "#".charCodeAt(0);

const bracket = "[".charCodeAt(0);

/** Before each relayed line. It begins with a blank, so that problem matchers of earlier steps, such as tsc's, do not match. */
const linePrefix = " │ ";

/** A line of one of Azure's logs as we relay it. */
export function formatLogLine(raw: string): string {
  return `${linePrefix}${relayedText(raw)}`;
}

/** Lines of one of Azure's logs, each with LF or CRLF at its end, as we relay them. */
export function relayedLines(raw: string): RelayedLines {
  const type = "lines";
  // Most lines have no markers.
  if (!raw.includes("##[") && !raw.includes(taskCommand))
    return { type, text: withColoursReset(raw), lineStart: timestampedLineStart, prefix: linePrefix };
  const lines = raw.split(/\r?\n/).slice(0, -1);
  const text = lines.map((line) => `${relayedText(line)}\n`).join("");
  return { type, text, lineStart: /\n/g, prefix: linePrefix };
}

/** Without its timestamp, its markers turned into colours. */
function relayedText(raw: string): string {
  const text = stripTimestamp(raw);
  const first = text.charCodeAt(0);
  return withColoursReset(first === hash || first === bracket ? colourMarker(text) : text);
}

/** A colour that is not reset would continue in the next line. */
function withColoursReset(lines: string): string {
  return lines.includes("\u001B") ? lines.replaceAll(/\u001B[^\r\n]*/g, "$&\u001B[0m") : lines;
}

/** `2026-08-12T07:56:51.3267511Z `: seven fractional digits from an agent, fewer from other sources. */
const timestampPattern = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,10})?Z ?`;

const timestamp = new RegExp(timestampPattern, "y");

const timestampedLineStart = new RegExp(String.raw`\r?\n\uFEFF?(?:${timestampPattern})?`, "g");

/** The text without byte order mark, timestamp and carriage return. */
export function stripTimestamp(raw: string): string {
  const start = raw.charCodeAt(0) === bom ? 1 : 0;
  timestamp.lastIndex = start;
  const text = raw.slice(timestamp.test(raw) ? timestamp.lastIndex : start);
  return text.includes("\r") ? withoutTrailingReturns(text).replaceAll("\r", " ") : text;
}

/** A regular expression would take quadratic time for a line with many of them. */
function withoutTrailingReturns(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\r") end -= 1;
  return text.slice(0, end);
}

const startMarker = "##[section]Starting:";

const finishMarker = "##[section]Finishing:";

const tableBorder = /^={20,}$/;

/**
 * The end of a log without the lines that the agent adds to every task: its start and end, and the table with its name and
 * version. `lines` may begin in the middle of the log, whose number of lines is `totalLines`.
 */
export function taskOutput(
  lines: readonly string[],
  totalLines: number,
): Pick<Excerpt, "lines" | "lastLine"> {
  const textAt = (index: number) => stripTimestamp(lines.at(index) ?? "");
  const hasHeader = textAt(0).startsWith(startMarker);
  const isTableEnd = (line: string, index: number) =>
    index > 1 && index < 16 && tableBorder.test(stripTimestamp(line));
  const tableEnd = hasHeader && tableBorder.test(textAt(1)) ? lines.findIndex(isTableEnd) : -1;
  const firstLine = tableEnd >= 0 ? tableEnd + 1 : hasHeader ? 1 : 0;
  const hasEnd = textAt(-1).startsWith(finishMarker);
  return { lines: lines.slice(firstLine, hasEnd ? -1 : undefined), lastLine: totalLines - (hasEnd ? 1 : 0) };
}

/** `lines 20–39 of 40`, by their numbers in the whole log, as its viewer shows them; `the whole log`. */
export function lineRangeText({ lines, lastLine, totalLines, isWhole }: LineRange): string {
  if (isWhole) return "the whole log";
  const range = lines.length === 1 ? `line ${lastLine}` : `lines ${lastLine - lines.length + 1}–${lastLine}`;
  return `${range} of ${totalLines}`;
}

type LineRange = Pick<Excerpt, "lines" | "lastLine" | "totalLines" | "isWhole">;

/** A line without its marker, for places without colours. */
export function withoutMarker(text: string): string {
  return splitMarker(text).rest;
}

function colourMarker(text: string): string {
  const { marker, rest } = splitMarker(text);
  const colour = colours[marker ?? ""];
  return colour === undefined ? rest : `\u001B[${colour}m${rest}`;
}

/** The only marker without ##, which tasks write: tools print `[error]` themselves. */
const taskCommand = "[command]";

function splitMarker(text: string): { readonly marker?: string; readonly rest: string } {
  const match = /^(?:##)?\[(error|warning|section|command|debug|group|endgroup)\]/i.exec(text);
  const marker = match?.[1]?.toLowerCase();
  if (!match || !marker || (text.charCodeAt(0) === bracket && !text.startsWith(taskCommand)))
    return { rest: text };
  const rest = text.slice(match[0].length);
  return { marker, rest: marker === "group" ? `▸ ${rest}` : rest };
}

interface LogTail {
  /** `Staging › Smoke tests › Run curl` */
  readonly path: string;
  readonly result: NodeResult | null;
  /** The unchanged lines. */
  readonly lines: readonly string[];
  readonly totalLines: number;
  /** Whether the lines before these have already been shown. */
  readonly isContinuation?: boolean;
  /** The URL of the line, if it is known. */
  readonly url: string;
}

/** The end of a log in one flat group: GitHub does not nest them. */
export function excerptLines({
  path,
  result,
  lines,
  totalLines,
  isContinuation = false,
  url,
}: LogTail): LogEntry[] {
  const shown = taskOutput(lines, totalLines);
  const continuation = isContinuation ? "what came later, " : "";
  const isWhole = lines.length >= totalLines;
  const range = `${lineRangeText({ ...shown, totalLines, isWhole })}, ${isWhole ? "also" : "all"} at ${url}`;
  return [
    { type: "group", title: `${logSymbol(result)} ${clip(oneLine(path), 200)}: ${continuation}${range}` },
    ...shown.lines.map((line): LogEntry => ({ type: "text", text: formatLogLine(line) })),
    { type: "end-group" },
  ];
}

type LogHeading = Pick<LogTail, "path" | "result" | "isContinuation" | "url">;

/** The title of a log that is shown from its first line. */
export function logTitle({ path, result, isContinuation, url }: LogHeading): string {
  return `${logSymbol(result)} ${clip(oneLine(path), 200)}${isContinuation ? ", what came later" : ""}: ${url}`;
}

function logSymbol(result: NodeResult | null): string {
  return result === null ? "■" : resultSymbols[result];
}
