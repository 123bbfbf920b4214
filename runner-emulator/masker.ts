/** The runner's secret masker: replaces each secret and its encoded forms by `***`. */
export interface Masker {
  add(value: string): void;
  mask(text: string): string;
}

export function createMasker(secrets: readonly string[] = []): Masker {
  const values = new Set<string>();
  const add = (value: string): void => {
    for (const form of encodedForms(value)) if (form !== "") values.add(form);
  };
  for (const secret of secrets) add(secret);
  return { add, mask: (text) => replaceRanges(text, findRanges(text, values)) };
}

/** A secret of several lines hides each of them too, since output is masked line by line. */
function encodedForms(value: string): string[] {
  const lines = value.split(/[\r\n]/).map((line) => line.trim());
  return [value, ...lines].flatMap((text) => [
    text,
    ...[0, 1, 2].map((shift) => base64(text, shift)),
    text.replaceAll('"', '\\"'),
    text.replaceAll("'", "''"),
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text.toWellFormed()).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
    text.replace(/[<>"'&]/g, (char) => xmlEntities[char] ?? char),
    text.length > 8 && /^".*"$/s.test(text) ? text.slice(1, -1) : "",
    ...ampersandParts(text).filter((part) => part.length >= shortestPart),
  ]);
}

const shortestPart = 6;

/** PowerShell's error output colours a command line behind an ampersand, which cuts a secret in two. */
function ampersandParts(text: string): string[] {
  const plus = text.indexOf("&+");
  // The colour code takes the place of the character behind `&+`.
  if (plus >= 0) return [text.slice(0, plus + 2), text.slice(plus + 3)];
  const last = text.lastIndexOf("&");
  return last < 0 ? [] : [text.slice(0, last + 1), text.slice(last + 1)];
}

const xmlEntities: Record<string, string> = {
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "&": "&amp;",
};

function base64(text: string, shift: number): string {
  const bytes = Buffer.from(text);
  return (bytes.length > shift ? bytes.subarray(shift) : bytes).toString("base64");
}

interface Range {
  start: number;
  end: number;
}

function findRanges(text: string, values: Iterable<string>): Range[] {
  const ranges: Range[] = [];
  for (const value of values) {
    for (let start = text.indexOf(value); start >= 0; start = text.indexOf(value, start + 1)) {
      ranges.push({ start, end: start + value.length });
    }
  }
  return ranges.sort((a, b) => a.start - b.start);
}

/** Ranges that overlap or touch become one `***`. */
function replaceRanges(text: string, ranges: readonly Range[]): string {
  let result = "";
  let copiedTo = 0;
  ranges.forEach(({ start, end }, index) => {
    if (index === 0 || start > copiedTo) result += `${text.slice(copiedTo, start)}***`;
    copiedTo = Math.max(copiedTo, end);
  });
  return result + text.slice(copiedTo);
}
