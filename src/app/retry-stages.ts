import { evaluateCondition } from "../core/condition.ts";
import { failedStages, wasCancelled } from "../core/failed-stages.ts";
import type { PollResponse, WaitResult } from "../core/run-snapshot.ts";
import { defaultName, type RunTree } from "../core/run-tree.ts";
import { ActionError } from "../errors.ts";
import { listed, oneLine } from "../lib/text.ts";
import type { Runs } from "../ports.ts";
import type { TrackingContext } from "./context.ts";
import {
  createRunReader,
  findStage,
  isRefusal,
  reopenedSnapshot,
  requestStage,
  type StageRequestDeps,
} from "./stage-requests.ts";

export interface RejectedStage {
  readonly stage: string;
  readonly rejection: ActionError;
}

interface RetryResult {
  /** The stages that were retried, or the whole run. */
  readonly accepted: readonly string[];
  readonly rejected: readonly RejectedStage[];
}

/** The dependencies to retry failed stages, or the whole run. */
export interface RetryDeps extends StageRequestDeps {
  readonly runs: Pick<Runs, "retry">;
}

/** Retries each of these stages. Rejects only with errors that are not refusals: an outage, a rejected token. */
export async function retryStages(
  before: PollResponse,
  stages: readonly string[],
  deps: RetryDeps,
  signal: AbortSignal,
): Promise<RetryResult> {
  const { run } = before;
  const rejected: RejectedStage[] = [];
  for (const stage of stages) {
    const update = { stage, state: "retry" } as const;
    const rejection = await requestStage(run.id, update, { ...deps, before }, signal);
    if (rejection !== undefined) rejected.push({ stage, rejection });
  }
  const isUnsupported =
    rejected.length === stages.length && rejected.every(({ rejection }) => rejection.code === "not-found");
  if (!isUnsupported)
    return { accepted: stages.filter((stage) => !rejected.some((item) => item.stage === stage)), rejected };
  // Without stages, or on a server that cannot retry them, the whole run is retried.
  const rejection = await refusalOf(() => deps.runs.retry(run.id, signal), signal);
  // An earlier request whose response was lost may have been executed.
  const isRetried = rejection === undefined || (await deps.readRun(signal)).run.status !== "completed";
  return isRetried
    ? { accepted: [run.name], rejected: [] }
    : { accepted: [], rejected: [{ stage: run.name, rejection }] };
}

/** Returns a refusal as a value. */
async function refusalOf(
  work: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<ActionError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionError && isRefusal(error)) return error;
    throw error;
  }
}

/** Whether the run has stages that the service can retry: a classic run has only an implicit one. */
export function hasStages({ stages }: RunTree): boolean {
  return stages.some(({ id }) => id !== defaultName);
}

/** The stages with these names; all stages if no names are given. */
export function onlyNamed(tree: RunTree, names: readonly string[]): Pick<RunTree, "stages"> {
  if (names.length === 0) return tree;
  return { stages: names.flatMap((name) => findStage(tree, name) ?? []) };
}

interface FailedAttempt {
  readonly result: WaitResult;
  /** The stages that are waited for; empty for the whole run. */
  readonly stages: readonly string[];
  /** The number of this retry, from 1. */
  readonly attempt: number;
  /** Logs a line, with the time since the wait began. */
  readonly log: (text: string) => void;
}

/** Retries the failed stages of a run that would fail the step, if `retries` allows it. Returns whether any was retried. */
export async function retryFailedAttempt(
  { result, stages, attempt, log }: FailedAttempt,
  { inputs, deps, logs }: TrackingContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { run, tree, document, end } = result;
  const hasEnded = run.status === "completed" || stages.length > 0;
  if (end !== "reached" || !hasEnded || wasCancelled(result)) return false;
  const verdict = evaluateCondition(inputs.successWhen, document);
  if (verdict.holds || verdict.isNull || verdict.problem !== undefined) return false;
  const { when, maxRetries } = inputs.retryPolicy;
  if (when !== undefined && !evaluateCondition(when, document).holds) return false;
  const failed = failedStages(onlyNamed(tree, stages));
  if (failed.length === 0) return false;

  const { runner, runs, stepState } = deps;
  const readRun = createRunReader(runs, run.id);
  const before = await readRun(signal);
  // From the request on, there may be stages to cancel.
  stepState.setSnapshot(reopenedSnapshot(result));
  // Another step has already retried it.
  if (before.run.status !== "completed" && run.status === "completed") return true;
  const names = hasStages(before.tree) ? failed.map(({ name }) => name) : [];
  const { phase } = stepState;
  if (phase.at === "following" && !phase.isOwn)
    stepState.setPhase({ ...phase, stages: [...new Set([...(phase.stages ?? []), ...names])] });
  const { accepted, rejected } = await retryStages(before, names, { ...deps, readRun }, signal);
  for (const { stage, rejection } of rejected)
    runner.write([
      { type: "warning", text: `Stage ${oneLine(stage)} was not retried. ${rejection.message}` },
    ]);
  if (accepted.length === 0) {
    stepState.setSnapshot(result);
    return false;
  }
  const next = Math.max(...failed.map((stage) => stage.attempt)) + 1;
  log(`Retrying ${listed(accepted.map(oneLine))}: attempt ${next} (retry ${attempt} of ${maxRetries}).`);
  logs.reset();
  return true;
}
