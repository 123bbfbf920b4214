import type { Trigger } from "../core/default-ref.ts";
import type { CommitReporter } from "../ports.ts";
import { createCheckRunReporter } from "./check-run.ts";
import { createCommitStatusReporter } from "./commit-status.ts";
import { createUpdateLimiter, type ReportQueueOptions } from "./report-queue.ts";
import { headCommit } from "./trigger.ts";

interface ReporterInputs {
  readonly checkRun: string | undefined;
  readonly commitStatus: string | undefined;
}

interface CommitReporterOptions extends Omit<ReportQueueOptions, "name" | "commit" | "pace"> {
  /** Somebody else may have left a check run open for the same run. */
  readonly isExternalRun: boolean;
  readonly trigger: Trigger;
}

/** The signs that a workflow wants on its commit. They share one pace. */
export function createCommitReporters(
  inputs: ReporterInputs,
  { isExternalRun, trigger, ...options }: CommitReporterOptions,
): readonly CommitReporter[] {
  const common = { ...options, commit: headCommit(trigger), limiter: createUpdateLimiter(options.clock) };
  return [
    ...(inputs.checkRun === undefined
      ? []
      : [createCheckRunReporter({ ...common, name: inputs.checkRun, isExternalRun })]),
    ...(inputs.commitStatus === undefined
      ? []
      : [createCommitStatusReporter({ ...common, name: inputs.commitStatus })]),
  ];
}
