import { buildRunTree } from "../core/build-run-tree.ts";
import { matchesProject, type ProjectNames, type RunFacts } from "../core/model.ts";
import { documentOf } from "../core/run-document.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import { ActionError } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { headerLine, runLine } from "../render/run-text.ts";
import type { ActionDeps } from "./context.ts";
import { snapshotOutputs, startOutputs } from "./outputs.ts";
import type { StepState } from "./step-state.ts";

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

/** Where `project` and `url` name the project each in its way, what is read anyway says whether they mean the same. */
export function checkProject(
  { projectRef: { statedProject } }: Pick<Inputs, "projectRef">,
  project: ProjectNames | undefined,
): void {
  if (statedProject === undefined || project === undefined || matchesProject(statedProject, project)) return;
  const actual = [project.name, project.id].filter((name) => name !== null).join(", ");
  throw new ActionError(
    "bad-input",
    `project: ${statedProject} contradicts the input \`url\`, whose project is ${actual}.`,
    { hint: "Correct `project`, or take it out: `url` says it already." },
  );
}
