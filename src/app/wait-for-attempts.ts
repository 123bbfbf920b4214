import { evaluateCondition, isCompletionCondition } from "../core/condition.ts";
import { failedStages } from "../core/failed-stages.ts";
import type { RunDocument } from "../core/model.ts";
import {
  type PollResponse,
  type RunSnapshot,
  reopenedRun,
  type StaleResult,
  staleResultOf,
  type TrackedRun,
  type UnpolledTimeout,
  type WaitResult,
} from "../core/run-snapshot.ts";
import { emptyTree, highestAttempt, pendingChecks, type RunTree } from "../core/run-tree.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { retryAfterText } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { PollRun, Runner } from "../ports.ts";
import type { TrackingContext } from "./context.ts";
import { createSnapshotOutputWriter } from "./outputs.ts";
import type { ProgressLog } from "./progress-log.ts";
import { onlyNamed, retryFailedAttempt } from "./retry-stages.ts";
import { createClosingObserver } from "./run-findings.ts";
import { ignoreUnstartedStages } from "./start-stages.ts";
import { type RunObserver, waitForRun } from "./wait-for-run.ts";

export interface WaitContext {
  readonly tracking: TrackingContext;
  readonly progressLog: ProgressLog;
  readonly deadline: number;
}

interface AttemptsContext extends WaitContext {
  /** The stages that are waited for; empty for the whole run. */
  readonly stages: readonly string[];
}

/** Waits for the end of the run, and again after each retry that `retries` allows. */
export async function waitThroughAttempts(
  run: TrackedRun,
  context: AttemptsContext,
  signal: AbortSignal,
): Promise<WaitResult | UnpolledTimeout> {
  const { tracking, progressLog, stages } = context;
  const { inputs, deps } = tracking;
  const { maxRetries } = inputs.retryPolicy;
  const { queueTimeoutMs } = inputs;
  const queueLimit =
    queueTimeoutMs === undefined
      ? undefined
      : createQueueLimit({ timeoutMs: queueTimeoutMs, stages }, deps.clock);
  const isStopped = createStopCheck(inputs.stopWhen, deps.runner);
  let isDone = isStopped;
  const readsTimeline = !isCompletionCondition(inputs.stopWhen) || queueLimit !== undefined;
  const cancellation = createCancellationObserver();
  let current = run;
  let beforeRetry: WaitResult["beforeRetry"];
  for (let retries = 0; ; retries += 1) {
    const options = {
      isDone,
      readsTimeline,
      stages,
      observers: [cancellation],
      isLastAttempt: retries >= maxRetries,
      ...(retries === 0 && { queueLimit }),
    };
    const result = await waitForAttempt(current, options, context, signal);
    if (result.end === "unpolled") return result;
    if (retries >= maxRetries || cancellation.isCancelling()) return { ...result, beforeRetry };
    const retry = { result, stages, attempt: retries + 1, log: progressLog.write };
    if (!(await retryFailedAttempt(retry, tracking, signal))) return { ...result, beforeRetry };
    beforeRetry ??= result;
    current = { ...run, staleResult: staleResultOf(result) };
    isDone = exceptStale(isStopped, result.document, deps.clock);
  }
}

/** Right after a retry, the timeline may still show the previous state of the stages. */
function exceptStale(
  isDone: AttemptOptions["isDone"],
  before: RunDocument,
  clock: Pick<Clock, "now">,
): AttemptOptions["isDone"] {
  const staleUntil = clock.now() + maxStaleMs;
  const attempts = (document: RunDocument) => JSON.stringify(document.stages.map(({ attempt }) => attempt));
  return (document) => {
    const isStale = clock.now() < staleUntil && attempts(document) === attempts(before);
    return !isStale && isDone(document);
  };
}

/** A cancelled run is not retried. */
function createCancellationObserver(): RunObserver & { readonly isCancelling: () => boolean } {
  let isCancelling = false;
  return {
    update: ({ run }) => {
      isCancelling ||= run.status === "canceling";
    },
    isCancelling: () => isCancelling,
  };
}

interface AttemptOptions {
  readonly isDone: (document: RunDocument) => boolean;
  /** Whether each poll has to read the timeline, also that of a queued run. */
  readonly readsTimeline: boolean;
  /** Stages that were just started. */
  readonly stages?: readonly string[];
  readonly queueLimit?: QueueLimit | undefined;
  readonly observers?: readonly RunObserver[];
  /** Requests the findings of the run's end now, since no retry will change them. */
  readonly isLastAttempt?: boolean;
}

/** Waits for one attempt of the run, which the log, the outputs and the check run follow. */
export async function waitForAttempt(
  run: TrackedRun,
  { isDone, readsTimeline, stages = [], queueLimit, observers = [], isLastAttempt = false }: AttemptOptions,
  { tracking, progressLog, deadline }: WaitContext,
  signal: AbortSignal,
): Promise<WaitResult | UnpolledTimeout> {
  const { inputs, deps } = tracking;
  const { clock } = deps;
  const pollRun = deps.runs.createPoller(run.id);
  const pollCurrent = ignoreUnstartedStages(stages, ignoreStaleResult(run, pollRun, clock), clock);
  // The timeline of a queued run shows what it waits for. It is read when the log has been idle, or for a condition.
  const pollWithProgress: PollRun = (options, pollSignal) =>
    pollCurrent(
      {
        ...options,
        alwaysReadTimeline: options.alwaysReadTimeline === true || readsTimeline,
        readQueuedTimeline: progressLog.isIdle(),
        onRetry: progressLog.onPollError,
        ...(isLastAttempt && {
          onCompleted: ({ run: completed, serviceTime: at = clock.now(), savesRequests }) =>
            tracking.findings.prefetch({ run: completed, at, savesRequests }, signal),
        }),
      },
      pollSignal,
    );
  const all = [
    ...(isLastAttempt ? [createClosingObserver(tracking)] : []),
    ...observers,
    ...observersOf(tracking, progressLog),
    ...(queueLimit === undefined ? [] : [queueLimit]),
  ];
  const { pollIntervalMs } = inputs;
  const queueDeadline = queueLimit?.deadline;
  const onRetryAfter = (delayMs: number) => progressLog.write(retryAfterText(delayMs));
  return await waitForRun(
    run,
    {
      isDone,
      pollIntervalMs,
      deadline,
      queueDeadline,
      onRetryAfter,
      remainingRunMs: progressLog.remainingMs,
    },
    { poll: pollWithProgress, clock, observers: all },
    signal,
  );
}

