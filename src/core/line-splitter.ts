/** Longer lines are split, so that no line can fill the memory. Characters. */
export const maxLineLength = 64 * 1024;

const bom = 0xfeff;

interface LineSplitter {
  /** Adds text, and returns the lines that it completes. */
  push(text: string): readonly string[];
  /** Returns the rest at the end of the text. */
  end(): readonly string[];
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
      const lines = completeLength === 0 ? [] : splitLines(redact(buffered.slice(0, completeLength)));
      remainder = buffered.slice(completeLength);
      // A CR at the end of a chunk may be half of a CRLF: it is not part of the line, but does not end it yet.
      while (remainder.length - (remainder.endsWith("\r") ? 1 : 0) > maxLineLength + maxSecretLength) {
        remainder = redact(remainder);
        const [chunk = ""] = chunks(remainder);
        lines.push(withoutBom(chunk));
        remainder = remainder.slice(chunk.length);
      }
      return lines;
    },
    end() {
      const last = remainder;
      remainder = "";
      return last === "" || last === "\uFEFF"
        ? []
        : splitLines(redact(last.endsWith("\r") ? last : `${last}\n`));
    },
  };
}

/** The offset after the last line that has certainly ended. */
function lastLineEnd(text: string): number {
  const known = text.endsWith("\r") ? text.slice(0, -1) : text;
  const end = known.lastIndexOf("\n") + 1;
  return end + known.slice(end).lastIndexOf("\r") + 1;
}

/** The lines of a text that ends with a line end. */
function splitLines(text: string): string[] {
  const lines = text.includes("\r") ? text.split(/\r\n|\r|\n/) : text.split("\n");
  lines.pop();
  const isPlain = lines.every((line) => line.length <= maxLineLength && line.charCodeAt(0) !== bom);
  return isPlain ? lines : lines.flatMap((line) => chunks(line).map(withoutBom));
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
  push(lines: readonly string[]): void;
  readonly lines: readonly string[];
  /** The total number of lines. */
  readonly total: number;
}

/** Keeps the last lines of a log that arrives in batches, each truncated to 4 KiB. `total` continues an earlier count. */
export function createTailBuffer(maxLines: number, total = 0): TailBuffer {
  let lastLines: readonly string[] = [];
  let count = total;
  return {
    push: (lines) => {
      count += lines.length;
      lastLines = [...lastLines, ...lines.slice(-maxLines).map(truncate)].slice(-maxLines);
    },
    get lines() {
      return lastLines;
    },
    get total() {
      return count;
    },
  };
}

function truncate(line: string): string {
  return line.length <= 4096 ? line : `${line.slice(0, 4095).toWellFormed()}…`;
}
