import { buildRunTree } from "../core/build-run-tree.ts";
import { evaluateCondition, isCompletionCondition, isDefaultCondition } from "../core/condition.ts";
import type { RunDocument } from "../core/model.ts";
import { documentOf } from "../core/run-document.ts";
import type { TrackedRun, WaitResult } from "../core/run-snapshot.ts";
import { ignoreError, reasonOf } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { raceAbort } from "../lib/abort.ts";
import { retryAfterText } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { PollRun, Runner } from "../ports.ts";
import { resultText } from "../render/labels.ts";
import { logSkippedDownload } from "./artifacts.ts";
import { createCommitReports, savePendingReport } from "./commit-report.ts";
import type { ActionContext, ActionDeps, TrackingContext } from "./context.ts";
import { finishAfterTimeout, finishStep, type StepOutcome } from "./finish-step.ts";
import { createSnapshotOutputWriter, setAllOutputs } from "./outputs.ts";
import { createProgressLog, type ProgressLog } from "./progress-log.ts";
import { createQueueLimit, type QueueLimit } from "./queue-limit.ts";
import { retryFailedAttempt } from "./retry-stages.ts";
import { createClosingObserver, createFindingsReader } from "./run-findings.ts";
import {
  ignoreUnstartedStages,
  type StartStagesOutcome,
  stageConditions,
  startStages,
} from "./start-stages.ts";
import { saveReportsClosed } from "./step-state.ts";
import { publishSummary, summarizeUnpolledRun, writeInitialSummaryFile } from "./step-summary.ts";
import { createTaskLogs } from "./task-logs.ts";
import { type RunObserver, waitForRun } from "./wait-for-run.ts";

/** Waits for a run and reports it. A module of its own, since it is loaded only once there is a run. */
export async function trackRun(
  run: TrackedRun,
  context: ActionContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const { inputs, deps } = context;
  const deadline = deps.clock.now() + (inputs.timeoutMs ?? Number.POSITIVE_INFINITY);
  const tracking = await createTrackingContext(run, context, deadline);
  context.onTracking(tracking);
  signal.throwIfAborted();
  // Only a step that ends here waits for GitHub.
  const reportsOpened = tracking.reports.open(run);
  writeInitialSummaryFile(run, tracking);
  const progressLog = createProgressLog({ logs: tracking.logs, deadline }, deps);
  const heartbeatEnd = new AbortController();
  const heartbeat = progressLog.runHeartbeat(heartbeatEnd.signal);
  heartbeat.catch(ignoreError("it is thrown where the heartbeat is awaited"));
  try {
    const pollContext = { tracking, progressLog, deadline };
    const started = await startRequestedStages(run, pollContext, signal);
    if (started.kind === "timed-out")
      return await finishAfterTimeout(started.result ?? { run, end: "timed-out" }, tracking, signal);
    if (started.kind === "blocked")
      return await finishStep(started.result, neverSuccessful(tracking), signal);
    if (!inputs.wait) {
      if (await reportEndedRun(run, tracking, signal)) return "left";
      await reportUnpolledRun(run, tracking, signal);
      await raceAbort(reportsOpened, signal);
      return "left";
    }
    const judged = withStageConditions(tracking, started.stages);
    const attempts = { ...pollContext, tracking: judged, stages: started.stages };
    const result = await waitThroughAttempts(run, attempts, signal);
    if (result === undefined) return await finishAfterTimeout({ run, end: "timed-out" }, judged, signal);
    return await finishStep(result, judged, signal);
  } finally {
    heartbeatEnd.abort();
    await heartbeat;
  }
}

/** With `wait: false` a followed run that has ended closes its check at once. Returns whether it did. */
async function reportEndedRun(
  run: TrackedRun,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { inputs, deps } = tracking;
  if (!run.isExternal || (inputs.checkRun === undefined && inputs.commitStatus === undefined)) return false;
  const poll = deps.runs.createPoller(run.id);
  const response = await poll({ retryForMs: 10_000, alwaysReadTimeline: true }, signal).catch(
    ignoreError("the check stays open for the step that waits for the run"),
  );
  signal.throwIfAborted();
  if (response?.run.status !== "completed") return false;
  const tree = buildRunTree(response.records);
  const document = documentOf(response.run, tree, run.raw);
  const kind = evaluateCondition(inputs.successWhen, document).holds
    ? "succeeded"
    : response.run.result === "canceled"
      ? "canceled"
      : "failed";
  const snapshot = { run: response.run, tree, at: response.serviceTime ?? deps.clock.now() };
  const text = resultText(response.run) ?? kind;
  if (inputs.mapOutputs.length > 0) setAllOutputs(document, tracking);
  await publishSummary(snapshot, { verdict: { kind, text } }, tracking, signal);
  return true;
}

