import type { RunFacts } from "../core/model.ts";
import type { Candidate } from "../core/run-matching.ts";
import type { CancelOutcome } from "../core/run-report.ts";
import { ActionError, ignoreError, reasonOf } from "../errors.ts";
import { retry } from "../lib/retry.ts";
import { listed } from "../lib/text.ts";
import type { Clock } from "../lib/time.ts";
import type { RequestOptions, Runner, Runs, Stages } from "../ports.ts";
import {
  describeRuns,
  exactMatches,
  findCandidates,
  type SearchDeps,
  type StartDeps,
} from "./find-started-run.ts";
import type { PendingStart, StepState } from "./step-state.ts";

export type CancelResult =
  | { readonly kind: "cancelled" }
  /** The run had already ended. */
  | { readonly kind: "completed" }
  | { readonly kind: "failed"; readonly error: unknown };

interface CancelRunDeps {
  readonly runs: Pick<Runs, "cancel" | "get">;
  readonly clock: Clock;
}

export interface CancelRunOptions {
  readonly request: RequestOptions;
  readonly maxAttempts?: number;
}

/** Requests the cancellation of a run. Failures are results, not exceptions. */
export async function cancelRun(
  runId: number,
  { request, maxAttempts = 1 }: CancelRunOptions,
  { runs, clock }: CancelRunDeps,
  signal: AbortSignal,
): Promise<CancelResult> {
  const cancel = async (): Promise<CancelResult> => {
    try {
      await runs.cancel(runId, request, signal);
      return { kind: "cancelled" };
    } catch (error) {
      // The service also refuses to cancel a run that has ended.
      const isRejected = error instanceof ActionError;
      if (isRejected && (await tryGetRun(runId, runs, signal))?.status === "completed")
        return { kind: "completed" };
      return { kind: "failed", error };
    }
  };
  return await retry(cancel, {
    retryResult: ({ kind }) => (kind === "failed" && !signal.aborted ? {} : undefined),
    maxAttempts,
    delayMs: () => 0,
    clock,
    signal,
  });
}

export async function tryGetRun(
  runId: number,
  runs: Pick<Runs, "get">,
  signal: AbortSignal,
): Promise<RunFacts | undefined> {
  return await runs
    .get(runId, { retryForMs: 0, timeoutMs: 1_000 }, signal)
    .catch(ignoreError("the run's status is then unknown"));
}

/**
 * Cancels a run that is found late, after the start was sent again. Runs that cannot be cancelled, or that may not belong to
 * this step, cause a warning, and the step continues with its own run.
 */
export async function cancelDuplicates(
  search: PendingStart,
  runId: number,
  deps: StartDeps,
  signal: AbortSignal,
): Promise<void> {
  await deps.clock.sleep(1_000, signal);
  const { certain, doubtful } = await findDuplicates(search, runId, deps, signal);
  signal.throwIfAborted();
  for (const duplicate of certain) await cancelDuplicate(duplicate, deps, signal);
  if (doubtful.length > 0) deps.runner.write([doubtfulDuplicates(doubtful)]);
}

interface Duplicates {
  /** Not more than the requests whose run is unknown, so they belong to this step. */
  readonly certain: readonly Candidate[];
  /** Any of them may belong to somebody else. */
  readonly doubtful: readonly Candidate[];
}

/** The other runs of a start that was sent again, as far as they are in the list. */
export async function findDuplicates(
  search: PendingStart,
  runId: number,
  deps: SearchDeps,
  signal: AbortSignal,
): Promise<Duplicates> {
  const found = await findCandidates(search, deps, signal).catch(
    ignoreError("a duplicate that cannot be searched for must not end the step"),
  );
  const others = (found?.matches ?? []).filter(({ candidate }) => candidate.id !== runId);
  const certain = exactMatches(others, search.attempts - 1);
  return { certain, doubtful: certain.length > 0 ? [] : others.map(({ candidate }) => candidate) };
}

