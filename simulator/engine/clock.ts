/** Simulated seconds, which pass faster than real ones and can be leapt over. */
export interface SimulatedClock {
  /** Milliseconds since 1970, in real time. */
  now(): number;
  seconds(): number;
  advance(seconds: number): void;
}

export function createClock(now: () => number, speed: number): SimulatedClock {
  const started = now();
  let advancedSeconds = 0;
  return {
    now,
    seconds: () => ((now() - started) / 1000) * speed + advancedSeconds,
    advance: (seconds) => {
      advancedSeconds += seconds;
    },
  };
}
