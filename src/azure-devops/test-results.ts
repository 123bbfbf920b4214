import type { FailedTest, TestCounts } from "../core/run-report.ts";
import { firstOwnFrame } from "../core/source-location.ts";
import { ActionError } from "../errors.ts";
import { asArray, asId, asNumber, asObject, asString, type JsonFields } from "../lib/json.ts";
import { retry } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { ApiRequest, SendRequest } from "./api-request.ts";

/** The number of annotations that one request to GitHub accepts. */
const maxFailures = 50;

/** A run that has just ended may not be known to the test service yet. */
const retryDelaysMs = [1_000, 3_000];

/** The time limit of each response, and of the retries of a request. Milliseconds. */
const requestLimitMs = 5_000;

interface ReadTestsOptions {
  /** Sends to the organization's API. */
  readonly send: SendRequest;
  /** Sends to the host of the test results, which in Azure DevOps Services is not the organization's. */
  readonly sendToResults: SendRequest;
  readonly clock: Clock;
  readonly runId: number;
  /** The run has just ended. */
  readonly hasJustFinished: boolean;
}

type OutcomeCounts = Omit<TestCounts, "failures">;

/** The numbers of passed and failed tests, and the failed tests. `undefined` if there are none, or the token must not read them. */
export async function readTests(
  options: ReadTestsOptions,
  signal: AbortSignal,
): Promise<TestCounts | undefined> {
  const { send, runId } = options;
  const counts = await readCounts(options, signal);
  const { passed, failed, skipped, others } = counts;
  if (passed + failed + skipped + others.length === 0) return undefined;
  if (failed === 0) return { ...counts, failures: [] };
  try {
    return await readFailures(counts, send, runId, signal);
  } catch {
    // The counts are shown even if the names could not be read.
    signal.throwIfAborted();
    return { ...counts, failures: [] };
  }
}

async function readCounts(options: ReadTestsOptions, signal: AbortSignal): Promise<OutcomeCounts> {
  const { clock, hasJustFinished } = options;
  return await retry(() => requestCounts(options, signal), {
    retryError: (error) => (hasJustFinished && isRunNotFound(error) ? {} : undefined),
    delayMs: (attempt) => retryDelaysMs[attempt - 1],
    clock,
    signal,
  });
}

/**
 * Servers from before the separate host for results have only the older URL.
 * https://learn.microsoft.com/rest/api/azure/devops/testresults/resultsummarybybuild/query
 */
async function requestCounts(
  { send, sendToResults, clock, runId }: ReadTestsOptions,
  signal: AbortSignal,
): Promise<OutcomeCounts> {
  const request: ApiRequest<OutcomeCounts> = {
    method: "GET",
    path: "_apis/testresults/resultsummarybybuild",
    query: { buildId: runId },
    version: "7.1-preview.1",
    decode: decodeCounts,
    operation: "Reading the run's test results",
    timeoutMs: requestLimitMs,
    retryForMs: requestLimitMs,
    // A long Retry-After is not waited for.
    deadline: clock.now() + requestLimitMs,
    isOptional: true,
    signal,
  };
  try {
    return (await sendToResults(request)).value;
  } catch (error) {
    if (!(error instanceof ActionError) || error.code !== "not-found" || isRunNotFound(error)) throw error;
    const legacyRequest = { ...request, path: "_apis/test/ResultSummaryByBuild", version: "7.1-preview" };
    return (await send(legacyRequest)).value;
  }
}

/** `400 Build 345 cannot be found.` means an unknown run, and 404 an unknown URL. */
function isRunNotFound(error: unknown): boolean {
  if (!(error instanceof ActionError)) return false;
  return error.code === "rejected" || /\bBuild \d+ cannot be found/.test(error.message);
}

const outcomeLabels: Readonly<Record<string, string>> = { timeout: "timed out", none: "other" };

/** `NotApplicable` in words. */
function outcomeLabel(outcome: string): string {
  const words = outcome.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return outcomeLabels[words] ?? words;
}

