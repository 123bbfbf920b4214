import type { Candidate } from "../core/evidence.ts";
import type { RunFacts } from "../core/model.ts";
import { ActionError, reasonOf } from "../errors.ts";
import type { Clock, Pipelines } from "../ports.ts";
import { candidatesOf, oursAmong, twinsOf } from "./candidates.ts";
import type { Course } from "./course.ts";
import { type Outputs, startOutputs } from "./outputs.ts";
import type { Asked, At } from "./state.ts";

export interface Aborting {
  readonly pipelines: Pipelines;
  readonly clock: Clock;
  readonly course: Course;
  readonly outputs: Outputs;
  /** `cancel-on-abort`; blank leaves it to whose run it is. */
  readonly cancelOnAbort: boolean | undefined;
  /** The post step is at it already: the run is only cancelled if that has not come to it. */
  readonly isSecond?: boolean;
}

const tries = 2;
/** Whoever has seconds left does not rest because the service would have it so. */
const patience = { patienceMs: 5_000, isUrgent: true };
/** What a post step takes to cancel a run, as a rule. */
const postStepMs = 1_500;

/**
 * What can still be done between the signal and the runner's patience: cancels the run, and answers with what became
 * of it, as a sentence. What fails here is left to the post step.
 */
export async function abort(aborting: Aborting, signal: AbortSignal): Promise<string> {
  const { phase } = aborting.course;
  if (phase.at === "starting") return await abortStart(phase, aborting, signal);
  if (phase.at === "following") return await abortRun(phase, aborting, signal);
  return "No run was started.";
}

async function abortRun(phase: At<"following">, aborting: Aborting, signal: AbortSignal): Promise<string> {
  const { course, pipelines } = aborting;
  const { runId, isOurs, twins } = phase;
  const { url = pipelines.webAddress(runId), status = "inProgress" } = course.sight?.run ?? {};
  if (status !== "completed" && !(aborting.cancelOnAbort ?? isOurs)) {
    course.enter({ at: "left", runId });
    return `The run goes on: ${url}`;
  }
  const [end, areTwinsOver] = await Promise.all([
    endOf({ id: runId, url, status }, aborting, signal),
    twins === undefined ? true : abortTwins(twins, runId, aborting, signal),
  ]);
  if (end.isOver && areTwinsOver) course.enter({ at: "left", runId });
  return end.said;
}

/** Answers whether all of them were found and are over: else the post step looks again. */
async function abortTwins(
  twins: Asked,
  runId: number,
  aborting: Aborting,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await twinsOf(twins, runId, { ...aborting, patience }, signal).catch(() => []);
  const ends = await Promise.all(found.map((twin) => endOf(twin, aborting, signal)));
  return found.length === twins.asks - 1 && ends.every(({ isOver }) => isOver);
}

/** The answer to the start never came: the runs that show up are the ones to cancel. */
async function abortStart(phase: At<"starting">, aborting: Aborting, signal: AbortSignal): Promise<string> {
  const { course, cancelOnAbort = true, outputs, pipelines } = aborting;
  const open = `Whether a run was started is not known yet: ${pipelines.pipelineAddress(phase.pipelineId)}`;
  if (!cancelOnAbort) return open;
  const means = { pipelines, clock: aborting.clock, patience };
  const alike = await candidatesOf(phase, means, signal).catch(() => []);
  const ours = oursAmong(alike, phase.asks);
  const [first] = ours;
  if (first === undefined) return open;
  outputs.tell(startOutputs(first));
  const ends = await Promise.all(ours.map((run) => endOf(run, aborting, signal)));
  // As long as one is missing the post step has to look again.
  if (ours.length === phase.asks) {
    const isOver = ends.every((end) => end.isOver);
    if (isOver) course.enter({ at: "left", runId: first.id });
    else if (ours.length === 1) course.enter({ at: "following", runId: first.id, isOurs: true });
  }
  return ends.map(({ said }) => said).join(" ");
}

async function endOf(
  { id, url, status }: Pick<Candidate, "id" | "url" | "status">,
  aborting: Aborting,
  signal: AbortSignal,
): Promise<{ readonly isOver: boolean; readonly said: string }> {
  if (status === "completed") return { isOver: true, said: `The run was over already: ${url}` };
  if (aborting.isSecond === true && (await isStopped(id, aborting, signal)))
    return { isOver: true, said: `The run was cancelled by the post step: ${url}` };
  const outcome = await cancelTwice(aborting, id, signal);
  if (outcome === "cancelled") return { isOver: true, said: `The run was cancelled too: ${url}` };
  if (outcome === "over") return { isOver: true, said: `The run was over already: ${url}` };
  return { isOver: false, said: `The run could not be cancelled ${outcome.why}: ${url}` };
}

/** Gives the post step a moment to cancel the run, and looks whether it has. */
async function isStopped(
  runId: number,
  { pipelines, clock }: Pick<Aborting, "pipelines" | "clock">,
  signal: AbortSignal,
): Promise<boolean> {
  await clock.sleep(postStepMs, signal).catch(() => undefined);
  const run = await glance(runId, pipelines, signal);
  return run?.status === "canceling" || run?.status === "completed";
}

async function glance(
  runId: number,
  pipelines: Pick<Pipelines, "build">,
  signal: AbortSignal,
): Promise<RunFacts | undefined> {
  return await pipelines.build(runId, { patienceMs: 0, timeoutMs: 1_000 }, signal).catch(() => undefined);
}

async function cancelTwice(
  { pipelines }: Pick<Aborting, "pipelines">,
  runId: number,
  signal: AbortSignal,
): Promise<"cancelled" | "over" | { readonly why: string }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pipelines.cancel(runId, { timeoutMs: 2_800, patienceMs: 0 }, signal);
      return "cancelled";
    } catch (error) {
      const isRefused = error instanceof ActionError;
      // Refused is also what has ended in the meantime.
      if (isRefused && (await glance(runId, pipelines, signal))?.status === "completed") return "over";
      if (attempt < tries && !signal.aborted) continue;
      return { why: isRefused ? `(${reasonOf(error)})` : `yet (${reasonOf(error)})` };
    }
  }
}
