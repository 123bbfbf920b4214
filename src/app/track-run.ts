import { buildRunTree } from "../core/build-run-tree.ts";
import type { RunDocument } from "../core/model.ts";
import { documentOf } from "../core/run-document.ts";
import type { RunSnapshot, TrackedRun } from "../core/run-snapshot.ts";
import { reasonOf } from "../errors.ts";
import { raceAbort } from "../lib/abort.ts";
import { logSkippedDownload } from "./artifacts.ts";
import { createCommitReports, savePendingReport } from "./commit-report.ts";
import type { ActionContext, ActionDeps, TrackingContext } from "./context.ts";
import { finishAfterTimeout, finishStep, type StepOutcome } from "./finish-step.ts";
import { setAllOutputs } from "./outputs.ts";
import { createProgressLog } from "./progress-log.ts";
import { saveReportsClosed } from "./step-state.ts";
import { summarizeUnpolledRun, warmUpSummary } from "./step-summary.ts";
import { createTaskLogs } from "./task-logs.ts";
import { waitForRun } from "./wait-for-run.ts";

/** What comes once there is a run: its story, its end, and what is told of it. A module of its own, loaded only then. */
export async function trackRun(
  run: TrackedRun,
  context: ActionContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const { inputs, deps, stepState } = context;
  const tracking = await createTrackingContext(run, context);
  context.onTracking(tracking);
  signal.throwIfAborted();
  // The run does not wait for GitHub; only a step that ends here has to.
  const reportsOpened = tracking.reports.open(run);
  if (!inputs.wait) {
    if (inputs.mapOutputs.length > 0) await writeMappedOutputs(run, tracking, signal);
    logSkippedDownload(inputs, deps.runner);
    await summarizeUnpolledRun(run, tracking);
    await raceAbort(reportsOpened, signal);
    return "left";
  }
  const { stopWhen, mapOutputs, pollIntervalMs, timeoutMs } = inputs;
  const progressLog = createProgressLog({ logs: tracking.logs, timeoutMs }, deps);
  const heartbeatEnd = new AbortController();
  const heartbeat = progressLog.runHeartbeat(heartbeatEnd.signal);
  heartbeat.catch(() => undefined);
  const onIdle = (snapshot: RunSnapshot) => warmUpSummary(snapshot, tracking);
  const waitContext = { deps, stepState, progressLog, reports: tracking.reports, onIdle };
  try {
    const result = await waitForRun(
      { run, stopWhen, mapOutputs, pollIntervalMs, timeoutMs },
      waitContext,
      signal,
    );
    if (result === undefined) return await finishAfterTimeout({ run }, tracking, signal);
    return await finishStep(result, tracking, signal);
  } finally {
    heartbeatEnd.abort();
    await heartbeat;
  }
}

/** The step's work is done once the run is started: a look that fails costs the outputs, not the step. */
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
  { pipelines }: Pick<ActionDeps, "pipelines">,
  signal: AbortSignal,
): Promise<RunDocument> {
  // What a queued run waits for stands in its timeline.
  const { run, records } = await pipelines.createRunPoller(id)(
    { retryForMs: 60_000, alwaysReadTimeline: true },
    signal,
  );
  return documentOf(run, buildRunTree(records), raw);
}

async function createTrackingContext(
  run: TrackedRun,
  { inputs, deps, stepState, workflow }: ActionContext,
): Promise<TrackingContext> {
  const reporters = await workflow.commitReporters(inputs, run);
  const reports = createCommitReports(reporters, inputs.projectRef.project, {
    onClosed: () => saveReportsClosed(deps.runner),
    onPending: (pendingReport) => savePendingReport(deps.runner, pendingReport),
  });
  const logs = createTaskLogs(
    { mode: inputs.logs, runId: run.id, runUrl: run.url, timeoutMs: inputs.timeoutMs },
    deps,
  );
  return { inputs, deps, stepState, logs, reports };
}
