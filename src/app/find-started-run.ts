import { type Candidate, type MatchWindow, matchRun, type StartFingerprint } from "../core/run-matching.ts";
import { ActionError } from "../errors.ts";
import type { Clock } from "../lib/clock.ts";
import type { Pipelines, RecentRuns, RequestOptions, Runner } from "../ports.ts";
import type { PendingStart } from "./step-state.ts";

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

export type StartSearch = Pick<PendingStart, "pipelineId" | "startedAt" | "fingerprint">;

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

export interface StartDeps {
  readonly pipelines: Pipelines;
  readonly clock: Clock;
  readonly runner: Pick<Runner, "write">;
  /** Called as a request goes out that may start the run: when the first of them did, and how many they are by now. */
  readonly onAttempt?: (startedAt: number, attempts: number) => void;
  /** Called when it is certain that nothing has been started yet. */
  readonly onBackoff?: () => void;
}
