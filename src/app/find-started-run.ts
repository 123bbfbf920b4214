import {
  type Candidate,
  isBeforeStart,
  type MatchWindow,
  matchStart,
  type RunMatch,
  type StartFingerprint,
  withRunDetails,
} from "../core/run-matching.ts";
import { ActionError, ignoreError } from "../errors.ts";
import type { Clock } from "../lib/time.ts";
import type { JobRuns, Pipelines, RecentRuns, RequestOptions, RunLists, Runner, Runs } from "../ports.ts";
import type { PendingStart } from "./step-state.ts";

/** The time limit of reading the list once. Milliseconds. */
const searchRetryMs = 60_000;

export interface MatchedRun {
  readonly candidate: Candidate;
  readonly match: Exclude<RunMatch, "none">;
}

/** Runs that may belong to a start, and the function that judges a candidate. */
export interface SearchResult {
  readonly matches: readonly MatchedRun[];
  readonly judge: (candidate: Candidate) => RunMatch;
}

export type StartSearch = Pick<PendingStart, "pipelineId" | "startedAt" | "fingerprint">;

export interface SearchDeps {
  readonly pipelines: Pick<Pipelines, "url" | "get">;
  readonly runs: Pick<Runs, "getStarted">;
  readonly runLists: Pick<RunLists, "listRecent">;
  readonly clock: Clock;
  readonly jobRuns: Pick<JobRuns, "receivedIds">;
  readonly retryOptions?: RequestOptions;
}

/** Runs that were, or may have been, started by this start. */
export async function findCandidates(
  search: StartSearch,
  { pipelines, runLists, clock, jobRuns, retryOptions = { retryForMs: searchRetryMs } }: SearchDeps,
  signal: AbortSignal,
): Promise<SearchResult> {
  const { pipelineId, startedAt } = search;
  const [recent, fingerprint] = await Promise.all([
    runLists.listRecent(pipelineId, retryOptions, signal),
    withDefaultRef(search.fingerprint, pipelines, signal),
  ]);
  const window = matchWindow(recent, { startedAt, listedAt: clock.now() }, jobRuns.receivedIds());
  const { candidates, isComplete } = recent;
  if (!isComplete && !candidates.some((candidate) => isBeforeStart(candidate, window)))
    throw tooManyRuns(pipelines, pipelineId);
  const judge = (candidate: Candidate) => matchStart(candidate, fingerprint, window);
  return { matches: filterMatches(candidates, judge), judge };
}

export function filterMatches(
  candidates: readonly Candidate[],
  judge: SearchResult["judge"],
): readonly MatchedRun[] {
  return candidates.flatMap((candidate) => {
    const match = judge(candidate);
    return match === "none" ? [] : [{ candidate, match }];
  });
}

/** One line for each run, for a message. */
export function describeRuns(runs: readonly Pick<Candidate, "name" | "url">[]): string {
  return runs.map(({ name, url }) => `${name}: ${url}`).join("\n");
}

/** If no ref was requested, the default branch distinguishes runs. It is read only when a run is searched for. */
export async function withDefaultRef(
  fingerprint: StartFingerprint,
  pipelines: Pick<Pipelines, "get">,
  signal: AbortSignal,
): Promise<StartFingerprint> {
  if (fingerprint.ref !== undefined) return fingerprint;
  const definition = await pipelines
    .get(fingerprint.pipelineId, signal)
    .catch(
      ignoreError("with an unknown default branch, runs are only possible matches, which the search reports"),
    );
  signal.throwIfAborted();
  return { ...fingerprint, ref: definition?.defaultRef };
}

/** The runs of at most this many requests. None if it is uncertain: any of them may belong to somebody else. */
export function exactMatches(matches: readonly MatchedRun[], requests: number): readonly Candidate[] {
  const isCertain = matches.length <= requests && matches.every(({ match }) => match === "exact");
  return isCertain ? matches.map(({ candidate }) => candidate) : [];
}

/** A candidate with the details from Get Run, if the list has too little. */
export async function withDetails(
  candidate: Candidate,
  pipelineId: number,
  { runs }: Pick<SearchDeps, "runs">,
  signal: AbortSignal,
): Promise<Candidate> {
  const run = await runs
    .getStarted(pipelineId, candidate.id, signal)
    .catch(ignoreError("what the list says is judged then"));
  signal.throwIfAborted();
  return run === undefined ? candidate : withRunDetails(candidate, run.raw);
}

/** Both clocks are used, since either may be wrong. The service's `Date` has whole seconds. */
function matchWindow(
  { serviceTime, callerId }: RecentRuns,
  { startedAt, listedAt }: { readonly startedAt: number; readonly listedAt: number },
  receivedIds: ReadonlySet<number>,
): MatchWindow {
  const runnerClock = { startedAt, listedAt, toleranceMs: 100 };
  const serviceClock = serviceTime !== undefined && {
    startedAt: serviceTime - (listedAt - startedAt),
    listedAt: serviceTime,
    toleranceMs: 1_000,
  };
  return { clocks: serviceClock ? [runnerClock, serviceClock] : [runnerClock], callerId, receivedIds };
}

/** The run may be beyond the end of the list. */
function tooManyRuns(pipelines: Pick<Pipelines, "url">, pipelineId: number): ActionError {
  return new ActionError(
    "start-unknown",
    "More runs were started since then than Azure DevOps lists at once.",
    { hint: `Check ${pipelines.url(pipelineId)} before you run this step again.` },
  );
}

export interface StartDeps extends SearchDeps {
  readonly runs: Pick<Runs, "url" | "start" | "get" | "getStarted" | "cancel">;
  readonly runner: Pick<Runner, "write">;
  /** Called before a request is sent that may start the run, with the time of the first one and their number. */
  readonly onAttempt?: (startedAt: number, attempts: number) => void;
  /** Called when it is certain that nothing has been started yet. */
  readonly onBackoff?: () => void;
}
