import type { Trigger } from "../core/default-ref.ts";
import type { Inputs } from "../inputs.ts";
import { attach, type Followable } from "./attach.ts";
import type { Signpost } from "../ports.ts";
import type { Means } from "./means.ts";
import type { Course } from "./course.ts";
import type { Scene } from "./scene.ts";
import type { Verdict } from "./conclude.ts";
import type { PipelineChoice } from "../inputs/target.ts";
import { rerunTag } from "../core/rerun-tag.ts";
import { begin, prepare } from "./begin.ts";
import { resume } from "./rerun.ts";
import { tagPrefix } from "../core/evidence.ts";
import { reasonOf } from "../errors.ts";

/** What the workflow run is, as far as it matters here. */
export interface Workflow {
  readonly runId: string;
  readonly attempt: number;
  /** For `rerun-key`, where the input is blank. */
  readonly stepKey: string;
  readonly trigger: () => Promise<Trigger>;
  /** Check run and commit status, as far as they are wanted. */
  readonly signposts: (
    inputs: Inputs,
    run: Pick<Followable, "isOthers"> & /** Nobody comes after. */ { readonly isLast?: boolean },
  ) => Promise<readonly Signpost[]>;
}

export interface Playing {
  readonly inputs: Inputs;
  readonly means: Means;
  readonly course: Course;
  readonly workflow: Workflow;
  /** Told as soon as a run is being followed. */
  readonly onScene: (scene: Scene) => void;
}

/** The use case from end to end: gets hold of a run, follows it, and ends as it ended. */
export async function play(playing: Playing, signal: AbortSignal): Promise<Verdict> {
  const { host, signIn } = playing.means;
  await signIn.authorization(signal);
  if (signIn.description !== undefined) host.write([{ type: "text", text: signIn.description }]);
  const held = await hold(playing, signal);
  if (held === undefined) return "succeeded";
  // The wait does not wait for them.
  const tagged = putTags(held, playing.means, signal);
  tagged.catch(() => undefined);
  // What is only needed from here on is loaded from here on: the start comes first.
  const { accompany } = await import("./accompany.ts");
  const verdict = await accompany(held.run, playing, signal);
  await tagged;
  return verdict;
}

interface Held {
  readonly run: Followable;
  /** What it still has to be given. */
  readonly tags: readonly string[];
}

/** The run that the step is about: started, found again, or somebody else's. None after a preview. */
async function hold(playing: Playing, signal: AbortSignal): Promise<Held | undefined> {
  const { target, tags = [] } = playing.inputs;
  if (target.kind === "start") return await start(target.pipeline, playing, signal);
  return { run: await attach(target, playing, signal), tags };
}

async function start(
  pipeline: PipelineChoice,
  playing: Playing,
  signal: AbortSignal,
): Promise<Held | undefined> {
  const { inputs, means, course, workflow } = playing;
  const tag = inputs.onRerun === "new" ? null : rerunTag(workflow.runId, inputs.rerunKey ?? workflow.stepKey);
  const prepared = await prepare(inputs, pipeline, { means, trigger: workflow.trigger }, signal);
  const { pipelineId } = prepared;
  if (inputs.preview) {
    const { preview } = await import("./preview.ts");
    await preview(prepared, playing, signal);
    return undefined;
  }
  if (tag !== null && workflow.attempt > 1) {
    const earlier = await resume({ pipelineId, tag }, playing, signal);
    if (earlier !== undefined) return { run: earlier, tags: [] };
  }
  const run = await begin({ ...prepared, tag }, { inputs, means, course }, signal);
  signal.throwIfAborted();
  return { run, tags: [...(inputs.tags ?? []), ...(tag === null ? [] : [tag])] };
}

async function putTags({ run, tags }: Held, { pipelines, host }: Means, signal: AbortSignal): Promise<void> {
  if (tags.length === 0) return;
  try {
    await pipelines.tag(run.id, tags, signal);
  } catch (error) {
    signal.throwIfAborted();
    const isRecalled = tags.some((tag) => tag.startsWith(tagPrefix));
    const loss = isRecalled ? " A re-run of this job will not find this run." : "";
    host.write([{ type: "warning", text: `The run bears no tags. ${reasonOf(error)}${loss}` }]);
  }
}
