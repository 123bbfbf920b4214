import type { Clock } from "../ports.ts";

/** Node's timers hold 31 bits of milliseconds: 24 days. */
const longestTimerMs = 2 ** 31 - 1;

/** Milliseconds since 1970 as of the process's start, and steady from there: the wall clock may be set on the way. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Time that only goes forward. A sleep is never over before its time, as one of Node's own timers may be. */
export const clock: Clock = {
  now,
  sleep: (ms, signal) => {
    if (signal.aborted) return Promise.reject(signal.reason);
    const until = now() + ms;
    return new Promise((resolve, reject) => {
      let timer = begin();
      signal.addEventListener("abort", stop, { once: true });
      function begin(): NodeJS.Timeout {
        return setTimeout(finish, Math.min(Math.ceil(until - now()), longestTimerMs));
      }
      function finish(): void {
        if (now() < until) {
          timer = begin();
          return;
        }
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
