import { documentOf } from "../core/document.ts";
import type { RunDocument } from "../core/model.ts";
import { orAborted } from "../core/or-aborted.ts";
import { treeOf } from "../core/tree.ts";
import { reasonOf } from "../errors.ts";
import { tellUnfetched } from "./artifacts.ts";
import type { Followable } from "./attach.ts";
import { conclude, type Verdict } from "./conclude.ts";
import { follow, type Sight } from "./follow.ts";
import type { Means } from "./means.ts";
import { tellAll } from "./outputs.ts";
import { rememberOwed } from "./owed.ts";
import type { Playing } from "./play.ts";
import type { Scene } from "./scene.ts";
import { createSigns } from "./signs.ts";
import { rememberSignsEnded } from "./state.ts";
import { createStory } from "./story.ts";
import { rehearse, summarizeUnseen } from "./summarize.ts";
import { createTaskLogs } from "./task-logs.ts";
import { timedOut } from "./timed-out.ts";

/** What comes once there is a run: its story, its end, and what is told of it. A module of its own, loaded only then. */
export async function accompany(run: Followable, playing: Playing, signal: AbortSignal): Promise<Verdict> {
  const { inputs, means, course } = playing;
  const scene = await sceneOf(run, playing);
  playing.onScene(scene);
  signal.throwIfAborted();
  // The run does not wait for GitHub; only a step that ends here has to.
  const signsBegun = scene.signs.begin(run);
  if (!inputs.wait) {
    if (inputs.mapOutputs.length > 0) await mapNow(run, scene, signal);
    tellUnfetched(inputs, means.host);
    await summarizeUnseen(run, scene);
    await orAborted(signsBegun, signal);
    return "left";
  }
  const { stopWhen, mapOutputs, pollIntervalMs: intervalMs, timeoutMs } = inputs;
  const story = createStory({ logs: scene.logs, timeoutMs }, means);
  const over = new AbortController();
  const telling = story.keepTelling(over.signal);
  telling.catch(() => undefined);
  const whileIdle = (sight: Sight) => rehearse(sight, scene);
  const company = { means, course, story, signs: scene.signs, whileIdle };
  try {
    const followed = await follow({ run, stopWhen, mapOutputs, intervalMs, timeoutMs }, company, signal);
    if (followed === undefined) return await timedOut({ run }, scene, signal);
    return await conclude(followed, scene, signal);
  } finally {
    over.abort();
    await telling;
  }
}

/** The step's work is done once the run is started: a look that fails costs the outputs, not the step. */
async function mapNow(run: Followable, scene: Scene, signal: AbortSignal): Promise<void> {
  const { means, inputs } = scene;
  try {
    tellAll(await documentNow(run, means, signal), scene);
  } catch (error) {
    signal.throwIfAborted();
    means.host.write([{ type: "warning", text: `map-outputs: nothing could be read. ${reasonOf(error)}` }]);
    for (const { name } of inputs.mapOutputs) means.outputs.tell({ [name]: "" });
  }
}

async function documentNow(
  { id, raw }: Followable,
  { pipelines }: Pick<Means, "pipelines">,
  signal: AbortSignal,
): Promise<RunDocument> {
  // What a queued run waits for stands in its timeline.
  const { run, records } = await pipelines.looker(id)({ patienceMs: 60_000, thorough: true }, signal);
  return documentOf(run, treeOf(records), raw);
}

async function sceneOf(run: Followable, { inputs, means, course, workflow }: Playing): Promise<Scene> {
  const posts = await workflow.signposts(inputs, run);
  const signs = createSigns(posts, inputs.place.project, {
    onEnded: () => rememberSignsEnded(means.host),
    onOwed: (owed) => rememberOwed(means.host, owed),
  });
  const logs = createTaskLogs(
    { mode: inputs.logs, runId: run.id, runUrl: run.url, timeoutMs: inputs.timeoutMs },
    means,
  );
  return { inputs, means, course, logs, signs };
}
