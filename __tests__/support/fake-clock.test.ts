import { describe, expect, it } from "vitest";
import { createFakeClock } from "./fake-clock.ts";

const never = new AbortController().signal;

describe("the fake clock", () => {
  it("records each sleep and advances its time at once", async () => {
    const clock = createFakeClock(1_000);
    await clock.sleep(500, never);
    clock.advance(20);
    await clock.sleep(30, never);
    expect(clock.now()).toBe(1_550);
    expect(clock.sleeps).toEqual([500, 30]);
  });

  it("rejects a sleep whose signal is already aborted", async () => {
    const clock = createFakeClock();
    await expect(clock.sleep(500, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
    expect(clock.now()).toBe(0);
  });
});
