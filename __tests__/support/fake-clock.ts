import type { Clock } from "../../src/lib/time.ts";

export interface FakeClock extends Clock {
  /** The requested length of each sleep, in milliseconds. */
  readonly sleeps: number[];
  /** Advances the time without a sleep. */
  advance(ms: number): void;
}

/** A clock whose sleeps return at once and are recorded. */
export function createFakeClock(start = 0): FakeClock {
  let now = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      sleeps.push(ms);
      now += ms;
    },
  };
}
