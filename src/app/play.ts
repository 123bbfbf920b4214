import type { Trigger } from "../core/default-ref.ts";
import { rerunTag } from "../core/rerun-tag.ts";
import type { PipelineChoice } from "../inputs/target.ts";
import type { Inputs } from "../inputs.ts";
import type { Signpost } from "../ports.ts";
import { attach, type Followable } from "./attach.ts";
import { begin, prepare } from "./begin.ts";
import type { Verdict } from "./conclude.ts";
import type { Course } from "./course.ts";
import type { Means } from "./means.ts";
import { resume } from "./rerun.ts";
import type { Scene } from "./scene.ts";
import { withGrace } from "./within.ts";

/** What the workflow run is, as far as it matters here. */
export interface Workflow {
  readonly runId: string;
  readonly attempt: number;
  /** For `rerun-key`, where the input is blank. */
  readonly stepKey: string;
  readonly trigger: () => Promise<Trigger>;
  /** Check run and commit status, as far as they are wanted. */
  readonly signposts: (inputs: Inputs, run: Pick<Followable, "isOthers">) => Promise<readonly Signpost[]>;
}

export interface Playing {
  readonly inputs: Inputs;
  readonly means: Means;
  readonly course: Course;
  readonly workflow: Workflow;
  /** Told as soon as a run is being followed. */
  readonly onScene: (scene: Scene) => void;
}

/** How long after the signal a start that is under way may still be answered. */
export const startGraceMs = 2_500;

/** The use case from end to end: gets hold of a run, follows it, and ends as it ended. */
export async function play(playing: Playing, signal: AbortSignal): Promise<Verdict> {
  const { host, signIn } = playing.means;
  await signIn.authorization(signal);
  if (signIn.description !== undefined) host.write([{ type: "text", text: signIn.description }]);
  const run = await hold(playing, signal);
  if (run === undefined) return "succeeded";
  // What is only needed from here on is loaded from here on: the start comes first.
  const { accompany } = await import("./accompany.ts");
  return await accompany(run, playing, signal);
}

/** The run that the step is about: started, found again, or somebody else's. None after a preview. */
async function hold(playing: Playing, signal: AbortSignal): Promise<Followable | undefined> {
  const { inputs, means } = playing;
  const { target } = inputs;
  if (target.kind === "start") return await start(target.pipeline, playing, signal);
  const run = await attach(target, playing, signal);
  await putTags(run.id, inputs.tags ?? [], means, signal);
  return run;
}

async function start(
  pipeline: PipelineChoice,
  playing: Playing,
  signal: AbortSignal,
): Promise<Followable | undefined> {
  const { inputs, means, course, workflow } = playing;
  const tag = inputs.onRerun === "new" ? null : rerunTag(workflow.runId, inputs.rerunKey ?? workflow.stepKey);
  const prepared = await prepare(inputs, pipeline, { means, trigger: workflow.trigger }, signal);
  const { pipelineId } = prepared;
  if (inputs.preview) {
    means.outputs.tell({ "final-yaml": await means.pipelines.preview(pipelineId, prepared.body, signal) });
    means.host.write([
      { type: "text", text: "The pipeline is valid. Nothing was started; see the output final-yaml." },
    ]);
    return undefined;
  }
  if (tag !== null && workflow.attempt > 1) {
    const earlier = await resume({ pipelineId, tag }, playing, signal);
    if (earlier !== undefined) return earlier;
  }
  const started = await withGrace({ ms: startGraceMs, clock: means.clock, signal }, (late) =>
    begin({ ...prepared, tag }, { inputs, means, course }, late),
  );
  signal.throwIfAborted();
  await putTags(started.id, [...(inputs.tags ?? []), ...(tag === null ? [] : [tag])], means, signal);
  return started;
}

async function putTags(
  runId: number,
  tags: readonly string[],
  { pipelines, host }: Means,
  signal: AbortSignal,
): Promise<void> {
  if (tags.length === 0) return;
  try {
    await pipelines.tag(runId, tags, signal);
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    host.write([{ type: "warning", text: `The run bears no tags. ${why}` }]);
  }
}
