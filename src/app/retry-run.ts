import { evaluateCondition } from "../core/condition.ts";
import { documentOf } from "../core/run-document.ts";
import {
  externalRun,
  type PollResponse,
  type StaleResult,
  staleResultOf,
  type TrackedRun,
} from "../core/run-snapshot.ts";
import type { RunTree, StageNode } from "../core/run-tree.ts";
import { ActionError } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { checkProject } from "../inputs/run-target.ts";
import type { Runner, Runs } from "../ports.ts";
import { type AdoptDeps, adoptRun } from "./attach-run.ts";
import { type EarlierRunDeps, type EarlierRunSearch, findEarlierRun } from "./find-earlier-run.ts";
import { emptyRunOutputs, receiveRun } from "./outputs.ts";
import { hasStages, type RejectedStage, type RetryDeps, retryStages } from "./retry-stages.ts";
import { createRunReader } from "./stage-requests.ts";
import type { StepState } from "./step-state.ts";

type RetryInputs = Pick<Inputs, "projectRef" | "successWhen" | "onRerun">;

interface RequestRetryDeps extends Omit<RetryDeps, "readRun"> {
  readonly runs: Pick<Runs, "createPoller" | "retry">;
  readonly runner: Pick<Runner, "write">;
  readonly stepState: Pick<StepState, "phase" | "setPhase" | "setRun">;
}

type ResumeDeps = RequestRetryDeps & AdoptDeps & EarlierRunDeps;

/**
 * Finds the run that an earlier attempt of this step started. Follows it if it is running or has succeeded, and with
 * `retry-failed` retries what failed. Returns `undefined` if a new run is needed, and logs why.
 */
export async function resumeEarlierRun(
  search: EarlierRunSearch,
  inputs: RetryInputs,
  deps: ResumeDeps,
  signal: AbortSignal,
): Promise<TrackedRun | undefined> {
  const { projectRef } = inputs;
  const log = (type: "text" | "warning", text: string) => deps.runner.write([{ type, text }]);
  const run = await findEarlierRun(search, deps, signal);
  if (run === undefined) {
    log("text", "No run of an earlier attempt of this step was found. Starting a new one.");
    return undefined;
  }
  checkProject(projectRef, run.project);
  // The step is about this run even if the retry fails.
  receiveRun(externalRun(run), deps);
  const hasNotSucceeded = run.status === "completed" && run.result !== "succeeded";
  if (hasNotSucceeded && inputs.onRerun === "retry-failed") {
    const outcome = await requestRetry({ runId: run.id, isOwn: true }, inputs, deps, signal);
    if (outcome.kind === "rejected") {
      log(
        "warning",
        `${run.name} of an earlier attempt cannot be retried. ${outcome.reason} Starting a new run.`,
      );
      deps.outputs.set(emptyRunOutputs);
      deps.stepState.setRun(undefined);
      return undefined;
    }
    if (outcome.kind === "retried") {
      for (const { stage, rejection } of outcome.rejected) {
        log("warning", `Stage ${stage} was not retried. ${rejection.message}`);
      }
      const adopted = await adoptRun(
        run,
        { projectRef, verb: "Retrying what failed in", isOwn: true },
        deps,
        signal,
      );
      return { ...adopted, staleResult: outcome.before };
    }
  }
  return await adoptRun(
    run,
    { projectRef, verb: "Following", origin: "from an earlier attempt", isOwn: false },
    deps,
    signal,
  );
}

/** `on-rerun: retry-failed` of a run that the step only follows. A run that can't be retried is followed as it is. */
export async function retryFollowedRun(
  run: TrackedRun,
  inputs: RetryInputs,
  deps: RequestRetryDeps,
  signal: AbortSignal,
): Promise<TrackedRun> {
  const { runner } = deps;
  const outcome = await requestRetry({ runId: run.id, isOwn: false }, inputs, deps, signal);
  if (outcome.kind === "unnecessary") return run;
  if (outcome.kind === "rejected") {
    runner.write([{ type: "warning", text: `${run.name} cannot be retried. ${outcome.reason}` }]);
    return run;
  }
  const warnings = outcome.rejected.map(({ stage, rejection }) => ({
    type: "warning" as const,
    text: `Stage ${stage} was not retried. ${rejection.message}`,
  }));
  runner.write([...warnings, { type: "text", text: `Retrying what failed in ${run.name}.` }]);
  return { ...run, staleResult: outcome.before };
}

