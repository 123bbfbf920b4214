import { expect, it } from "vitest";
import { createFakeClock } from "./fake-clock.ts";

const never = new AbortController().signal;

it("remembers sleeps, and takes no time over them", async () => {
  const clock = createFakeClock(1_000);
  await clock.sleep(500, never);
  clock.advance(20);
  await clock.sleep(30, never);
  expect(clock.now()).toBe(1_550);
  expect(clock.sleeps).toEqual([500, 30]);
});

it("does not sleep once aborted", async () => {
  const clock = createFakeClock();
  await expect(clock.sleep(500, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  expect(clock.now()).toBe(0);
});
