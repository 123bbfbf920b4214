import { evaluateCondition } from "../core/condition.ts";
import {
  defaultRef,
  eventCommit,
  hasInferableRef,
  isSameRepository,
  type Trigger,
} from "../core/default-ref.ts";
import { nextPollDelayMs } from "../core/poll-interval.ts";
import { documentOf } from "../core/run-document.ts";
import { type Candidate, matchRequest, type StartFingerprint, withRunDetails } from "../core/run-matching.ts";
import { type ListedRun, matchQuery, type RunQuery } from "../core/run-search.ts";
import { emptyTree } from "../core/run-tree.ts";
import { ActionError, ignoreError } from "../errors.ts";
import type { FindTarget } from "../inputs/run-target.ts";
import { durationText } from "../lib/time.ts";
import type { PipelineDetails, RunSearchResult } from "../ports.ts";
import type { ActionContext } from "./context.ts";
import { createHeartbeatTimer } from "./progress-log.ts";

/** The service has no filter by commit, so this many of the newest runs are searched, or those up to this age. */
const maxRuns = 1_000;

const maxAgeMs = 30 * 24 * 3_600_000;

/** While waiting for a run to appear, only new runs are searched. */
const maxRunsWhileWaiting = 200;

/** Details that the list lacks are read for this many runs, so that a search does not cost a request for each run. */
const maxDetailedRuns = 20;

/** A search, all defaults resolved. */
export interface ResolvedSearch {
  readonly target: FindTarget;
  readonly pipelineId: number;
  readonly query: RunQuery;
  readonly trigger: Trigger;
  /** Reads the pipeline once, at the first call. */
  readonly readPipeline: (signal: AbortSignal) => Promise<PipelineDetails>;
}

export async function resolveSearch(
  target: FindTarget,
  { deps: { pipelines }, workflow }: ActionContext,
  signal: AbortSignal,
): Promise<ResolvedSearch> {
  const { pipeline, search } = target;
  const trigger = await workflow.trigger();
  const commit = search.commit ?? (search.by === "commit" ? requiredEventCommit(trigger) : undefined);
  if (search.by === "ref" && search.ref === undefined && !hasInferableRef(trigger))
    throw missingInput("ref", trigger);
  const pipelineId = pipeline.by === "id" ? pipeline.id : await pipelines.find(pipeline, signal);
  let details: Promise<PipelineDetails> | undefined;
  const readPipeline = (readSignal: AbortSignal) => (details ??= pipelines.get(pipelineId, readSignal));
  const ref =
    search.by === "ref" ? (search.ref ?? inferRef(trigger, await readPipeline(signal))) : search.ref;
  const query = { commit, ref, pullRequest: trigger.pullRequest?.number };
  return { target, pipelineId, query, trigger, readPipeline };
}

function requiredEventCommit(trigger: Trigger): string {
  const commit = eventCommit(trigger);
  if (commit === undefined) throw missingInput("commit", trigger);
  return commit;
}

function missingInput(name: "commit" | "ref", { event }: Trigger): ActionError {
  const reason = event === "" ? "there is no event" : `the event ${event} does not say`;
  return new ActionError(
    "bad-input",
    `${name}: is required by \`find-run: ${name}\`, since ${reason} which ${name} it is about.`,
    {
      hint: `Set \`${name}\`.`,
    },
  );
}

function inferRef(trigger: Trigger, { repository }: PipelineDetails): string {
  const inferred = defaultRef(trigger, repository);
  if (inferred.kind === "inferred") return inferred.ref;
  const name =
    repository.fullName === undefined ? "another repository" : `the repository ${repository.fullName}`;
  throw new ActionError(
    "bad-input",
    `ref: is required by \`find-run: ref\`, since the pipeline builds ${name}, not this one.`,
    { hint: "Set `ref`." },
  );
}

type SearchOutcome =
  | { readonly kind: "found"; readonly listed: ListedRun }
  | ({ readonly kind: "none" } & FailedSearch);

export interface FailedSearch {
  readonly result: RunSearchResult;
  readonly waitedMs: number;
  /** Why runs of the commit or ref were skipped. */
  readonly passedOver: ReadonlyMap<number, string>;
}

