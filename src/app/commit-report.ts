import { annotationsOf } from "../core/annotations.ts";
import type { Trigger } from "../core/default-ref.ts";
import type { Annotation, LogEntry } from "../core/log-line.ts";
import { sourceOrigin } from "../core/report-commit.ts";
import type { RunReport, Verdict } from "../core/run-report.ts";
import type { RunSnapshot, TrackedRun } from "../core/run-snapshot.ts";
import { asObject, parseJson } from "../lib/json.ts";
import type { CommitReport, CommitReporter, Runner } from "../ports.ts";
import { annotationLines } from "../render/annotations.ts";
import { activityText, unpolledRunText, verdictText } from "../render/status-text.ts";
import { renderSummary } from "../render/summary.ts";
import { testAnnotations } from "../render/tests.ts";

/** Check run and commit status, or neither. */
export interface CommitReports {
  open(run: TrackedRun): Promise<void>;
  update(snapshot: RunSnapshot): void;
  close(report: RunReport, signal?: AbortSignal): Promise<void>;
  /** The end of a wait without a successful poll. */
  closeUnpolled(verdict: Verdict, signal?: AbortSignal): Promise<void>;
  /** Whether the post step must write the final report. */
  hasPending(): boolean;
}

/** The data about them for the post step. */
interface CommitReportCallbacks {
  onClosed(): void;
  onPending(pendingReport: PendingReport): void;
}

interface CommitReportsContext {
  readonly project: string;
  readonly trigger: () => Promise<Trigger>;
}

/** Calls back with the final report before it is sent, and with its progress. */
export function createCommitReports(
  reporters: readonly CommitReporter[],
  { project, trigger }: CommitReportsContext,
  { onClosed, onPending }: CommitReportCallbacks,
): CommitReports {
  let trackedRun: TrackedRun | undefined;
  let isPending = false;
  const closeAll = async (report: CommitReport, signal?: AbortSignal) => {
    if (reporters.length === 0) return;
    // A report that the run is still running is not a final report.
    const isLast = report.kind !== "running";
    if (isLast) onPending({ report, reporters: [...reporters.keys()] });
    const results = await Promise.all(reporters.map((reporter) => reporter.close(report, signal)));
    const undelivered = results.flatMap((isDelivered, index) => (isDelivered ? [] : [index]));
    isPending = isLast && undelivered.length > 0;
    if (isPending) onPending({ report, reporters: undelivered });
    else if (isLast || signal?.aborted !== true) onClosed();
  };
  return {
    open: async (run) => {
      trackedRun = run;
      const text = `${run.name} is ${run.isExternal ? "followed" : "started"}`;
      const initialReport = unpolledReport(run, "running", text);
      await Promise.all(reporters.map((reporter) => reporter.open(initialReport)));
    },
    update: (snapshot) => {
      if (reporters.length === 0) return;
      const report = runningReport(snapshot, project);
      for (const reporter of reporters) void reporter.update(report);
    },
    close: async (report, signal) => {
      if (reporters.length === 0) return;
      await closeAll(finalReport(report, sourceOrigin(await trigger(), report.run)), signal);
    },
    closeUnpolled: async (verdict, signal) => {
      if (trackedRun !== undefined)
        await closeAll(
          unpolledReport(trackedRun, verdict.kind, unpolledRunText(trackedRun.name, verdict)),
          signal,
        );
    },
    hasPending: () => isPending,
  };
}

function unpolledReport({ id, url }: TrackedRun, kind: Verdict["kind"], text: string): CommitReport {
  return {
    kind,
    title: text,
    summary: () => "",
    annotations: [],
    runUrl: url,
    runId: id,
    description: text,
  };
}

function runningReport({ run, tree, at }: RunSnapshot, project: string): CommitReport {
  const text = activityText(run, tree);
  const verdict = { kind: "running", text } as const;
  const pipeline = run.pipeline.name ?? "pipeline";
  return toCommitReport({ run, tree, verdict, at, project, pipeline, causes: [], excerpts: [] }, text);
}

function finalReport(report: RunReport, origin: ReturnType<typeof sourceOrigin>): CommitReport {
  // A run that is not waited for has no result yet: the next step that follows it closes its reports.
  const annotations =
    report.verdict.kind === "running" || origin === "elsewhere" ? [] : fileAnnotations(report);
  return { ...toCommitReport(report, verdictText(report)), annotations };
}

function toCommitReport(report: RunReport, text: string): CommitReport {
  const { run, verdict } = report;
  return {
    kind: verdict.kind,
    title: text,
    summary: (limitBytes) => renderSummary(report, limitBytes),
    annotations: [],
    runUrl: run.url,
    runId: run.id,
    startedAt: run.startedAt ?? undefined,
    description: text,
  };
}

/** They belong to a commit, not to this job's workspace, which often has no checkout. */
function fileAnnotations({ run, tree, verdict, tests }: RunReport): readonly Annotation[] {
  const noLimits = { errors: Number.POSITIVE_INFINITY, warnings: Number.POSITIVE_INFINITY };
  const isSuccess = verdict.kind === "succeeded";
  const options = { toRepositoryPath: (path: string) => path, isForLog: false };
  const issues = annotationLines(annotationsOf(tree, run, { ...noLimits, isSuccess }), options);
  const failures = tests?.failures ?? [];
  const type = isSuccess ? "warning" : "error";
  return [...issues.filter(isAnnotation), ...testAnnotations({ failures, type }, (path) => path)];
}

function isAnnotation(line: LogEntry): line is Annotation {
  return line.type === "error" || line.type === "warning";
}

/** A final report that has not been written everywhere: the post step writes it once more. */
export interface PendingReport {
  readonly report: CommitReport;
  /** By their index in the list of reports. */
  readonly reporters: readonly number[];
}

const pendingReportKey = "pendingReport";

/** The step's state is passed in the environment, which has little room. */
const maxSummaryBytes = 4_000;

const maxTitleLength = 1_000;

/** Secrets are replaced here, since the post step does not know all masked values. */
export function savePendingReport(
  runner: Pick<Runner, "saveState" | "redactRendered">,
  { report, reporters }: PendingReport,
): void {
  const redactedReport = {
    ...report,
    title: runner.redactRendered(report.title).slice(0, maxTitleLength),
    summary: runner.redactRendered(report.summary(maxSummaryBytes)),
    description: runner.redactRendered(report.description).slice(0, maxTitleLength),
    annotations: [],
  };
  runner.saveState(pendingReportKey, JSON.stringify({ report: redactedReport, reporters }));
}

/** Ignores values that this action has not written. */
export function restorePendingReport(runner: Pick<Runner, "getState">): PendingReport | undefined {
  const { report, reporters } = asObject(parseJson(runner.getState(pendingReportKey)));
  const { summary } = asObject(report);
  if (typeof summary !== "string" || !Array.isArray(reporters)) return undefined;
  return { report: { ...(report as CommitReport), summary: () => summary }, reporters };
}
