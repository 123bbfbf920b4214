import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownCommands, mayBeCommand, splitLines } from "../../runner-emulator/commands.ts";
import { sanitizeLines, sanitizeText } from "../../src/github/sanitize-log.ts";
import { anyCharacter } from "../support/any-character.ts";

/** Parts of workflow commands, and characters that hide them. */
const fragments = fc.constantFrom(
  "::",
  ":",
  "##[",
  "##",
  "[",
  "]",
  "#",
  " ",
  "\t",
  "\r",
  "\n",
  "\r\n",
  "\u00a0",
  "\u0085",
  "\u2028",
  "\u2029",
  "\u200b",
  "\u2060",
  "\ufeff",
  "\u00ad",
  "\u034f",
  "\u{e0001}",
  "\u{e0100}",
  "\ufe0f",
  "\u3164",
  "\ud800",
  "\udc00",
  "\0",
  "\u0001",
  "\u007f",
  "\u009b",
  "\u001b",
  "\u001b[31m",
  "\u001b[0m",
  "\u001b[",
  "\u001b]8;;",
  "\u0007",
  "m",
  "0;",
  "=",
  ",",
  ";",
  "%0A",
  "%3A",
  "é",
  "🎉",
  ...knownCommands,
  "Set-Output",
  "ERROR",
);

const hostileText = fc.oneof(
  fc.array(fragments, { maxLength: 14 }).map((list) => list.join("")),
  fc.string({ unit: anyCharacter, maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
);

const commandsIn = (lines: readonly string[]): string[] =>
  splitLines(lines.join("\n")).filter((line) => mayBeCommand(line));

describe("sanitized text", () => {
  it("is never a command, whatever it contains", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(commandsIn(sanitizeLines(text))).toEqual([]);
        expect(commandsIn([sanitizeText(text)])).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });

  it("is never a command after the action's own prefix, even without colours", () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom("", "  ", " 0:12  ▶ ", "\u001b[2m", "│ "), (text, prefix) => {
        const lines = sanitizeLines(`${prefix}${text}`);
        expect(commandsIn(lines)).toEqual([]);
        expect(commandsIn(lines.map((line) => line.replaceAll(/\u001b\[[0-9;]*m/g, "")))).toEqual([]);
      }),
      { numRuns: 2_500 },
    );
  });

  it("keeps its line breaks, loses invisible characters, and resets its colours", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const lines = sanitizeLines(text);
        expect(lines).toHaveLength(text.split(/\r\n|\r|\n/).length);
        for (const line of lines) {
          expect(line).not.toMatch(/[\r\n\0\u0007\u200b\u2028\u2029\ufeff]/);
          if (line.includes("\u001b")) expect(line.endsWith("\u001b[0m")).toBe(true);
        }
        expect(sanitizeText(text)).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 5_000 },
    );
  });

  it("does not change when it is sanitized again", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const once = sanitizeLines(text).join("\n");
        expect(sanitizeLines(once).join("\n")).toBe(once);
      }),
      { numRuns: 5_000 },
    );
  });

  it("is unchanged if it is harmless", () => {
    for (const text of ["a :: b", "x::error::y", "# [x]", "tab\there", "ünï ✔ 🎉", "##vso", "1::2", ""]) {
      expect(sanitizeLines(text)).toEqual([text]);
    }
    expect(sanitizeLines("\u001b[31mred\u001b[0m")).toEqual(["\u001b[31mred\u001b[0m"]);
  });

  it.each([
    ["::error::x", [": :error::x"]],
    ["  ::error::x", ["  : :error::x"]],
    ["a ##[error]x", ["a ## [error]x"]],
    ["a\r::error::x\nb", ["a", ": :error::x", "b"]],
    ["#\u200b#[error]x", ["## [error]x"]],
    ["\u001b[31m::error::x", [": :error::x"]],
    [":\u0000:error::x", [": :error::x"]],
    ["\u2028::error::x", [": :error::x"]],
  ])("of %j is %j", (text, lines) => {
    expect(sanitizeLines(text)).toEqual(lines);
  });
});
