const pausesMs = [1, 2, 4, 5].map((minutes) => minutes * 60_000);

/** Says when silence has lasted long enough: after 1, 2, 4 and then every 5 minutes in which nothing was told. */
export function createHeartbeat(now: number) {
  let quietSince = now;
  let beats = 0;
  return {
    isDue: (at: number) => at - quietSince >= (pausesMs[Math.min(beats, pausesMs.length - 1)] ?? 0),
    beat: (at: number) => {
      quietSince = at;
      beats += 1;
    },
    /** Something was told. */
    reset: (at: number) => {
      quietSince = at;
      beats = 0;
    },
  };
}
