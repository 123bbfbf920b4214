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
import { noRun, startOutputs } from "./outputs.ts";

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
  // Whatever becomes of the retry: it is about this run.
  means.outputs.tell(startOutputs({ ...run, commit: run.source.commit }));
  const hasEndedBadly = run.status === "completed" && run.result !== "succeeded";
  if (hasEndedBadly && inputs.onRerun === "retry-failed") {
    const outcome = await retried(run.id, setting, signal);
    if (outcome.kind === "refused") {
      say(
        "warning",
        `${run.name} of an earlier attempt cannot be retried. ${outcome.why} Starting a new run.`,
      );
      means.outputs.tell(noRun);
      return undefined;
    }
    if (outcome.kind === "retried") {
      for (const { stage, refusal } of outcome.refused) {
        say("warning", `Stage ${stage} was not retried. ${refusal.message}`);
      }
      const taken = await take(run, { setting, verb: "Retrying what failed in", isOurs: true }, signal);
      return { ...taken, retriedAfter: outcome.before };
    }
  }
  return await take(run, { setting, verb: "Following, from an earlier attempt,", isOurs: false }, signal);
}

type Outcome =
  | { readonly kind: "retried"; readonly before: RunFacts; readonly refused: readonly Refused[] }
  | { readonly kind: "needless" }
  | { readonly kind: "refused"; readonly why: string };

interface Refused {
  readonly stage: string;
  readonly refusal: ActionError;
}

/** Asks for each failed stage again. Refused is only what the service refuses altogether. */
async function retried(runId: number, setting: Setting, signal: AbortSignal): Promise<Outcome> {
  const { means, inputs, course } = setting;
  const { pipelines } = means;
  const see = pipelines.looker(runId);
  const look = () => see({ patienceMs: 60_000, thorough: true }, signal);
  const before = await orRefusal(look, signal);
  if (before instanceof ActionError) return { kind: "refused", why: before.message };
  if (isFineAsItIs(before, inputs)) return { kind: "needless" };
  // From the first request on there may be something to cancel.
  course.enter({ at: "following", runId, isOurs: true });
  const { refused, isAny } = await retryFailed(before, pipelines, signal);
  const [first] = refused;
  if (first === undefined) return { kind: "retried", before: before.run, refused };
  const now = await orRefusal(look, signal);
  if (isAny || hasMovedOn(before, now)) {
    return { kind: "retried", before: before.run, refused: stillFailed(refused, now) };
  }
  course.enter({ at: "idle" });
  return { kind: "refused", why: first.refusal.message };
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
): Promise<{ readonly refused: readonly Refused[]; readonly isAny: boolean }> {
  const stages = failedStages(records);
  const refused: Refused[] = [];
  for (const stage of stages) {
    const refusal = await orRefusal(() => pipelines.retryStage(run.id, stage, signal), signal);
    if (refusal !== undefined) refused.push({ stage, refusal });
  }
  const isUnknown =
    refused.length === stages.length && refused.every(({ refusal }) => refusal.code === "not-found");
  if (!isUnknown) return { refused, isAny: refused.length < stages.length };
  // Without stages, or on a server that has no address for them, the run is retried as a whole.
  const refusal = await orRefusal(() => pipelines.retryRun(run.id, signal), signal);
  return refusal === undefined
    ? { refused: [], isAny: true }
    : { refused: [{ stage: run.name, refusal }], isAny: false };
}

/** An answer may have been lost, or somebody else been quicker: the service refuses what is under way already. */
function hasMovedOn(before: Look, now: Look | ActionError): boolean {
  if (now instanceof ActionError) return false;
  return now.run.status !== "completed" || now.run.finishedAt !== before.run.finishedAt;
}

function stillFailed(refused: readonly Refused[], now: Look | ActionError): readonly Refused[] {
  if (now instanceof ActionError) return refused;
  const failed = failedStages(now.records);
  return refused.filter(({ stage }) => failed.includes(stage));
}

/** What the service refuses, as a value. Whatever else goes wrong ends the step: a new run would do all of it again. */
async function orRefusal<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | ActionError> {
  try {
    return await work();
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
