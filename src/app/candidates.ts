import { type Candidate, likenessOf } from "../core/evidence.ts";
import type { Patience, Recent } from "../ports.ts";
import type { Once, Start, StartMeans } from "./start.ts";

/** One look into the service's list. Milliseconds. */
const lookPatienceMs = 60_000;

export interface Alike {
  readonly candidate: Candidate;
  readonly likeness: "ours" | "perhaps";
}

interface Sought {
  readonly start: Pick<Start, "evidence" | "pipelineId">;
  readonly startedAt: number;
  readonly patience?: Patience;
}

/** Runs that are, or may be, what this start brought about. */
export async function candidatesOf(
  { start, startedAt, patience = { patienceMs: lookPatienceMs } }: Sought,
  { pipelines, clock }: Pick<StartMeans, "pipelines" | "clock">,
  signal: AbortSignal,
): Promise<readonly Alike[]> {
  const recent = await pipelines.recent(start.pipelineId, patience, signal);
  const moment = { since: sinceBy(recent, clock.now() - startedAt, startedAt), me: recent.me };
  return recent.candidates.flatMap((candidate) => {
    const likeness = likenessOf(candidate, start.evidence, moment);
    return likeness === "other" ? [] : [{ candidate, likeness }];
  });
}

/** When the start went out, by the service's clock, which need not be this machine's. Its `Date` has whole seconds. */
function sinceBy({ serviceTime }: Recent, elapsedMs: number, startedAt: number): number {
  return (serviceTime === undefined ? startedAt : serviceTime - elapsedMs) - 1_000;
}

/**
 * A run that shows up late, after the start had to be asked again, is ours by the same evidence: one of the two goes.
 * What cannot be cancelled is said: the run that is followed is not lost for it.
 */
export async function cancelTwins(
  start: Pick<Start, "pipelineId" | "evidence">,
  { run, startedAt }: Once,
  means: StartMeans,
  signal: AbortSignal,
): Promise<void> {
  const { pipelines, clock } = means;
  await clock.sleep(1_000, signal);
  const alike = await candidatesOf({ start, startedAt }, means, signal).catch(() => []);
  signal.throwIfAborted();
  for (const { candidate, likeness } of alike) {
    const { id, name, url, status } = candidate;
    if (likeness !== "ours" || id === run.id || status === "completed") continue;
    try {
      await pipelines.cancel(id, { patienceMs: 30_000 }, signal);
      const text = `An earlier request had started ${name} after all; it was cancelled: ${url}`;
      means.host.write([{ type: "text", text }]);
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      const text = `An earlier request had started ${name} after all, which could not be cancelled (${why}): ${url}`;
      means.host.write([{ type: "warning", text }]);
    }
  }
}
