import type { Look } from "../core/model.ts";
import { isUnfinished } from "../core/nodes.ts";
import { timeOf } from "../core/time.ts";
import type { Clock, LookOptions } from "../ports.ts";
import type { Sight } from "./follow.ts";

/** The service keeps a run, its records and its logs apart: how long what is missing at the run's end is waited for. */
const pausesMs = [1_000, 2_000, 4_000];
/** Of a run that has been over for longer nothing more comes. */
const freshMs = 60_000;
const answerAtMostMs = 10_000;

interface Settling {
  readonly look: (options: LookOptions, signal: AbortSignal) => Promise<Look>;
  /** Tells what a look shows; `isLast`: whatever is missing will not come. */
  readonly see: (look: Look, isLast?: boolean) => Promise<Sight>;
  readonly awaitsLogs: () => boolean;
  readonly clock: Clock;
}

/** How long a run has been over; `undefined` where nobody can tell. */
export function overForMs({ run, at }: Pick<Sight, "run" | "at">): number | undefined {
  const end = timeOf(run.finishedAt);
  return end === undefined ? undefined : at - end;
}

/** Whether the ends of what has begun in a run that is over may still come. */
export function isLagging(sight: Sight): boolean {
  return isFresh(sight) && isUnfinished(sight.tree);
}

/** Sees the end of a run, and looks again while its last records, or logs that are wanted, have not come. */
export async function settle(
  end: Look,
  { look, see, awaitsLogs, clock }: Settling,
  signal: AbortSignal,
): Promise<Sight> {
  let last = end;
  let sight = await see(end);
  for (const pauseMs of pausesMs) {
    if (!isLagging(sight) && !(isFresh(sight) && awaitsLogs())) return sight;
    await clock.sleep(pauseMs, signal);
    const options = { patienceMs: 0, timeoutMs: answerAtMostMs, thorough: true };
    const next = await look(options, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (next?.run.status !== "completed") continue;
    last = next;
    sight = await see(next);
  }
  return isLagging(sight) ? await see(last, true) : sight;
}

function isFresh(sight: Sight): boolean {
  return (overForMs(sight) ?? freshMs) < freshMs;
}
