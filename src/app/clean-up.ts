import type { Candidate } from "../core/evidence.ts";
import { reasonOf } from "../errors.ts";
import { readInputs } from "../inputs.ts";
import type { Pipelines, Signpost, SignReport } from "../ports.ts";
import { escapeMarkdown } from "../render/markdown.ts";
import { type Alike, candidatesOf, oursAmong, twinsOf } from "./candidates.ts";
import type { Connection, Outside } from "./launch.ts";
import { recallOwed } from "./owed.ts";
import { type Asked, type At, haveSignsEnded, recallPhase } from "./state.ts";
import { within } from "./within.ts";

interface AfterMain extends Omit<Outside, "signal"> {
  /**
   * Tells a main step that still lives, since no signal reached it, that it is over. Resolves once that has seen to what
   * it had begun.
   */
  callOff(): Promise<void>;
}

type Means = Pick<Connection, "pipelines"> & Pick<Outside, "clock" | "host">;

const atMostMs = 60_000;
/** Within that minute an answer that never comes must not be the only one that was asked for. */
const patience = { patienceMs: 40_000, timeoutMs: 8_000 };

/**
 * The post step: cancels the run where the main step was cut off before it could. Says what happened, and never fails
 * the job: an unclean end has its own colour already.
 */
export async function cleanUp(outside: AfterMain): Promise<void> {
  const { host, clock } = outside;
  const phase = recallPhase(host);
  if (phase.at === "settled") return;
  const isCalledOff = outside.callOff();
  // What it starts in this very moment nobody but itself knows of.
  if (phase.at === "idle") return await isCalledOff;
  const failed = (what: string) => (error: unknown) => {
    host.write([{ type: "warning", text: `This step was cut off, and ${what}: ${reasonOf(error)}` }]);
  };
  await within(atMostMs, clock, async (limit) => {
    const inputs = await readInputs(outside.input);
    const { pipelines } = outside.connect(inputs);
    const where =
      phase.at === "starting"
        ? pipelines.pipelineAddress(phase.pipelineId)
        : pipelines.webAddress(phase.runId);
    if (mayCancel(phase, inputs.cancelOnAbort)) {
      const stopping = stop(phase, { pipelines, clock, host }, limit);
      await stopping.catch(failed(`its run could not be cancelled (${where})`));
    }
    if (phase.at === "starting" || haveSignsEnded(host)) return;
    const posts = outside.workflow.signposts(inputs, { isOthers: true, isLast: true });
    const ending = takeDown(await posts, phase.runId, { pipelines, host }, limit);
    await ending.catch(failed(`its check run or status may still say that it goes on (${where})`));
  }).catch(failed("nothing could be done about it"));
}

function mayCancel(
  phase: At<"starting" | "following" | "left">,
  cancelOnAbort: boolean | undefined,
): phase is At<"starting" | "following"> {
  if (phase.at === "left") return false;
  return cancelOnAbort ?? (phase.at === "starting" || phase.isOurs);
}

async function stop(phase: At<"starting" | "following">, means: Means, signal: AbortSignal): Promise<void> {
  if (phase.at === "starting") return await stopStart(phase, means, signal);
  const { runId, twins } = phase;
  await stopRun(runId, means, signal);
  if (twins !== undefined) await stopTwins(twins, runId, means, signal);
}

async function stopRun(runId: number, { pipelines, host }: Means, signal: AbortSignal): Promise<void> {
  const { status, name, url } = await pipelines.build(runId, patience, signal);
  const isOver = status === "completed";
  if (!isOver && status !== "canceling") await pipelines.cancel(runId, patience, signal);
  const text = isOver
    ? `${name} was over when this step was cut off: ${url}`
    : `${name} was cancelled, since this step was cut off: ${url}`;
  host.write([{ type: "text", text }]);
}

/** They were about to be looked for, and the list may lag behind the start of one. */
async function stopTwins(twins: Asked, runId: number, means: Means, signal: AbortSignal): Promise<void> {
  const stopped = new Set<number>();
  for (const pauseMs of [0, 1_000, 2_000]) {
    await means.clock.sleep(pauseMs, signal);
    for (const twin of await twinsOf(twins, runId, { ...means, patience }, signal)) {
      if (!stopped.has(twin.id)) await stopOrphan(twin, means, signal);
      stopped.add(twin.id);
    }
    if (stopped.size >= twins.asks - 1) return;
  }
}

/**
 * The service's list may lag behind a start that was cut off a moment ago: it is looked at more than once. In a
 * container nobody tells the main step that it is over, and it may ask for its start again for as long as it lives.
 */
async function stopStart(phase: At<"starting">, means: Means, signal: AbortSignal): Promise<void> {
  const { host, clock } = means;
  const stopped = new Set<number>();
  let alike: readonly Alike[] = [];
  for (const pauseMs of [0, 1_000, 2_000, 6_000, 11_000, 20_000]) {
    await clock.sleep(pauseMs, signal);
    alike = await candidatesOf(phase, { ...means, patience }, signal);
    const ours = oursAmong(alike, phase.asks);
    for (const run of ours) {
      if (!stopped.has(run.id)) await stopOrphan(run, means, signal);
      stopped.add(run.id);
    }
    if (stopped.size === phase.asks || (alike.length > 0 && ours.length === 0)) break;
  }
  if (stopped.size > 0) return;
  const list = alike.map(({ candidate }) => candidate.url).join(", ");
  const begun = "This step was cut off while it started a run";
  host.write([
    alike.length === 0
      ? { type: "text", text: `${begun}; none has shown up.` }
      : { type: "warning", text: `${begun}, which may be one of these; none was cancelled: ${list}` },
  ]);
}

async function stopOrphan(
  { id, name, url, status }: Candidate,
  { pipelines, host }: Means,
  signal: AbortSignal,
): Promise<void> {
  const isOver = status === "completed";
  if (!isOver) await pipelines.cancel(id, patience, signal);
  const text = isOver
    ? `${name} was over when this step, which had started it, was cut off: ${url}`
    : `${name}, whose start was under way when this step was cut off, was cancelled: ${url}`;
  host.write([{ type: "text", text }]);
}

/** A check run that nobody ends would stay open for ever. */
async function takeDown(
  posts: readonly Signpost[],
  runId: number,
  { pipelines, host }: Pick<Means, "pipelines" | "host">,
  limit: AbortSignal,
): Promise<void> {
  if (posts.length === 0) return;
  const all = [...posts.keys()];
  const owed = recallOwed(host) ?? { report: await cutOff(runId, pipelines, limit), posts: all };
  const open = posts.filter((_, place) => owed.posts.includes(place));
  await Promise.all(open.map((post) => post.end(owed.report, limit)));
}

/** What there is to say of a run whose step had no last word. */
async function cutOff(
  runId: number,
  pipelines: Pick<Pipelines, "build">,
  signal: AbortSignal,
): Promise<SignReport> {
  const { name, url } = await pipelines.build(runId, { patienceMs: 10_000 }, signal);
  const text = `${name}: the step that followed it was cut off`;
  return {
    kind: "canceled",
    title: text,
    summary: () => escapeMarkdown(text),
    annotations: [],
    runUrl: url,
    runId,
    description: text,
  };
}
