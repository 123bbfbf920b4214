/** A longer line is handed on in pieces, so that no line can fill the memory. Characters. */
export const longestLine = 64 * 1024;

const bom = 0xfeff;

interface LineSplitter {
  /** The lines that this text completes. */
  push(text: string): readonly string[];
  /** What is left when the text has ended. */
  end(): readonly string[];
}

/**
 * Cuts text that comes in chunks into lines at CR, LF and CRLF: the same lines wherever the chunks end.
 * Each page of a log begins with a BOM, which is dropped.
 */
export function createLineSplitter(): LineSplitter {
  let rest = "";
  return {
    push(text) {
      const whole = rest + text;
      const cut = endOfLines(whole);
      const lines = cut === 0 ? [] : linesIn(whole.slice(0, cut));
      rest = whole.slice(cut);
      // A last CR may be half of a CRLF: it is no part of the line, and not yet its end.
      while (rest.length - (rest.endsWith("\r") ? 1 : 0) > longestLine) {
        const [piece = ""] = pieces(rest);
        lines.push(withoutBom(piece));
        rest = rest.slice(piece.length);
      }
      return lines;
    },
    end() {
      const last = rest;
      rest = "";
      return last === "" || last === "\uFEFF" ? [] : linesIn(last.endsWith("\r") ? last : `${last}\n`);
    },
  };
}

/** Behind the last line that has certainly ended. */
function endOfLines(text: string): number {
  const known = text.endsWith("\r") ? text.slice(0, -1) : text;
  const end = known.lastIndexOf("\n") + 1;
  return end + known.slice(end).lastIndexOf("\r") + 1;
}

/** Of a text that ends with the end of a line. */
function linesIn(text: string): string[] {
  const lines = text.includes("\r") ? text.split(/\r\n|\r|\n/) : text.split("\n");
  lines.pop();
  const plain = lines.every((line) => line.length <= longestLine && line.charCodeAt(0) !== bom);
  return plain ? lines : lines.flatMap((line) => pieces(line).map(withoutBom));
}

function withoutBom(line: string): string {
  return line.charCodeAt(0) === bom ? line.slice(1) : line;
}

function pieces(line: string): readonly string[] {
  const cut: string[] = [];
  let rest = line;
  while (rest.length > longestLine) {
    const inPair = /[\uD800-\uDBFF]/.test(rest.charAt(longestLine - 1));
    const end = inPair ? longestLine - 1 : longestLine;
    cut.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...cut, rest];
}

export interface Tail {
  push(lines: readonly string[]): void;
  readonly lines: readonly string[];
  /** How many lines there were in all. */
  readonly total: number;
}

/** Keeps the last lines of a log that comes in batches, each cut at 4 KiB; `total` counts on from an earlier reading. */
export function createTail(most: number, total = 0): Tail {
  let kept: readonly string[] = [];
  let count = total;
  return {
    push: (lines) => {
      count += lines.length;
      kept = [...kept, ...lines.slice(-most).map(shortened)].slice(-most);
    },
    get lines() {
      return kept;
    },
    get total() {
      return count;
    },
  };
}

function shortened(line: string): string {
  return line.length <= 4096 ? line : `${line.slice(0, 4095).toWellFormed()}…`;
}
