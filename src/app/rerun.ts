import { documentOf } from "../core/document.ts";
import { judge } from "../core/expression.ts";
import type { Look, Records, RunFacts } from "../core/model.ts";
import type { StageNode } from "../core/nodes.ts";
import { treeOf } from "../core/tree.ts";
import { ActionError } from "../errors.ts";
import type { Inputs } from "../inputs.ts";
import type { Pipelines } from "../ports.ts";
import { type Followable, type Setting, take } from "./attach.ts";
import { checkProject } from "./check-project.ts";

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
  const say = (type: "text" | "warning", text: string) => means.host.write([{ type, text }]);
  if (run === undefined) {
    say("text", "No earlier attempt of this step has left a run. Starting a new one.");
    return undefined;
  }
  checkProject(inputs, run.project);
  const hasEndedBadly = run.status === "completed" && run.result !== "succeeded";
  if (hasEndedBadly && inputs.onRerun === "retry-failed") {
    const outcome = await retried(run.id, setting, signal);
    if (outcome.kind === "refused") {
      say(
        "warning",
        `${run.name} of an earlier attempt cannot be retried. ${outcome.why} Starting a new run.`,
      );
      return undefined;
    }
    if (outcome.kind === "retried") {
      for (const { stage, refusal } of outcome.refused) {
        say("warning", `Stage ${stage} was not retried. ${refusal?.message}`);
      }
      const taken = await take(run, { setting, verb: "Retrying what failed in", isOurs: true }, signal);
      return { ...taken, retriedAfter: outcome.before };
    }
  }
  return await take(run, { setting, verb: "Following, from an earlier attempt,", isOurs: false }, signal);
}

type Outcome =
  | { readonly kind: "retried"; readonly before: RunFacts; readonly refused: readonly Answer[] }
  | { readonly kind: "needless" }
  | { readonly kind: "refused"; readonly why: string };

/** What the service answered to the retry of a stage. */
interface Answer {
  readonly stage: string;
  readonly refusal: ActionError | undefined;
}

/** Asks for each failed stage again. Refused is only what the service refuses altogether. */
async function retried(runId: number, setting: Setting, signal: AbortSignal): Promise<Outcome> {
  const { means, inputs, course } = setting;
  const { pipelines } = means;
  let look: Look | undefined;
  const unseen = await refusalOf(async () => {
    look = await pipelines.looker(runId)({ patienceMs: 60_000, thorough: true }, signal);
  }, signal);
  if (look === undefined) return { kind: "refused", why: unseen?.message ?? "" };
  if (isFineAsItIs(look, inputs)) return { kind: "needless" };
  // From the first request on there may be something to cancel.
  course.enter({ at: "following", runId, isOurs: true });
  const answers = await retryFailed(look, pipelines, signal);
  const refused = answers.filter(({ refusal }) => refusal !== undefined);
  if (refused.length < answers.length) return { kind: "retried", before: look.run, refused };
  if (await hasMovedOn(look.run, pipelines, signal)) {
    return { kind: "retried", before: look.run, refused: [] };
  }
  course.enter({ at: "idle" });
  return { kind: "refused", why: refused[0]?.refusal?.message ?? "" };
}

/** Under way again by now; or partially successful where that will do: nothing has failed in such a run. */
function isFineAsItIs({ run, records }: Look, { successWhen }: Inputs): boolean {
  if (run.status !== "completed") return true;
  return (
    run.result === "partiallySucceeded" && judge(successWhen, documentOf(run, treeOf(records), null)).holds
  );
}

async function retryFailed(
  { run, records }: Look,
  pipelines: Pipelines,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const stage of failedStages(records)) {
    const refusal = await refusalOf(() => pipelines.retryStage(run.id, stage, signal), signal);
    answers.push({ stage, refusal });
  }
  // Without stages, or on a server that has no address for them, the run is retried as a whole.
  if (answers.some(({ refusal }) => refusal?.code !== "not-found")) return answers;
  const refusal = await refusalOf(() => pipelines.retryRun(run.id, signal), signal);
  return [{ stage: run.name, refusal }];
}

/** An answer may have been lost, or somebody else been quicker: the service refuses what is under way already. */
async function hasMovedOn(before: RunFacts, pipelines: Pipelines, signal: AbortSignal): Promise<boolean> {
  let hasMoved = false;
  await refusalOf(async () => {
    const { status, finishedAt } = await pipelines.build(before.id, { patienceMs: 60_000 }, signal);
    hasMoved = status !== "completed" || finishedAt !== before.finishedAt;
  }, signal);
  return hasMoved;
}

/** What the service refuses, as a value. Whatever else goes wrong ends the step: a new run would do all of it again. */
async function refusalOf(work: () => Promise<void>, signal: AbortSignal): Promise<ActionError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionError && (error.code === "rejected" || error.code === "not-found"))
      return error;
    throw error;
  }
}

/** None for a classic run: its one stage is none that the service would know. */
function failedStages(records: Records): readonly string[] {
  const hasStages = [...records.values()].some(({ type }) => type === "Stage");
  const stages = hasStages ? treeOf(records).stages : [];
  return stages.filter(hasFailed).map(({ name }) => name);
}

function hasFailed({ result, jobs }: StageNode): boolean {
  return (
    result === "failed" ||
    result === "canceled" ||
    result === "abandoned" ||
    jobs.some((job) => job.result === "failed")
  );
}
