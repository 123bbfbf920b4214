import type { Clock } from "../ports.ts";

const pausesMs = [1, 2, 4, 5].map((minutes) => minutes * 60_000);

/** A look that comes at the usual interval tells more than a beat in between. */
const slackMs = 10_000;

export type Heartbeat = ReturnType<typeof createHeartbeat>;

/** Says when silence has lasted long enough: after 1, 2, 4 and then every 5 minutes in which nothing was told. */
export function createHeartbeat(now: number) {
  let quietSince = now;
  let beats = 0;
  const dueAt = () => quietSince + (pausesMs[Math.min(beats, pausesMs.length - 1)] ?? 0);
  return {
    dueAt,
    isDue: (at: number) => at >= dueAt(),
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

/** Beats whenever one is overdue, until the signal ends it. */
export async function keepBeating(
  heartbeat: Heartbeat,
  { clock, beat }: { readonly clock: Clock; readonly beat: () => void },
  signal: AbortSignal,
): Promise<void> {
  const untilOverdue = () => heartbeat.dueAt() + slackMs - clock.now();
  while (!signal.aborted) {
    // A beat that is held back is tried again a second later.
    await clock.sleep(Math.max(untilOverdue(), 1_000), signal).catch(() => undefined);
    if (!signal.aborted && untilOverdue() <= 0) beat();
  }
}
