import fc from "fast-check";
import { expect, it } from "vitest";
import { truncateBytes } from "../../src/github/check-run.ts";
import { anyCharacter } from "../support/any-character.ts";

const anyText = fc.string({ unit: anyCharacter, maxLength: 60 });

const limits = fc.integer({ min: 8, max: 40 });

it("truncateBytes never exceeds the limit, never cuts a character, and does not change a text that fits", () => {
  fc.assert(
    fc.property(anyText, limits, (text, limit) => {
      const bytes = truncateBytes(text, limit);
      expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(limit);
      expect(bytes.isWellFormed()).toBe(true);
      expect(bytes).not.toContain("\ufffd".repeat(text.includes("\ufffd") ? 61 : 1));
      if (Buffer.byteLength(text) <= limit) expect(bytes).toBe(text);
    }),
  );
});

it("truncateBytes cuts after a whole line", () => {
  expect(truncateBytes("one\ntwo\nthree", 12)).toBe("one\n\n…");
});
