import fc from "fast-check";
import { expect, it } from "vitest";
import { clip, listed, oneLine, printable } from "../../src/lib/text.ts";

it("oneLine leaves no break, no colour and nothing that deceives", () => {
  expect(oneLine(" a\r\n\tb\u0000 ")).toBe("a b");
  expect(oneLine("\u001B[1;31mred\u001B[0m\u001B]0;title\u0007 \u202Eabc\uD800")).toBe("red abc\uFFFD");
});

it("printable keeps lines and tabs, and else no more than oneLine does", () => {
  expect(printable("\u001B[1;31mred\u001B[0m\u0007\n\tnext\r\u009b")).toBe("red\n\tnext");
  expect(printable("a\u202Eb\u200Bc")).toBe("abc");
});

it("clip ends between words, and never in half a character", () => {
  expect(clip("one two three", 20)).toBe("one two three");
  expect(clip("one two three four", 16)).toBe("one two three…");
  expect(clip("👩".repeat(9), 6)).toBe("👩👩…");
});

it("listed names a few", () => {
  expect(listed([])).toBe("");
  expect(listed(["a", "b"])).toBe("a and b");
  expect(listed(["a", "b", "c", "d"])).toBe("a, b, c and d");
  expect(listed(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
});

it("clip never exceeds its limit, and leaves alone what fits", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.integer({ min: 8, max: 40 }),
      (text, most) => {
        const clipped = clip(text, most);
        expect(clipped.length).toBeLessThanOrEqual(most);
        expect(clipped.isWellFormed()).toBe(true);
        if (text.length <= most) expect(clipped).toBe(text);
      },
    ),
  );
});
