// Controls, and what turns the direction of writing or hides between letters: in a name they only ever deceive.
const invisible =
  /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFA0]/gu;

/**
 * What a terminal takes for a command, in its 7-bit and its 8-bit form: strings (title, link, device control) up to
 * their terminator, CSI sequences (cursor, colour), and short ones (charset, reset). One that is cut off ends with what
 * can belong to it. No alternative can start inside another, so the time is linear.
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

/** A colour as the log viewer renders it; a longer one is no colour that a tool prints. */
const colourSequence = /^\u001B\[[0-9;]{0,20}m$/;

/** Drops every terminal control sequence whole, so that none of its letters stays behind. */
export function withoutTerminalControl(text: string, { keepColours = false } = {}): string {
  return text.replaceAll(terminalSequence, (sequence) =>
    keepColours && colourSequence.test(sequence) ? sequence : "",
  );
}

/** Somebody else's text as one line: no breaks, no controls, no half characters. */
export function oneLine(text: string): string {
  return unescaped(text).replaceAll(invisible, " ").replaceAll(/\s+/g, " ").trim();
}

/** Somebody else's text with its lines and tabs as they are: no controls, no half characters. */
export function printable(text: string): string {
  return unescaped(text).replaceAll(invisible, (control) => (/[\n\t]/.test(control) ? control : ""));
}

function unescaped(text: string): string {
  return withoutTerminalControl(text.toWellFormed());
}

/** Somebody else's name within a sentence. */
export function quotedName(name: string): string {
  return JSON.stringify(oneLine(name));
}

/** At most so many characters, ended between words where there is a gap near the end. */
export function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = text
    .slice(0, maxLength - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, "");
  const lastSpace = head.lastIndexOf(" ");
  return `${(lastSpace > maxLength * 0.7 ? head.slice(0, lastSpace) : head).trimEnd()}…`;
}

/** As the beginning of a sentence. */
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
 * Up to three items whose names are similar to what was asked for, the most similar first: a few letters differ, or one
 * contains the other. Without a folder in the query, folders only break ties.
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

/** How far two names are apart; `undefined` where nobody would take one for the other. */
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

/** Levenshtein's distance, whatever the case: how many letters to change, add or take away. */
function editDistance(query: string, candidate: string): number {
  const [a, b] = [query.toLowerCase(), candidate.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const sizeUnits = ["kB", "MB", "GB", "TB"];

/** `88 kB`, `4.2 MB`: thousands, as Azure's own page has it. */
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

/** Words that are often passed as values and stand in many other texts. */
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
