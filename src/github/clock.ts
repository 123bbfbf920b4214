import type { Clock } from "../lib/time.ts";

/** Node's timers are limited to 31 bits of milliseconds: 24 days. */
const maxTimerMs = 2 ** 31 - 1;

const epoch = Date.now() - monotonicMs();

/** Milliseconds since 1970, monotonic from the start of the process, since the system clock may be changed. */
function now(): number {
  return epoch + monotonicMs();
}

/** `performance.now()` would load a dozen of Node's modules before the first request. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}

/** A monotonic clock. A sleep never ends early, as Node's timers may. */
export const clock: Clock = {
  now,
  sleep: (ms, signal) => {
    if (signal.aborted) return Promise.reject(signal.reason);
    const wakeAt = now() + ms;
    return new Promise((resolve, reject) => {
      let timer = startTimer();
      signal.addEventListener("abort", onAbort, { once: true });
      function startTimer(): NodeJS.Timeout {
        // Node writes a warning about a negative time to the log.
        const remainingMs = Math.max(0, Math.ceil(wakeAt - now()));
        return setTimeout(finish, Math.min(remainingMs, maxTimerMs));
      }
      function finish(): void {
        if (now() < wakeAt) {
          timer = startTimer();
          return;
        }
        signal.removeEventListener("abort", onAbort);
        resolve();
      }
      function onAbort(): void {
        clearTimeout(timer);
        reject(signal.reason);
      }
    });
  },
};
