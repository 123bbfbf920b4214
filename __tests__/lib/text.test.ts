import fc from "fast-check";
import { expect, it } from "vitest";
import { clip, listed, oneLine, printable, withoutTerminalControl } from "../../src/lib/text.ts";
import { anyCharacter } from "../support/any-character.ts";

it("oneLine removes line breaks, colours, and control and bidi characters", () => {
  expect(oneLine(" a\r\n\tb\u0000 ")).toBe("a b");
  expect(oneLine("\u001B[1;31mred\u001B[0m\u001B]0;title\u0007 \u202Eabc\uD800")).toBe("red abc\uFFFD");
});

it("printable keeps line breaks and tabs, and removes what oneLine removes", () => {
  expect(printable("\u001B[1;31mred\u001B[0m\u0007\n\tnext\r\u009b")).toBe("red\n\tnext");
  expect(printable("a\u202Eb\u200Bc")).toBe("abc");
});

it.each([
  ["cursor", "\u001B[2K\u001B[1G[1/4] Resolving", "[1/4] Resolving"],
  ["cursor, in the 8-bit form", "\u009B2K\u009B1Gdone", "done"],
  ["link", "\u001B]8;;https://x.example\u001B\\link\u001B]8;;\u001B\\", "link"],
  ["title, ended by a bell", "\u001B]0;title\u0007text", "text"],
  ["title without an end", "\u001B]0;text", "text"],
  ["device control", "\u001BP1$r0m\u001B\\text", "text"],
  ["charset", "\u001B(Btext\u001B)0", "text"],
  ["reset and keypad", "\u001Bctext\u001B=\u001B7", "text"],
  ["private mode", "\u001B[?25l\u001B[>4;2mtext", "text"],
  ["a truncated sequence", "text\u001B[1;3", "text"],
  ["an escape at the end", "text\u001B", "text"],
  ["another C1 control", "te\u0085\u008Dxt", "text"],
])("withoutTerminalControl removes the whole sequence: %s", (_, text, expected) => {
  expect(withoutTerminalControl(text)).toBe(expected);
  expect(withoutTerminalControl(text, { keepColours: true })).toBe(expected);
});

it("withoutTerminalControl keeps colours with keepColours, except very long sequences", () => {
  const red = "\u001B[1;31mred\u001B[0m";
  expect(withoutTerminalControl(red, { keepColours: true })).toBe(red);
  expect(withoutTerminalControl(red)).toBe("red");
  expect(withoutTerminalControl(`\u001B[${"1;".repeat(40)}mlong`, { keepColours: true })).toBe("long");
});

it("withoutTerminalControl takes linear time", () => {
  for (const text of [
    "\u001B[",
    "\u001B]",
    "\u001B]0;a",
    "\u001BP",
    "\u001B",
    "\u009D",
    "\u001B[1;",
    "\u001B (",
  ])
    expect(withoutTerminalControl(text.repeat(200_000)).length).toBeLessThanOrEqual(text.length * 200_000);
});

it("clip cuts between words, and never inside a character", () => {
  expect(clip("one two three", 20)).toBe("one two three");
  expect(clip("one two three four", 16)).toBe("one two three…");
  expect(clip("👩".repeat(9), 6)).toBe("👩👩…");
});

it("listed names up to four items, or three and the number of others", () => {
  expect(listed([])).toBe("");
  expect(listed(["a", "b"])).toBe("a and b");
  expect(listed(["a", "b", "c", "d"])).toBe("a, b, c and d");
  expect(listed(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
});

it("clip never exceeds its limit, and does not change a text that fits", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: anyCharacter, maxLength: 60 }),
      fc.integer({ min: 8, max: 40 }),
      (text, limit) => {
        const clipped = clip(text, limit);
        expect(clipped.length).toBeLessThanOrEqual(limit);
        expect(clipped.isWellFormed()).toBe(true);
        if (text.length <= limit) expect(clipped).toBe(text);
      },
    ),
  );
});
