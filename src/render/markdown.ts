import { oneLine, printable } from "../lib/text.ts";
import { isHttpLoopback } from "../lib/url.ts";

/**
 * Untrusted text in Markdown.
 *
 * Backslashes escape Markdown syntax. GitHub's additions (mentions, references, emoji names, bare URLs, hashes) are applied
 * to the rendered text, except to code. Texts that people copy (URLs, GUIDs, hashes) therefore become code spans; in other
 * words a zero-width space breaks the reference, written as an entity so that it is visible in a review.
 */
const zeroWidthSpace = "&#8203;";

/** Texts that people copy: URLs, e-mail addresses, GUIDs, and possible hashes of commits. */
const copiedText = new RegExp(
  [
    String.raw`(?<![a-z\d])(?:[a-z][a-z\d+.-]{0,30}://|www\.)[^\s<>"\x60|\\]+`,
    String.raw`(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}`,
    String.raw`(?<![a-z\d])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![a-z\d])`,
    String.raw`(?<![a-z\d])(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[\da-f]{7,40}(?![a-z\d])`,
  ].join("|"),
  "gi",
);

/** Other texts that GitHub would link or replace: @name, #12, GH-12, :name:, x://, www. */
const githubReferences = new RegExp(
  [
    String.raw`@(?=[\w-]|[^\x00-\x7f])`,
    String.raw`#(?=\d)`,
    String.raw`(?<![a-z\d])GH-(?=\d)`,
    String.raw`:(?=//|[\w+-]+:)`,
    String.raw`www(?=\.)`,
    String.raw`(?<![a-z\d])(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[\da-f]{3}(?=[\da-f]{4,37}(?![a-z\d]))`,
  ].join("|"),
  "gi",
);

// Markup anywhere in a line. An underscore between letters or digits is not markup. Only those of ASCII are known here, since
// properties of Unicode, as above, take half a millisecond before the first text.
const inlineMarkup = /[\\`*[\]<>|~$]|&(?=#?\w+;)|_(?![a-z\d])|(?<![a-z\d])_/gi;

// Markup at the start of a line: headings, lists, rules, underlines.
const blockMarkup = /^(?:[-+=#]|\d{1,9}[.)](?=\s|$))/;

/** One line of text that is shown literally: without markup, links, mentions, HTML and the end of a table cell. */
export function escapeMarkdown(text: string): string {
  const line = oneLine(text);
  let position = 0;
  let escaped = "";
  for (const { 0: match, index } of line.matchAll(copiedText)) {
    const copied = withoutTrailingPunctuation(match);
    if (index < position || copied.length < 4) continue;
    escaped += `${escapeReferences(line.slice(position, index))}${codeSpan(copied)}`;
    position = index + copied.length;
  }
  escaped += escapeReferences(line.slice(position));
  return escaped.replace(blockMarkup, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`);
}

/** A full stop or a closing bracket after a URL belongs to the sentence. */
function withoutTrailingPunctuation(text: string): string {
  let end = text.length;
  while (end > 0 && ".,;:!?'*_~)]}".includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function escapeReferences(text: string): string {
  let position = 0;
  let escaped = "";
  for (const { 0: match, index } of text.matchAll(githubReferences)) {
    escaped += `${escapeMarkup(text.slice(position, index + match.length))}${zeroWidthSpace}`;
    position = index + match.length;
  }
  return escaped + escapeMarkup(text.slice(position));
}

function escapeMarkup(text: string): string {
  return text.replaceAll(inlineMarkup, String.raw`\$&`);
}

/** A code span, in which only a backtick is special. Not for tables, where `|` ends a cell even here. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  if (line === "") return "";
  const fence = "`".repeat(longestBacktickRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A code block. Its fence is longer than any in the text; control characters and colours are removed. */
export function fencedBlock(lines: readonly string[], language = "text"): string {
  const clean = lines.flatMap((line) => line.split(/\r\n|[\r\n\u2028\u2029\u0085]/)).map(printable);
  const fence = "`".repeat(Math.max(3, longestBacktickRun(clean.join("\n")) + 1));
  return `${fence}${language}\n${clean.map((line) => `${line}\n`).join("")}${fence}`;
}

/** A list of Markdown items: a number of them are visible, the others folded. `title` is plain text. */
export function foldedList(items: readonly string[], openCount: number, title: string): string {
  const [open, folded] = [items.slice(0, openCount), items.slice(openCount)].map((part) => part.join("\n"));
  if (!folded) return open ?? "";
  return [open, `<details><summary>${title}</summary>`, folded, "</details>"].join("\n\n");
}

/** A row of Markdown cells. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A link if the URL is safe to click, else only the text. `text` is escaped here. */
export function link(text: string, url: string | undefined): string {
  const label = escapeMarkdown(text) || "no name";
  const address = safeUrl(url);
  return address === undefined ? label : `[${label}](${address})`;
}

/** `https:`, or `http:` on this machine; encoded so that it cannot end a link or a cell. */
export function safeUrl(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const pathAndQuery = `${parsed.pathname}${parsed.search}${parsed.hash}`;
  if (parsed.protocol !== "https:" && !isHttpLoopback(parsed)) return undefined;
  if (parsed.username !== "" || parsed.password !== "") return undefined;
  return parsed.origin + pathAndQuery.replaceAll(/[()<>[\]\\`|"'{}^*~;\s]/g, percentEncoded);
}

function percentEncoded(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function longestBacktickRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