interface SearchContext {
  readonly context: ActionContext;
  /** Only runs with the same request match; `undefined`: any run matches. */
  readonly fingerprint: StartFingerprint | undefined;
}

/** Reads the list until it contains a run, or `find-timeout` has passed. */
export async function searchUntilFound(
  search: ResolvedSearch,
  searchContext: SearchContext,
  signal: AbortSignal,
): Promise<SearchOutcome> {
  const { inputs, deps } = searchContext.context;
  const { clock, runner, runLists } = deps;
  const { pipelineId, query, target } = search;
  const { timeoutMs } = target.search;
  const startedAt = clock.now();
  const deadline = startedAt + timeoutMs;
  const heartbeat = createHeartbeatTimer(startedAt);
  const selectRun = createSelection(search, searchContext);
  let delayMs = inputs.pollIntervalMs;
  let isTruncated: boolean | undefined;
  let hasLogged = false;
  for (;;) {
    const remainingMs = deadline - clock.now();
    const result = await runLists.search(
      {
        pipelineId,
        // It would exclude a pull request's runs, which build a merge of the commit.
        ref: target.search.by === "ref" ? query.ref : undefined,
        maxRuns: isTruncated === undefined ? maxRuns : maxRunsWhileWaiting,
        maxAgeMs,
        retryForMs: Math.max(60_000, Math.min(remainingMs, 5 * 60_000)),
      },
      signal,
    );
    isTruncated ??= result.isTruncated;
    const selection = await selectRun(result.runs, signal);
    if (selection.run !== undefined) return { kind: "found", listed: selection.run };
    const now = clock.now();
    if (remainingMs <= 0) {
      const waitedMs = timeoutMs === 0 ? 0 : now - startedAt;
      return { kind: "none", result: { ...result, isTruncated }, waitedMs, passedOver: selection.passedOver };
    }
    if (!hasLogged || heartbeat.isDue(now)) {
      hasLogged = true;
      const left = durationText(Math.max(0, deadline - now));
      const text = `No run ${queryText(search)} yet. Waiting for up to ${left} for one to appear.`;
      runner.write([{ type: "text", text }]);
      heartbeat.beat(now);
    }
    delayMs = nextPollDelayMs(delayMs, {
      pollIntervalMs: inputs.pollIntervalMs,
      throttling: result.throttling,
    });
    await clock.sleep(
      Math.max(0, Math.min(Math.max(delayMs, result.retryAfterMs ?? 0), deadline - now)),
      signal,
    );
  }
}

interface Selection {
  readonly run: ListedRun | undefined;
  readonly passedOver: ReadonlyMap<number, string>;
}

/** Reads the details of a limited number of runs, each once; `undefined` beyond the limit. */
function createDetailReader<T>(read: (listed: ListedRun, signal: AbortSignal) => Promise<T>) {
  const known = new Map<number, T>();
  return async (listed: ListedRun, signal: AbortSignal): Promise<T | undefined> => {
    const { id } = listed.run;
    if (!known.has(id) && known.size < maxDetailedRuns) known.set(id, await read(listed, signal));
    return known.get(id);
  };
}

/** Selects the newest run that matches. */
function createSelection(search: ResolvedSearch, { context, fingerprint }: SearchContext) {
  const { query, target } = search;
  const isQueried = createQueryCheck(search, context);
  const readDetails = createDetailReader((listed, signal) =>
    withStartDetails(listed, search.pipelineId, context, signal),
  );
  const isRerun = context.workflow.attempt > 1 && context.inputs.onRerun !== "retry-failed";

  /** Why a run of the query is not followed. */
  async function objectionTo(listed: ListedRun, signal: AbortSignal): Promise<string | undefined> {
    const { run } = listed;
    const { when } = target.search;
    if (when !== undefined && !evaluateCondition(when, documentOf(run, emptyTree, null)).holds)
      return "find-when is false";
    if (fingerprint === undefined) return undefined;
    if (!(await isSameRequest(listed, fingerprint, readDetails, signal)))
      return "parameters or variables differ";
    if (isRerun && run.status === "completed" && !(await isSuccess(listed, context, signal)))
      return "the run failed and this is a re-run";
    return undefined;
  }

  return async (runs: readonly ListedRun[], signal: AbortSignal): Promise<Selection> => {
    const passedOver = new Map<number, string>();
    for (const listed of runs) {
      if (!(await isQueried(listed, query, signal))) continue;
      const objection = await objectionTo(listed, signal);
      if (objection === undefined) return { run: listed, passedOver };
      passedOver.set(listed.run.id, objection);
    }
    return { run: undefined, passedOver };
  };
}

