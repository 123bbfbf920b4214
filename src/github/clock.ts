import type { Clock } from "../ports.ts";

/** Node's timers hold 31 bits of milliseconds: 24 days. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Time that only goes forward: the wall clock may be set while a run is followed. `now` is milliseconds since 1970 as
 * of the process's start, and steady from there.
 */
export const clock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(finish, Math.min(ms, longestTimerMs));
      signal.addEventListener("abort", stop, { once: true });
      function finish(): void {
        signal.removeEventListener("abort", stop);
        resolve();
      }
      function stop(): void {
        clearTimeout(timer);
        reject(signal.reason);
      }
    });
  },
};
