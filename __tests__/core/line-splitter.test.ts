import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createLineSplitter,
  createTailBuffer,
  type Lines,
  maxLineLength,
  skipLines,
} from "../../src/core/line-splitter.ts";

function split(chunks: readonly string[]): string[] {
  const splitter = createLineSplitter();
  return [...chunks.map((chunk) => splitter.push(chunk)), splitter.end()].flatMap(linesOf);
}

function linesOf({ text, count }: Lines): readonly string[] {
  const lines = text.split(/\r?\n/).slice(0, -1);
  expect(lines).toHaveLength(count);
  return lines;
}

function textOf(lines: readonly string[]): Lines {
  return { text: lines.map((line) => `${line}\r\n`).join(""), count: lines.length };
}

/** The text in chunks, cut at these positions. */
function cutAt(text: string, positions: readonly number[]): string[] {
  const ends = [...new Set(positions.map((position) => position % (text.length + 1)))].toSorted(
    (a, b) => a - b,
  );
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

describe("createLineSplitter", () => {
  it.each([
    ["", []],
    ["a", ["a"]],
    ["a\nb\n", ["a", "b"]],
    ["a\r\nb\rc\n\nd", ["a", "b", "c", "", "d"]],
    ["\r", [""]],
    ["\uFEFFa\n\uFEFFb\uFEFF\n\uFEFF", ["a", "b\uFEFF"]],
  ])("splits %j into %j", (text, lines) => {
    expect(split([text])).toEqual(lines);
  });

  it("returns the same lines wherever the chunks end", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "b", "\r", "\n", "\uFEFF", "é") });
    fc.assert(
      fc.property(texts, fc.array(fc.nat()), (text, positions) => {
        expect(split(cutAt(text, positions))).toEqual(split([text]));
        expect(split([text.replaceAll(/\r\n|\r/g, "\n")])).toEqual(split([text]));
      }),
    );
  });

  it("returns a very long line in parts, the same wherever the chunks end", () => {
    const lengths = fc.array(fc.integer({ min: maxLineLength - 2, max: maxLineLength * 2 + 2 }), {
      maxLength: 3,
    });
    const ends = fc.constantFrom("\n", "\r\n", "\r");
    fc.assert(
      fc.property(lengths, ends, fc.array(fc.nat()), (lines, end, positions) => {
        const text = lines.map((length) => `${"😀x".repeat(length / 3)}${end}`).join("");
        const found = split(cutAt(text, positions));
        expect(found).toEqual(split([text]));
        expect(found.every((line) => line.length <= maxLineLength && line.isWellFormed())).toBe(true);
        expect(found.join("")).toBe(text.replaceAll(/[\r\n]/g, ""));
      }),
      { numRuns: 20 },
    );
  });
});

it("skipLines returns the lines after the first ones", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("", "a", "b\r")), fc.nat(12), (lines, count) => {
      expect(skipLines(textOf(lines), count)).toEqual(textOf(lines.slice(count)));
    }),
  );
});

describe("createTailBuffer", () => {
  const tailOf = (maxLines: number, ...batches: string[][]) => {
    const tail = createTailBuffer(maxLines);
    for (const batch of batches) tail.push(textOf(batch));
    return { lines: tail.lines, total: tail.total };
  };

  it("keeps the last lines and counts all lines", () => {
    expect(tailOf(3, ["1", "2", "3"], [], ["4"], ["5", "6"])).toEqual({ lines: ["4", "5", "6"], total: 6 });
    expect(tailOf(3, ["1"])).toEqual({ lines: ["1"], total: 1 });
    expect(tailOf(3)).toEqual({ lines: [], total: 0 });
    expect(createTailBuffer(3, 7).total).toBe(7);
  });

  it("truncates a line to 4096 characters", () => {
    const { lines } = tailOf(3, ["x".repeat(5000)]);
    expect(lines[0]).toHaveLength(4096);
  });
});
