import { createCaseInsensitiveMap, foldCase } from "./case-insensitive-map.ts";

// The semantics of actions/runner's ActionCommand (TryParseV2, then TryParse): which lines of a step's output are
// commands. Checked against the answers of the runner's own parser in shared/runner/command-vectors.json.

export interface Command {
  /** As written: `::Error::` is "Error". */
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What the runner takes for a command in the output of a JavaScript action. */
export const registeredCommands: readonly string[] = [
  "stop-commands",
  "add-mask",
  "add-matcher",
  "add-path",
  "debug",
  "echo",
  "endgroup",
  "error",
  "group",
  "notice",
  "remove-matcher",
  "save-state",
  "set-env",
  "set-output",
  "warning",
];

/** All of them, with the one that is only live inside the runner's own plugins. A sanitizer has to stop every one. */
export const knownCommands: readonly string[] = [...registeredCommands, "internal-set-repo-path"];

/** The command in a line, in either syntax; undefined when the line is plain text. */
export function parseCommand(line: string, commands: readonly string[] = knownCommands) {
  return parseColonCommand(line, commands) ?? parseBracketCommand(line, commands);
}

/**
 * Whether some runner could take the line for a command. Under ICU the runner's prefix search ignores what has no
 * width (zero-width characters, most controls), which `parseCommand`, ordinal as in the vectors, does not.
 */
export function mayBeCommand(line: string, commands: readonly string[] = knownCommands): boolean {
  const visible = line.replaceAll(new RegExp(zeroWidth, "gu"), "");
  return [line, visible].some((text) => parseCommand(text, commands) !== undefined);
}

/** The lines that StreamReader.ReadLine makes of a text: CR, LF and CRLF all end one. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/**
 * The same for the output of a process, which arrives in pieces. A CR at a piece's end waits: an LF may follow. A byte
 * order mark at the start is dropped, as StreamReader does.
 */
export function createLineSplitter(onLine: (line: string) => void): {
  push(text: string): void;
  end(): void;
} {
  let rest = "";
  let isStart = true;
  return {
    push: (text) => {
      const lines = `${rest}${isStart ? text.replace(/^\ufeff/, "") : text}`.split(/\r\n|\r(?!$)|\n/);
      rest = lines.pop() ?? "";
      isStart &&= text === "";
      for (const line of lines) onLine(line);
    },
    end: () => {
      for (const line of splitLines(rest)) onLine(line);
      rest = "";
    },
  };
}

/** `::name key=value,key=value::data`, white space before it allowed. */
function parseColonCommand(line: string, commands: readonly string[]): Command | undefined {
  const text = trimStart(line);
  if (!text.startsWith("::")) return undefined;
  const end = text.slice(2).search(headEnd) + 2;
  if (end < 2) return undefined;
  const { name, rest } = splitName(text.slice(2, end));
  if (!isRegistered(name, commands)) return undefined;
  return {
    command: name,
    properties: parseProperties(trimEnd(trimStart(rest)), ",", propertyEscapes),
    data: decodeEscapes(text.slice(end + 2), dataEscapes),
  };
}

/** The legacy `##[name key=value;key=value]data`, anywhere in a line: what stands before it is lost. */
function parseBracketCommand(line: string, commands: readonly string[]): Command | undefined {
  const start = line.indexOf("##[");
  if (start < 0) return undefined;
  const end = line.indexOf("]", start);
  if (end < 0) return undefined;
  const { name, rest } = splitName(line.slice(start + 3, end));
  if (!isRegistered(name, commands)) return undefined;
  return {
    command: name,
    properties: parseProperties(rest, ";", legacyEscapes),
    data: decodeEscapes(line.slice(end + 1), legacyEscapes),
  };
}

function splitName(info: string): { name: string; rest: string } {
  const space = info.indexOf(" ");
  return space < 0 ? { name: info, rest: "" } : { name: info.slice(0, space), rest: info.slice(space + 1) };
}

function isRegistered(name: string, commands: readonly string[]): boolean {
  return name !== "" && commands.some((known) => foldCase(known) === foldCase(name));
}

/** Pairs without a name or a value are dropped; of `a==b` the second sign is dropped too (RemoveEmptyEntries). */
function parseProperties(text: string, separator: string, escapes: Escapes): Record<string, string> {
  const result = createCaseInsensitiveMap();
  for (const part of text.split(separator)) {
    const [, name, value] = /^=*([^=]+)=+([^=].*)$/s.exec(part) ?? [];
    if (name !== undefined && value !== undefined) result.set(name, decodeEscapes(value, escapes));
  }
  return result.toObject();
}

type Escapes = readonly (readonly [code: string, char: string])[];

// In this order, one after the other, `%25` last: so `%250A` is the text `%0A`.
const lineBreaks: Escapes = [
  ["%0D", "\r"],
  ["%0A", "\n"],
];

const percent: Escapes = [["%25", "%"]];

const dataEscapes: Escapes = [...lineBreaks, ...percent];

const propertyEscapes: Escapes = [...lineBreaks, ["%3A", ":"], ["%2C", ","], ...percent];

const legacyEscapes: Escapes = [["%3B", ";"], ...lineBreaks, ["%5D", "]"], ...percent];

function decodeEscapes(text: string, escapes: Escapes): string {
  return escapes.reduce((result, [code, char]) => result.replaceAll(code, char), text);
}

/**
 * What has no weight under ICU, as far as it was tried: format and control characters, enclosing marks, and
 * cantillation marks.
 */
const zeroWidth =
  "(?:[\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Me}\\u0483-\\u0487\\u0591-\\u05af]|(?!\\s)\\p{Cc})";

/** The runner searches the end of a command's head by culture: characters without a width may stand between the colons. */
const headEnd = new RegExp(`:${zeroWidth}*:`, "u");

// char.IsWhiteSpace: unlike JavaScript's, with U+0085 and without U+FEFF.
const whitespace = "[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";

const trimStart = (text: string): string => text.replace(new RegExp(`^${whitespace}`), "");

const trimEnd = (text: string): string => text.replace(new RegExp(`${whitespace}$`), "");
