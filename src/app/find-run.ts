import { eventCommit, hasInferableRef, type Trigger } from "../core/default-ref.ts";
import { fingerprintOf, type StartFingerprint } from "../core/run-matching.ts";
import { isOfOtherCommit, type ListedRun, type RunQuery } from "../core/run-search.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import { requestBody } from "../core/start-request.ts";
import { ActionError, ignoreError } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { checkProject, type FindTarget } from "../inputs/run-target.ts";
import { listed, oneLine } from "../lib/text.ts";
import { durationText } from "../lib/time.ts";
import type { CommitReport } from "../ports.ts";
import { escapeMarkdown } from "../render/markdown.ts";
import { adoptRun } from "./attach-run.ts";
import type { ActionContext, ActionDeps } from "./context.ts";
import { emptyRunOutputs } from "./outputs.ts";
import {
  type FailedSearch,
  queryText,
  type ResolvedSearch,
  resolveSearch,
  searchUntilFound,
} from "./search-run.ts";
import { resolveStartRequest, startRun } from "./start-run.ts";

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
    const origin = trigger.reason === undefined ? undefined : `queued by ${oneLine(trigger.reason)}`;
    const { projectRef } = context.inputs;
    return await adoptRun(
      run,
      { projectRef, verb: "Found", origin, isOwn: false, stagesToStart: target.stagesToStart },
      deps,
      signal,
    );
  }
  // A pipeline that doesn't exist, or can't be read, has an empty list too.
  if (outcome.result.runs.length === 0) await search.readPipeline(signal);
  if (ifNotFound === "start") {
    deps.runner.write([{ type: "text", text: `${notFoundText(search, outcome)} Starting one.` }]);
    return await startSearchedRun(search, context, signal);
  }
  if (ifNotFound === "fail")
    throw notFoundError(search, outcome, await describeNewestRuns(search, outcome, deps, signal));
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
  if (inputs.summary) runner.addSummary(() => `${summary}\n`);
  const reporters = await workflow.commitReporters(inputs, { isExternal: false, readSource: undefined });
  const report: CommitReport = {
    kind: "skipped",
    title: "No run was found",
    summary: () => summary,
    annotations: [],
    runUrl: pipelines.url(pipelineId),
    runId: undefined,
    description: text,
  };
  await Promise.all(reporters.map((reporter) => reporter.close(report, signal)));
}

type ReuseRules =
  | { readonly kind: "never"; readonly reason: string }
  | { readonly kind: "same-request"; readonly fingerprint: StartFingerprint };

/** If a run is reused instead of starting one, it must have the same parameters and variables. */
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
      `ref: is required to start a run, since the event ${trigger.event} does not say which ref has the commit ${query.commit}.`,
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
  listed: ListedRun,
  { target, trigger, query: { ref } }: ResolvedSearch,
  { deps: { runner } }: ActionContext,
): void {
  if (target.search.by !== "ref" || ref === undefined || !isOfOtherCommit(listed, ref, trigger)) return;
  const { name, source } = listed.run;
  const text = `${oneLine(name)} builds commit ${source.commit}, not the event's commit ${eventCommit(trigger)}.`;
  runner.write([{ type: "notice", text }]);
}

function notFoundText(search: ResolvedSearch, { waitedMs, passedOver, result }: FailedSearch): string {
  const waited = waitedMs === 0 ? "" : ` after ${durationText(waitedMs)}`;
  const suitable = passedOver.size === 0 ? "" : "suitable ";
  const skipped = [...new Set(passedOver.values())].map((objection) => {
    const names = result.runs.filter(({ run }) => passedOver.get(run.id) === objection);
    return `Skipped, since ${objection}: ${listed(names.map(({ run }) => oneLine(run.name)))}.`;
  });
  const sentences = [
    `No ${suitable}run of pipeline ${search.pipelineId} ${queryText(search)}${waited}.`,
    ...skipped,
    ...(result.isTruncated ? ["At most 1,000 runs of the last 30 days were searched."] : []),
  ];
  return sentences.join(" ");
}

const maxListedRuns = 5;

/** The newest runs of the ref that was searched for, or of the pipeline. Blank if they can't be read. */
async function describeNewestRuns(
  { pipelineId, target, query }: ResolvedSearch,
  { result }: FailedSearch,
  { runLists }: Pick<ActionDeps, "runLists">,
  signal: AbortSignal,
): Promise<string> {
  const ref = target.search.by === "ref" ? query.ref : undefined;
  if (ref === undefined || result.runs.length > 0) return newestRunsText(result.runs, ref);
  const limits = { maxRuns: maxListedRuns, maxAgeMs: Number.POSITIVE_INFINITY, retryForMs: 10_000 };
  const found = await runLists
    .search({ pipelineId, ref: undefined, ...limits }, signal)
    .catch(ignoreError("the error is complete without them"));
  signal.throwIfAborted();
  return found === undefined ? "" : newestRunsText(found.runs);
}

function newestRunsText(runs: readonly ListedRun[], owner = "the pipeline"): string {
  if (runs.length === 0) return "The pipeline has no runs.";
  const lines = runs.slice(0, maxListedRuns).map(({ run, trigger }) => {
    const { commit, ref } = run.source;
    const facts = [commit ?? "unknown commit", ref ?? "unknown ref", trigger.reason ?? "unknown reason"];
    return oneLine(`${run.name}: ${facts.join(", ")}, ${run.result ?? run.status}: ${run.url}`);
  });
  return [`The newest runs of ${owner}:`, ...lines].join("\n");
}

function notFoundError(search: ResolvedSearch, outcome: FailedSearch, newestRuns: string): ActionError {
  const message = [notFoundText(search, outcome), newestRuns].filter(Boolean).join("\n");
  return new ActionError("not-found", message, {
    hint: "Raise `find-timeout` if the run is queued later, or see `if-not-found`.",
  });
}
