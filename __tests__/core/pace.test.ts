import { describe, expect, it } from "vitest";
import { nextPauseMs } from "../../src/core/pace.ts";

const askedMs = 10_000;
const paceAfter = (lastMs: number, ...looks: readonly boolean[]) =>
  looks.reduce((pause, slowed) => nextPauseMs(pause, { askedMs, slowed }), lastMs);

describe("the pace of looks", () => {
  it("is what was asked for while the service is at ease", () => {
    expect(paceAfter(askedMs, false, false, false)).toBe(askedMs);
  });

  it("gives way while the service slows us down, up to five minutes", () => {
    expect(paceAfter(askedMs, true)).toBe(20_000);
    expect(paceAfter(askedMs, true, true, true)).toBe(80_000);
    expect(paceAfter(askedMs, ...Array<boolean>(20).fill(true))).toBe(300_000);
  });

  it("comes back by itself, and no further than what was asked for", () => {
    expect(paceAfter(80_000, false)).toBe(64_000);
    expect(paceAfter(300_000, ...Array<boolean>(20).fill(false))).toBe(askedMs);
  });

  it("is never quicker than was asked for, however slow that is", () => {
    expect(nextPauseMs(600_000, { askedMs: 600_000, slowed: true })).toBe(600_000);
  });
});
