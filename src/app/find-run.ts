import { buildRunTree } from "../core/build-run-tree.ts";
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
import {
  type Candidate,
  fingerprintOf,
  matchRequest,
  type StartFingerprint,
  withRunDetails,
} from "../core/run-matching.ts";
import { type ListedRun, matchQuery, type RunQuery } from "../core/run-search.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import { requestBody } from "../core/start-request.ts";
import { ActionError, ignoreError } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import type { FindTarget } from "../inputs/run-target.ts";
import { counted, oneLine } from "../lib/text.ts";
import { durationText } from "../lib/time.ts";
import type { CommitReport, PipelineDetails, RunSearchResult } from "../ports.ts";
import { escapeMarkdown } from "../render/markdown.ts";
import { adoptRun, checkProject } from "./attach-run.ts";
import type { ActionContext } from "./context.ts";
import { emptyRunOutputs } from "./outputs.ts";
import { createHeartbeatTimer } from "./progress-log.ts";
import { resolveStartRequest, startRun } from "./start-run.ts";

/** The service has no filter by commit: so many of the newest runs are searched, or as many as are no older. */
const maxRuns = 1_000;

const maxAgeMs = 30 * 24 * 3_600_000;

/** While waiting for a run to appear, only what is new is of interest. */
const maxRunsWhileWaiting = 200;

/** What the list doesn't say is read of so many runs: a search must not cost a request for each run of the pipeline. */
const maxDetailedRuns = 20;

/**
 * Follows the newest run of a commit or a ref, or does what `if-not-found` says. Returns `undefined` if the step succeeds
 * without a run.
 */
export async function findOrStartRun(
  target: FindTarget,
  context: ActionContext,
  signal: AbortSignal,
): Promise<TrackedRun | undefined> {
  const { deps } = context;
  const { ifNotFound } = target.search;
  const search = await resolveSearch(target, context, signal);
  const reuse = ifNotFound === "start" ? reuseRules(search, context) : undefined;
  if (reuse?.kind === "never") {
    deps.runner.write([{ type: "text", text: `No existing run is reused, since ${reuse.reason}.` }]);
    return await startSearchedRun(search, context, signal);
  }
  const outcome = await searchUntilFound(search, { context, fingerprint: reuse?.fingerprint }, signal);
  if (outcome.kind === "found") {
    const { run, trigger } = outcome.listed;
    checkProject(context.inputs.projectRef, run.project);
    writeFoundNotes(outcome.listed, search, context);
    const verb = trigger.reason === undefined ? "Found" : `Found, queued by ${oneLine(trigger.reason)},`;
    const { projectRef } = context.inputs;
    return await adoptRun(run, { projectRef, verb, isOwn: false }, deps, signal);
  }
  // A pipeline that doesn't exist, or can't be read, has an empty list too.
  if (outcome.result.runs.length === 0) await search.readPipeline(signal);
  if (ifNotFound === "start") {
    deps.runner.write([{ type: "text", text: `${notFoundText(search, outcome)} Starting one.` }]);
    return await startSearchedRun(search, context, signal);
  }
  if (ifNotFound === "fail") throw notFoundError(search, outcome);
  await reportNoRun(
    `${notFoundText(search, outcome)} The step succeeds without a run.`,
    search,
    context,
    signal,
  );
  return undefined;
}

/** `if-not-found: succeed`. */
async function reportNoRun(
  text: string,
  { pipelineId }: ResolvedSearch,
  { inputs, deps, workflow }: ActionContext,
  signal: AbortSignal,
): Promise<void> {
  const { runner, outputs, pipelines } = deps;
  const mapped = Object.fromEntries(inputs.mapOutputs.map(({ name }) => [name, ""]));
  outputs.set({ ...emptyRunOutputs, status: "", result: "", ...mapped });
  runner.write([{ type: "notice", text }]);
  const summary = escapeMarkdown(text);
  if (inputs.summary) await runner.addSummary(() => `${summary}\n`);
  const reporters = await workflow.commitReporters(inputs, { isExternal: false, readSource: undefined });
  const report: CommitReport = {
    kind: "skipped",
    title: "There is no run",
    summary: () => summary,
    annotations: [],
    runUrl: pipelines.url(pipelineId),
    runId: undefined,
    description: text,
  };
  await Promise.all(reporters.map((reporter) => reporter.close(report, signal)));
}

