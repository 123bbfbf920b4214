/** Longer lines are split, so that no line can fill the memory. Characters. */
export const maxLineLength = 64 * 1024;

const bom = 0xfeff;

const lineFeed = "\n".charCodeAt(0);

/** Consecutive lines as one text: a string for each of a million lines would take twice as long. */
export interface Lines {
  /** Each line ends with LF or CRLF. */
  readonly text: string;
  /** The number of lines. */
  readonly count: number;
}

interface LineSplitter {
  /** Adds text, and returns the lines that it completes. */
  push(text: string): Lines;
  /** Returns the rest at the end of the text. */
  end(): Lines;
}

/** A long line is split only once this much more of it has arrived, so that no secret is split. */
const maxSecretLength = 16 * 1024;

/**
 * Splits text that arrives in chunks into lines at CR, LF and CRLF, regardless of where the chunks end.
 * Each page of a log begins with a BOM, which is dropped. `redact` is applied before a long line is split.
 */
export function createLineSplitter(redact: (text: string) => string = (text) => text): LineSplitter {
  let remainder = "";
  return {
    push(text) {
      const buffered = remainder + text;
      const completeLength = lastLineEnd(buffered);
      let lines = completeLength === 0 ? "" : normalized(redact(buffered.slice(0, completeLength)));
      remainder = buffered.slice(completeLength);
      // A CR at the end of a chunk may be half of a CRLF: it is not part of the line, but does not end it yet.
      while (remainder.length - (remainder.endsWith("\r") ? 1 : 0) > maxLineLength + maxSecretLength) {
        remainder = redact(remainder);
        const [chunk = ""] = chunks(remainder);
        lines += `${withoutBom(chunk)}\n`;
        remainder = remainder.slice(chunk.length);
      }
      return countedLines(lines);
    },
    end() {
      const last = remainder;
      remainder = "";
      const isEmpty = last === "" || last === "\uFEFF";
      return countedLines(isEmpty ? "" : normalized(redact(last.endsWith("\r") ? last : `${last}\n`)));
    },
  };
}

/** The offset after the last line that has certainly ended. */
function lastLineEnd(text: string): number {
  const known = text.endsWith("\r") ? text.slice(0, -1) : text;
  const end = known.lastIndexOf("\n") + 1;
  return end + known.slice(end).lastIndexOf("\r") + 1;
}

/** The lines of a text that ends with a line end: none with CR as its end, with a BOM, or too long. */
function normalized(text: string): string {
  if (!hasLoneReturn(text) && !text.includes("\uFEFF") && !hasLongLine(text)) return text;
  const lines = text.split(/\r\n|\r|\n/).slice(0, -1);
  return lines
    .flatMap(chunks)
    .map((line) => `${withoutBom(line)}\n`)
    .join("");
}

function hasLoneReturn(text: string): boolean {
  let at = text.indexOf("\r");
  while (at >= 0 && text.charCodeAt(at + 1) === lineFeed) at = text.indexOf("\r", at + 1);
  return at >= 0;
}

function hasLongLine(lines: string): boolean {
  let start = 0;
  while (lines.length - start > maxLineLength) {
    const end = lines.lastIndexOf("\n", start + maxLineLength);
    if (end < start) return true;
    start = end + 1;
  }
  return false;
}

function countedLines(text: string): Lines {
  let count = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) count += 1;
  return { text, count };
}

/** The lines after the first ones. */
export function skipLines({ text, count }: Lines, skipped: number): Lines {
  if (skipped >= count) return { text: "", count: 0 };
  let start = 0;
  for (let index = 0; index < skipped; index += 1) start = text.indexOf("\n", start) + 1;
  return { text: text.slice(start), count: count - skipped };
}

function withoutBom(line: string): string {
  return line.charCodeAt(0) === bom ? line.slice(1) : line;
}

function chunks(line: string): readonly string[] {
  const parts: string[] = [];
  let remainder = line;
  while (remainder.length > maxLineLength) {
    const inPair = /[\uD800-\uDBFF]/.test(remainder.charAt(maxLineLength - 1));
    const end = inPair ? maxLineLength - 1 : maxLineLength;
    parts.push(remainder.slice(0, end));
    remainder = remainder.slice(end);
  }
  return [...parts, remainder];
}

export interface TailBuffer {
  push(lines: Lines): void;
  readonly lines: readonly string[];
  /** The total number of lines. */
  readonly total: number;
}

/** Keeps the last lines of a log that arrives in batches, each truncated to 4 KiB. `total` continues an earlier count. */
export function createTailBuffer(maxLines: number, total = 0): TailBuffer {
  let newTotal = total;
  let batches: readonly Lines[] = [];
  return {
    push: (lines) => {
      newTotal += lines.count;
      batches = lastBatches([...batches, lines], maxLines);
    },
    get lines() {
      return batches
        .flatMap(({ text }) => lastLines(text, maxLines))
        .slice(-maxLines)
        .map(truncate);
    },
    get total() {
      return newTotal;
    },
  };
}

/** The batches without those before the last lines. */
function lastBatches(batches: readonly Lines[], maxLines: number): readonly Lines[] {
  let count = 0;
  const first = batches.findLastIndex((lines) => {
    count += lines.count;
    return count >= maxLines;
  });
  return batches.slice(Math.max(0, first));
}

/** The last lines of a text that ends with a line end. */
function lastLines(text: string, limit: number): readonly string[] {
  return text.split(/\r?\n/).slice(0, -1).slice(-limit);
}

function truncate(line: string): string {
  return line.length <= 4096 ? line : `${line.slice(0, 4095).toWellFormed()}…`;
}
