import type { CommitReport, Runner } from "../ports.ts";

/** A last word that has not been heard everywhere: the post step says it once more. */
export interface PendingReport {
  readonly report: CommitReport;
  /** By their place in the list of signs. */
  readonly reporters: readonly number[];
}

const pendingReportKey = "pendingReport";
/** The step's state travels in the environment. */
const maxSummaryBytes = 4_000;

/** Hidden here: the post step does not know all that was masked. */
export function savePendingReport(
  runner: Pick<Runner, "saveState" | "redact">,
  { report, reporters }: PendingReport,
): void {
  const redactedReport = {
    ...report,
    title: runner.redact(report.title),
    summary: runner.redact(report.summary(maxSummaryBytes)),
    description: runner.redact(report.description),
    annotations: [],
  };
  runner.saveState(pendingReportKey, JSON.stringify({ report: redactedReport, reporters }));
}

/** Only this action writes its state, so what cannot be read is a state of no use. */
export function restorePendingReport(runner: Pick<Runner, "getState">): PendingReport | undefined {
  try {
    const { report, reporters } = JSON.parse(runner.getState(pendingReportKey));
    return { report: { ...report, summary: () => report.summary }, reporters };
  } catch {
    return undefined;
  }
}
