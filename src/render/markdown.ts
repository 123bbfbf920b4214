import { oneLine, printable } from "../lib/text.ts";
import { isHttpLoopback } from "../lib/url.ts";

/**
 * Other people's text in our Markdown.
 *
 * Backslashes stop what Markdown's own parser does. What GitHub does to the finished page (mentions, references, emoji
 * names, bare addresses, hashes) looks at the text as it reads. It leaves code alone, so whatever people copy (an
 * address, a GUID, a hash) becomes a code span; in other words a zero-width space breaks the reference, written as an
 * entity so that it shows in a review.
 */
const zeroWidthSpace = "&#8203;";

/** What people copy: URLs, e-mail addresses, GUIDs, and what can be a commit's hash. */
const copiedText = new RegExp(
  [
    String.raw`(?<![a-z\d])(?:[a-z][a-z\d+.-]{0,30}://|www\.)[^\s<>"\x60|\\]+`,
    String.raw`(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}`,
    String.raw`(?<![a-z\d])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![a-z\d])`,
    String.raw`(?<![a-z\d])(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[\da-f]{7,40}(?![a-z\d])`,
  ].join("|"),
  "gi",
);

/** What else would mean something to GitHub: @name, #12, GH-12, :name:, x://, www. */
const githubReferences = new RegExp(
  [
    String.raw`@(?=[\p{L}\p{N}_-])`,
    String.raw`#(?=\d)`,
    String.raw`(?<![a-z\d])GH-(?=\d)`,
    String.raw`:(?=//|[\w+-]+:)`,
    String.raw`www(?=\.)`,
    String.raw`(?<![a-z\d])(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[\da-f]{3}(?=[\da-f]{4,37}(?![a-z\d]))`,
  ].join("|"),
  "giu",
);

// What opens something anywhere in a line. An underscore within a word does not.
const inlineMarkup = /[\\`*[\]<>|~$]|&(?=#?\w+;)|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_/gu;

// And what does at its beginning: headings, lists, rules, underlines.
const blockMarkup = /^(?:[-+=#]|\d{1,9}[.)](?=\s|$))/;

/** One line of text that shows as it is: no markup, no link, no mention, no HTML, no end of a table's cell. */
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

/** A full stop or a closing bracket behind an address belongs to the sentence. */
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

/** Text in a fixed width, where nothing but a backtick means anything. Not for tables: a `|` ends their cells even here. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  if (line === "") return "";
  const fence = "`".repeat(longestBacktickRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Lines as they are. The fence is longer than any within; controls and colours are dropped. */
export function fencedBlock(lines: readonly string[], language = "text"): string {
  const clean = lines.flatMap((line) => line.split(/\r\n|[\r\n\u2028\u2029\u0085]/)).map(printable);
  const fence = "`".repeat(Math.max(3, longestBacktickRun(clean.join("\n")) + 1));
  return `${fence}${language}\n${clean.map((line) => `${line}\n`).join("")}${fence}`;
}

/** A list of items that are Markdown already: so many in the open, the others folded. `title` is plain text. */
export function foldedList(items: readonly string[], openCount: number, title: string): string {
  const [open, folded] = [items.slice(0, openCount), items.slice(openCount)].map((part) => part.join("\n"));
  if (!folded) return open ?? "";
  return [open, `<details><summary>${title}</summary>`, folded, "</details>"].join("\n\n");
}

/** A row of cells that are Markdown already. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A link where the address is one to trust a click with, else the text alone. `text` is escaped here. */
export function link(text: string, url: string | undefined): string {
  const label = escapeMarkdown(text) || "no name";
  const address = safeUrl(url);
  return address === undefined ? label : `[${label}](${address})`;
}

/** `https:`, or `http:` on this machine; encoded so that nothing in it ends a link or a cell. */
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
