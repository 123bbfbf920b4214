import { documentOf } from "../core/document.ts";
import { judge } from "../core/expression.ts";
import type { Look, RunFacts } from "../core/model.ts";
import type { StageNode } from "../core/nodes.ts";
import { treeOf } from "../core/tree.ts";
import { ActionError } from "../errors.ts";
import type { Inputs } from "../inputs.ts";
import type { Pipelines } from "../ports.ts";
import { type Followable, type Setting, take } from "./attach.ts";

/**
 * Finds the run that an earlier attempt of this step started, and goes on with it: follows it if it is under way or
 * has succeeded, and retries what failed if that is wanted. Answers nothing where a new run is needed, having said why.
 */
export async function resume(
  { pipelineId, tag }: { readonly pipelineId: number; readonly tag: string },
  setting: Setting,
  signal: AbortSignal,
): Promise<Followable | undefined> {
  const { means, inputs } = setting;
  const runs = await means.pipelines.tagged(pipelineId, tag, signal);
  // The filter of an older server may pass over tags.
  const run = runs.find(({ tags }) => tags.includes(tag));
  const say = (text: string) => means.host.write([{ type: "text", text }]);
  if (run === undefined) {
    say("No earlier attempt of this step has left a run. Starting a new one.");
    return undefined;
  }
  const hasEndedBadly = run.status === "completed" && run.result !== "succeeded";
  if (hasEndedBadly && inputs.onRerun === "retry-failed") {
    const outcome = await retried(run.id, setting, signal);
    if (outcome.kind === "refused") {
      say(`${run.name} of an earlier attempt cannot be retried. ${outcome.why} Starting a new run.`);
      return undefined;
    }
    if (outcome.kind === "retried") {
      const taken = await take(run, { setting, verb: "Retrying what failed in", isOurs: true }, signal);
      return { ...taken, retriedAfter: outcome.before };
    }
  }
  return await take(run, { setting, verb: "Following, from an earlier attempt,", isOurs: false }, signal);
}

type Outcome =
  | { readonly kind: "retried"; readonly before: RunFacts }
  | { readonly kind: "needless" }
  | { readonly kind: "refused"; readonly why: string };

/** Asks for each failed stage again. Refused, in the service's words, is only what it refuses altogether. */
async function retried(runId: number, setting: Setting, signal: AbortSignal): Promise<Outcome> {
  const { means, inputs, course } = setting;
  const { pipelines } = means;
  let look: Look | undefined;
  const unseen = await attempted(async () => {
    look = await pipelines.looker(runId)({ patienceMs: 60_000, thorough: true }, signal);
  }, signal);
  if (look === undefined) return { kind: "refused", why: unseen ?? "" };
  if (isFineAsItIs(look, inputs)) return { kind: "needless" };
  // From the first request on there may be something to cancel.
  course.enter({ at: "following", runId, isOurs: true });
  const retries = retriesOf(look, pipelines, signal);
  const refusals: string[] = [];
  for (const retry of retries) {
    const why = await attempted(retry, signal);
    if (why !== undefined) refusals.push(why);
  }
  if (refusals.length < retries.length || (await hasMovedOn(look.run, pipelines, signal))) {
    return { kind: "retried", before: look.run };
  }
  course.enter({ at: "idle" });
  return { kind: "refused", why: refusals[0] ?? "" };
}

/** Under way again by now; or partially successful where that will do: nothing has failed in such a run. */
function isFineAsItIs({ run, records }: Look, { successWhen }: Inputs): boolean {
  if (run.status !== "completed") return true;
  return (
    run.result === "partiallySucceeded" && judge(successWhen, documentOf(run, treeOf(records), null)).holds
  );
}

type Retry = () => Promise<void>;

function retriesOf({ run, records }: Look, pipelines: Pipelines, signal: AbortSignal): readonly Retry[] {
  // A classic run has no stage that the service would know.
  const hasStages = [...records.values()].some(({ type }) => type === "Stage");
  const failed = hasStages ? treeOf(records).stages.filter(hasFailed) : [];
  return failed.length === 0
    ? [() => pipelines.retryRun(run.id, signal)]
    : failed.map(
        ({ name }) =>
          () =>
            pipelines.retryStage(run.id, name, signal),
      );
}

/** An answer may have been lost, or somebody else been quicker: the service refuses what is under way already. */
async function hasMovedOn(before: RunFacts, pipelines: Pipelines, signal: AbortSignal): Promise<boolean> {
  let hasMoved = false;
  await attempted(async () => {
    const { status, finishedAt } = await pipelines.build(before.id, { patienceMs: 60_000 }, signal);
    hasMoved = status !== "completed" || finishedAt !== before.finishedAt;
  }, signal);
  return hasMoved;
}

/** Answers with why it failed, if it did. */
async function attempted(work: () => Promise<void>, signal: AbortSignal): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionError && error.code === "unauthorized") throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

function hasFailed({ result, jobs }: StageNode): boolean {
  return (
    result === "failed" ||
    result === "canceled" ||
    result === "abandoned" ||
    jobs.some((job) => job.result === "failed")
  );
}
