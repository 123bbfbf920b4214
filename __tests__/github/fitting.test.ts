import fc from "fast-check";
import { expect, it } from "vitest";
import { fitBytes, fitCharacters, oneLine, printable } from "../../src/github/fitting.ts";

const anyText = fc.string({ unit: "binary", maxLength: 60 });
const limits = fc.integer({ min: 8, max: 40 });

it("never exceeds a limit, never cuts a character, and leaves alone what fits", () => {
  fc.assert(
    fc.property(anyText, limits, (text, limit) => {
      const characters = fitCharacters(text, limit);
      const bytes = fitBytes(text, limit);
      expect(characters.length).toBeLessThanOrEqual(limit);
      expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(limit);
      expect(characters.isWellFormed() && bytes.isWellFormed()).toBe(true);
      expect(bytes).not.toContain("\ufffd".repeat(text.includes("\ufffd") ? 61 : 1));
      if (text.length <= limit) expect(characters).toBe(text);
      if (Buffer.byteLength(text) <= limit) expect(bytes).toBe(text);
    }),
  );
});

it("cuts bytes at the end of a line", () => {
  expect(fitBytes("one\ntwo\nthree", 12)).toBe("one\n\n…");
});

it("takes out colours and control characters", () => {
  expect(printable("\u001b[1;31mred\u001b[0m\u0007\n\tnext\r\u009b")).toBe("red\n\tnext");
  expect(oneLine(" a\r\n\tb\u0000 ")).toBe("a b");
});
