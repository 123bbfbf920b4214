import type { Clock } from "../../src/lib/clock.ts";

export interface FakeClock extends Clock {
  /** How long each sleep was asked to be, in milliseconds. */
  readonly sleeps: number[];
  /** Lets time pass without a sleep. */
  advance(ms: number): void;
}

/** A clock whose sleeps take no time but are remembered. */
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
