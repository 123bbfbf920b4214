import { describe, expect, it } from "vitest";
import { createMasker } from "../../runner-emulator/masker.ts";

describe("the masker", () => {
  it.each([
    ["first1&second&third3", "x first1&second& y", "x *** y"],
    ["first1&second&third3", "x third3 y", "x *** y"],
    ["first1&+second&third", "x first1&+ y", "x *** y"],
    ["first1&+second&third", "x econd&third y", "x *** y"],
    ["a&b", "a& b", "a& b"],
    ["abcdef&+", "x abcdef&+ y", "x *** y"],
    ['say "hi" now', 'x say \\"hi\\" now y', "x *** y"],
    ['back\\"slash', 'x back\\\\\\"slash y', "x *** y"],
  ])("masks the secret %j in %j like the runner: %j", (secret, text, masked) => {
    expect(createMasker([secret]).mask(text)).toBe(masked);
  });
});
