import type { Clock } from "../ports.ts";

/** Gives work so much time, and no timer a reason to outlive it. Milliseconds. */
export async function within<T>(
  ms: number,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  clock.sleep(ms, done.signal).then(
    () => limit.abort(new Error(`${Math.round(ms / 1_000)} s were not enough`)),
    () => undefined,
  );
  try {
    return await work(limit.signal);
  } finally {
    done.abort();
  }
}

/** Work that a deadline ends, if there is one. */
export async function until<T>(
  deadline: number,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const leftMs = deadline - clock.now();
  if (!Number.isFinite(leftMs)) return await work(signal);
  return await within(leftMs, clock, (limit) => work(AbortSignal.any([signal, limit])));
}

/** Work that a signal ends only some time later: what is under way then may still come to its end. */
export async function withGrace<T>(
  { ms, clock, signal }: { readonly ms: number; readonly clock: Clock; readonly signal: AbortSignal },
  work: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const giveUp = () => {
    clock.sleep(ms, done.signal).then(
      () => late.abort(signal.reason),
      () => undefined,
    );
  };
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await work(late.signal);
  } finally {
    signal.removeEventListener("abort", giveUp);
    done.abort();
  }
}