/** `stages-to-start`, if it is set. */
async function startRequestedStages(
  run: TrackedRun,
  context: PollContext,
  signal: AbortSignal,
): Promise<StartStagesOutcome> {
  const { inputs } = context.tracking;
  const names = inputs.target.kind === "start" ? [] : inputs.target.stagesToStart;
  if (names.length === 0) return { kind: "started", stages: [] };
  const waitUntil = (isDone: (document: RunDocument) => boolean) =>
    poll(run, { isDone, readsTimeline: true }, context, signal);
  const options = { names, waitsForOthers: inputs.wait, waitUntil };
  return await startStages(run, options, context.tracking, signal);
}

/** A stage that starts by itself did not succeed: no condition can make that a success. */
function neverSuccessful(tracking: TrackingContext): TrackingContext {
  return { ...tracking, inputs: { ...tracking.inputs, successWhen: () => false } };
}

/** With `stages-to-start`, the default conditions are about these stages. */
function withStageConditions(tracking: TrackingContext, stages: readonly string[]): TrackingContext {
  if (stages.length === 0) return tracking;
  const { inputs } = tracking;
  const { haveEnded, haveSucceeded } = stageConditions(stages);
  const stopWhen = isDefaultCondition(inputs.stopWhen) ? haveEnded : inputs.stopWhen;
  const successWhen = isDefaultCondition(inputs.successWhen) ? haveSucceeded : inputs.successWhen;
  return { ...tracking, inputs: { ...inputs, stopWhen, successWhen } };
}

async function reportUnpolledRun(
  run: TrackedRun,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<void> {
  const { inputs, deps } = tracking;
  if (inputs.mapOutputs.length > 0) await writeMappedOutputs(run, tracking, signal);
  logSkippedDownload(inputs, deps.runner);
  await summarizeUnpolledRun(run, tracking);
}

interface PollContext {
  readonly tracking: TrackingContext;
  readonly progressLog: ProgressLog;
  readonly deadline: number;
}

interface AttemptsContext extends PollContext {
  /** The stages that the wait is about; empty for the whole run. */
  readonly stages: readonly string[];
}

/** Waits for the end of the run, and again after each retry that `retries` allows. */
async function waitThroughAttempts(
  run: TrackedRun,
  context: AttemptsContext,
  signal: AbortSignal,
): Promise<WaitResult | undefined> {
  const { tracking, stages } = context;
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
    const result = await poll(current, options, context, signal);
    if (result === undefined || retries >= maxRetries || cancellation.isCancelling())
      return result && { ...result, beforeRetry };
    const retry = { result, stages, attempt: retries + 1 };
    if (!(await retryFailedAttempt(retry, tracking, signal))) return { ...result, beforeRetry };
    beforeRetry ??= result;
    current = { ...run, staleResult: result.run };
    isDone = exceptStale(isStopped, result.document, deps.clock);
  }
}

/** Right after a retry the timeline may still show the stages as they were, in a run that goes on. */
function exceptStale(
  isDone: PollOptions["isDone"],
  before: RunDocument,
  clock: Pick<Clock, "now">,
): PollOptions["isDone"] {
  const staleUntil = clock.now() + maxStaleMs;
  const attempts = (document: RunDocument) => JSON.stringify(document.stages.map(({ attempt }) => attempt));
  return (document) => {
    const isStale = clock.now() < staleUntil && attempts(document) === attempts(before);
    return !isStale && isDone(document);
  };
}

/** A run that somebody cancelled is not retried. */
function createCancellationObserver(): RunObserver & { readonly isCancelling: () => boolean } {
  let isCancelling = false;
  return {
    update: ({ run }) => {
      isCancelling ||= run.status === "canceling";
    },
    isCancelling: () => isCancelling,
  };
}

