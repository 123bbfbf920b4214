import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { raceAbort } from "../../src/lib/abort.ts";

const neverSettles = new Promise<never>(() => {});

it("raceAbort settles as the promise does, and leaves no listener on the signal", async () => {
  const { signal } = new AbortController();
  expect(await raceAbort(Promise.resolve(7), signal)).toBe(7);
  const failure = new Error("broken");
  await expect(raceAbort(Promise.reject(failure), signal)).rejects.toBe(failure);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("raceAbort rejects with the signal's reason, aborted before or during the promise", async () => {
  const reason = new Error("cancelled");
  await expect(raceAbort(Promise.resolve(7), AbortSignal.abort(reason))).rejects.toBe(reason);
  const cancelled = new AbortController();
  const ended = raceAbort(neverSettles, cancelled.signal);
  cancelled.abort(reason);
  await expect(ended).rejects.toBe(reason);
});
