import { reasonOf } from "../errors.ts";
import { withTimeout } from "../lib/abort.ts";
import type { CommitReport, CommitReporter, Pipelines, Runner } from "../ports.ts";
import { escapeMarkdown } from "../render/markdown.ts";
import { cancelInterruptedRun } from "./cancel-run.ts";
import { restorePendingReport } from "./commit-report.ts";
import { type Environment, readMaskedInputs } from "./context.ts";
import {
  areReportsClosed,
  ownsRunOrStages,
  type PhaseOf,
  restorePhase,
  type SavedFingerprint,
  withFingerprints,
} from "./step-state.ts";

interface PostStepEnvironment extends Omit<Environment, "signal" | "saveLifecycle"> {
  /** Stops a main step that still runs because no signal reached it. Resolves when it has finished its clean-up. */
  requestMainShutdown(): Promise<void>;
}

const postStepTimeoutMs = 60_000;

/**
 * The post step: cancels the run if the main step was cut off before it could. Says what happened, and never fails the
 * job: the main step has already done so.
 */
export async function runPostStep(environment: PostStepEnvironment): Promise<void> {
  const { runner, clock } = environment;
  const phase = restorePhase(runner);
  if (phase.at === "settled") return;
  const mainShutdown = environment.requestMainShutdown();
  // Only the main step knows of a run that it starts in this moment.
  if (phase.at === "idle") return await mainShutdown;
  const warnAbout = (consequence: string) => (error: unknown) => {
    runner.write([
      { type: "warning", text: `This step was cut off, and ${consequence}: ${reasonOf(error)}` },
    ]);
  };
  await withTimeout(postStepTimeoutMs, clock, async (timeoutSignal) => {
    const inputs = await readMaskedInputs(environment);
    const { pipelines, jobRuns } = environment.connect(inputs);
    const address =
      phase.at === "starting" ? pipelines.pipelineUrl(phase.pipelineId) : pipelines.runUrl(phase.runId);
    if (mayCancel(phase, inputs.cancelOnAbort)) {
      const interrupted = withFingerprints(phase, inputs);
      const cancelling = cancelInterruptedRun(
        interrupted,
        { pipelines, jobRuns, clock, runner },
        timeoutSignal,
      );
      await cancelling.catch(warnAbout(`its run could not be cancelled (${address})`));
    }
    if (phase.at === "starting" || areReportsClosed(runner)) return;
    const { runId } = phase;
    const reporters = environment.workflow.commitReporters(inputs, {
      isExternal: true,
      isLast: true,
      readSource: (signal) =>
        pipelines.getRunSource({ runId, startResponse: undefined, retryForMs: 0, timeoutMs: 5_000 }, signal),
    });
    const closing = closePendingReports(await reporters, phase.runId, { pipelines, runner }, timeoutSignal);
    await closing.catch(warnAbout(`its check run or status may still say that it goes on (${address})`));
  }).catch(warnAbout("nothing could be done about it"));
}

function mayCancel(
  phase: PhaseOf<"starting" | "following" | "left", SavedFingerprint>,
  cancelOnAbort: boolean | undefined,
): phase is PhaseOf<"starting" | "following", SavedFingerprint> {
  if (phase.at === "left") return false;
  return cancelOnAbort ?? (phase.at === "starting" || ownsRunOrStages(phase));
}

/** A check run that is not closed would stay open for ever. */
async function closePendingReports(
  reporters: readonly CommitReporter[],
  runId: number,
  {
    pipelines,
    runner,
  }: { readonly pipelines: Pick<Pipelines, "getRun">; readonly runner: Pick<Runner, "getState"> },
  signal: AbortSignal,
): Promise<void> {
  if (reporters.length === 0) return;
  const allIndexes = [...reporters.keys()];
  const pendingReport = restorePendingReport(runner) ?? {
    report: await interruptionReport(runId, pipelines, signal),
    reporters: allIndexes,
  };
  const pending = reporters.filter((_, index) => pendingReport.reporters.includes(index));
  await Promise.all(pending.map((reporter) => reporter.close(pendingReport.report, signal)));
}

/** The final report about a run whose step was cut off. */
async function interruptionReport(
  runId: number,
  pipelines: Pick<Pipelines, "getRun">,
  signal: AbortSignal,
): Promise<CommitReport> {
  const { name, url } = await pipelines.getRun(runId, { retryForMs: 10_000 }, signal);
  const text = `${name}: the step that followed it was cut off`;
  return {
    kind: "canceled",
    title: text,
    summary: () => escapeMarkdown(text),
    annotations: [],
    runUrl: url,
    runId,
    description: text,
  };
}
