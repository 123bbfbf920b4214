import type { TestCounts } from "../core/run-report.ts";
import { ActionError } from "../errors.ts";
import type { Clock } from "../lib/clock.ts";
import type { ApiRequest, SendRequest } from "./api-request.ts";
import { asArray, asId, asNumber, asObject, asString } from "./decode.ts";

const maxFailedNames = 20;

/** A run that has just ended may not be known yet where the results are kept. */
const retryDelaysMs = [1_000, 3_000];

interface ReadTestsOptions {
  /** Of the organization's API. */
  readonly send: SendRequest;
  /** Of the host that keeps the results: another one than the organization's, on the hosted service. */
  readonly sendToResults: SendRequest;
  readonly clock: Clock;
  readonly runId: number;
  /** The run has just ended. */
  readonly hasJustFinished: boolean;
}

type OutcomeCounts = Omit<TestCounts, "failedNames">;

/** How many tests passed and failed, and which failed. `undefined` where there are none, or the token may not read them. */
export async function readTests(
  options: ReadTestsOptions,
  signal: AbortSignal,
): Promise<TestCounts | undefined> {
  const { send, runId } = options;
  const counts = await readCounts(options, signal);
  if (counts.passed + counts.failed + counts.skipped === 0) return undefined;
  const failedNames =
    counts.failed === 0
      ? []
      : await readFailedNames(send, runId, signal).catch(() => emptyUnlessAborted(signal));
  return { ...counts, failedNames };
}

async function readCounts(options: ReadTestsOptions, signal: AbortSignal): Promise<OutcomeCounts> {
  for (const delayMs of options.hasJustFinished ? retryDelaysMs : []) {
    try {
      return await requestCounts(options, signal);
    } catch (error) {
      if (!isRunNotFound(error)) throw error;
    }
    await options.clock.sleep(delayMs, signal);
  }
  return await requestCounts(options, signal);
}

/**
 * A server from before results had a host of their own knows only the older address.
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
    timeoutMs: 5_000,
    // A long Retry-After is not worth waiting for.
    deadline: clock.now() + 5_000,
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

/** `400 Build 345 cannot be found.` comes of a run, and 404 of an address, that is not known. */
function isRunNotFound(error: unknown): boolean {
  if (!(error instanceof ActionError)) return false;
  return error.code === "rejected" || /\bBuild \d+ cannot be found/.test(error.message);
}

function decodeCounts(json: unknown): OutcomeCounts {
  const analysis = asObject(asObject(json)["aggregatedResultsAnalysis"]);
  const outcomes = asObject(analysis["resultsByOutcome"]);
  const countOf = (outcome: string) => asNumber(asObject(outcomes[outcome])["count"]) ?? 0;
  const [passed, failed] = [countOf("Passed"), countOf("Failed")];
  const total = asNumber(analysis["totalTests"]) ?? passed + failed;
  return { passed, failed, skipped: Math.max(0, total - passed - failed) };
}

/** https://learn.microsoft.com/rest/api/azure/devops/test/runs/list and …/test/results/list */
async function readFailedNames(
  send: SendRequest,
  runId: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const read = (path: string, query: Record<string, string | number>) =>
    send({
      method: "GET",
      path,
      query,
      decode: (json) => asArray(asObject(json)["value"]).map(asObject),
      operation: "Reading the names of failed tests",
      timeoutMs: 5_000,
      signal,
    });
  const names: string[] = [];
  const { value: runs } = await read("_apis/test/runs", { buildUri: `vstfs:///Build/Build/${runId}` });
  for (const run of runs) {
    const id = asId(run["id"]);
    if (id === null || names.length >= maxFailedNames) continue;
    const { value } = await read(`_apis/test/runs/${id}/results`, {
      outcomes: "Failed",
      $top: maxFailedNames,
    });
    names.push(
      ...value.flatMap(
        (result) => asString(result["testCaseTitle"]) ?? asString(result["automatedTestName"]) ?? [],
      ),
    );
  }
  return names.slice(0, maxFailedNames);
}

/** The counts are worth telling whatever became of the names. */
function emptyUnlessAborted(signal: AbortSignal): [] {
  signal.throwIfAborted();
  return [];
}
