import { isOrdinaryText, withoutTerminalControl } from "../lib/text.ts";

/**
 * Sanitizes untrusted text for the job's log.
 *
 * The runner executes commands in the output of a step: `::name::` at the start of a line, after any white space, and
 * `##[name]` anywhere in it; CR, LF and CRLF end a line. It uses culture-sensitive comparison, which ignores invisible
 * characters. Therefore all invisible characters and both markers are removed.
 */

/** Here and below, the expression is made when it is needed: properties of Unicode take a third of a millisecond. */
function isUnsafe(text: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]|##\[|^\s*::|[\ud800-\udfff]/u.test(text);
}

/** The characters of most lines, which need no sanitizing; finding any other character is fast. */
const uncommonCharacter = /[^\t -~\u2500-\u257f]/;

const colour = /\u001b\[[0-9;]{0,20}m/g;

const reset = "\u001b[0m";

/** Whether lines stay as they are: their characters are visible, none can be a command, and colours end with their line. */
export function isPlain(text: string): boolean {
  const hasColours = text.includes("\u001b");
  const visible = hasColours ? text.replaceAll(colour, "") : text;
  if (visible.includes("##[") || visible.includes("::") || hasUnsafeCharacter(visible)) return false;
  return !hasColours || areColoursReset(text);
}

/** Whether a text has nothing but ASCII in it. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** Whether lines have other characters than visible ones, tabs, CR and LF. */
function hasUnsafeCharacter(lines: string): boolean {
  // V8 searches for up to 16 neighbouring characters at once, which is ten times as fast as searching for all of them.
  if (isAscii(lines))
    return /[\0-\x08\v\f\x0e\x0f]/.test(lines) || /[\x10-\x1f]/.test(lines) || lines.includes("\x7f");
  const others = lines.replaceAll(/[\t\r\n -~]+/g, " ");
  return /\p{Cc}|\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]|\p{Cs}/u.test(others);
}

/** Whether each line with a colour ends with the default colour. */
function areColoursReset(lines: string): boolean {
  let start = lines.indexOf("\u001b");
  while (start >= 0) {
    const end = lines.indexOf("\n", start);
    if (!lines.endsWith(reset, lines.charAt(end - 1) === "\r" ? end - 1 : end)) return false;
    start = lines.indexOf("\u001b", end);
  }
  return true;
}

function withoutInvisibleCharacters(text: string): string {
  return text.replaceAll(
    /[^\P{Cc}\t\u001b]|\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]|\p{Cs}/gu,
    "",
  );
}

/** The lines of a text, without commands. Tabs and colours are kept. */
export function sanitizeLines(text: string): readonly string[] {
  const isCommon = !uncommonCharacter.test(text) && !text.includes("##[") && !text.includes("::");
  if (isCommon || !isUnsafe(text)) return [text];
  return text.split(/\r\n|\r|\n/).map(sanitizeLine);
}

/** The same as one line. */
export function sanitizeText(text: string): string {
  return sanitizeLines(text).join(" ");
}

function sanitizeLine(line: string): string {
  const visible = withoutInvisibleCharacters(withoutTerminalControl(line, { keepColours: true }));
  // Colours are invisible too: a marker that they interrupt is still a marker.
  const withoutColours = visible.replace(colour, "");
  const isPlain = !withoutColours.includes("##[") && !/^\s*::/.test(withoutColours);
  const text = isPlain ? visible : withoutColours.replaceAll("##[", "## [").replace(/^(\s*)::/, "$1: :");
  return text.includes("\u001b") && !text.endsWith(reset) ? text + reset : text;
}

/**
 * Secrets to be replaced in texts. The runner masks only its log, but not outputs, summaries and what is sent to GitHub, and
 * the service may return a secret that it received. Responses are redacted when they arrive, before anything is cut or
 * escaped; what is written is redacted once more, in every written form.
 */
