import { requestHash, rerunTag } from "../core/rerun-tag.ts";
import { fingerprintOf, tagPrefix } from "../core/run-matching.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import { ignoreError, RunnerError, reasonOf } from "../errors.ts";
import type { PipelineChoice } from "../inputs/run-target.ts";
import type { ActionContext, ActionDeps } from "./context.ts";
import type { StepOutcome } from "./finish-step.ts";
import { resolveStartRequest, startRun } from "./start-run.ts";

/** The whole use case: starts or finds a run, waits for it, and returns its result. */
export async function runAction(context: ActionContext, signal: AbortSignal): Promise<StepOutcome> {
  const { runner, signIn } = context.deps;
  await signIn.authorization(signal);
  if (signIn.description !== undefined) runner.write([{ type: "text", text: signIn.description }]);
  const obtained = await obtainRun(context, signal);
  if (obtained === undefined) return "succeeded";
  // The wait does not need the tags.
  const tagging = addTags(obtained, context.deps, signal);
  tagging.catch(ignoreError("it is awaited at the end"));
  // Loaded only now, so that the start is not delayed.
  const { trackRun } = await import("./loaded-later.ts");
  const outcome = await trackRun(obtained.run, context, signal);
  await tagging;
  return outcome;
}

interface ObtainedRun {
  readonly run: TrackedRun;
  /** The tags to add to the run. */
  readonly tags: readonly string[];
}

/** The run of this step: started by it or an earlier attempt, or followed. None after a preview. */
async function obtainRun(context: ActionContext, signal: AbortSignal): Promise<ObtainedRun | undefined> {
  const { target, tags = [] } = context.inputs;
  if (target.kind === "start") return await startOrRetry(target.pipeline, context, signal);
  if (target.kind === "find") {
    const { findOrStartRun } = await import("./loaded-later.ts");
    const run = await findOrStartRun(target, context, signal);
    return run && { run: await retryOnRerun(run, context, signal), tags };
  }
  const { attachToRun } = await import("./loaded-later.ts");
  const run = await attachToRun({ ...target, projectRef: context.inputs.projectRef }, context.deps, signal);
  return { run: await retryOnRerun(run, context, signal), tags };
}

/** `on-rerun: retry-failed` with a run that this step does not start. */
async function retryOnRerun(
  run: TrackedRun,
  context: ActionContext,
  signal: AbortSignal,
): Promise<TrackedRun> {
  const { inputs, deps } = context;
  const isRetryWanted = inputs.onRerun === "retry-failed" && context.workflow.attempt > 1;
  if (!isRetryWanted || !run.isExternal) return run;
  const { retryFollowedRun } = await import("./loaded-later.ts");
  return await retryFollowedRun(run, inputs, deps, signal);
}

async function startOrRetry(
  pipeline: PipelineChoice,
  context: ActionContext,
  signal: AbortSignal,
): Promise<ObtainedRun | undefined> {
  const { inputs, deps, workflow } = context;
  const plan = await resolveStartRequest(inputs, pipeline, { deps, trigger: workflow.trigger }, signal);
  if (inputs.preview) {
    const { preview } = await import("./loaded-later.ts");
    await preview(plan, context, signal);
    return undefined;
  }
  const { runId: workflowRunId, attempt } = workflow;
  const key = inputs.rerunKey ?? workflow.stepKey;
  const tagParts = { workflowRunId, attempt, key, requestHash: requestHash(plan) };
  const tag = inputs.onRerun === "new" ? null : rerunTag(tagParts);
  if (tag !== null) {
    if (workflowRunId === "")
      throw new RunnerError("The runner did not set GITHUB_RUN_ID, which `on-rerun` needs.");
    if (attempt > 1) {
      const { resumeEarlierRun } = await import("./loaded-later.ts");
      const fingerprint = fingerprintOf({ ...plan, tag });
      const earlierRun = await resumeEarlierRun({ fingerprint, tagParts }, inputs, deps, signal);
      if (earlierRun !== undefined) return { run: earlierRun, tags: [] };
    }
  }
  const run = await startRun({ ...plan, tag }, inputs, deps, signal);
  signal.throwIfAborted();
  return { run, tags: [...(inputs.tags ?? []), ...(tag === null ? [] : [tag])] };
}

async function addTags(
  { run, tags }: ObtainedRun,
  { runs, runner }: ActionDeps,
  signal: AbortSignal,
): Promise<void> {
  if (tags.length === 0) return;
  try {
    await runs.addTags(run.id, tags, signal);
  } catch (error) {
    signal.throwIfAborted();
    const hasRerunTag = tags.some((tag) => tag.startsWith(tagPrefix));
    const consequence = hasRerunTag ? " A re-run of this job will not find this run." : "";
    runner.write([{ type: "warning", text: `The run was not tagged. ${reasonOf(error)}${consequence}` }]);
  }
}
