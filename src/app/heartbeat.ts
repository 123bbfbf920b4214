import type { Clock } from "../ports.ts";

const heartbeatDelaysMs = [1, 2, 4, 5].map((minutes) => minutes * 60_000);

/** A look that comes at the usual interval tells more than a beat in between. */
const toleranceMs = 10_000;

export type HeartbeatTimer = ReturnType<typeof createHeartbeatTimer>;

/** Says when silence has lasted long enough: after 1, 2, 4 and then every 5 minutes in which nothing was told. */
export function createHeartbeatTimer(now: number) {
  let idleSince = now;
  let beats = 0;
  const dueAt = () => idleSince + (heartbeatDelaysMs[Math.min(beats, heartbeatDelaysMs.length - 1)] ?? 0);
  return {
    dueAt,
    isDue: (time: number) => time >= dueAt(),
    beat: (time: number) => {
      idleSince = time;
      beats += 1;
    },
    /** Something was told. */
    reset: (time: number) => {
      idleSince = time;
      beats = 0;
    },
  };
}

/** Beats whenever one is overdue, until the signal ends it. */
export async function runHeartbeatTimer(
  timer: HeartbeatTimer,
  { clock, writeStatus }: { readonly clock: Clock; readonly writeStatus: () => void },
  signal: AbortSignal,
): Promise<void> {
  const msUntilOverdue = () => timer.dueAt() + toleranceMs - clock.now();
  while (!signal.aborted) {
    // A beat that is held back is tried again a second later.
    await clock.sleep(Math.max(msUntilOverdue(), 1_000), signal).catch(() => undefined);
    if (!signal.aborted && msUntilOverdue() <= 0) writeStatus();
  }
}