export function createRedactor() {
  let secretLines: readonly string[] = [];
  // Made from the lines with the first text: before the first request, there is none.
  let literalForms: readonly string[] | undefined;
  let parts: readonly SecretPart[] | undefined;
  const redact = (text: string): string => {
    literalForms ??= longestFirst(secretLines.flatMap(formsOf));
    return redactLiterals(text, literalForms);
  };
  return {
    add: (secret: string): void => {
      const lines = secret
        .split(/[\r\n]+/)
        .map((line) => line.trim())
        .filter((line) => !isOrdinaryText(line));
      secretLines = longestFirst([...secretLines, ...lines]);
      literalForms = undefined;
      parts = undefined;
    },
    /** Replaces each secret as it is, as JSON (in JSON), URL-encoded, and in Basic authentication. */
    redact,
    /** The same for Markdown and what is sent to GitHub, where escapes may stand between any two characters. */
    redactRendered: (text: string): string => {
      parts ??= secretLines.flatMap(partsOf).map(createPart);
      if (parts.length === 0) return text;
      const unescaped = withoutEscapes(text);
      return parts
        .filter(({ word }) => unescaped.includes(word))
        .reduce((redacted, { pattern }) => redacted.replaceAll(pattern(), "***"), redact(text));
    },
  };
}

/** Longer secrets first: replacing a secret that is part of another would leave the rest. */
function longestFirst(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort((a, b) => b.length - a.length);
}

function redactLiterals(text: string, forms: readonly string[]): string {
  let redacted = text;
  for (const form of forms) if (redacted.includes(form)) redacted = redacted.replaceAll(form, "***");
  return redacted;
}

function formsOf(line: string): readonly string[] {
  const json = jsonEscaped(line);
  const url = encodeURIComponent(line.toWellFormed());
  // In the body of a request for a token, ~!'() are encoded too.
  const form = new URLSearchParams({ "": line.toWellFormed() }).toString().slice(1);
  const basic = Buffer.from(`:${line}`).toString("base64").replace(/=+$/, "");
  return [line, json, jsonEscaped(json), url, url.replaceAll("%20", "+"), form, basic];
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const maxPatternLength = 100;

/** Long secrets are searched for in parts. */
function partsOf(line: string): readonly string[] {
  const count = Math.ceil(line.length / maxPatternLength);
  const length = Math.ceil(line.length / count);
  return Array.from({ length: count }, (_, index) => line.slice(index * length, (index + 1) * length));
}

/** Encrypted tokens have thousands of characters: only the patterns of parts that a text may hold are compiled. */
interface SecretPart {
  /** The longest run of letters and digits, which no escape changes. */
  readonly word: string;
  readonly pattern: () => RegExp;
}

function createPart(part: string): SecretPart {
  const [word = ""] = longestFirst(part.match(/[A-Za-z0-9]+/g) ?? []);
  let pattern: RegExp | undefined;
  return {
    word,
    pattern: () => {
      pattern ??= new RegExp(renderedPattern(part), "g");
      return pattern;
    },
  };
}

/** The text without what `renderedPattern` allows between letters and digits, or instead of them. */
function withoutEscapes(text: string): string {
  return text
    .replaceAll(/&#8203;|\u200B|[\\`]/g, "")
    .replaceAll(/%(?:3\d|[46][1-9A-F]|[57][0-9A])/g, (code) => decodeURIComponent(code));
}

const htmlEntities: Readonly<Record<string, string>> = {
  "&": "&amp;|&#38;",
  "<": "&lt;|&#60;",
  ">": "&gt;|&#62;",
  '"': "&quot;|&#34;",
  "'": "&#39;|&apos;",
};

/**
 * Each character with the escapes of Markdown, HTML, JSON and URLs before it or instead of it. An escape before the first
 * character is kept, since half of it may belong to the text before.
 */
function renderedPattern(part: string): string {
  return Array.from(part.replaceAll(/\s+/g, " "), (character) => {
    if (character === " ") return String.raw`(?:\s|\\{1,4}[nrt]|%20|&nbsp;){1,20}`;
    const forms = [escapeRegExp(character), htmlEntities[character], percentEncoded(character)];
    return `(?:${forms.filter(Boolean).join("|")})`;
  }).join(String.raw`(?:&#8203;|\u200B|\\{0,2}\x60)?\\{0,4}`);
}

function escapeRegExp(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`);
}

function percentEncoded(character: string): string {
  return Array.from(
    Buffer.from(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
