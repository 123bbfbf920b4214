import { failedStages } from "../core/failed-stages.ts";
import type { DocumentStage, RunDocument } from "../core/model.ts";
import {
  type RunSnapshot,
  reopenedRun,
  type TrackedRun,
  type UnpolledTimeout,
  type WaitResult,
} from "../core/run-snapshot.ts";
import type { StageNode } from "../core/run-tree.ts";
import { ActionError } from "../errors.ts";
import { listed, oneLine } from "../lib/text.ts";
import type { Clock } from "../lib/time.ts";
import type { PollRun } from "../ports.ts";
import type { TrackingContext } from "./context.ts";
import { createRunReader, findStage, reopenedSnapshot, requestStage } from "./stage-requests.ts";

export interface StartStagesOptions {
  /** The names from the input. */
  readonly names: readonly string[];
  /** Whether to wait for the automatic stages; otherwise they must have ended. */
  readonly waitsForOthers: boolean;
  /** Polls until the condition holds, the run is completed or the time is up. */
  readonly waitUntil: (isDone: (document: RunDocument) => boolean) => Promise<WaitResult | UnpolledTimeout>;
  /** Logs a line, with the time since the wait began. */
  readonly log: (text: string) => void;
}

export type StartStagesOutcome =
  /** They have been started, by this step or before it. Identifiers as in the run. */
  | { readonly kind: "started"; readonly stages: readonly string[] }
  /** An automatic stage did not succeed, and nothing was started. */
  | { readonly kind: "blocked"; readonly result: WaitResult }
  | { readonly kind: "timed-out"; readonly result: WaitResult | UnpolledTimeout };

/**
 * Starts manual stages once the other stages of the run have ended. A manual stage has no dependencies of its own, so only
 * this wait prevents the deployment of a failed build. Rejects if the service refuses a stage.
 */
