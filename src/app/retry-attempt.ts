import { evaluateCondition } from "../core/condition.ts";
import type { WaitResult } from "../core/run-snapshot.ts";
import { listed, oneLine } from "../lib/text.ts";
import type { TrackingContext } from "./context.ts";
import { failedStages, hasStageRecords, onlyNamed, retryStages } from "./retry-stages.ts";

interface FailedAttempt {
  readonly result: WaitResult;
  /** The stages that the wait is about; empty for the whole run. */
  readonly stages: readonly string[];
  /** Of how many that `retries` allows, from 1. */
  readonly attempt: number;
}

/** Retries the failed stages of a run that would fail the step, as `retries` says. Returns whether any was. */
export async function retryFailedAttempt(
  { result, stages, attempt }: FailedAttempt,
  { inputs, deps, stepState, logs }: TrackingContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { run, tree, document, end } = result;
  const hasEnded = run.status === "completed" || stages.length > 0;
  if (end !== "reached" || !hasEnded) return false;
  const verdict = evaluateCondition(inputs.successWhen, document);
  if (verdict.holds || verdict.isNull || verdict.problem !== undefined) return false;
  const { when, maxRetries } = inputs.retryPolicy;
  if (when !== undefined && !evaluateCondition(when, document).holds) return false;
  const failed = failedStages(onlyNamed(tree, stages));
  if (failed.length === 0) return false;

  const { runner, pipelines, clock } = deps;
  const pollRun = pipelines.createRunPoller(run.id);
  const readRun = (readSignal: AbortSignal) =>
    pollRun({ retryForMs: 60_000, alwaysReadTimeline: true }, readSignal);
  const before = await readRun(signal);
  // Somebody else was quicker.
  if (before.run.status !== "completed" && run.status === "completed") return true;
  const names = hasStageRecords(before.records) ? failed.map(({ name }) => name) : [];
  const { phase } = stepState;
  if (phase.at === "following" && !phase.isOwn)
    stepState.setPhase({ ...phase, stages: [...new Set([...(phase.stages ?? []), ...names])] });
  const { accepted, rejected } = await retryStages(before, names, { pipelines, clock, readRun }, signal);
  for (const { stage, rejection } of rejected)
    runner.write([
      { type: "warning", text: `Stage ${oneLine(stage)} was not retried. ${rejection.message}` },
    ]);
  if (accepted.length === 0) return false;
  const next = Math.max(...failed.map((stage) => stage.attempt)) + 1;
  const text = `Retrying ${listed(accepted.map(oneLine))}: attempt ${next} (retry ${attempt} of ${maxRetries}).`;
  runner.write([{ type: "text", text }]);
  logs.reset();
  return true;
}
