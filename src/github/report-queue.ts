import { retry } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { CommitReport, CommitReporter } from "../ports.ts";
import {
  createOctokit,
  describeFailure,
  type GitHubAccess,
  type GitHubFailure,
  type Octokit,
} from "./octokit.ts";

export interface ReportQueueOptions extends GitHubAccess {
  readonly name: string;
  /** OWNER/NAME */
  readonly repository: string;
  /** Called until it returns a commit; throws `NotReportedError` if nothing must be written. */
  readonly resolveCommit: ResolveCommit;
  readonly clock: Clock;
  /** Shared by several reports on one commit. */
  readonly limiter?: UpdateLimiter;
  /** Whether the step writes only the first report. */
  readonly reportsStartOnly?: boolean;
  /** Whether there is no post step that could write what failed. */
  readonly isLastAttempt?: boolean;
  warn(text: string): void;
}

export type ResolveCommit = (
  octokit: Octokit,
  options: {
    /** A failure may be reported on the event's commit even if the built commit can't be read. */
    readonly acceptsUnverified: boolean;
    readonly signal: AbortSignal;
  },
) => Promise<string>;

/** A result must not be reported on the commit: it was not built, or a newer run has reported on it. */
export class NotReportedError extends Error {}

/** What the run builds could not be read; a later attempt may succeed. */
export class CommitUnknownError extends Error {}

interface ReportDestination {
  /** `check run "ci"`: for the warning. */
  readonly label: string;
  readonly permission: string;
  /** The visible part of a report: no update is sent if it has not changed. */
  contentKey(report: CommitReport): string;
  write(octokit: Octokit, report: CommitReport, options: WriteOptions): Promise<void>;
}

export function supersededText(label: string, newerRunId: number): string {
  return `The ${label} was not written: the newer run ${newerRunId} has reported on this commit under the same name.`;
}

export interface WriteOptions {
  readonly commit: string;
  readonly isFinal: boolean;
  readonly signal: AbortSignal;
}

type ReportPhase = "open" | "update" | "close";

/** The time limit for writing one report, regardless of the number of requests. */
const reportTimeoutMs = 10_000;

const retryDelayMs = 1_000;

const maxRetryDelayMs = 5_000;

export function createReportQueue(target: ReportDestination, options: ReportQueueOptions): CommitReporter {
  const slot = (options.limiter ?? createUpdateLimiter(options.clock)).register();
  const abandonment = new AbortController();
  const sender = createSender(target, options, abandonment.signal);
  let queue: Promise<unknown> = Promise.resolve();
  let lastContentKey: string | undefined;

  function enqueue(report: CommitReport, phase: ReportPhase): Promise<unknown> {
    lastContentKey = target.contentKey(report);
    slot.markUsed();
    // From here on, the step waits for the final report, and for the requests before it.
    const deadline = phase === "close" ? options.clock.now() + reportTimeoutMs : undefined;
    queue = queue.then(async () => {
      if (!(await sender.send(report, phase, deadline))) lastContentKey = undefined;
    });
    return queue;
  }

  return {
    async open(report) {
      await enqueue(report, "open");
    },
    async update(report) {
      const isDue = slot.isDue() && sender.isReady() && target.contentKey(report) !== lastContentKey;
      if (isDue) void enqueue(report, "update");
    },
    async close(report, signal) {
      const abandon = () => abandonment.abort(signal?.reason);
      if (signal?.aborted) abandon();
      signal?.addEventListener("abort", abandon, { once: true });
      await enqueue(report, "close");
      signal?.removeEventListener("abort", abandon);
      return sender.isSettled();
    },
  };
}

