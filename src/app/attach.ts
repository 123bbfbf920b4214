import { documentOf } from "../core/document.ts";
import type { RunFacts } from "../core/model.ts";
import { buildRunTree } from "../core/tree.ts";
import { ActionError } from "../errors.ts";
import type { Inputs } from "../inputs.ts";
import { headerLine, runLine } from "../render/bookends.ts";
import { checkProject } from "./check-project.ts";
import type { StepState } from "./course.ts";
import type { ActionDeps } from "./means.ts";
import { snapshotOutputs, startOutputs } from "./outputs.ts";

/** A run to follow, whoever started it. */
export interface TrackedRun {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  /** What it runs, as far as an answer has said so. */
  readonly pipelineName: string | null;
  readonly source: RunFacts["source"];
  readonly requestedBy: string | null;
  /** The answer of Run Pipeline or Get Run; null where it could not be had. */
  readonly raw: unknown;
  /** How it stood before this step had it retried: until that changes, the service has not caught up. */
  readonly staleResult?: Pick<RunFacts, "result" | "finishedAt">;
  /** Somebody else, or an earlier attempt, may have left a check run open for it. */
  readonly isExternal: boolean;
}

export interface AttachContext {
  readonly inputs: Inputs;
  readonly deps: ActionDeps;
  readonly stepState: StepState;
}

/** Takes a run that somebody else started: it is only cancelled when the inputs say so in so many words. */
export async function attachToRun(
  { runId, pipelineId }: { readonly runId: number; readonly pipelineId: number | undefined },
  context: AttachContext,
  signal: AbortSignal,
): Promise<TrackedRun> {
  const run = await context.deps.pipelines.getRun(runId, { retryForMs: 60_000 }, signal);
  checkProject(context.inputs, run.project);
  const { id } = run.pipeline;
  if (pipelineId !== undefined && id !== null && id !== pipelineId) {
    throw new ActionError(
      "bad-input",
      `pipeline-id: run ${runId} is one of pipeline ${id}, not of ${pipelineId}.`,
      {
        hint: "Correct `run-id` or `pipeline-id`.",
      },
    );
  }
  return await adoptRun(run, { context, verb: "Following", isOwn: false }, signal);
}

interface AdoptOptions {
  readonly context: AttachContext;
  readonly verb: string;
  readonly isOwn: boolean;
}

/** Says, wherever it matters, which run the step is about from now on. */
export async function adoptRun(
  run: RunFacts,
  { context: { inputs, deps, stepState }, verb, isOwn }: AdoptOptions,
  signal: AbortSignal,
): Promise<TrackedRun> {
  const { runner, outputs, pipelines } = deps;
  const { id, url, source, pipeline } = run;
  stepState.setPhase({ at: "following", runId: id, isOwn });
  outputs.set(startOutputs({ ...run, commit: source.commit }));
  // A retry has just changed the rest.
  if (!isOwn) outputs.set(snapshotOutputs(documentOf(run, buildRunTree(new Map()), null)));
  runner.write([
    headerLine({
      organization: inputs.projectRef.organization.name,
      project: inputs.projectRef.project,
      pipeline: pipeline.name ?? "pipeline",
      pipelineId: pipeline.id,
      ...source,
    }),
    runLine(verb, run),
  ]);
  // Conditions and mappings may ask for it; nothing else does.
  const response =
    pipeline.id === null
      ? undefined
      : await pipelines.getStartedRun(pipeline.id, id, signal).catch(() => undefined);
  signal.throwIfAborted();
  const { name, requestedBy } = run;
  const details = { pipelineName: pipeline.name, source, requestedBy };
  return { id, name, url, ...details, raw: response?.raw ?? null, isExternal: true };
}
