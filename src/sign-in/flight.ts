import { raceAbort } from "../core/or-aborted.ts";

export type Flight = (signal: AbortSignal) => Promise<void>;

/**
 * However many ask at once, `work` is under way once. It runs under the signal of the first to ask; should that
 * one give up, the next in line starts it anew. Whoever joins leaves as soon as his own signal is aborted.
 */
export function singleFlight(work: Flight): Flight {
  let current: { readonly done: Promise<void>; readonly signal: AbortSignal } | undefined;
  const start = (signal: AbortSignal): Promise<void> => {
    const flight = {
      signal,
      done: work(signal).finally(() => {
        if (current === flight) current = undefined;
      }),
    };
    current = flight;
    return flight.done;
  };
  return async (signal) => {
    for (;;) {
      const joined = current;
      if (!joined) return start(signal);
      try {
        return await raceAbort(joined.done, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!joined.signal.aborted) throw error;
        if (current === joined) current = undefined;
      }
    }
  };
}
