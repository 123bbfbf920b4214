// Control characters, and characters that change the text direction or are invisible: in a name they can only deceive.
const invisible =
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFA0]/g;

/**
 * Terminal control sequences in 7-bit and 8-bit form: strings (title, link, device control) up to their terminator, CSI
 * sequences (cursor, colour), and short ones (charset, reset). A truncated one ends with the last character that can
 * belong to it. No alternative can start inside another, so the time is linear.
 */
const terminalSequence = new RegExp(
  [
    String.raw`(?:\u001B[\]P_^X]|[\u009D\u0090\u009F\u009E\u0098])(?:[^\u0007\u001B\u0080-\u009F\r\n]*(?:\u0007|\u001B\\|\u009C)|[\d;]*)`,
    String.raw`(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]?`,
    String.raw`\u001B[ -/]*[0-~]?`,
    String.raw`[\u0080-\u009F]`,
  ].join("|"),
  "g",
);

/** A colour that the log viewer renders. Tools do not print longer ones. */
const colourSequence = /^\u001B\[[0-9;]{0,20}m$/;

/** Removes terminal control sequences completely. */
export function withoutTerminalControl(text: string, { keepColours = false } = {}): string {
  return text.replaceAll(terminalSequence, (sequence) =>
    keepColours && colourSequence.test(sequence) ? sequence : "",
  );
}

/** Untrusted text as one line, without line breaks, control characters and unpaired surrogates. */
export function oneLine(text: string): string {
  return unescaped(text).replaceAll(invisible, " ").replaceAll(/\s+/g, " ").trim();
}

/** Untrusted text without control characters and unpaired surrogates; line breaks and tabs are kept. */
export function printable(text: string): string {
  return unescaped(text).replaceAll(invisible, (control) => (/[\n\t]/.test(control) ? control : ""));
}

function unescaped(text: string): string {
  return withoutTerminalControl(text.toWellFormed());
}

/** An untrusted name for use in a sentence. */
export function quotedName(name: string): string {
  return JSON.stringify(oneLine(name));
}

/** Truncates text to a number of characters, between words if there is a space near the end. */
export function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = text
    .slice(0, maxLength - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, "");
  const lastSpace = head.lastIndexOf(" ");
  return `${(lastSpace > maxLength * 0.7 ? head.slice(0, lastSpace) : head).trimEnd()}…`;
}

/** Capitalizes the first letter. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(items: readonly string[], limit = 3): string {
  const shown = items.length > limit + 1 ? items.slice(0, limit) : items;
  const hiddenCount = items.length - shown.length;
  const all = hiddenCount > 0 ? [...shown, `${hiddenCount} more`] : shown;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

interface NamedItem {
  readonly folder: string;
  readonly name: string;
}

/**
 * Up to three items whose names are similar to the query, the most similar first: a few letters differ, or one contains
 * the other. If the query has no folder, folders only break ties.
 */
export function nearMatches<T extends NamedItem>(
  { folder, name }: { readonly folder: string | undefined; readonly name: string },
  items: readonly T[],
): readonly T[] {
  const near = items.flatMap((item) => {
    const byName = nameDistance(name, item.name);
    if (byName === undefined) return [];
    const byFolder = folder === undefined ? 0 : editDistance(folder, item.folder);
    return [{ item, distance: byName + byFolder, tieBreaker: item.folder.length }];
  });
  return near
    .toSorted((a, b) => a.distance - b.distance || a.tieBreaker - b.tieBreaker)
    .slice(0, 3)
    .map(({ item }) => item);
}

/** The distance between two names; `undefined` if they are not similar. */
function nameDistance(query: string, candidate: string): number | undefined {
  const [a, b] = [query.toLowerCase(), candidate.toLowerCase()];
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  const difference = longer.length - shorter.length;
  if (shorter.length >= 3 && longer.includes(shorter)) return difference;
  const limit = Math.max(1, Math.floor(a.length / 3));
  // The distance is at least the difference in length.
  if (difference > limit) return undefined;
  const distance = editDistance(a, b);
  return distance <= limit && distance < shorter.length ? distance : undefined;
}

/** The case-insensitive Levenshtein distance; two adjacent letters that are swapped count as one change. */
function editDistance(query: string, candidate: string): number {
  const [a, b] = [query.toLowerCase(), candidate.toLowerCase()];
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : change;
      row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    [beforeLast, last] = [last, row];
  }
  return last.at(-1) ?? 0;
}

const sizeUnits = ["kB", "MB", "GB", "TB"];

/** `88 kB`, `4.2 MB`: decimal units, as on the pages of Azure DevOps. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  let size = bytes / 1_000;
  let unit = 0;
  // 999.6 kB would read as 1000 kB.
  while (size >= 999.5 && unit < sizeUnits.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${size < 9.95 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size)} ${sizeUnits[unit]}`;
}

export const minSecretLength = 6;

/** Words that are often passed as values, and that are part of many other texts. */
const commonWords: ReadonlySet<string> = new Set([
  ...["default", "develop", "development", "disabled", "enabled", "latest", "master", "preview"],
  ...["production", "release", "staging", "succeeded", "failed", "canceled", "completed"],
]);

/**
 * Whether a secret is too short or too common to be replaced in outputs, summary and check: that would damage numbers and
 * words. Only the runner's mask, which applies to the log, covers it.
 */
export function isOrdinaryText(secret: string): boolean {
  const text = secret.trim();
  return text.length < minSecretLength || commonWords.has(text.toLowerCase());
}

/** The first visible text of a web page, as one line. */
export function firstWords(body: string): string {
  return body
    .slice(0, 8 * 1024)
    .replaceAll(/<(?:script|style)\b[^<>]*>[^<]*/gi, " ")
    .replaceAll(/<[^<>]*>/g, " ")
    .replaceAll(/&nbsp;|\s+/g, " ")
    .trim()
    .slice(0, 1_000);
}
