import { evaluateCondition, isDefaultCondition } from "../core/condition.ts";
import type { RunDocument } from "../core/model.ts";
import { documentOf } from "../core/run-document.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import { ignoreError, reasonOf } from "../errors.ts";
import { raceAbort } from "../lib/abort.ts";
import { judgedResultText } from "../render/labels.ts";
import { logSkippedDownload } from "./artifacts.ts";
import { createCommitReports, savePendingReport } from "./commit-report.ts";
import type { ActionContext, ActionDeps, TrackingContext } from "./context.ts";
import { finishAfterTimeout, finishStep, type StepOutcome } from "./finish-step.ts";
import { setAllOutputs } from "./outputs.ts";
import { createProgressLog } from "./progress-log.ts";
import { createFindingsReader } from "./run-findings.ts";
import { type StartStagesOutcome, stageConditions, startStages } from "./start-stages.ts";
import { saveReportsClosed } from "./step-state.ts";
import {
  notWaitedFor,
  publishSummary,
  summarizeUnpolledRun,
  writeInitialSummaryFile,
} from "./step-summary.ts";
import { createTaskLogs } from "./task-logs.ts";
import { type WaitContext, waitForAttempt, waitThroughAttempts } from "./wait-for-attempts.ts";

/** Waits for a run and reports it. A separate module, since it is loaded only once there is a run. */
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
      return await finishAfterTimeout({ run, ...started.result }, tracking, signal);
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
    if (result.end === "unpolled") return await finishAfterTimeout({ run, ...result }, judged, signal);
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
  const { tree } = response;
  const document = documentOf(response.run, tree, run.raw);
  const isSuccess = evaluateCondition(inputs.successWhen, document).holds;
  const kind = isSuccess ? "succeeded" : response.run.result === "canceled" ? "canceled" : "failed";
  const snapshot = { run: response.run, tree, at: response.serviceTime ?? deps.clock.now() };
  const text = judgedResultText(response.run, isSuccess);
  if (inputs.mapOutputs.length > 0) setAllOutputs(document, tracking);
  await publishSummary(snapshot, { verdict: { kind, text } }, tracking, signal);
  return true;
}

/** `stages-to-start`, if it is set. */
async function startRequestedStages(
  run: TrackedRun,
  context: WaitContext,
  signal: AbortSignal,
): Promise<StartStagesOutcome> {
  const { inputs } = context.tracking;
  const names = inputs.target.kind === "start" ? [] : inputs.target.stagesToStart;
  if (names.length === 0) return { kind: "started", stages: [] };
  const waitUntil = (isDone: (document: RunDocument) => boolean) =>
    waitForAttempt(run, { isDone, readsTimeline: true }, context, signal);
  const options = { names, waitsForOthers: inputs.wait, waitUntil, log: context.progressLog.write };
  return await startStages(run, options, context.tracking, signal);
}

/** An automatic stage did not succeed: no condition can make that a success. */
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
  summarizeUnpolledRun(run, notWaitedFor(run), tracking);
}

/** The step is done once the run is started: a failed poll leaves outputs blank, but does not fail the step. */
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
    deps.runner.write([
      { type: "warning", text: `map-outputs: the run could not be read. ${reasonOf(error)}` },
    ]);
    for (const { name } of inputs.mapOutputs) deps.outputs.set({ [name]: "" });
  }
}

async function fetchRunDocument(
  { id, raw }: TrackedRun,
  { runs }: Pick<ActionDeps, "runs">,
  signal: AbortSignal,
): Promise<RunDocument> {
  // The timeline of a queued run shows what it waits for.
  const { run, tree } = await runs.createPoller(id)({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
  return documentOf(run, tree, raw);
}

/** The observers of a tracked run: its logs, check run and status. */
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
