/** Simulated seconds, which pass faster than real ones and can be leapt over. */
export interface SimulatedClock {
  /** Milliseconds since 1970, in real time. */
  now(): number;
  seconds(): number;
  leap(seconds: number): void;
}

export function createClock(now: () => number, speed: number): SimulatedClock {
  const started = now();
  let leapt = 0;
  return {
    now,
    seconds: () => ((now() - started) / 1000) * speed + leapt,
    leap: (seconds) => {
      leapt += seconds;
    },
  };
}