/** Writes reports, the final one with up to two attempts, and warns only about the first failure. */
function createSender(target: ReportDestination, options: ReportQueueOptions, signal: AbortSignal) {
  const { clock } = options;
  let notBefore = 0;
  let isClosed = false;
  let isSettled = false;
  let deadline: number | undefined;
  const remainingMs = () => {
    deadline ??= clock.now() + reportTimeoutMs;
    return deadline - clock.now();
  };
  const hasTimeFor = ({ retryAfterMs = 0 }: GitHubFailure) =>
    Math.max(retryAfterMs, retryDelayMs) < remainingMs();
  const attempt = createAttempt(target, options, { remainingMs, signal });

  return {
    isReady: () => !isClosed && clock.now() >= notBefore,
    /** Whether the final report was written, or will never be written. */
    isSettled: () => isSettled,
    /** Returns whether it was written. */
    async send(report: CommitReport, phase: ReportPhase, phaseDeadline?: number): Promise<boolean> {
      if (isClosed) return false;
      const isFinal = phase === "close";
      deadline = phaseDeadline;
      const failure = await retry(() => attempt(report, isFinal), {
        retryResult: (result) =>
          result?.isPermanent === false && !signal.aborted && hasTimeFor(result) ? result : undefined,
        maxAttempts: isFinal ? 2 : 1,
        maxRetryAfterMs: maxRetryDelayMs,
        delayMs: () => retryDelayMs,
        clock,
        signal,
      }).catch(() => cancelledFailure);
      isClosed = isFinal || failure?.isPermanent === true;
      isSettled = isClosed && failure?.isPermanent !== false;
      if (failure === undefined) return true;
      notBefore = clock.now() + (failure.retryAfterMs ?? 0);
      // After a transient failure, the next update writes the current state.
      if (isClosed || options.reportsStartOnly === true) {
        options.warn(warningText(target, failure, isFinal && !isSettled && options.isLastAttempt !== true));
      }
      return false;
    },
  };
}

interface SendLimits {
  /** The time of the reported state. */
  readonly remainingMs: () => number;
  readonly signal: AbortSignal;
}

/** Writes a report once, and returns the failure, if any. */
function createAttempt(
  target: ReportDestination,
  options: ReportQueueOptions,
  { remainingMs, signal }: SendLimits,
) {
  let octokit: Promise<Octokit> | undefined;
  return async (report: CommitReport, isFinal: boolean): Promise<GitHubFailure | undefined> => {
    try {
      octokit ??= createOctokit(options, remainingMs);
      const isBad = isFinal && report.kind !== "succeeded" && report.kind !== "running";
      const commit = await options.resolveCommit(await octokit, { acceptsUnverified: isBad, signal });
      await target.write(await octokit, report, { commit, isFinal, signal });
      return undefined;
    } catch (error) {
      if (error instanceof NotReportedError) return notReported(error);
      if (error instanceof CommitUnknownError && !signal.aborted) return commitUnknown(error);
      return signal.aborted ? cancelledFailure : describeFailure(error);
    }
  };
}

function notReported({ message }: NotReportedError): GitHubFailure {
  return { text: message, status: undefined, isPermanent: true, retryAfterMs: undefined, isIntended: true };
}

function commitUnknown({ message }: CommitUnknownError): GitHubFailure {
  return { text: message, status: undefined, isPermanent: false, retryAfterMs: undefined };
}

/** Replaces the reason of the signal, which is not meaningful to users. */
const cancelledFailure: GitHubFailure = {
  text: "the job was cancelled in the meantime",
  status: undefined,
  isPermanent: false,
  retryAfterMs: undefined,
};

function warningText(
  { label, permission }: ReportDestination,
  { text, misconfiguration, isIntended }: GitHubFailure,
  willRetry: boolean,
): string {
  if (isIntended === true) return text;
  const advice = {
    token: " Set `github-token` to a valid token, or remove it to use the job's own.",
    "personal-token": ` The personal access token in \`github-token\` cannot do this: remove it, and give the job \`permissions: ${permission}\`.`,
    permissions: ` The token needs \`permissions: ${permission}\`, which a pull request from a fork does not get.`,
  };
  const explanation = misconfiguration === undefined ? "" : advice[misconfiguration];
  const consequence = willRetry ? "The post step tries once more." : "The step continues without it.";
  return `The ${label} could not be written: ${text}.${explanation} ${consequence}`;
}

/** Limits updates to GitHub to one in 30 s, which a check run and a status use in turn. */
export interface UpdateLimiter {
  register(): UpdateSlot;
}

interface UpdateSlot {
  isDue(): boolean;
  markUsed(): void;
}

const updateIntervalMs = 30_000;

export function createUpdateLimiter(clock: Clock): UpdateLimiter {
  let slotCount = 0;
  let lastUse: { readonly at: number; readonly usedBy: number } | undefined;
  return {
    register() {
      slotCount += 1;
      const slotId = slotCount;
      return {
        isDue() {
          if (lastUse === undefined) return true;
          // The report that was written last waits for the others.
          const intervals = lastUse.usedBy === slotId ? slotCount : 1;
          return clock.now() - lastUse.at >= intervals * updateIntervalMs;
        },
        markUsed() {
          lastUse = { at: clock.now(), usedBy: slotId };
        },
      };
    },
  };
}