/** The order matters: first the state that a cancellation needs, and the log before reports that are shown elsewhere. */
function observersOf(
  { inputs, deps, reports }: TrackingContext,
  progressLog: ProgressLog,
): readonly RunObserver[] {
  const writeOutputs = createSnapshotOutputWriter(deps.outputs, inputs.mapOutputs, deps.clock);
  return [
    { update: (update) => deps.stepState.setSnapshot(update) },
    { update: ({ document }) => writeOutputs(document) },
    progressLog,
    { update: (update) => void (!update.endsWait && reports.update(update)) },
  ];
}

/** Warns once if the condition cannot be evaluated, which counts as false. */
export function createStopCheck(
  stopWhen: Inputs["stopWhen"],
  runner: Pick<Runner, "write">,
): (document: RunDocument) => boolean {
  let hasWarned = false;
  return (document) => {
    const { holds, problem } = evaluateCondition(stopWhen, document);
    if (problem !== undefined && !hasWarned) {
      hasWarned = true;
      runner.write([{ type: "warning", text: `stop-when could not be evaluated: ${problem}` }]);
    }
    return holds;
  };
}

/** How long the service may take to show a retry. */
const maxStaleMs = 30_000;

/** Right after a retry, the service may still return the previous end, which is ignored. */
export function ignoreStaleResult(
  { staleResult }: Pick<TrackedRun, "staleResult">,
  poll: PollRun,
  clock: Pick<Clock, "now">,
): PollRun {
  if (staleResult === undefined) return poll;
  const staleUntil = clock.now() + maxStaleMs;
  let hasCaughtUp = false;
  return async (options, signal) => {
    const response = await poll(options, signal);
    const { status, result, finishedAt } = response.run;
    const isUnchanged =
      status === "completed" && result === staleResult.result && finishedAt === staleResult.finishedAt;
    hasCaughtUp ||= !isUnchanged || hasFailedAgain(response, staleResult) || clock.now() >= staleUntil;
    if (hasCaughtUp) return response;
    return { ...response, run: reopenedRun(response.run), tree: emptyTree };
  };
}

/** The timeline shows the end of a later attempt, with the same result. */
function hasFailedAgain({ tree }: PollResponse, { attempt }: StaleResult): boolean {
  return (
    highestAttempt(tree) > attempt &&
    tree.stages.every(({ status }) => status === "completed") &&
    failedStages(tree).length > 0
  );
}

/** Limits the time that a run spends in the queue: until its first job runs, not counting approvals and checks. */
interface QueueLimit extends RunObserver {
  /** When the limit is reached if the state of the run does not change, by the clock; Infinity for never. */
  deadline(): number;
}

interface QueueLimitOptions {
  readonly timeoutMs: number;
  /** The stages that are waited for; empty for all. */
  readonly stages: readonly string[];
}

export function createQueueLimit(
  { timeoutMs, stages }: QueueLimitOptions,
  clock: Pick<Clock, "now">,
): QueueLimit {
  let queuedMs = 0;
  let since = clock.now();
  let state: QueueState = "queued";
  return {
    update: (snapshot) => {
      const now = clock.now();
      if (state === "queued") queuedMs += now - since;
      since = now;
      if (state !== "left") state = queueStateOf(snapshot, stages);
    },
    deadline: () => (state === "queued" ? since + timeoutMs - queuedMs : Number.POSITIVE_INFINITY),
  };
}

type QueueState = "queued" | "waiting for a check" | "left";

function queueStateOf({ run, tree: wholeTree }: RunSnapshot, names: readonly string[]): QueueState {
  const tree = { ...wholeTree, ...onlyNamed(wholeTree, names) };
  if (run.status === "completed" || hasRunJob(tree)) return "left";
  // Without a timeline, only the run itself shows whether it has started.
  if (tree.stages.length === 0 && tree.checks.length === 0)
    return run.status === "notStarted" || run.status === "postponed" ? "queued" : "left";
  const isJobWaiting = stagesWithoutChecks(tree).some(
    ({ status, jobs }) => status === "inProgress" && jobs.some((job) => job.status === "pending"),
  );
  return pendingChecks(tree).length > 0 && !isJobWaiting ? "waiting for a check" : "queued";
}

function hasRunJob({ stages }: RunTree): boolean {
  return stages.some(({ jobs }) =>
    jobs.some(
      ({ status, result, startedAt }) =>
        status === "inProgress" || (status === "completed" && result !== "skipped" && startedAt !== null),
    ),
  );
}

function stagesWithoutChecks(tree: RunTree): RunTree["stages"] {
  const withChecks = new Set(pendingChecks(tree).map(({ stage }) => stage));
  return tree.stages.filter(({ name }) => !withChecks.has(name));
}
