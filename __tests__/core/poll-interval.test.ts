import { describe, expect, it } from "vitest";
import { nextPollDelayMs, type Throttling, worseThrottling } from "../../src/core/poll-interval.ts";

const askedMs = 10_000;

const paceAfter = (lastMs: number, ...looks: readonly (Throttling | undefined)[]) =>
  looks.reduce(
    (pause, slowed) => nextPollDelayMs(pause, { pollIntervalMs: askedMs, throttling: slowed }),
    lastMs,
  );

describe("the pace of looks", () => {
  it("is what was asked for while the service is at ease", () => {
    expect(paceAfter(askedMs, undefined, undefined, undefined)).toBe(askedMs);
  });

  it.each<[Throttling, number]>([
    ["delayed", 60_000],
    ["blocked", 300_000],
  ])("gives way while the service slows us down (%s), up to %d ms", (slowed, longest) => {
    expect(paceAfter(askedMs, slowed)).toBe(20_000);
    expect(paceAfter(askedMs, slowed, slowed)).toBe(40_000);
    expect(paceAfter(askedMs, ...Array<Throttling>(20).fill(slowed))).toBe(longest);
  });

  it("does not leap back where refusals become delays", () => {
    expect(paceAfter(300_000, "delayed")).toBe(240_000);
  });

  it("comes back by itself, and no further than what was asked for", () => {
    expect(paceAfter(80_000, undefined)).toBe(64_000);
    expect(paceAfter(300_000, ...Array<undefined>(20).fill(undefined))).toBe(askedMs);
  });

  it("is never quicker than was asked for, however slow that is", () => {
    expect(nextPollDelayMs(600_000, { pollIntervalMs: 600_000, throttling: "blocked" })).toBe(600_000);
  });

  it("goes by the worse of two answers", () => {
    expect(worseThrottling("blocked", "delayed")).toBe("blocked");
    expect(worseThrottling("delayed", "blocked")).toBe("blocked");
    expect(worseThrottling("delayed", undefined)).toBe("delayed");
    expect(worseThrottling(undefined, undefined)).toBeUndefined();
  });
});
