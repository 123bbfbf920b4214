import { type Candidate, type MatchWindow, matchRun, type StartFingerprint } from "../core/evidence.ts";
import { ActionError, reasonOf } from "../errors.ts";
import type { Pipelines, RecentRuns, RequestOptions } from "../ports.ts";
import type { StartDeps } from "./start.ts";
import type { PendingStart } from "./state.ts";

/** One look into the service's list. Milliseconds. */
const searchRetryMs = 60_000;

export interface MatchedRun {
  readonly candidate: Candidate;
  readonly match: "exact" | "possible";
  readonly criteria: MatchCriteria;
}

/** By what a candidate is judged. */
export interface MatchCriteria {
  readonly fingerprint: StartFingerprint;
  readonly window: MatchWindow;
}

type StartSearch = Pick<PendingStart, "pipelineId" | "startedAt" | "fingerprint">;

/** Runs that are, or may be, what this start brought about. */
export async function findCandidates(
  search: StartSearch,
  {
    pipelines,
    clock,
    retryOptions = { retryForMs: searchRetryMs },
  }: Pick<StartDeps, "pipelines" | "clock"> & { readonly retryOptions?: RequestOptions },
  signal: AbortSignal,
): Promise<readonly MatchedRun[]> {
  const { pipelineId, startedAt } = search;
  const [recent, fingerprint] = await Promise.all([
    pipelines.listRecentRuns(pipelineId, retryOptions, signal),
    withDefaultRef(search, pipelines, signal),
  ]);
  const since = matchWindowStart(recent, clock.now() - startedAt, startedAt);
  if (!recent.isComplete && recent.candidates.every(({ queuedAt }) => queuedAt >= since))
    throw tooManyRuns(pipelines, pipelineId);
  const window = { since, callerId: recent.callerId };
  return filterMatches(recent.candidates, { fingerprint, window });
}

export function filterMatches(candidates: readonly Candidate[], criteria: MatchCriteria): MatchedRun[] {
  return candidates.flatMap((candidate) => {
    const match = matchRun(candidate, criteria.fingerprint, criteria.window);
    return match === "none" ? [] : [{ candidate, match, criteria }];
  });
}

/** What the pipeline builds by itself is worth a request only now that it tells runs apart. */
async function withDefaultRef(
  { pipelineId, fingerprint }: StartSearch,
  pipelines: Pick<Pipelines, "getPipeline">,
  signal: AbortSignal,
): Promise<StartFingerprint> {
  if (fingerprint.ref !== undefined) return fingerprint;
  const definition = await pipelines.getPipeline(pipelineId, signal).catch(() => undefined);
  signal.throwIfAborted();
  return { ...fingerprint, ref: definition?.defaultRef };
}

/** The runs of so many requests. None where a doubt remains: any of them may be another's. */
export function exactMatches(matches: readonly MatchedRun[], attempts: number): readonly Candidate[] {
  const isCertain = matches.length <= attempts && matches.every(({ match }) => match === "exact");
  return isCertain ? matches.map(({ candidate }) => candidate) : [];
}

/** When the start went out, by the service's clock, which need not be this machine's. Its `Date` has whole seconds. */
function matchWindowStart({ serviceTime }: RecentRuns, elapsedMs: number, startedAt: number): number {
  return (serviceTime === undefined ? startedAt : serviceTime - elapsedMs) - 1_000;
}

/** What could be ours may be beyond what the service lists at once. */
function tooManyRuns(pipelines: Pick<Pipelines, "pipelineUrl">, pipelineId: number): ActionError {
  return new ActionError(
    "start-unknown",
    "More runs were started since then than the service lists at once.",
    {
      hint: `Look at ${pipelines.pipelineUrl(pipelineId)} before running this step again.`,
    },
  );
}

/**
 * A run that shows up late, after the start had to be asked again, is ours by the same evidence: one of the two goes.
 * What cannot be cancelled is said: the run that is followed is not lost for it.
 */
export async function cancelDuplicates(
  search: StartSearch,
  runId: number,
  deps: StartDeps,
  signal: AbortSignal,
): Promise<void> {
  await deps.clock.sleep(1_000, signal);
  for (const duplicate of await findDuplicates(search, runId, deps, signal))
    await cancelDuplicate(duplicate, deps, signal);
}

/** The other runs of a start that had to be asked again, as far as the list shows them. */
export async function findDuplicates(
  search: StartSearch,
  runId: number,
  deps: Parameters<typeof findCandidates>[1],
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const matches = await findCandidates(search, deps, signal).catch(() => []);
  signal.throwIfAborted();
  return matches
    .filter(({ candidate, match }) => match === "exact" && candidate.id !== runId)
    .map(({ candidate }) => candidate);
}

async function cancelDuplicate(
  { id, name, url, status }: Candidate,
  { pipelines, runner }: StartDeps,
  signal: AbortSignal,
): Promise<void> {
  const message = `An earlier request had started ${name} after all`;
  if (status === "completed")
    return runner.write([{ type: "warning", text: `${message}; it is over: ${url}` }]);
  try {
    await pipelines.cancel(id, { retryForMs: 30_000 }, signal);
    runner.write([{ type: "text", text: `${message}; it was cancelled: ${url}` }]);
  } catch (error) {
    signal.throwIfAborted();
    const reason = reasonOf(error);
    runner.write([{ type: "warning", text: `${message}, which could not be cancelled (${reason}): ${url}` }]);
  }
}