export async function startStages(
  run: TrackedRun,
  { names, waitsForOthers, waitUntil, log }: StartStagesOptions,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<StartStagesOutcome> {
  const first = await waitUntil(({ stages }) => stages.length > 0);
  if (first.end !== "reached") return { kind: "timed-out", result: first };
  const stages = knownStages(first, names);
  for (const stage of stages.filter(hasBegun)) log(begunText(stage));
  if (stages.every(hasBegun)) return { kind: "started", stages: stages.map(({ name }) => name) };
  const isNamed = ({ name }: Pick<StageNode, "name">) => stages.some((stage) => stage.name === name);
  const others = ({ tree }: Pick<RunSnapshot, "tree">) => tree.stages.filter((stage) => !isNamed(stage));
  const haveOthersEnded = (document: RunDocument) =>
    document.stages.every(
      (stage) => isNamed(stage) || stage.status === "completed" || stage.result === "manual",
    );
  let result = first;
  if (!haveOthersEnded(first.document) && first.run.status !== "completed") {
    if (!waitsForOthers) throw cannotStartYet(first, others(first));
    const next = await waitUntil(haveOthersEnded);
    if (next.end !== "reached") return { kind: "timed-out", result: next };
    result = next;
  }
  const unsuccessful = others(result).filter(isUnsuccessful);
  if (unsuccessful.length > 0) {
    const list = listed(unsuccessful.map(({ name }) => oneLine(name)));
    log(`No stage was started, since ${list} did not succeed.`);
    return { kind: "blocked", result };
  }
  await requestStages(run, knownStages(result, names), { tracking, before: result, log }, signal);
  return { kind: "started", stages: stages.map(({ name }) => name) };
}

function isUnsuccessful(stage: StageNode): boolean {
  return stage.result === "canceled" || failedStages({ stages: [stage] }).length > 0;
}

interface StageRequestContext {
  readonly tracking: TrackingContext;
  readonly before: RunSnapshot;
  readonly log: StartStagesOptions["log"];
}

async function requestStages(
  run: TrackedRun,
  stages: readonly StageNode[],
  { tracking: { deps }, before, log }: StageRequestContext,
  signal: AbortSignal,
): Promise<void> {
  const { runs, stepState } = deps;
  const readRun = createRunReader(runs, run.id);
  const { phase } = stepState;
  const isOwn = phase.at === "following" && phase.isOwn;
  const requested: string[] = phase.at === "following" ? [...(phase.stages ?? [])] : [];
  let hasStarted = false;
  for (const { name: stage } of stages.filter((candidate) => !hasBegun(candidate))) {
    requested.push(stage);
    // From the request on, there may be stages to cancel.
    stepState.setPhase({ at: "following", runId: run.id, isOwn, ...(!isOwn && { stages: [...requested] }) });
    stepState.setSnapshot(reopenedSnapshot(before));
    const update = { stage, state: "run" } as const;
    const refusal = await requestStage(run.id, update, { ...deps, readRun, before }, signal);
    if (refusal !== undefined) {
      if (!hasStarted) stepState.setSnapshot(before);
      throw refused(stage, refusal, run);
    }
    hasStarted = true;
    log(`Started stage ${oneLine(stage)} of ${oneLine(run.name)}.`);
  }
}

function refused(
  stage: string,
  { code, message, hint }: ActionError,
  { name, url }: TrackedRun,
): ActionError {
  return new ActionError(
    code === "forbidden" ? code : "rejected",
    `Stage ${stage} of ${name} was not started. ${message} ${url}`,
    { hint: hint ?? "Check that it is a manual stage (`trigger: manual`) whose dependencies have run." },
  );
}

function cannotStartYet({ run }: WaitResult, others: readonly StageNode[]): ActionError {
  const running = others.filter(({ status }) => status !== "completed").map(({ name }) => oneLine(name));
  const have = running.length === 1 ? "has" : "have";
  return new ActionError(
    "rejected",
    `No stage of ${run.name} was started, since ${listed(running)} ${have} not ended yet. ${run.url}`,
    { hint: "Set `wait: true`, so that the step waits for the other stages." },
  );
}

/** The named stages of the run. Throws before anything is started if one does not exist. */
function knownStages({ run, tree }: RunSnapshot, names: readonly string[]): readonly StageNode[] {
  const unknown = names.filter((name) => findStage(tree, name) === undefined);
  if (unknown.length > 0) {
    const existing = tree.stages.map(({ name }) => oneLine(name));
    const byDisplayName = tree.stages.find(({ displayName }) => displayName === unknown[0]);
    throw new ActionError(
      "not-found",
      `stages-to-start: ${run.name} has no stage ${listed(unknown)}. Its stages: ${existing.join(", ") || "none"}. ${run.url}`,
      {
        hint:
          byDisplayName === undefined
            ? "Use the stages' identifiers."
            : `Use the stage's identifier, ${byDisplayName.name}, instead of its display name.`,
      },
    );
  }
  return [...new Set(names.flatMap((name) => findStage(tree, name) ?? []))];
}

function hasBegun({ status, result }: Pick<StageNode, "status" | "result">): boolean {
  return status === "inProgress" || (status === "completed" && result !== "manual");
}

function begunText({ name, status }: StageNode): string {
  const state = status === "completed" ? "has already ended" : "is already running";
  return `Stage ${oneLine(name)} ${state}, so it is not started again.`;
}

/** The default conditions of a step that has started stages: all have ended, and all have succeeded. */
export function stageConditions(names: readonly string[]) {
  const everyStage = (document: unknown, holds: (stage: DocumentStage) => boolean) => {
    const { stages } = document as RunDocument;
    return names.every((name) => stages.some((stage) => stage.name === name && holds(stage)));
  };
  return {
    haveEnded: (document: unknown) =>
      everyStage(document, (stage) => stage.status === "completed" && hasBegun(stage)),
    haveSucceeded: (document: unknown) => everyStage(document, ({ result }) => result === "succeeded"),
  };
}

/** How long the service may take to show that a stage has started. */
const maxStaleMs = 30_000;

/** Right after the start of a stage the service may still show the run as completed without it. */
export function ignoreUnstartedStages(
  names: readonly string[],
  poll: PollRun,
  clock: Pick<Clock, "now">,
): PollRun {
  if (names.length === 0) return poll;
  const staleUntil = clock.now() + maxStaleMs;
  return async (options, signal) => {
    const response = await poll({ ...options, alwaysReadTimeline: true }, signal);
    if (response.run.status !== "completed" || clock.now() >= staleUntil) return response;
    const areBegun = names.every((name) => {
      const stage = findStage(response.tree, name);
      return stage !== undefined && hasBegun(stage);
    });
    if (areBegun) return response;
    return { ...response, run: reopenedRun(response.run) };
  };
}
