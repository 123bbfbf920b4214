import type { Clock } from "./time.ts";

/** Runs work with a time limit. The timer does not outlive the work. Milliseconds. */
export async function withTimeout<T>(
  timeoutMs: number,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeoutController = new AbortController();
  const done = new AbortController();
  clock.sleep(timeoutMs, done.signal).then(
    () => timeoutController.abort(new Error(`timed out after ${Math.round(timeoutMs / 1_000)} s`)),
    () => undefined,
  );
  try {
    return await work(timeoutController.signal);
  } finally {
    done.abort();
  }
}

/** Runs work until a deadline, if there is one. */
export async function withDeadline<T>(
  deadline: number,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const remainingMs = deadline - clock.now();
  if (!Number.isFinite(remainingMs)) return await work(signal);
  return await withTimeout(remainingMs, clock, (timeoutSignal) =>
    work(AbortSignal.any([signal, timeoutSignal])),
  );
}

/** Runs work that ends only some time after the signal is aborted, so that current requests can complete. */
export async function withGracePeriod<T>(
  {
    graceMs,
    clock,
    signal,
  }: { readonly graceMs: number; readonly clock: Clock; readonly signal: AbortSignal },
  work: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const startGracePeriod = () => {
    clock.sleep(graceMs, done.signal).then(
      () => late.abort(signal.reason),
      () => undefined,
    );
  };
  if (signal.aborted) startGracePeriod();
  else signal.addEventListener("abort", startGracePeriod, { once: true });
  try {
    return await work(late.signal);
  } finally {
    signal.removeEventListener("abort", startGracePeriod);
    done.abort();
  }
}

/** Waits for a promise that cannot be cancelled, and rejects with the signal's reason as soon as it is aborted. */
export async function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