interface PollOptions {
  readonly isDone: (document: RunDocument) => boolean;
  /** Whether each poll has to read the timeline, also that of a queued run. */
  readonly readsTimeline: boolean;
  /** Stages that were just started. */
  readonly stages?: readonly string[];
  readonly queueLimit?: QueueLimit | undefined;
  readonly observers?: readonly RunObserver[];
  /** What is requested at a run's end is requested now: no retry will change it. */
  readonly isLastAttempt?: boolean;
}

async function poll(
  run: TrackedRun,
  { isDone, readsTimeline, stages = [], queueLimit, observers = [], isLastAttempt = false }: PollOptions,
  { tracking, progressLog, deadline }: PollContext,
  signal: AbortSignal,
): Promise<WaitResult | undefined> {
  const { inputs, deps } = tracking;
  const { clock } = deps;
  const pollRun = deps.runs.createPoller(run.id);
  const pollCurrent = ignoreUnstartedStages(stages, ignoreStaleResult(run, pollRun, clock), clock);
  // A queued run's timeline says what it waits for: worth a request when the log has been idle, or for a condition.
  const pollWithProgress: PollRun = (options, pollSignal) =>
    pollCurrent(
      {
        ...options,
        alwaysReadTimeline: options.alwaysReadTimeline === true || readsTimeline || progressLog.isIdle(),
        onRetry: progressLog.onPollError,
        ...(isLastAttempt && {
          onCompleted: ({ run: completed, serviceTime: at = clock.now() }) =>
            tracking.findings.prefetch({ run: completed, at }, signal),
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
  const onRetryAfter = (delayMs: number) =>
    deps.runner.write([{ type: "text", text: retryAfterText(delayMs) }]);
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

/** In this order: the state that a cancellation needs first, the log before what is only shown elsewhere. */
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

/** Right after a retry the service may still show the end before it: the run counts as under way then. */
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
    const isStale =
      status === "completed" && result === staleResult.result && finishedAt === staleResult.finishedAt;
    hasCaughtUp ||= !isStale || clock.now() >= staleUntil;
    if (hasCaughtUp) return response;
    const run = { ...response.run, status: "inProgress", result: null, finishedAt: null } as const;
    return { ...response, run, records: new Map() };
  };
}

/** The step's work is done once the run is started: a poll that fails costs the outputs, not the step. */
async function writeMappedOutputs(
  run: TrackedRun,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<void> {
  const { deps, inputs } = tracking;
  try {
    setAllOutputs(await fetchRunDocument(run, deps, signal), tracking);
  } catch (error) {
    signal.throwIfAborted();
    deps.runner.write([{ type: "warning", text: `map-outputs: nothing could be read. ${reasonOf(error)}` }]);
    for (const { name } of inputs.mapOutputs) deps.outputs.set({ [name]: "" });
  }
}

async function fetchRunDocument(
  { id, raw }: TrackedRun,
  { runs }: Pick<ActionDeps, "runs">,
  signal: AbortSignal,
): Promise<RunDocument> {
  // What a queued run waits for is in its timeline.
  const { run, records } = await runs.createPoller(id)(
    { retryForMs: 60_000, alwaysReadTimeline: true },
    signal,
  );
  return documentOf(run, buildRunTree(records), raw);
}

/** What a tracked run needs: its logs, check run and status. */
export async function createTrackingContext(
  run: TrackedRun,
  { inputs, deps, workflow }: ActionContext,
  deadline: number,
): Promise<TrackingContext> {
  const reporters = await workflow.commitReporters(inputs, {
    isExternal: run.isExternal,
    readSource: (signal) =>
      deps.runs.getSource(
        {
          runId: run.id,
          startResponse: run.isExternal ? undefined : run.raw,
          retryForMs: 0,
          timeoutMs: 5_000,
        },
        signal,
      ),
  });
  const reports = createCommitReports(
    reporters,
    { project: inputs.projectRef.project, trigger: workflow.trigger },
    {
      onClosed: () => saveReportsClosed(deps.runner),
      onPending: (pendingReport) => savePendingReport(deps.runner, pendingReport),
    },
  );
  const logs = createTaskLogs({ mode: inputs.logs, runId: run.id, runUrl: run.url, deadline }, deps);
  const findings = createFindingsReader(inputs, deps);
  return { inputs, deps, logs, reports, findings, trigger: workflow.trigger };
}
