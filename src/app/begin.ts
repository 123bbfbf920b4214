import { at } from "../core/at.ts";
import { canGuess, defaultRef as refFor, type Trigger } from "../core/default-ref.ts";
import { evidenceOf } from "../core/evidence.ts";
import type { RunFacts } from "../core/model.ts";
import { requestBody } from "../core/request.ts";
import type { PipelineChoice } from "../inputs/target.ts";
import type { Inputs } from "../inputs.ts";
import { headLine, runLine } from "../render/bookends.ts";
import type { Followable } from "./attach.ts";
import { cancelTwins } from "./candidates.ts";
import { checkProject } from "./check-project.ts";
import type { Course } from "./course.ts";
import type { Means } from "./means.ts";
import { startOutputs } from "./outputs.ts";
import { startOnce } from "./start.ts";

/** A request to start a run, all questions answered. */
export interface Prepared {
  readonly pipelineId: number;
  readonly pipelineName: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  /** What is asked for; null leaves it to the pipeline. */
  readonly source: RunFacts["source"];
  /** What the pipeline builds by itself; `undefined` where nobody had to read it. */
  readonly defaultRef: string | null | undefined;
  /** By which a later attempt finds this step's run again, if it is to. */
  readonly tag?: string | null;
}

/** Finds the pipeline and decides what it builds: no request where both are given. */
export async function prepare(
  inputs: Inputs,
  pipeline: PipelineChoice,
  { means, trigger }: { readonly means: Means; readonly trigger: () => Promise<Trigger> },
  signal: AbortSignal,
): Promise<Prepared> {
  const { pipelines, host } = means;
  const pipelineId = pipeline.by === "id" ? pipeline.id : await pipelines.find(pipeline, signal);
  let pipelineName = pipeline.by === "name" ? pipeline.name : null;
  let { ref, commit } = inputs;
  let defaultRef: string | null | undefined;
  if (ref === undefined && !choosesSource(inputs)) {
    const cause = await trigger();
    const built = canGuess(cause) ? await pipelines.repository(pipelineId, signal) : undefined;
    checkProject(inputs, built?.project);
    const chosen = refFor(cause, built?.repository);
    pipelineName ??= built?.name ?? null;
    defaultRef = built?.defaultRef;
    if (chosen.kind === "own") {
      ref = chosen.ref;
      commit ??= chosen.commit;
    } else if (chosen.notice !== undefined) {
      host.write([{ type: "notice", text: chosen.notice }]);
    }
  }
  const source = { ref: ref ?? null, commit: commit ?? null };
  return { pipelineId, pipelineName, defaultRef, source, body: requestBody({ ...inputs, ref, commit }) };
}

/** Whether `resources` or `request-body` say what is to be built: then nothing is guessed. */
function choosesSource({ resources, requestBody }: Inputs): boolean {
  const selves = [at(resources, "repositories"), at(requestBody, "resources", "repositories")];
  return selves.some(({ self }) => self !== undefined);
}

/** Starts the run, and says so wherever it matters before anything else can happen. */
export async function begin(
  prepared: Prepared,
  { inputs, means, course }: { readonly inputs: Inputs; readonly means: Means; readonly course: Course },
  signal: AbortSignal,
): Promise<Followable> {
  const { host, outputs, pipelines } = means;
  const { pipelineId, body, defaultRef, tag = null } = prepared;
  const evidence = evidenceOf({ pipelineId, body, tag, defaultRef });
  const onAsk = (startedAt: number, asks: number) =>
    course.enter({ at: "starting", pipelineId, startedAt, asks, evidence });
  const onRest = () => course.enter({ at: "idle" });
  const { run, startedAt, asks } = await startOnce(
    { pipelineId, body, evidence },
    { ...means, onAsk, onRest },
    signal,
  );
  const following = { at: "following", runId: run.id, isOurs: true } as const;
  const twins = asks > 1 ? { pipelineId, startedAt, asks, evidence } : undefined;
  course.enter({ ...following, ...(twins && { twins }) });
  const url = run.url ?? pipelines.webAddress(run.id);
  const { ref, commit } = run;
  const pipelineName = run.pipelineName ?? prepared.pipelineName;
  outputs.tell(startOutputs({ ...run, url }));
  host.write([
    headLine({
      organization: inputs.place.organization.name,
      project: inputs.place.project,
      pipeline: pipelineName ?? "pipeline",
      pipelineId,
      ref,
      commit,
    }),
    runLine("Started", { name: run.name, url }),
  ]);
  if (twins !== undefined) {
    await cancelTwins(twins, run.id, means, signal);
    course.enter(following);
  }
  const what = { pipelineName, source: { ref, commit }, requestedBy: null };
  return { id: run.id, name: run.name, url, ...what, raw: run.raw, isOthers: false };
}
