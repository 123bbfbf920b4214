import { documentOf } from "../core/document.ts";
import type { RunFacts } from "../core/model.ts";
import { treeOf } from "../core/tree.ts";
import { ActionError } from "../errors.ts";
import type { Inputs } from "../inputs.ts";
import { headLine, runLine } from "../render/bookends.ts";
import { checkProject } from "./check-project.ts";
import type { Course } from "./course.ts";
import type { Means } from "./means.ts";
import { lookOutputs, startOutputs } from "./outputs.ts";

/** A run to follow, whoever started it. */
export interface Followable {
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
  readonly retriedAfter?: Pick<RunFacts, "result" | "finishedAt">;
  /** Somebody else, or an earlier attempt, may have left a check run open for it. */
  readonly isOthers: boolean;
}

export interface Setting {
  readonly inputs: Inputs;
  readonly means: Means;
  readonly course: Course;
}

/** Takes a run that somebody else started: it is only cancelled when the inputs say so in so many words. */
export async function attach(
  { runId, pipelineId }: { readonly runId: number; readonly pipelineId: number | undefined },
  setting: Setting,
  signal: AbortSignal,
): Promise<Followable> {
  const run = await setting.means.pipelines.build(runId, { patienceMs: 60_000 }, signal);
  checkProject(setting.inputs, run.project);
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
  return await take(run, { setting, verb: "Following", isOurs: false }, signal);
}

interface Taking {
  readonly setting: Setting;
  readonly verb: string;
  readonly isOurs: boolean;
}

/** Says, wherever it matters, which run the step is about from now on. */
export async function take(
  run: RunFacts,
  { setting: { inputs, means, course }, verb, isOurs }: Taking,
  signal: AbortSignal,
): Promise<Followable> {
  const { host, outputs, pipelines } = means;
  const { id, url, source, pipeline } = run;
  course.enter({ at: "following", runId: id, isOurs });
  outputs.tell(startOutputs({ ...run, commit: source.commit }));
  // A retry has just changed the rest.
  if (!isOurs) outputs.tell(lookOutputs(documentOf(run, treeOf(new Map()), null)));
  host.write([
    headLine({
      organization: inputs.place.organization.name,
      project: inputs.place.project,
      pipeline: pipeline.name ?? "pipeline",
      pipelineId: pipeline.id,
      ...source,
    }),
    runLine(verb, run),
  ]);
  // Conditions and mappings may ask for it; nothing else does.
  const answer =
    pipeline.id === null ? undefined : await pipelines.run(pipeline.id, id, signal).catch(() => undefined);
  signal.throwIfAborted();
  const { name, requestedBy } = run;
  const what = { pipelineName: pipeline.name, source, requestedBy };
  return { id, name, url, ...what, raw: answer?.raw ?? null, isOthers: true };
}