export function doubtfulDuplicates(runs: readonly Candidate[]) {
  const text = `An earlier request may also have started one of these runs. None was cancelled, since they may belong to somebody else:\n${describeRuns(runs)}`;
  return { type: "warning", text } as const;
}

async function cancelDuplicate(
  { id, name, url, status }: Candidate,
  deps: StartDeps,
  signal: AbortSignal,
): Promise<void> {
  const { runner } = deps;
  const message = `An earlier request had also started ${name}`;
  const warn = (text: string) => runner.write([{ type: "warning", text: `${message}; ${text}: ${url}` }]);
  if (status === "completed") return warn("it has ended");
  const result = await cancelRun(id, { request: { retryForMs: 30_000 } }, deps, signal);
  signal.throwIfAborted();
  if (result.kind === "completed") return warn("it has ended");
  if (result.kind === "failed") return warn(`it could not be cancelled (${reasonOf(result.error)})`);
  runner.write([{ type: "text", text: `${message}; it was cancelled: ${url}` }]);
}

export interface CancelDeps extends SearchDeps {
  readonly runs: Pick<Runs, "url" | "cancel" | "get" | "getStarted">;
  readonly stages: Stages;
  readonly runner: Pick<Runner, "write">;
}

interface CancelTarget {
  readonly deps: CancelRunDeps & { readonly stages: Stages; readonly stepState: Pick<StepState, "phase"> };
}

async function cancelStagesAsConfigured(
  target: { readonly runId: number; readonly stages: readonly string[] },
  input: "on-timeout" | "on-stop",
  deps: { readonly stages: Stages },
  signal: AbortSignal,
): Promise<CancelOutcome> {
  if (target.stages.length === 0)
    return {
      text: "The run was left running, since this step has not started a stage of it.",
      isStillRunning: true,
    };
  const { subject, was } = stagesAsSubject(target.stages);
  try {
    await cancelStages(target, { ...deps, request: { retryForMs: 60_000 } }, signal);
    return { text: `${subject} ${was} cancelled (${input}: cancel).`, isStillRunning: false };
  } catch (error) {
    signal.throwIfAborted();
    return { text: `${subject} could not be cancelled (${reasonOf(error)}).`, isStillRunning: true };
  }
}

/** For `on-timeout: cancel` and `on-stop: cancel`: requests the cancellation, and doesn't wait for it to finish. */
export async function cancelAsConfigured(
  runId: number,
  input: "on-timeout" | "on-stop",
  { deps }: CancelTarget,
  signal: AbortSignal,
): Promise<CancelOutcome> {
  const { phase } = deps.stepState;
  const stages = phase.at === "following" ? phase.stages : undefined;
  if (stages !== undefined) return await cancelStagesAsConfigured({ runId, stages }, input, deps, signal);
  const result = await cancelRun(runId, { request: { retryForMs: 60_000 } }, deps, signal);
  signal.throwIfAborted();
  if (result.kind === "cancelled")
    return { text: `The run was cancelled (${input}: cancel).`, isStillRunning: false };
  if (result.kind === "completed") return { text: "The run had already completed.", isStillRunning: false };
  const text = `The run could not be cancelled (${reasonOf(result.error)}) and is still running.`;
  return { text, isStillRunning: true };
}

/** Cancels stages that this step started or retried in a run that it did not start. Rejects if one can't be cancelled. */
export async function cancelStages(
  { runId, stages }: { readonly runId: number; readonly stages: readonly string[] },
  { stages: api, request }: { readonly stages: Stages; readonly request: RequestOptions },
  signal: AbortSignal,
): Promise<void> {
  const cancel = (stage: string) => api.update(runId, { stage, state: "cancel" }, request, signal);
  const results = await Promise.allSettled(stages.map(cancel));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** `Stage Deploy` with `was`, or `Stages Deploy and Smoke` with `were`. */
export function stagesAsSubject(stages: readonly string[]): {
  readonly subject: string;
  readonly was: string;
} {
  const isSingle = stages.length === 1;
  return { subject: `${isSingle ? "Stage" : "Stages"} ${listed(stages)}`, was: isSingle ? "was" : "were" };
}
