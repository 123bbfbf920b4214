import type { Clock, Host, Pipelines } from "../ports.ts";
import { candidatesOf } from "./candidates.ts";
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
}

const tries = 2;

/**
 * What can still be done between the signal and the runner's patience: cancels the run, and answers with what became
 * of it, as a sentence. What fails here is left to the post step.
 */
export async function abort(aborting: Aborting, signal: AbortSignal): Promise<string> {
  const { course, pipelines } = aborting;
  const { phase } = course;
  if (phase.at === "idle" || phase.at === "settled") return "No run was started.";
  if (phase.at === "starting") return await abortStart(aborting, signal);
  const { runId, isOurs } = phase;
  const url = course.sight?.run.url ?? pipelines.webAddress(runId);
  if (course.sight?.run.status === "completed") {
    course.enter({ at: "settled" });
    return `The run was over already: ${url}`;
  }
  if (!(aborting.cancelOnAbort ?? isOurs)) {
    course.enter({ at: "settled" });
    return `The run goes on: ${url}`;
  }
  return await cancelTwice(aborting, { runId, url }, signal);
}

/** The answer to the start never came: if its run shows up, it is the one to cancel. */
async function abortStart(aborting: Aborting, signal: AbortSignal): Promise<string> {
  const { course, cancelOnAbort = true, outputs, pipelines } = aborting;
  const { phase } = course;
  if (phase.at !== "starting") return "";
  const { pipelineId, startedAt, evidence } = phase;
  const open = `Whether a run was started is not known yet: ${pipelines.pipelineAddress(pipelineId)}`;
  if (!cancelOnAbort) return open;
  const alike = await candidatesOf({ start: { pipelineId, evidence }, startedAt }, aborting, signal).catch(
    () => [],
  );
  const [found, another] = alike;
  if (found === undefined || another !== undefined || found.likeness !== "ours") return open;
  const { id, url, status } = found.candidate;
  course.enter({ at: "following", runId: id, isOurs: true });
  outputs.tell(startOutputs(found.candidate));
  if (status === "completed") {
    course.enter({ at: "settled" });
    return `The run was over already: ${url}`;
  }
  return await cancelTwice(aborting, { runId: id, url }, signal);
}

async function cancelTwice(
  { pipelines, course }: Aborting,
  { runId, url }: { readonly runId: number; readonly url: string },
  signal: AbortSignal,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pipelines.cancel(runId, { timeoutMs: 2_800, patienceMs: 0 }, signal);
      course.enter({ at: "settled" });
      return `The run was cancelled too: ${url}`;
    } catch (error) {
      if (attempt < tries && !signal.aborted) continue;
      const why = error instanceof Error ? error.message : String(error);
      return `The run could not be cancelled yet (${why}): ${url}`;
    }
  }
}
