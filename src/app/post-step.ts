import { ignoreError, reasonOf } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { withTimeout } from "../lib/abort.ts";
import type { CommitReport, CommitReporter, Runner, Runs } from "../ports.ts";
import { escapeMarkdown } from "../render/markdown.ts";
import { cancelInterruptedRun } from "./cancel-interrupted-run.ts";
import type { CancelDeps } from "./cancel-run.ts";
import { restorePendingReport } from "./commit-report.ts";
import { type Environment, readMaskedInputs, type Workflow } from "./context.ts";
import {
  areReportsClosed,
  isCancelledWithStep,
  type PhaseOf,
  restorePhase,
  type SavedFingerprint,
  withFingerprints,
} from "./step-state.ts";

interface PostStepEnvironment extends Pick<Environment, "clock" | "input"> {
  readonly runner: Pick<Runner, "write" | "mask" | "getState">;
  readonly workflow: Pick<Workflow, "commitReporters">;
  readonly connect: (inputs: Inputs) => PostStepConnection;
  /**
   * Stops a main step that is still running because no signal reached it. Resolves when it has finished its clean-up; the
   * signal ends only the waiting.
   */
  requestMainShutdown(signal: AbortSignal): Promise<void>;
}

interface PostStepConnection extends Omit<CancelDeps, "clock" | "runner"> {
  readonly runs: CancelDeps["runs"] & Pick<Runs, "getSource">;
}

const postStepTimeoutMs = 60_000;

/**
 * The post step: cancels the run if the main step was interrupted before it could. Logs what happened, and never fails the job,
 * since the main step has already failed it.
 */
export async function runPostStep(environment: PostStepEnvironment): Promise<void> {
  const phase = restorePhase(environment.runner);
  if (phase.at === "settled") return;
  const cleanUp = new AbortController();
  const mainShutdown = environment.requestMainShutdown(cleanUp.signal);
  // Only the main step knows about a run that it is just starting.
  if (phase.at === "idle") return await mainShutdown;
  mainShutdown.catch(ignoreError("the process does not wait for the main step"));
  await cleanUpAfterMain(phase, environment);
  cleanUp.abort();
}

async function cleanUpAfterMain(
  phase: PhaseOf<"starting" | "following" | "left", SavedFingerprint>,
  environment: PostStepEnvironment,
): Promise<void> {
  const { runner, clock } = environment;
  const warnAbout = (consequence: string) => (error: unknown) => {
    runner.write([
      { type: "warning", text: `This step was interrupted, and ${consequence}: ${reasonOf(error)}` },
    ]);
  };
  await withTimeout(postStepTimeoutMs, clock, async (timeoutSignal) => {
    const inputs = await readMaskedInputs(environment);
    const connection = environment.connect(inputs);
    const { pipelines, runs } = connection;
    const address = phase.at === "starting" ? pipelines.url(phase.pipelineId) : runs.url(phase.runId);
    if (mayCancel(phase, inputs.cancelOnAbort)) {
      const interrupted = withFingerprints(phase, inputs);
      const cancelling = cancelInterruptedRun(interrupted, { ...connection, clock, runner }, timeoutSignal);
      await cancelling.catch(warnAbout(`its run could not be cancelled (${address})`));
    }
    if (phase.at === "starting" || areReportsClosed(runner)) return;
    const { runId } = phase;
    const reporters = environment.workflow.commitReporters(inputs, {
      isExternal: true,
      isLast: true,
      readSource: (signal) =>
        runs.getSource({ runId, startResponse: undefined, retryForMs: 0, timeoutMs: 5_000 }, signal),
    });
    const closing = closePendingReports(await reporters, phase.runId, { runs, runner }, timeoutSignal);
    await closing.catch(warnAbout(`its check run or status may still show it as running (${address})`));
  }).catch(warnAbout("the clean-up failed"));
}

function mayCancel(
  phase: PhaseOf<"starting" | "following" | "left", SavedFingerprint>,
  cancelOnAbort: boolean | undefined,
): phase is PhaseOf<"starting" | "following", SavedFingerprint> {
  if (phase.at === "left") return false;
  if (phase.at === "starting") return cancelOnAbort ?? true;
  return isCancelledWithStep(phase, cancelOnAbort);
}

/** A check run that is not closed would stay open forever. */
async function closePendingReports(
  reporters: readonly CommitReporter[],
  runId: number,
  { runs, runner }: { readonly runs: Pick<Runs, "get">; readonly runner: Pick<Runner, "getState"> },
  signal: AbortSignal,
): Promise<void> {
  if (reporters.length === 0) return;
  const allIndexes = [...reporters.keys()];
  const pendingReport = restorePendingReport(runner) ?? {
    report: await interruptionReport(runId, runs, signal),
    reporters: allIndexes,
  };
  const pending = reporters.filter((_, index) => pendingReport.reporters.includes(index));
  await Promise.all(pending.map((reporter) => reporter.close(pendingReport.report, signal)));
}

/** The final report about a run whose step was interrupted. */
async function interruptionReport(
  runId: number,
  runs: Pick<Runs, "get">,
  signal: AbortSignal,
): Promise<CommitReport> {
  const { name, url } = await runs.get(runId, { retryForMs: 10_000 }, signal);
  const text = `${name}: the step that followed it was interrupted`;
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
