import { rootCauses } from "../core/failures.ts";
import type { RunReport, Verdict } from "../core/run-report.ts";
import type { RunSnapshot, TrackedRun } from "../core/run-snapshot.ts";
import { artifactsUrl } from "../core/run-tree.ts";
import type { RunTarget } from "../inputs/run-target.ts";
import { renderSummary, unpolledRunSummary } from "../render/summary.ts";
import type { TrackingContext } from "./context.ts";
import { noFindings, type RunFindings } from "./run-findings.ts";

interface SummaryContent {
  readonly verdict: Verdict;
  readonly findings?: RunFindings;
}

/** Writes the job's summary, and closes check run and commit status. */
export async function publishSummary(
  snapshot: Pick<RunSnapshot, "run" | "tree" | "at" | "timelineUnavailable">,
  { verdict, findings = noFindings }: SummaryContent,
  { inputs, deps, logs, reports }: TrackingContext,
  signal: AbortSignal,
): Promise<void> {
  if (!deps.stepState.tryFinalize()) return;
  const report = createReport(snapshot, { verdict, findings }, { inputs, logs });
  const render = createRenderer(report);
  if (inputs.summary) deps.runner.addSummary(render);
  writeSummaryFile(render, deps);
  await reports.close(report, signal);
}

/** Renders the summary again only for a limit that the last text exceeds, or that permits more detail. */
function createRenderer(report: RunReport): (limitBytes: number) => string {
  let last: { readonly text: string; readonly limitBytes: number } | undefined;
  return (limitBytes) => {
    if (last === undefined || limitBytes > last.limitBytes || Buffer.byteLength(last.text) > limitBytes)
      last = { text: renderSummary(report, limitBytes), limitBytes };
    return last.text;
  };
}

/** Writes the summary of a run without a successful poll, and closes check run and commit status. */
export async function publishUnpolledSummary(
  run: TrackedRun,
  verdict: Verdict,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<void> {
  summarizeUnpolledRun(run, verdict, tracking);
  await tracking.reports.closeUnpolled(verdict, signal);
}

/** Writes the short summary of a run without a successful poll. */
export function summarizeUnpolledRun(
  run: TrackedRun,
  verdict: Verdict,
  { inputs, deps }: Pick<TrackingContext, "inputs" | "deps">,
): void {
  if (!deps.stepState.tryFinalize()) return;
  const markdown = unpolledRunMarkdown(run, verdict, inputs);
  writeSummaryFile(() => markdown, deps);
  if (inputs.summary) deps.runner.addSummary(() => markdown);
}

/** Writes the known facts about a run before its first poll, so that `summary-file` always exists. */
export function writeInitialSummaryFile(
  run: TrackedRun,
  { inputs, deps }: Pick<TrackingContext, "inputs" | "deps">,
): void {
  const verdict: Verdict = { kind: "running", text: run.isExternal ? "followed" : "started" };
  writeSummaryFile(() => unpolledRunMarkdown(run, verdict, inputs), deps);
}

function writeSummaryFile(
  renderMarkdown: (limitBytes: number) => string,
  { runner, outputs }: Pick<TrackingContext["deps"], "runner" | "outputs">,
): void {
  const path = runner.writeSummaryFile(renderMarkdown);
  if (path !== undefined) outputs.set({ "summary-file": path });
}

/** The state of a run with `wait: false`. */
export function notWaitedFor({ isExternal }: TrackedRun): Verdict {
  return { kind: "running", text: isExternal ? "not waited for" : "started, not waited for" };
}

function unpolledRunMarkdown(
  run: TrackedRun,
  verdict: Verdict,
  { projectRef, target }: TrackingContext["inputs"],
): string {
  const pipeline = run.pipelineName ?? pipelineLabel(target);
  return unpolledRunSummary({ project: projectRef.project, pipeline, run, verdict });
}

/** The name of the pipeline in the inputs. */
function pipelineLabel(target: RunTarget): string | undefined {
  if (target.kind === "follow") return undefined;
  return target.pipeline.by === "name" ? target.pipeline.name : `pipeline ${target.pipeline.id}`;
}

function createReport(
  { run, tree, at, timelineUnavailable }: Pick<RunSnapshot, "run" | "tree" | "at" | "timelineUnavailable">,
  { verdict, findings }: Required<SummaryContent>,
  { inputs, logs }: Pick<TrackingContext, "inputs" | "logs">,
): RunReport {
  return {
    run,
    tree,
    verdict,
    at,
    timelineUnavailable,
    project: inputs.projectRef.project,
    pipeline: run.pipeline.name ?? "pipeline",
    causes: rootCauses(tree, run),
    excerpts: logs.excerpts(),
    tests: findings.tests,
    baseline: verdict.kind === "succeeded" ? undefined : findings.baseline,
    artifacts: findings.artifacts?.map(({ name, size }) => ({
      name,
      bytes: size,
      url: artifactsUrl(run.url),
    })),
  };
}
