import type { Candidate } from "../core/run-matching.ts";
import {
  type CancelDeps,
  type CancelResult,
  cancelRun,
  cancelStages,
  doubtfulDuplicates,
  findDuplicates,
  stagesAsSubject,
} from "./cancel-run.ts";
import { exactMatches, findCandidates, type MatchedRun } from "./find-started-run.ts";
import type { PendingStart, PhaseOf } from "./step-state.ts";

/** Short, since the post step's minute must suffice for several requests. */
const postStepRequestOptions = { retryForMs: 40_000, timeoutMs: 8_000 };

/** Cancels, in the post step, what an interrupted main step left running. Rejects if the run cannot be cancelled. */
export async function cancelInterruptedRun(
  phase: PhaseOf<"starting" | "following">,
  context: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const deps = { ...context, retryOptions: postStepRequestOptions };
  if (phase.at === "starting") return await cancelPendingStart(phase, deps, signal);
  const { runId, stages, duplicateSearch } = phase;
  const run = await deps.runs.get(runId, postStepRequestOptions, signal);
  if (stages !== undefined && run.status !== "completed") {
    await cancelStages({ runId, stages }, { ...deps, request: postStepRequestOptions }, signal);
    const { subject, was } = stagesAsSubject(stages);
    const text = `${subject} of ${run.name} ${was} cancelled because this step was interrupted: ${run.url}`;
    deps.runner.write([{ type: "text", text }]);
    return;
  }
  await cancelInPostStep(run, { cancelled: "was cancelled because this step was interrupted" }, deps, signal);
  if (duplicateSearch !== undefined) await cancelDuplicatesInPostStep(duplicateSearch, runId, deps, signal);
}

const interruptedStart = { cancelled: "was being started when this step was interrupted, and was cancelled" };

/** The list may not contain a duplicate yet. */
async function cancelDuplicatesInPostStep(
  search: PendingStart,
  runId: number,
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const cancelledIds = new Set<number>();
  let doubtful: readonly Candidate[] = [];
  for (const delayMs of [0, 1_000, 2_000]) {
    await deps.clock.sleep(delayMs, signal);
    const duplicates = await findDuplicates(search, runId, deps, signal);
    signal.throwIfAborted();
    doubtful = duplicates.doubtful;
    for (const run of duplicates.certain) {
      if (!cancelledIds.has(run.id)) await cancelInPostStep(run, interruptedStart, deps, signal);
      cancelledIds.add(run.id);
    }
    if (cancelledIds.size >= search.attempts - 1) return;
  }
  if (doubtful.length > 0) deps.runner.write([doubtfulDuplicates(doubtful)]);
}

/**
 * The list of runs may not yet contain a run whose start was interrupted a moment ago, so it is read more than once. In a
 * container, the main step gets no signal, and may send its start again as long as it runs.
 */
async function cancelPendingStart(
  phase: PhaseOf<"starting">,
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const { runner, clock } = deps;
  const cancelledIds = new Set<number>();
  let matches: readonly MatchedRun[] = [];
  for (const delayMs of [0, 1_000, 2_000, 6_000, 11_000, 20_000]) {
    await clock.sleep(delayMs, signal);
    matches = (await findCandidates(phase, deps, signal)).matches;
    const exact = exactMatches(matches, phase.attempts);
    for (const run of exact) {
      if (!cancelledIds.has(run.id)) await cancelInPostStep(run, interruptedStart, deps, signal);
      cancelledIds.add(run.id);
    }
    if (cancelledIds.size === phase.attempts || (matches.length > 0 && exact.length === 0)) break;
  }
  if (cancelledIds.size > 0) return;
  const list = matches.map(({ candidate }) => candidate.url).join(", ");
  const prefix = "This step was interrupted while it started a run";
  runner.write([
    matches.length === 0
      ? { type: "text", text: `${prefix}; no run was found.` }
      : { type: "warning", text: `${prefix}, which may be one of these. None was cancelled: ${list}` },
  ]);
}

async function cancelInPostStep(
  { id, name, url, status }: Pick<Candidate, "id" | "name" | "url" | "status">,
  words: { readonly cancelled: string },
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const isActive = status !== "completed" && status !== "canceling";
  const result: CancelResult = isActive
    ? await cancelRun(id, { request: postStepRequestOptions }, deps, signal)
    : { kind: status === "completed" ? "completed" : "cancelled" };
  if (result.kind === "failed") throw result.error;
  const text =
    result.kind === "completed" ? "had completed before this step was interrupted" : words.cancelled;
  deps.runner.write([{ type: "text", text: `${name} ${text}: ${url}` }]);
}
