import { describe, expect, it } from "vitest";
import {
  nextPollDelayMs,
  nextTimelineGap,
  savesRequests,
  type Throttling,
  worseThrottling,
} from "../../src/core/poll-interval.ts";

const pollIntervalMs = 10_000;

const delayAfter = (previousMs: number, ...polls: readonly (Throttling | undefined)[]) =>
  polls.reduce((delayMs, throttling) => nextPollDelayMs(delayMs, { pollIntervalMs, throttling }), previousMs);

describe("poll interval", () => {
  it("is poll-interval while the service is not throttling", () => {
    expect(delayAfter(pollIntervalMs, undefined, undefined, undefined)).toBe(pollIntervalMs);
  });

  it.each<[Throttling, number]>([
    ["delayed", 20_000],
    ["blocked", 40_000],
  ])("grows by half after each poll that is %s, up to %d ms", (throttling, longest) => {
    expect(delayAfter(pollIntervalMs, throttling)).toBe(15_000);
    expect(delayAfter(pollIntervalMs, ...Array<Throttling>(20).fill(throttling))).toBe(longest);
  });

  it("grows to five minutes at most", () => {
    const options = { pollIntervalMs: 120_000, throttling: "blocked" } as const;
    expect(nextPollDelayMs(290_000, options)).toBe(300_000);
  });

  it("shrinks by a fifth after each poll that is not throttled, down to poll-interval", () => {
    expect(delayAfter(40_000, undefined)).toBe(32_000);
    expect(delayAfter(40_000, ...Array<undefined>(20).fill(undefined))).toBe(pollIntervalMs);
  });

  it("is never shorter than poll-interval, however long that is", () => {
    expect(nextPollDelayMs(600_000, { pollIntervalMs: 600_000, throttling: "blocked" })).toBe(600_000);
  });

  it.each([
    [100_000, 40_000],
    [25_000, 25_000],
    [3_000, pollIntervalMs],
    [-60_000, pollIntervalMs],
  ])("ends at the expected end of the run, %d ms away, while throttled: %d ms", (remainingMs, expected) => {
    expect(nextPollDelayMs(40_000, { pollIntervalMs, throttling: "blocked", remainingMs })).toBe(expected);
  });

  it("follows the more throttled of two responses", () => {
    expect(worseThrottling("blocked", "delayed")).toBe("blocked");
    expect(worseThrottling("delayed", "blocked")).toBe("blocked");
    expect(worseThrottling("delayed", undefined)).toBe("delayed");
    expect(worseThrottling(undefined, undefined)).toBeUndefined();
  });
});

describe("timeline gap", () => {
  const gapAfter = (...polls: readonly (Throttling | undefined)[]) => polls.reduce(nextTimelineGap, 1);

  it("is 8 polls after a throttled one, 24 after another, and shrinks back to every poll", () => {
    expect([gapAfter("delayed"), gapAfter("delayed", "blocked")]).toEqual([8, 24]);
    expect(gapAfter("delayed", ...Array<undefined>(50).fill(undefined))).toBe(1);
  });

  it("shows whether requests are saved: for a while after a throttled poll", () => {
    const unthrottled = (count: number) => Array<undefined>(count).fill(undefined);
    expect(
      [gapAfter(), gapAfter("delayed"), gapAfter("delayed", ...unthrottled(20))].map(savesRequests),
    ).toEqual([...[false, true, true]]);
    expect(savesRequests(gapAfter("delayed", ...unthrottled(30)))).toBe(false);
  });
});