/** Reads what the list lacks about a run: from the run itself, and from GitHub for a merge commit. */
function createQueryCheck(
  { trigger, readPipeline }: ResolvedSearch,
  { deps, workflow, inputs }: ActionContext,
) {
  async function buildsEventRepository(
    { run: { repository } }: ListedRun,
    signal: AbortSignal,
  ): Promise<boolean> {
    const known = repository?.fullName === undefined ? (await readPipeline(signal)).repository : repository;
    return isSameRepository(trigger, known);
  }

  const mergedHead = createDetailReader(({ run }, signal) =>
    workflow.mergedHead(inputs, run.source.commit ?? "", signal),
  );

  const withSource = createDetailReader(async (listed, signal) => ({
    ...listed,
    run: await deps.runs.get(listed.run.id, { retryForMs: 30_000 }, signal),
  }));

  return async (listed: ListedRun, query: RunQuery, signal: AbortSignal): Promise<boolean> => {
    const withoutPullRequest = { ...query, pullRequest: undefined };
    const isUnknown = matchQuery(listed, query) === "unknown";
    const known = (isUnknown ? await withSource(listed, signal) : undefined) ?? listed;
    const match = matchQuery(known, query);
    if (match === "no" || match === "unknown") return false;
    if (matchQuery(known, withoutPullRequest) === "yes") return true;
    // Only a pull request of this repository can be that of the event.
    if (!(await buildsEventRepository(known, signal))) return false;
    if (match === "yes") return true;
    const head = await mergedHead(known, signal);
    return head !== undefined && query.commit?.toLowerCase() === head.toLowerCase();
  };
}

async function isSameRequest(
  listed: ListedRun,
  fingerprint: StartFingerprint,
  readDetails: (listed: ListedRun, signal: AbortSignal) => Promise<Candidate | undefined>,
  signal: AbortSignal,
): Promise<boolean> {
  // Ref and commit were compared by the query.
  const wanted = { ...fingerprint, ref: listed.candidate.ref, commit: null };
  const match = matchRequest(listed.candidate, wanted);
  if (match !== "possible") return match === "exact";
  const detailed = await readDetails(listed, signal);
  return detailed !== undefined && matchRequest(detailed, wanted) === "exact";
}

/** The details from Get Run; `undefined` if they can't be read. */
async function withStartDetails(
  { candidate }: ListedRun,
  pipelineId: number,
  { deps: { runs } }: ActionContext,
  signal: AbortSignal,
): Promise<Candidate | undefined> {
  const details = await runs
    .getStarted(pipelineId, candidate.id, signal)
    .catch(ignoreError("a run that can't be compared is not reused"));
  signal.throwIfAborted();
  return details && withRunDetails(candidate, details.raw);
}

/** A condition may use stages, which the list doesn't contain. */
async function isSuccess(
  { run }: ListedRun,
  { inputs, deps: { runs } }: ActionContext,
  signal: AbortSignal,
): Promise<boolean> {
  const poll = runs.createPoller(run.id);
  const response = await poll({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
  return evaluateCondition(inputs.successWhen, documentOf(response.run, response.tree, null)).holds;
}

/** `builds commit 4f2c…`, `is of refs/heads/main`. */
export function queryText({ query: { commit, ref } }: ResolvedSearch): string {
  const parts = [
    ...(commit === undefined ? [] : [`builds commit ${commit}`]),
    ...(ref === undefined ? [] : [`is of ${ref}`]),
  ];
  return parts.join(" and ");
}
