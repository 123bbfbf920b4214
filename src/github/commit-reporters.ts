import type { Trigger } from "../core/default-ref.ts";
import { type CheckCommit, notBuilt, type RunSource, reportTarget } from "../core/report-commit.ts";
import { reasonOf } from "../errors.ts";
import { retry } from "../lib/retry.ts";
import type { CommitReporter } from "../ports.ts";
import { createCheckRunReporter } from "./check-run.ts";
import { createCommitStatusReporter } from "./commit-status.ts";
import { secondParent } from "./commits.ts";
import { describeFailure, type Octokit } from "./octokit.ts";
import {
  CommitUnknownError,
  createUpdateLimiter,
  NotReportedError,
  type ReportQueueOptions,
  type ResolveCommit,
} from "./report-queue.ts";

// One chunk of the bundle with everything that calls GitHub.
export { readMergedHead } from "./commits.ts";

interface ReporterInputs {
  readonly checkRun: string | undefined;
  readonly commitStatus: string | undefined;
  /** `undefined`: the commit of the workflow's event. */
  readonly checkCommit: CheckCommit | undefined;
}

interface CommitReporterOptions extends Omit<ReportQueueOptions, "name" | "resolveCommit" | "limiter"> {
  /** Another step may have left a check run open for the same run. */
  readonly isExternalRun: boolean;
  readonly trigger: Trigger;
  /** What the run builds; `undefined` if there is no run to report. */
  readonly readSource: ((signal: AbortSignal) => Promise<RunSource>) | undefined;
}

/** The check run and the commit status that the workflow requests. They share a rate limit. */
export function createCommitReporters(
  inputs: ReporterInputs,
  { isExternalRun, trigger, readSource, ...options }: CommitReporterOptions,
): readonly CommitReporter[] {
  const warnings = new Set<string>();
  const common = {
    ...options,
    isExternalRun,
    // Both may be skipped for the same reason.
    warn: (text: string) => {
      if (!warnings.has(text)) options.warn(text);
      warnings.add(text);
    },
    resolveCommit: createCommitResolver(inputs, { ...options, trigger, readSource }),
    limiter: createUpdateLimiter(options.clock),
  };
  return [
    ...(inputs.checkRun === undefined ? [] : [createCheckRunReporter({ ...common, name: inputs.checkRun })]),
    ...(inputs.commitStatus === undefined
      ? []
      : [createCommitStatusReporter({ ...common, name: inputs.commitStatus })]),
  ];
}

/** What a queued run builds may not be known yet. */
const sourceRetryMs = 2_000;
const maxSourceReads = 4;

function createCommitResolver(
  { checkCommit }: ReporterInputs,
  {
    trigger,
    readSource,
    repository,
    clock,
  }: Pick<CommitReporterOptions, "trigger" | "readSource" | "repository" | "clock">,
): ResolveCommit {
  let verified: string | undefined;
  const notReported = (reason: string) => notReportedError(reason, checkCommit);
  const resolveRead = async (octokit: Octokit, read: () => Promise<RunSource>, signal: AbortSignal) => {
    const target = await retry(async () => reportTarget(checkCommit, trigger, await read()), {
      retryResult: ({ kind }) => (kind === "unknown" ? {} : undefined),
      maxAttempts: maxSourceReads,
      delayMs: () => sourceRetryMs,
      clock,
      signal,
    });
    if (target.kind === "commit") return target.sha;
    if (target.kind === "none") throw notReported(target.reason);
    if (target.kind === "unknown") throw notReported("it is unknown which commit the run builds");
    const { mergeCommit } = target;
    const head = await readMergedHead(octokit, { repository, mergeCommit, notReported }, signal);
    const { expected } = target;
    if (expected !== undefined && head !== expected) throw notReported(notBuilt(head, expected));
    return head;
  };
  return async (octokit, { acceptsUnverified, signal }) => {
    if (checkCommit?.kind === "hash") return checkCommit.sha;
    if (readSource === undefined) return eventSha(trigger);
    if (verified !== undefined) return verified;
    const read = () =>
      readSource(signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new CommitUnknownError(`the commit of the run could not be read (${reasonOf(error)})`);
      });
    try {
      verified = await resolveRead(octokit, read, signal);
      return verified;
    } catch (error) {
      if (error instanceof CommitUnknownError && acceptsUnverified) return eventSha(trigger);
      throw error;
    }
  };
}

function eventSha({ pullRequest, workflowRunHeadSha, sha }: Trigger): string {
  return pullRequest?.headSha ?? workflowRunHeadSha ?? sha;
}

function notReportedError(reason: string, checkCommit: CheckCommit | undefined): NotReportedError {
  const values = checkCommit === undefined ? "`run` (the commit that was built) or to a hash" : "a hash";
  return new NotReportedError(
    `No check run or commit status was written: ${reason}. Set \`check-commit\` to ${values}.`,
  );
}

interface MergeCommit {
  readonly repository: string;
  readonly mergeCommit: string;
  readonly notReported: (reason: string) => NotReportedError;
}

/** The head of a merge commit. */
async function readMergedHead(
  octokit: Octokit,
  { repository, mergeCommit, notReported }: MergeCommit,
  signal: AbortSignal,
): Promise<string> {
  try {
    const head = await secondParent(octokit, { repository, mergeCommit }, signal);
    if (head !== undefined) return head;
  } catch (error) {
    const { text, isPermanent, misconfiguration } = describeFailure(error);
    if (!isPermanent) throw error;
    const permission = misconfiguration === "permissions" ? "; it needs `permissions: contents: read`" : "";
    throw notReported(
      `the parents of the merge commit ${mergeCommit} could not be read (${text}${permission})`,
    );
  }
  throw notReported(`the run built ${mergeCommit}, which is not a merge commit`);
}
