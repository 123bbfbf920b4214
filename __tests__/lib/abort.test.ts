import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { raceAbort } from "../../src/lib/abort.ts";

const endless = new Promise<never>(() => {});

it("ends as the work does, and leaves nothing at the signal", async () => {
  const { signal } = new AbortController();
  expect(await raceAbort(Promise.resolve(7), signal)).toBe(7);
  const failure = new Error("broken");
  await expect(raceAbort(Promise.reject(failure), signal)).rejects.toBe(failure);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("ends with the signal, before or meanwhile", async () => {
  const reason = new Error("cancelled");
  await expect(raceAbort(Promise.resolve(7), AbortSignal.abort(reason))).rejects.toBe(reason);
  const cancelled = new AbortController();
  const ended = raceAbort(endless, cancelled.signal);
  cancelled.abort(reason);
  await expect(ended).rejects.toBe(reason);
});