/** A search, all defaults resolved. */
interface ResolvedSearch {
  readonly target: FindTarget;
  readonly pipelineId: number;
  readonly query: RunQuery;
  readonly trigger: Trigger;
  /** Reads the pipeline once, at the first call. */
  readonly readPipeline: (signal: AbortSignal) => Promise<PipelineDetails>;
}

async function resolveSearch(
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
    `${name}: is needed by \`find-run: ${name}\`, since ${reason} which ${name} it is about.`,
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
    `ref: is needed by \`find-run: ref\`, since the pipeline builds ${name}, not this one.`,
    { hint: "Set `ref`." },
  );
}

type ReuseRules =
  | { readonly kind: "never"; readonly reason: string }
  | { readonly kind: "same-request"; readonly fingerprint: StartFingerprint };

/** Instead of starting a run, only one with the same parameters and variables is good enough. */
function reuseRules({ pipelineId }: ResolvedSearch, { inputs }: ActionContext): ReuseRules {
  const incomparable = Object.entries({
    "secret-variables": inputs.secretVariables,
    "stages-to-skip": inputs.stagesToSkip,
    resources: inputs.resources,
    "request-body": inputs.requestBody,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`\`${name}\``]));
  if (incomparable.length > 0)
    return { kind: "never", reason: `${incomparable.join(", ")} cannot be compared with those of a run` };
  const { parameters, variables } = inputs;
  const body = requestBody({ ref: undefined, commit: undefined, parameters, variables });
  return { kind: "same-request", fingerprint: fingerprintOf({ pipelineId, body, tag: null }) };
}

type SearchOutcome =
  | { readonly kind: "found"; readonly listed: ListedRun }
  | ({ readonly kind: "none" } & FailedSearch);

interface FailedSearch {
  readonly result: RunSearchResult;
  readonly waitedMs: number;
  /** Why runs that build the commit, or of the ref, were passed over. */
  readonly passedOver: ReadonlyMap<number, string>;
}

interface SearchContext {
  readonly context: ActionContext;
  /** Only a run that this request would start; `undefined`: any. */
  readonly fingerprint: StartFingerprint | undefined;
}

/** Looks at the list until a run appears in it, or `find-timeout` has passed. */
async function searchUntilFound(
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
        // It would hide a pull request's runs, which build a merge of the commit.
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

/** Reads details of few runs, and of each once. What isn't read any more is `undefined`. */
function createDetailReader<T>(read: (listed: ListedRun, signal: AbortSignal) => Promise<T>) {
  const known = new Map<number, T>();
  return async (listed: ListedRun, signal: AbortSignal): Promise<T | undefined> => {
    const { id } = listed.run;
    if (!known.has(id) && known.size < maxDetailedRuns) known.set(id, await read(listed, signal));
    return known.get(id);
  };
}

/** Picks the newest run that fits. */
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
    if (when !== undefined && !evaluateCondition(when, documentOf(run, buildRunTree(new Map()), null)).holds)
      return "find-when is false";
    if (fingerprint === undefined) return undefined;
    if (!(await isSameRequest(listed, fingerprint, readDetails, signal)))
      return "its parameters or variables are not those that are asked for";
    if (isRerun && run.status === "completed" && !(await isSuccess(listed, context, signal)))
      return "it failed, and this is a re-run";
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

/** Completes what the list doesn't say of a run: from the run itself, and from GitHub about a merge commit. */
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
    // Only a pull request of this very repository is the event's.
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
  // Ref and commit have been compared by the query.
  const wanted = { ...fingerprint, ref: listed.candidate.ref, commit: null };
  const match = matchRequest(listed.candidate, wanted);
  if (match !== "possible") return match === "exact";
  const detailed = await readDetails(listed, signal);
  return detailed !== undefined && matchRequest(detailed, wanted) === "exact";
}

/** What Get Run says beyond the list; `undefined` where it can't be read. */
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

