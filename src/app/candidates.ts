import { type Candidate, type Evidence, likenessOf, type Moment } from "../core/evidence.ts";
import type { Patience, Recent } from "../ports.ts";
import type { Once, StartMeans } from "./start.ts";

/** One look into the service's list. Milliseconds. */
const lookPatienceMs = 60_000;

export interface Start {
  readonly pipelineId: number;
  readonly body: object;
  readonly evidence: Evidence;
}

export interface Alike {
  readonly candidate: Candidate;
  readonly likeness: "ours" | "perhaps";
  /** By what it was judged. */
  readonly moment: Moment;
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
  return alikeIn(recent.candidates, start.evidence, moment);
}

export function alikeIn(candidates: readonly Candidate[], evidence: Evidence, moment: Moment): Alike[] {
  return candidates.flatMap((candidate) => {
    const likeness = likenessOf(candidate, evidence, moment);
    return likeness === "other" ? [] : [{ candidate, likeness, moment }];
  });
}

/** The runs of so many requests. None where a doubt remains: any of them may be another's. */
export function oursAmong(alike: readonly Alike[], asks: number): readonly Candidate[] {
  const isCertain = alike.length <= asks && alike.every(({ likeness }) => likeness === "ours");
  return isCertain ? alike.map(({ candidate }) => candidate) : [];
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
  await means.clock.sleep(1_000, signal);
  const alike = await candidatesOf({ start, startedAt }, means, signal).catch(() => []);
  signal.throwIfAborted();
  for (const { candidate, likeness } of alike) {
    if (likeness === "ours" && candidate.id !== run.id) await cancelTwin(candidate, means, signal);
  }
}

async function cancelTwin(
  { id, name, url, status }: Candidate,
  { pipelines, host }: StartMeans,
  signal: AbortSignal,
): Promise<void> {
  const said = `An earlier request had started ${name} after all`;
  if (status === "completed") return host.write([{ type: "warning", text: `${said}; it is over: ${url}` }]);
  try {
    await pipelines.cancel(id, { patienceMs: 30_000 }, signal);
    host.write([{ type: "text", text: `${said}; it was cancelled: ${url}` }]);
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    host.write([{ type: "warning", text: `${said}, which could not be cancelled (${why}): ${url}` }]);
  }
}
