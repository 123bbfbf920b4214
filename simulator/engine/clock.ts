/** Simulated seconds, which can pass faster than real ones and can be skipped. */
export interface SimulatedClock {
  /** Milliseconds since 1970, in real time. */
  now(): number;
  seconds(): number;
  /** How long so many simulated seconds take, in milliseconds; as long as real ones if the time stands still. */
  realMs(seconds: number): number;
  advance(seconds: number): void;
}

export function createClock(now: () => number, speed: number): SimulatedClock {
  const started = now();
  let advancedSeconds = 0;
  return {
    now,
    seconds: () => ((now() - started) / 1000) * speed + advancedSeconds,
    realMs: (seconds) => (seconds * 1000) / (speed > 0 ? speed : 1),
    advance: (seconds) => {
      advancedSeconds += seconds;
    },
  };
}
