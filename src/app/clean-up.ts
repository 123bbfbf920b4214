import type { Candidate } from "../core/evidence.ts";
import { reasonOf } from "../errors.ts";
import { readInputs } from "../inputs.ts";
import type { CommitReport, CommitReporter, Pipelines } from "../ports.ts";
import { escapeMarkdown } from "../render/markdown.ts";
import { exactMatches, findCandidates, findDuplicates, type MatchedRun } from "./candidates.ts";
import type { Connection, Environment } from "./launch.ts";
import { restorePendingReport } from "./owed.ts";
import { areReportsClosed, type PendingStart, type PhaseOf, restorePhase } from "./state.ts";
import { withTimeout } from "./within.ts";

interface PostStepEnvironment extends Omit<Environment, "signal"> {
  /**
   * Tells a main step that still lives, since no signal reached it, that it is over. Resolves once that has seen to what
   * it had begun.
   */
  requestMainShutdown(): Promise<void>;
}

type CancelDeps = Pick<Connection, "pipelines"> & Pick<Environment, "clock" | "runner">;

const postStepTimeoutMs = 60_000;
/** Within that minute an answer that never comes must not be the only one that was asked for. */
const postStepRetryOptions = { retryForMs: 40_000, timeoutMs: 8_000 };

/**
 * The post step: cancels the run where the main step was cut off before it could. Says what happened, and never fails
 * the job: an unclean end has its own colour already.
 */
export async function runPostStep(environment: PostStepEnvironment): Promise<void> {
  const { runner, clock } = environment;
  const phase = restorePhase(runner);
  if (phase.at === "settled") return;
  const mainShutdown = environment.requestMainShutdown();
  // What it starts in this very moment nobody but itself knows of.
  if (phase.at === "idle") return await mainShutdown;
  const warnAbout = (consequence: string) => (error: unknown) => {
    runner.write([
      { type: "warning", text: `This step was cut off, and ${consequence}: ${reasonOf(error)}` },
    ]);
  };
  await withTimeout(postStepTimeoutMs, clock, async (timeoutSignal) => {
    const inputs = await readInputs(environment.input);
    const { pipelines } = environment.connect(inputs);
    const address =
      phase.at === "starting" ? pipelines.pipelineUrl(phase.pipelineId) : pipelines.runUrl(phase.runId);
    if (mayCancel(phase, inputs.cancelOnAbort)) {
      const cancelling = cancelInterruptedRun(phase, { pipelines, clock, runner }, timeoutSignal);
      await cancelling.catch(warnAbout(`its run could not be cancelled (${address})`));
    }
    if (phase.at === "starting" || areReportsClosed(runner)) return;
    const reporters = environment.workflow.commitReporters(inputs, { isExternal: true, isLast: true });
    const closing = closePendingReports(await reporters, phase.runId, { pipelines, runner }, timeoutSignal);
    await closing.catch(warnAbout(`its check run or status may still say that it goes on (${address})`));
  }).catch(warnAbout("nothing could be done about it"));
}

function mayCancel(
  phase: PhaseOf<"starting" | "following" | "left">,
  cancelOnAbort: boolean | undefined,
): phase is PhaseOf<"starting" | "following"> {
  if (phase.at === "left") return false;
  return cancelOnAbort ?? (phase.at === "starting" || phase.isOwn);
}

async function cancelInterruptedRun(
  phase: PhaseOf<"starting" | "following">,
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  if (phase.at === "starting") return await cancelPendingStart(phase, deps, signal);
  const { runId, duplicateSearch } = phase;
  await cancelRunInPostStep(runId, deps, signal);
  if (duplicateSearch !== undefined) await cancelDuplicatesInPostStep(duplicateSearch, runId, deps, signal);
}

async function cancelRunInPostStep(
  runId: number,
  { pipelines, runner }: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const { status, name, url } = await pipelines.getRun(runId, postStepRetryOptions, signal);
  const isOver = status === "completed";
  if (!isOver && status !== "canceling") await pipelines.cancel(runId, postStepRetryOptions, signal);
  const text = isOver
    ? `${name} was over when this step was cut off: ${url}`
    : `${name} was cancelled, since this step was cut off: ${url}`;
  runner.write([{ type: "text", text }]);
}

/** They were about to be looked for, and the list may lag behind the start of one. */
async function cancelDuplicatesInPostStep(
  duplicateSearch: PendingStart,
  runId: number,
  deps: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const cancelledIds = new Set<number>();
  for (const delayMs of [0, 1_000, 2_000]) {
    await deps.clock.sleep(delayMs, signal);
    for (const duplicate of await findDuplicates(
      duplicateSearch,
      runId,
      { ...deps, retryOptions: postStepRetryOptions },
      signal,
    )) {
      if (!cancelledIds.has(duplicate.id)) await cancelOrphan(duplicate, deps, signal);
      cancelledIds.add(duplicate.id);
    }
    if (cancelledIds.size >= duplicateSearch.attempts - 1) return;
  }
}

/**
 * The service's list may lag behind a start that was cut off a moment ago: it is looked at more than once. In a
 * container nobody tells the main step that it is over, and it may ask for its start again for as long as it lives.
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
    matches = await findCandidates(phase, { ...deps, retryOptions: postStepRetryOptions }, signal);
    const exact = exactMatches(matches, phase.attempts);
    for (const run of exact) {
      if (!cancelledIds.has(run.id)) await cancelOrphan(run, deps, signal);
      cancelledIds.add(run.id);
    }
    if (cancelledIds.size === phase.attempts || (matches.length > 0 && exact.length === 0)) break;
  }
  if (cancelledIds.size > 0) return;
  const list = matches.map(({ candidate }) => candidate.url).join(", ");
  const prefix = "This step was cut off while it started a run";
  runner.write([
    matches.length === 0
      ? { type: "text", text: `${prefix}; none has shown up.` }
      : { type: "warning", text: `${prefix}, which may be one of these; none was cancelled: ${list}` },
  ]);
}

async function cancelOrphan(
  { id, name, url, status }: Candidate,
  { pipelines, runner }: CancelDeps,
  signal: AbortSignal,
): Promise<void> {
  const isOver = status === "completed";
  if (!isOver) await pipelines.cancel(id, postStepRetryOptions, signal);
  const text = isOver
    ? `${name} was over when this step, which had started it, was cut off: ${url}`
    : `${name}, whose start was under way when this step was cut off, was cancelled: ${url}`;
  runner.write([{ type: "text", text }]);
}

/** A check run that nobody ends would stay open for ever. */
async function closePendingReports(
  reporters: readonly CommitReporter[],
  runId: number,
  { pipelines, runner }: Pick<CancelDeps, "pipelines" | "runner">,
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

/** What there is to say of a run whose step had no last word. */
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
