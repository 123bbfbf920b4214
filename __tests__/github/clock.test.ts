import { describe, expect, it } from "vitest";
import { clock } from "../../src/github/clock.ts";

const never = new AbortController().signal;

describe("the clock", () => {
  it("returns the time, and never goes backwards", () => {
    const first = clock.now();
    expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
    expect(clock.now()).toBeGreaterThanOrEqual(first);
  });

  it("ends a sleep at once with the signal's reason", async () => {
    const reason = new Error("cancelled");
    const cancelled = new AbortController();
    const slept = clock.sleep(60_000, cancelled.signal);
    cancelled.abort(reason);
    await expect(slept).rejects.toBe(reason);
    await expect(clock.sleep(1, cancelled.signal)).rejects.toBe(reason);
  });

  it("never ends a sleep early, not even by a fraction of a millisecond", async () => {
    const early = Array.from({ length: 100 }, async (_, index) => {
      const from = clock.now();
      await clock.sleep(1 + index / 17, never);
      return clock.now() - from < 1 + index / 17;
    });
    expect(await Promise.all(early)).not.toContain(true);
  });

  it("sleeps for a time that has passed without a warning of Node", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on("warning", onWarning);
    await clock.sleep(-27, never);
    await new Promise(setImmediate);
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });

  it("sleeps forever for an infinite time", async () => {
    const soon = clock.sleep(5, never).then(() => "short");
    const long = clock.sleep(Number.POSITIVE_INFINITY, AbortSignal.timeout(30)).then(
      () => "woke",
      () => "slept",
    );
    expect(await Promise.all([soon, long])).toEqual(["short", "slept"]);
  });
});
