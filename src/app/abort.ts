import type { Candidate } from "../core/evidence.ts";
import { ActionError } from "../errors.ts";
import type { Clock, Host, Pipelines } from "../ports.ts";
import { candidatesOf, oursAmong } from "./candidates.ts";
import type { Course } from "./course.ts";
import { type Outputs, startOutputs } from "./outputs.ts";

export interface Aborting {
  readonly pipelines: Pipelines;
  readonly clock: Clock;
  readonly host: Pick<Host, "write">;
  readonly course: Course;
  readonly outputs: Outputs;
  /** `cancel-on-abort`; blank leaves it to whose run it is. */
  readonly cancelOnAbort: boolean | undefined;
  /** The post step is at it already: the run is only cancelled if that has not come to it. */
  readonly isSecond?: boolean;
}

const tries = 2;
/** What a post step takes to cancel a run, as a rule. */
const postStepMs = 1_500;

/**
 * What can still be done between the signal and the runner's patience: cancels the run, and answers with what became
 * of it, as a sentence. What fails here is left to the post step.
 */
export async function abort(aborting: Aborting, signal: AbortSignal): Promise<string> {
  const { course, pipelines } = aborting;
  const { phase } = course;
  if (phase.at !== "starting" && phase.at !== "following") return "No run was started.";
  if (phase.at === "starting") return await abortStart(aborting, signal);
  const { runId, isOurs } = phase;
  const { url = pipelines.webAddress(runId), status = "inProgress" } = course.sight?.run ?? {};
  if (status !== "completed" && !(aborting.cancelOnAbort ?? isOurs)) {
    course.enter({ at: "left", runId });
    return `The run goes on: ${url}`;
  }
  const { isOver, said } = await endOf({ id: runId, url, status }, aborting, signal);
  if (isOver) course.enter({ at: "left", runId });
  return said;
}

/** The answer to the start never came: the runs that show up are the ones to cancel. */
async function abortStart(aborting: Aborting, signal: AbortSignal): Promise<string> {
  const { course, cancelOnAbort = true, outputs, pipelines } = aborting;
  const { phase } = course;
  if (phase.at !== "starting") return "";
  const open = `Whether a run was started is not known yet: ${pipelines.pipelineAddress(phase.pipelineId)}`;
  if (!cancelOnAbort) return open;
  const alike = await candidatesOf({ start: phase, startedAt: phase.startedAt }, aborting, signal).catch(
    () => [],
  );
  const ours = oursAmong(alike, phase.asks);
  const [first, another] = ours;
  if (first === undefined) return open;
  if (another === undefined) course.enter({ at: "following", runId: first.id, isOurs: true });
  outputs.tell(startOutputs(first));
  const ends = await Promise.all(ours.map((run) => endOf(run, aborting, signal)));
  if (ends.every(({ isOver }) => isOver)) course.enter({ at: "left", runId: first.id });
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
  const why = await cancelTwice(aborting, id, signal);
  return why === undefined
    ? { isOver: true, said: `The run was cancelled too: ${url}` }
    : { isOver: false, said: `The run could not be cancelled ${why}: ${url}` };
}

/** Gives the post step a moment to cancel the run, and looks whether it has. */
async function isStopped(
  runId: number,
  { pipelines, clock }: Pick<Aborting, "pipelines" | "clock">,
  signal: AbortSignal,
): Promise<boolean> {
  await clock.sleep(postStepMs, signal);
  const run = await pipelines
    .build(runId, { patienceMs: 0, timeoutMs: 1_000 }, signal)
    .catch(() => undefined);
  return run?.status === "canceling" || run?.status === "completed";
}

/** Answers with why it failed, if it did. */
async function cancelTwice(
  { pipelines }: Pick<Aborting, "pipelines">,
  runId: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pipelines.cancel(runId, { timeoutMs: 2_800, patienceMs: 0 }, signal);
      return undefined;
    } catch (error) {
      if (attempt < tries && !signal.aborted) continue;
      const why = error instanceof Error ? error.message : String(error);
      return error instanceof ActionError ? `(${why})` : `yet (${why})`;
    }
  }
}
