import { wasCancelled } from "../core/failed-stages.ts";
import type { Baseline, TestCounts } from "../core/run-report.ts";
import { msSinceFinished, type RunSnapshot } from "../core/run-snapshot.ts";
import { emptyTree } from "../core/run-tree.ts";
import { ignoreError } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { withDeadline } from "../lib/abort.ts";
import type { Clock } from "../lib/time.ts";
import type { Artifact, Artifacts, RunLists, TestResults } from "../ports.ts";
import type { TaskLogs } from "./task-logs.ts";
import type { RunObserver } from "./wait-for-run.ts";

/** Tests and artifacts of a run, and the baseline of a failed one, as far as they could be read. */
export interface RunFindings {
  readonly tests: TestCounts | undefined;
  readonly artifacts: readonly Artifact[] | undefined;
  readonly baseline: Baseline | undefined;
  /** The service throttles this identity, so nothing was requested for a run that succeeded. */
  readonly areSkipped?: boolean;
}

export const noFindings: RunFindings = { tests: undefined, artifacts: undefined, baseline: undefined };

interface FindingsDeps {
  readonly testResults: TestResults;
  readonly artifacts: Artifacts;
  readonly runLists: Pick<RunLists, "getBaseline">;
  readonly clock: Clock;
}

/** A completed run, and the time of the poll. */
type CompletedRun = Pick<RunSnapshot, "run" | "tree" | "at" | "savesRequests">;

/** Reads tests and artifacts of a completed run, if they are to be reported. */
export interface FindingsReader {
  /** Requests them while the last records are being read, at the first call only; not if they depend on these records. */
  prefetch(snapshot: Omit<CompletedRun, "tree">, signal: AbortSignal): void;
  /** The run is still running, or its records are incomplete: what was requested before may be incomplete. */
  discard(): void;
  /** The findings that were requested, or requests them now that the last records have arrived. */
  read(snapshot: CompletedRun, signal: AbortSignal): Promise<RunFindings>;
}

export function createFindingsReader(
  { summary, checkRun }: Pick<Inputs, "summary" | "checkRun">,
  deps: FindingsDeps,
): FindingsReader {
  const isReported = summary || checkRun !== undefined;
  let hasPrefetched = false;
  let findings: Promise<RunFindings> | undefined;
  let requests = new AbortController();
  const request = (snapshot: CompletedRun, signal: AbortSignal) => {
    findings ??= fetchFindings(snapshot, deps, AbortSignal.any([signal, requests.signal]));
    findings.catch(ignoreError("it is thrown where they are awaited"));
    return findings;
  };
  /** Nothing of them is left that would keep the process alive. */
  const discard = () => {
    requests.abort();
    requests = new AbortController();
    findings = undefined;
  };
  return {
    prefetch: (snapshot, signal) => {
      const isPossible = isReported && !areSkipped(snapshot) && snapshot.run.result !== "canceled";
      if (isPossible && !hasPrefetched) void request({ ...snapshot, tree: emptyTree }, signal);
      hasPrefetched = true;
    },
    discard,
    read: async (snapshot, signal) => {
      if (!isReported || snapshot.run.status !== "completed") {
        discard();
        return noFindings;
      }
      if (findings === undefined && areSkipped(snapshot)) return { ...noFindings, areSkipped: true };
      return await request(snapshot, signal);
    },
  };
}

function areSkipped({ run, savesRequests }: Omit<CompletedRun, "tree">): boolean {
  return savesRequests === true && run.result === "succeeded";
}

/** Whether the run is compared with earlier ones: it failed by itself, or the service ended it. */
function isCompared({ run, tree }: CompletedRun): boolean {
  if (run.result === "canceled") return !wasCancelled({ run, tree });
  return run.result === "failed" || run.result === "partiallySucceeded";
}

/** They only complete the report: a step that needs the artifacts requests them again. */
const optionalCall = { retryForMs: 5_000, timeoutMs: 5_000, isOptional: true };

/** Test results become available a little after the run's end. */
const recentMs = 30_000;

async function fetchFindings(
  snapshot: CompletedRun,
  { testResults, artifacts: artifactLists, runLists, clock }: FindingsDeps,
  signal: AbortSignal,
): Promise<RunFindings> {
  const { run } = snapshot;
  const hasJustFinished = (msSinceFinished(snapshot) ?? recentMs) < recentMs;
  const orUndefined = () => {
    signal.throwIfAborted();
    return undefined;
  };
  // A long Retry-After is not waited for.
  const options = { ...optionalCall, deadline: clock.now() + optionalCall.timeoutMs };
  const fetchBaseline = async () =>
    isCompared(snapshot)
      ? await withDeadline(options.deadline, clock, (end) => runLists.getBaseline(run, options, end), signal)
      : undefined;
  const [tests, artifacts, baseline] = await Promise.all([
    testResults.getCounts({ runId: run.id, hasJustFinished }, signal).catch(orUndefined),
    artifactLists.list(run.id, options, signal).catch(orUndefined),
    fetchBaseline().catch(orUndefined),
  ]);
  return { tests, artifacts, baseline };
}

interface ClosingRequests {
  readonly logs: Pick<TaskLogs, "onLastRecords">;
  readonly findings: FindingsReader;
}

/** Requests the findings at the end of the run, while the last records are read and the last logs are shown. */
export function createClosingObserver({ logs, findings }: ClosingRequests): RunObserver {
  return {
    update: (update, signal) => {
      if (!update.isFinal) return findings.discard();
      void findings.read(update, signal).catch(ignoreError("it is thrown where they are awaited"));
      logs.onLastRecords(signal);
    },
  };
}
