import type { RunFacts } from "../core/model.ts";
import { type RerunTagParts, rerunTag, rerunTagStem } from "../core/rerun-tag.ts";
import {
  type Candidate,
  matchIdentity,
  matchRequest,
  type StartFingerprint,
  weakest,
} from "../core/run-matching.ts";
import { ActionError, ignoreError } from "../errors.ts";
import type { Pipelines, RunLists, Runner, Runs } from "../ports.ts";
import {
  describeRuns,
  filterMatches,
  type MatchedRun,
  type SearchResult,
  withDefaultRef,
  withDetails,
} from "./find-started-run.ts";

export interface EarlierRunSearch {
  readonly fingerprint: StartFingerprint;
  /** The number of this attempt. */
  readonly tagParts: RerunTagParts;
}

/** GitHub allows 50 re-runs of a workflow run. */
const maxAttempts = 100;

export interface EarlierRunDeps {
  readonly pipelines: Pick<Pipelines, "get">;
  readonly runs: Pick<Runs, "getStarted">;
  readonly runLists: Pick<RunLists, "listRecent" | "listTagged">;
  readonly runner: Pick<Runner, "write">;
}

/**
 * The run that the newest earlier attempt of this step started. A tag is not sufficient, since any pipeline can add one to
 * its run: identity, pipeline, ref, commit and request must agree too.
 */
export async function findEarlierRun(
  search: EarlierRunSearch,
  deps: EarlierRunDeps,
  signal: AbortSignal,
): Promise<RunFacts | undefined> {
  const fingerprint = await withDefaultRef(search.fingerprint, deps.pipelines, signal);
  const { pipelineId } = fingerprint;
  for (const attempt of earlierAttempts(search.tagParts.attempt)) {
    const tag = rerunTag({ ...search.tagParts, attempt });
    const { runs, callerId } = await deps.runLists.listTagged(pipelineId, tag, signal);
    // An older server may ignore the filter.
    const candidates = runs.map(({ candidate }) => candidate).filter(({ tags }) => tags.includes(tag));
    const judge = (candidate: Candidate) =>
      weakest([matchIdentity(candidate, callerId), matchRequest(candidate, fingerprint)]);
    const matches = await judgeRuns(candidates, { pipelineId, judge }, deps, signal);
    const ignored = candidates.filter(({ id }) => !matches.some(({ candidate }) => candidate.id === id));
    warnOfIgnored(ignored, deps);
    const [match, second] = matches;
    if (match === undefined) continue;
    const { id } = match.candidate;
    const isCertain = match.match === "exact" && second === undefined;
    if (isCertain) return runs.find(({ candidate }) => candidate.id === id)?.run;
    throw ambiguousEarlierRun(matches);
  }
  await warnOfOtherRequests(search, deps, signal);
  return undefined;
}

async function judgeRuns(
  candidates: readonly Candidate[],
  { pipelineId, judge }: { readonly pipelineId: number; readonly judge: SearchResult["judge"] },
  deps: EarlierRunDeps,
  signal: AbortSignal,
): Promise<readonly MatchedRun[]> {
  const matches = filterMatches(candidates, judge);
  const detailed = matches.map(async ({ candidate, match }) =>
    match === "exact" ? candidate : await withDetails(candidate, pipelineId, deps, signal),
  );
  return filterMatches(await Promise.all(detailed), judge);
}

function warnOfIgnored(runs: readonly Candidate[], { runner }: Pick<EarlierRunDeps, "runner">): void {
  if (runs.length === 0) return;
  const text = `These runs were ignored, since they differ from this step's request, although they have the tag of an earlier attempt:\n${describeRuns(runs)}`;
  runner.write([{ type: "warning", text }]);
}

/** The newest first. */
function earlierAttempts(current: number): readonly number[] {
  return Array.from({ length: Math.min(current - 1, maxAttempts) }, (_, index) => current - 1 - index);
}

/** An earlier attempt may have sent another request, for example with other parameters. Its tag then has another hash. */
async function warnOfOtherRequests(
  { fingerprint, tagParts }: EarlierRunSearch,
  deps: EarlierRunDeps,
  signal: AbortSignal,
): Promise<void> {
  const list = await deps.runLists
    .listRecent(fingerprint.pipelineId, { retryForMs: 10_000 }, signal)
    .catch(ignoreError("the list is only used for a warning"));
  signal.throwIfAborted();
  const stems = earlierAttempts(tagParts.attempt).map((attempt) => rerunTagStem({ ...tagParts, attempt }));
  const isOfStep = (tag: string) =>
    stems.some((stem) => tag.startsWith(stem) && !tag.slice(stem.length).includes(":")) &&
    !tag.endsWith(`:${tagParts.requestHash}`);
  warnOfIgnored(list?.candidates.filter(({ tags }) => tags.some(isOfStep)) ?? [], deps);
}

function ambiguousEarlierRun(matches: readonly MatchedRun[]): ActionError {
  const runs = matches.map(({ candidate }) => candidate);
  const isSingle = runs.length === 1;
  const reason = isSingle
    ? "It is unknown whether an earlier attempt of this step started this run, since Azure DevOps returned too little about it"
    : "An earlier attempt started several runs that all fit this step";
  return new ActionError("start-unknown", `${reason}:\n${describeRuns(runs)}`, {
    hint: isSingle
      ? "Follow it with `run-id`, or start a new run with `on-rerun: new`."
      : "Set `rerun-key` to a different value in each step that starts this pipeline, and follow one of these runs with `run-id`.",
  });
}