function decodeCounts(json: unknown): OutcomeCounts {
  const analysis = asObject(json, "aggregatedResultsAnalysis");
  const counts = new Map<string, number>();
  for (const [outcome, value] of Object.entries(asObject(analysis["resultsByOutcome"]))) {
    const count = asNumber(asObject(value)["count"]) ?? 0;
    const label = outcomeLabel(outcome);
    if (count > 0) counts.set(label, (counts.get(label) ?? 0) + count);
  }
  const named = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const unnamed = (asNumber(analysis["totalTests"]) ?? named) - named;
  if (unnamed > 0) counts.set("other", (counts.get("other") ?? 0) + unnamed);
  const take = (label: string) => {
    const count = counts.get(label) ?? 0;
    counts.delete(label);
    return count;
  };
  const newFailures = asObject(json, "testFailures", "newFailures")["count"];
  return {
    passed: take("passed"),
    failed: take("failed"),
    skipped: take("not executed"),
    others: [...counts].map(([outcome, count]) => ({ outcome, count })),
    newFailures: asNumber(newFailures) ?? undefined,
  };
}

/** https://learn.microsoft.com/rest/api/azure/devops/test/runs/list and …/test/results/list */
async function readFailures(
  counts: OutcomeCounts,
  send: SendRequest,
  runId: number,
  signal: AbortSignal,
): Promise<TestCounts> {
  const read = (path: string, query: Record<string, string | number>) =>
    send({
      method: "GET",
      path,
      query,
      decode: (json) => asArray(asObject(json)["value"]).map((run) => asObject(run)),
      operation: "Reading the failed tests",
      timeoutMs: requestLimitMs,
      retryForMs: requestLimitMs,
      signal,
    });
  const { value } = await read("_apis/test/runs", {
    buildUri: `vstfs:///Build/Build/${runId}`,
    includeRunDetails: "true",
  });
  const { latest, superseded } = latestAttempts(value);
  const failures = new Map<string, FailedTest>();
  for (const run of latest) {
    const id = asId(run["id"]);
    if (id === null || failures.size >= maxFailures) continue;
    const results = await read(`_apis/test/runs/${id}/results`, { outcomes: "Failed", $top: maxFailures });
    for (const result of results.value) {
      const failure = decodeFailure(result);
      if (failure !== undefined) failures.set(JSON.stringify(failure), failure);
    }
  }
  const sumOf = (key: string) => superseded.reduce((sum, run) => sum + (asNumber(run[key]) ?? 0), 0);
  return {
    ...counts,
    passed: Math.max(0, counts.passed - sumOf("passedTests")),
    failed: Math.max(0, counts.failed - sumOf("unanalyzedTests")),
    failures: [...failures.values()].slice(0, maxFailures),
  };
}

/** The list contains the results of all attempts: those of the last attempt of a stage or job replace the others. */
function latestAttempts(runs: readonly JsonFields[]) {
  const attemptOf = (run: JsonFields): number => {
    const reference = asObject(run["pipelineReference"]);
    const attempts = ["stageReference", "phaseReference", "jobReference"].map(
      (key) => asNumber(asObject(reference[key])["attempt"]) ?? 0,
    );
    return attempts.reduce((key, attempt) => key * 1_000 + attempt, 0);
  };
  const keyOf = (run: JsonFields): string => {
    const reference = asObject(run["pipelineReference"]);
    const stage = asObject(reference["stageReference"])["stageName"];
    const phase = asObject(reference["phaseReference"])["phaseName"];
    return JSON.stringify([run["name"], stage, phase, asObject(reference["jobReference"])["jobName"]]);
  };
  const newest = new Map<string, number>();
  for (const run of runs) newest.set(keyOf(run), Math.max(attemptOf(run), newest.get(keyOf(run)) ?? 0));
  const isLatest = (run: JsonFields) => attemptOf(run) === newest.get(keyOf(run));
  return { latest: runs.filter(isLatest), superseded: runs.filter((run) => !isLatest(run)) };
}

function decodeFailure(result: JsonFields): FailedTest | undefined {
  const name = asString(result["testCaseTitle"]) ?? asString(result["automatedTestName"]);
  if (name === null) return undefined;
  const stackTrace = asString(result["stackTrace"]);
  return {
    name,
    message: asString(result["errorMessage"]) ?? undefined,
    location: stackTrace === null ? undefined : firstOwnFrame(stackTrace),
  };
}
