import { buildRunTree } from "../core/build-run-tree.ts";
import { evaluateCondition } from "../core/condition.ts";
import type { PollResponse, Records, RunFacts } from "../core/model.ts";
import { documentOf } from "../core/run-document.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import type { StageNode } from "../core/run-tree.ts";
import { ActionError } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import type { Pipelines } from "../ports.ts";
import { type AttachContext, adoptRun, checkProject } from "./attach-run.ts";
import { type EarlierRunSearch, findEarlierRun } from "./find-earlier-run.ts";
import { emptyRunOutputs, startOutputs } from "./outputs.ts";

/**
 * Finds the run that an earlier attempt of this step started: follows it if it is running or has succeeded, and retries
 * what failed with `retry-failed`. Answers nothing if a new run is needed, and says why in the log.
 */
export async function resumeEarlierRun(
  search: EarlierRunSearch,
  context: AttachContext,
  signal: AbortSignal,
): Promise<TrackedRun | undefined> {
  if (search.tagParts.attempt <= 1) return undefined;
  const { deps, inputs } = context;
  const log = (type: "text" | "warning", text: string) => deps.runner.write([{ type, text }]);
  const run = await findEarlierRun(search, deps, signal);
  if (run === undefined) {
    log("text", "No earlier attempt of this step has left a run. Starting a new one.");
    return undefined;
  }
  checkProject(inputs, run.project);
  // Whatever becomes of the retry: the step is about this run.
  deps.outputs.set(startOutputs({ ...run, commit: run.source.commit }));
  const hasNotSucceeded = run.status === "completed" && run.result !== "succeeded";
  if (hasNotSucceeded && inputs.onRerun === "retry-failed") {
    const outcome = await requestRetry(run.id, context, signal);
    if (outcome.kind === "rejected") {
      log(
        "warning",
        `${run.name} of an earlier attempt cannot be retried. ${outcome.reason} Starting a new run.`,
      );
      deps.outputs.set(emptyRunOutputs);
      return undefined;
    }
    if (outcome.kind === "retried") {
      for (const { stage, rejection } of outcome.rejected) {
        log("warning", `Stage ${stage} was not retried. ${rejection.message}`);
      }
      const adopted = await adoptRun(run, { context, verb: "Retrying what failed in", isOwn: true }, signal);
      return { ...adopted, staleResult: outcome.before };
    }
  }
  return await adoptRun(run, { context, verb: "Following, from an earlier attempt,", isOwn: false }, signal);
}

type RetryOutcome =
  | { readonly kind: "retried"; readonly before: RunFacts; readonly rejected: readonly RejectedStage[] }
  | { readonly kind: "unnecessary" }
  | { readonly kind: "rejected"; readonly reason: string };

interface RejectedStage {
  readonly stage: string;
  readonly rejection: ActionError;
}

/** Asks for each failed stage again. Refused is only what the service refuses altogether. */
async function requestRetry(
  runId: number,
  context: AttachContext,
  signal: AbortSignal,
): Promise<RetryOutcome> {
  const { deps, inputs, stepState } = context;
  const { pipelines } = deps;
  const pollRun = pipelines.createRunPoller(runId);
  const poll = () => pollRun({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
  const before = await valueOrRejection(poll, signal);
  if (before instanceof ActionError) return { kind: "rejected", reason: before.message };
  if (hasNothingToRetry(before, inputs)) return { kind: "unnecessary" };
  // From the first request on there may be something to cancel.
  stepState.setPhase({ at: "following", runId, isOwn: true });
  const { rejected, isAnyAccepted } = await retryFailedStages(before, pipelines, signal);
  const [first] = rejected;
  if (first === undefined) return { kind: "retried", before: before.run, rejected };
  const current = await valueOrRejection(poll, signal);
  if (isAnyAccepted || hasChanged(before, current)) {
    return { kind: "retried", before: before.run, rejected: stillFailed(rejected, current) };
  }
  stepState.setPhase({ at: "idle" });
  return { kind: "rejected", reason: first.rejection.message };
}

/** Under way again by now; or partially successful where that will do: nothing has failed in such a run. */
function hasNothingToRetry({ run, records }: PollResponse, { successWhen }: Inputs): boolean {
  if (run.status !== "completed") return true;
  return (
    run.result === "partiallySucceeded" &&
    evaluateCondition(successWhen, documentOf(run, buildRunTree(records), null)).holds
  );
}

async function retryFailedStages(
  { run, records }: PollResponse,
  pipelines: Pipelines,
  signal: AbortSignal,
): Promise<{ readonly rejected: readonly RejectedStage[]; readonly isAnyAccepted: boolean }> {
  const stages = failedStages(records);
  const rejected: RejectedStage[] = [];
  for (const stage of stages) {
    const rejection = await valueOrRejection(() => pipelines.retryStage(run.id, stage, signal), signal);
    if (rejection !== undefined) rejected.push({ stage, rejection });
  }
  const isUnsupported =
    rejected.length === stages.length && rejected.every(({ rejection }) => rejection.code === "not-found");
  if (!isUnsupported) return { rejected, isAnyAccepted: rejected.length < stages.length };
  // Without stages, or on a server that has no address for them, the run is retried as a whole.
  const rejection = await valueOrRejection(() => pipelines.retryRun(run.id, signal), signal);
  return rejection === undefined
    ? { rejected: [], isAnyAccepted: true }
    : { rejected: [{ stage: run.name, rejection }], isAnyAccepted: false };
}

/** An answer may have been lost, or somebody else been quicker: the service refuses what is under way already. */
function hasChanged(before: PollResponse, current: PollResponse | ActionError): boolean {
  if (current instanceof ActionError) return false;
  return current.run.status !== "completed" || current.run.finishedAt !== before.run.finishedAt;
}

function stillFailed(
  rejected: readonly RejectedStage[],
  current: PollResponse | ActionError,
): readonly RejectedStage[] {
  if (current instanceof ActionError) return rejected;
  const failed = failedStages(current.records);
  return rejected.filter(({ stage }) => failed.includes(stage));
}

/** What the service refuses, as a value. Whatever else goes wrong ends the step: a new run would do all of it again. */
async function valueOrRejection<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | ActionError> {
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
  const stages = hasStages ? buildRunTree(records).stages : [];
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