/** A condition may ask for stages, which the list doesn't show. */
async function isSuccess(
  { run }: ListedRun,
  { inputs, deps: { runs } }: ActionContext,
  signal: AbortSignal,
): Promise<boolean> {
  const poll = runs.createPoller(run.id);
  const response = await poll({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
  return evaluateCondition(inputs.successWhen, documentOf(response.run, buildRunTree(response.records), null))
    .holds;
}

async function startSearchedRun(
  { target, pipelineId, query, trigger }: ResolvedSearch,
  { inputs, deps }: ActionContext,
  signal: AbortSignal,
): Promise<TrackedRun> {
  if (
    inputs.ref === undefined &&
    target.search.by === "commit" &&
    !hasInferableRef(trigger) &&
    inputs.commit === undefined
  )
    throw new ActionError(
      "bad-input",
      `ref: is needed to start a run, since the event ${trigger.event} does not say which ref has the commit ${query.commit}.`,
      { hint: "Set `ref`, or `if-not-found: fail`." },
    );
  const source = startSource(inputs, target, query, trigger);
  const plan = await resolveStartRequest(
    { ...inputs, ...source },
    { by: "id", id: pipelineId },
    { deps, trigger: async () => trigger },
    signal,
  );
  return await startRun({ ...plan, tag: null }, inputs, deps, signal);
}

/** Exactly what was searched for. A fork's head is built as the merge commit that GitHub made of it. */
function startSource(
  inputs: Inputs,
  { search }: FindTarget,
  { ref, commit }: RunQuery,
  { pullRequest, repository }: Trigger,
): Pick<Inputs, "ref" | "commit"> {
  if (search.by === "ref" || inputs.commit !== undefined || inputs.ref !== undefined) return { ref, commit };
  const isFork =
    pullRequest !== undefined && pullRequest.headRepository?.toLowerCase() !== repository.toLowerCase();
  return { ref, commit: isFork ? undefined : commit };
}

function writeFoundNotes(
  { run }: ListedRun,
  { target, trigger, query }: ResolvedSearch,
  { deps: { runner } }: ActionContext,
): void {
  const commit = eventCommit(trigger);
  const isEventRef = query.ref !== undefined && query.ref === trigger.ref;
  if (target.search.by !== "ref" || !isEventRef || commit === undefined || run.source.commit === null) return;
  if (run.source.commit.toLowerCase() === commit.toLowerCase()) return;
  const text = `${oneLine(run.name)} builds commit ${run.source.commit}, not the event's commit ${commit}.`;
  runner.write([{ type: "notice", text }]);
}

/** `builds commit 4f2c…`, `is of refs/heads/main`. */
function queryText({ query: { commit, ref } }: ResolvedSearch): string {
  const parts = [
    ...(commit === undefined ? [] : [`builds commit ${commit}`]),
    ...(ref === undefined ? [] : [`is of ${ref}`]),
  ];
  return parts.join(" and ");
}

function notFoundText(search: ResolvedSearch, { waitedMs, passedOver, result }: FailedSearch): string {
  const waited = waitedMs === 0 ? "" : ` after ${durationText(waitedMs)}`;
  const suitable = passedOver.size === 0 ? "" : " that is suitable";
  const sentences = [
    `No run of pipeline ${search.pipelineId}${suitable} ${queryText(search)}${waited}.`,
    ...result.runs.flatMap(({ run }) => {
      const objection = passedOver.get(run.id);
      return objection === undefined ? [] : [`${oneLine(run.name)} does not count: ${objection}.`];
    }),
    ...(result.isTruncated
      ? ["Only the newest 1,000 runs, and those of the last 30 days, were searched."]
      : []),
  ];
  return sentences.slice(0, 6).join(" ");
}

const maxListedRuns = 5;

function notFoundError(search: ResolvedSearch, outcome: FailedSearch): ActionError {
  const { runs } = outcome.result;
  const list = runs
    .slice(0, maxListedRuns)
    .map(({ run, trigger }) => {
      const { commit, ref } = run.source;
      const facts = [commit ?? "unknown commit", ref ?? "unknown ref", trigger.reason ?? "unknown reason"];
      return `${run.name}: ${facts.join(", ")}, ${run.result ?? run.status}: ${run.url}`;
    })
    .map(oneLine);
  const existing =
    runs.length === 0
      ? "The pipeline has no runs."
      : `The newest ${counted(list.length, "run")} of the pipeline:\n${list.join("\n")}`;
  return new ActionError("not-found", `${notFoundText(search, outcome)}\n${existing}`, {
    hint: "Raise `find-timeout` if the run is queued later, or see `if-not-found`.",
  });
}