type RetryOutcome =
  | { readonly kind: "retried"; readonly before: StaleResult; readonly rejected: readonly RejectedStage[] }
  | { readonly kind: "unnecessary" }
  | { readonly kind: "rejected"; readonly reason: string };

interface RetryTarget {
  readonly runId: number;
  /** Started by an earlier attempt of this step. */
  readonly isOwn: boolean;
}

/** Retries each failed stage. Rejects only if the service refuses all of them. */
async function requestRetry(
  { runId, isOwn }: RetryTarget,
  inputs: RetryInputs,
  deps: RequestRetryDeps,
  signal: AbortSignal,
): Promise<RetryOutcome> {
  const { runs, stepState } = deps;
  const readRun = createRunReader(runs, runId);
  const before = await valueOrRejection(() => readRun(signal), signal);
  if (before instanceof ActionError) return { kind: "rejected", reason: before.message };
  if (hasNothingToRetry(before, inputs)) return { kind: "unnecessary" };
  const { phase } = stepState;
  const stages = failedStageNames(before.tree);
  const end = staleResultOf(before);
  // From the first request on, there may be stages to cancel.
  stepState.setPhase({ at: "following", runId, isOwn, ...(!isOwn && { stages }) });
  const { rejected, accepted } = await retryStages(before, stages, { ...deps, readRun }, signal);
  const forbidden = rejected.find(({ rejection }) => rejection.code === "forbidden");
  // A missing permission must not cause a new run.
  if (isOwn && forbidden !== undefined) throw forbidden.rejection;
  const [first] = rejected;
  if (first === undefined) return { kind: "retried", before: end, rejected };
  const current = await valueOrRejection(() => readRun(signal), signal);
  if (accepted.length > 0 || hasChanged(before, current)) {
    return { kind: "retried", before: end, rejected: stillFailed(rejected, current) };
  }
  stepState.setPhase(phase);
  return { kind: "rejected", reason: first.rejection.message };
}

/** It is running again; or partially succeeded if that is accepted, since nothing has failed in such a run. */
function hasNothingToRetry({ run, tree }: PollResponse, { successWhen }: RetryInputs): boolean {
  if (run.status !== "completed") return true;
  return (
    run.result === "partiallySucceeded" && evaluateCondition(successWhen, documentOf(run, tree, null)).holds
  );
}

/** Another step may have retried it already: the service refuses to retry running stages. */
function hasChanged(before: PollResponse, current: PollResponse | ActionError): boolean {
  if (current instanceof ActionError) return false;
  return current.run.status !== "completed" || current.run.finishedAt !== before.run.finishedAt;
}

function stillFailed(
  rejected: readonly RejectedStage[],
  current: PollResponse | ActionError,
): readonly RejectedStage[] {
  if (current instanceof ActionError) return rejected;
  const failed = failedStageNames(current.tree);
  return rejected.filter(({ stage }) => failed.includes(stage));
}

/** Returns a refusal as a value. Other errors end the step, since a new run would repeat everything. */
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

/** Includes cancelled stages, since a person requests a re-run. A classic run has none. */
function failedStageNames(tree: RunTree): readonly string[] {
  const stages = hasStages(tree) ? tree.stages : [];
  return stages.filter(hasFailed).map(({ name }) => name);
}

function hasFailed({ result, jobs }: StageNode): boolean {
  if (result === "skipped" || result === "manual") return false;
  return (
    result === "failed" ||
    result === "canceled" ||
    result === "abandoned" ||
    jobs.some((job) => job.result === "failed")
  );
}
