import { readInputs } from "../inputs.ts";
import type { Signpost } from "../ports.ts";
import { escapeMarkdown } from "../render/markdown.ts";
import { candidatesOf } from "./candidates.ts";
import type { Connection, Outside } from "./launch.ts";
import { haveSignsEnded, type Phase, recallPhase } from "./state.ts";
import { within } from "./within.ts";

type Means = Pick<Connection, "pipelines"> & Pick<Outside, "clock">;
type Open = Exclude<Phase, { at: "idle" | "settled" }>;

const atMostMs = 60_000;
/** Within that minute an answer that never comes must not be the only one that was asked for. */
const patience = { patienceMs: 40_000, timeoutMs: 8_000 };

/**
 * The post step: cancels the run where the main step was cut off before it could. Says what happened, and never fails
 * the job: an unclean end has its own colour already.
 */
export async function cleanUp(outside: Omit<Outside, "signal">): Promise<void> {
  const { host, clock } = outside;
  const phase = recallPhase(host);
  if (phase.at === "idle" || phase.at === "settled") return;
  let where = "";
  try {
    const inputs = await readInputs(outside.input);
    const { pipelines } = outside.connect(inputs);
    where =
      phase.at === "following"
        ? pipelines.webAddress(phase.runId)
        : pipelines.pipelineAddress(phase.pipelineId);
    const means = { pipelines, clock };
    await within(atMostMs, clock, async (limit) => {
      if (inputs.cancelOnAbort ?? (phase.at === "starting" || phase.isOurs)) {
        host.write([{ type: "text", text: await cancelled(phase, means, limit) }]);
      }
      if (phase.at !== "following" || haveSignsEnded(host)) return;
      const posts = await outside.workflow.signposts(inputs, { isOthers: true });
      if (posts.length > 0) await takeDown(posts, phase.runId, { pipelines, limit });
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    host.write([
      { type: "warning", text: `This step was cut off, and its run could not be cancelled: ${why} ${where}` },
    ]);
  }
}

async function cancelled(phase: Open, { pipelines, clock }: Means, signal: AbortSignal): Promise<string> {
  if (phase.at === "following") {
    const { status, name, url } = await pipelines.build(phase.runId, patience, signal);
    if (status === "completed") return `${name} was over when this step was cut off: ${url}`;
    if (status !== "canceling") await pipelines.cancel(phase.runId, patience, signal);
    return `${name} was cancelled, since this step was cut off: ${url}`;
  }
  const alike = await orphansOf(phase, { pipelines, clock }, signal);
  const [found, another] = alike;
  if (found === undefined) return "This step was cut off while it started a run; none has shown up.";
  if (another !== undefined || found.likeness !== "ours") {
    const list = alike.map(({ candidate }) => candidate.url).join(", ");
    return `This step was cut off while it started a run, which may be one of these; none was cancelled: ${list}`;
  }
  const { id, name, url, status } = found.candidate;
  if (status === "completed")
    return `${name} was over when this step, which had started it, was cut off: ${url}`;
  await pipelines.cancel(id, patience, signal);
  return `${name}, whose start was under way when this step was cut off, was cancelled: ${url}`;
}

/** A check run that nobody ends would stay open for ever. */
async function takeDown(
  posts: readonly Signpost[],
  runId: number,
  { pipelines, limit }: Pick<Connection, "pipelines"> & { readonly limit: AbortSignal },
): Promise<void> {
  const { name, url } = await pipelines.build(runId, { patienceMs: 10_000 }, limit);
  const text = `${name}: the step that followed it was cut off`;
  const report = {
    kind: "canceled",
    title: text,
    summary: escapeMarkdown(text),
    annotations: [],
    runUrl: url,
    runId,
  } as const;
  await Promise.all(posts.map((post) => post.end({ ...report, description: text }, limit)));
}

/**
 * The service's list may lag behind a start that was cut off a moment ago: it is looked at more than once. In a
 * container nobody tells the main step that it is over, and it may ask for its start again for as long as it lives.
 */
async function orphansOf(
  { pipelineId, evidence, startedAt }: Extract<Phase, { at: "starting" }>,
  means: Means,
  signal: AbortSignal,
): ReturnType<typeof candidatesOf> {
  for (const pauseMs of [0, 1_000, 2_000, 6_000, 11_000, 20_000]) {
    await means.clock.sleep(pauseMs, signal);
    const alike = await candidatesOf({ start: { pipelineId, evidence }, startedAt, patience }, means, signal);
    if (alike.length > 0) return alike;
  }
  return [];
}
