import { buildRunTree } from "../core/build-run-tree.ts";
import type { RunFacts } from "../core/model.ts";
import { documentOf } from "../core/run-document.ts";
import type { Candidate } from "../core/run-matching.ts";
import type { Verdict } from "../core/run-report.ts";
import type { RunSnapshot } from "../core/run-snapshot.ts";
import { ignoreError } from "../errors.ts";
import { runLine } from "../render/run-lines.ts";
import { annotate } from "./annotate.ts";
import type { ActionContext, TrackingContext } from "./context.ts";
import { setAllOutputs } from "./outputs.ts";
import { publishSummary } from "./step-summary.ts";
import { createTrackingContext } from "./track-run.ts";

/** Writes outputs and summary, and closes check run and status, for a run whose end the step did not see. */
export async function reportInterruptedRun(
  verdict: Verdict & { readonly kind: "canceled" | "error" },
  { snapshot, tracking }: { readonly snapshot: RunSnapshot | undefined; readonly tracking: TrackingContext },
  signal: AbortSignal,
): Promise<void> {
  if (snapshot === undefined) return await tracking.reports.closeUnpolled(verdict, signal);
  // An error that follows the final report adds nothing to it.
  if (tracking.deps.stepState.isFinalized) return;
  setAllOutputs(snapshot.document, tracking);
  await annotate(snapshot, tracking);
  await publishSummary(snapshot, { verdict }, tracking, signal).catch(
    ignoreError("no time is left, and the post step closes the check run"),
  );
}

/** Logs a run that was found only when the step was cut off, and prepares its outputs and summary. */
export async function reportFoundRun(found: Candidate, context: ActionContext): Promise<void> {
  const { runner, clock, stepState } = context.deps;
  runner.write([runLine("Started", found)]);
  const { id, name, url, ref, commit } = found;
  const details = { pipelineName: null, source: { ref, commit }, requestedBy: null, raw: null };
  const tracked = { id, name, url, ...details, isExternal: false };
  const run = factsOf(found);
  const tree = buildRunTree(new Map());
  stepState.setSnapshot({ run, tree, document: documentOf(run, tree, null), at: clock.now() });
  context.onTracking(await createTrackingContext(tracked, context, clock.now()));
}

/** From the list of runs. */
function factsOf({ id, name, url, status, pipelineId, ref, commit, queuedAt, tags }: Candidate): RunFacts {
  return {
    id,
    name,
    url,
    status,
    result: null,
    unknownResult: undefined,
    pipeline: { id: pipelineId, name: null, folder: null },
    source: { ref, commit },
    repository: undefined,
    prSourceSha: undefined,
    createdAt: queuedAt === null ? null : new Date(queuedAt).toISOString(),
    startedAt: null,
    finishedAt: null,
    isPipelinePaused: false,
    requestedBy: null,
    tags,
    problems: [],
    raw: null,
  };
}
