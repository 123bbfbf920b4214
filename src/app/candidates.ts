import { type Candidate, type Evidence, likenessOf, type Moment } from "../core/evidence.ts";
import { ActionError, reasonOf } from "../errors.ts";
import type { Patience, Pipelines, Recent } from "../ports.ts";
import type { StartMeans } from "./start.ts";
import type { Asked } from "./state.ts";

/** One look into the service's list. Milliseconds. */
const lookPatienceMs = 60_000;

export interface Alike {
  readonly candidate: Candidate;
  readonly likeness: "ours" | "perhaps";
  readonly yardstick: Yardstick;
}

/** By what a candidate is judged. */
export interface Yardstick {
  readonly evidence: Evidence;
  readonly moment: Moment;
}

type Sought = Pick<Asked, "pipelineId" | "startedAt" | "evidence">;

/** Runs that are, or may be, what this start brought about. */
export async function candidatesOf(
  sought: Sought,
  {
    pipelines,
    clock,
    patience = { patienceMs: lookPatienceMs },
  }: Pick<StartMeans, "pipelines" | "clock"> & { readonly patience?: Patience },
  signal: AbortSignal,
): Promise<readonly Alike[]> {
  const { pipelineId, startedAt } = sought;
  const [recent, evidence] = await Promise.all([
    pipelines.recent(pipelineId, patience, signal),
    withRef(sought, pipelines, signal),
  ]);
  const since = sinceBy(recent, clock.now() - startedAt, startedAt);
  if (!recent.isWhole && recent.candidates.every(({ queuedAt }) => queuedAt >= since))
    throw tooMany(pipelines, pipelineId);
  const moment = { since, me: recent.me };
  return alikeIn(recent.candidates, { evidence, moment });
}

export function alikeIn(candidates: readonly Candidate[], yardstick: Yardstick): Alike[] {
  return candidates.flatMap((candidate) => {
    const likeness = likenessOf(candidate, yardstick.evidence, yardstick.moment);
    return likeness === "other" ? [] : [{ candidate, likeness, yardstick }];
  });
}

/** What the pipeline builds by itself is worth a request only now that it tells runs apart. */
async function withRef(
  { pipelineId, evidence }: Sought,
  pipelines: Pick<Pipelines, "repository">,
  signal: AbortSignal,
): Promise<Evidence> {
  if (evidence.ref !== undefined) return evidence;
  const built = await pipelines.repository(pipelineId, signal).catch(() => undefined);
  signal.throwIfAborted();
  return { ...evidence, ref: built?.defaultRef };
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

/** What could be ours may be beyond what the service lists at once. */
function tooMany(pipelines: Pick<Pipelines, "pipelineAddress">, pipelineId: number): ActionError {
  return new ActionError(
    "start-unknown",
    "More runs were started since then than the service lists at once.",
    {
      hint: `Look at ${pipelines.pipelineAddress(pipelineId)} before running this step again.`,
    },
  );
}

/**
 * A run that shows up late, after the start had to be asked again, is ours by the same evidence: one of the two goes.
 * What cannot be cancelled is said: the run that is followed is not lost for it.
 */
export async function cancelTwins(
  asked: Sought,
  runId: number,
  means: StartMeans,
  signal: AbortSignal,
): Promise<void> {
  await means.clock.sleep(1_000, signal);
  for (const twin of await twinsOf(asked, runId, means, signal)) await cancelTwin(twin, means, signal);
}

/** The other runs of a start that had to be asked again, as far as the list shows them. */
export async function twinsOf(
  asked: Sought,
  runId: number,
  means: Parameters<typeof candidatesOf>[1],
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const alike = await candidatesOf(asked, means, signal).catch(() => []);
  signal.throwIfAborted();
  return alike
    .filter(({ candidate, likeness }) => likeness === "ours" && candidate.id !== runId)
    .map(({ candidate }) => candidate);
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
    const why = reasonOf(error);
    host.write([{ type: "warning", text: `${said}, which could not be cancelled (${why}): ${url}` }]);
  }
}
