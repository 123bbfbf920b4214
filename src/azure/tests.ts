import { ActionError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { TestCounts } from "../render/report.ts";
import { fieldsOf, listOf, numberOf, textOf } from "./decode.ts";
import type { Call, Send } from "./send.ts";

const mostNames = 20;

/** A run that has just ended may not be known yet where the results are kept. */
const youngPausesMs = [1_000, 3_000];

interface Reading {
  /** Of the organization's API. */
  readonly send: Send;
  /** Of the host that keeps the results: another one than the organization's, on the hosted service. */
  readonly sendToResults: Send;
  readonly clock: Clock;
  readonly runId: number;
  /** The run has just ended. */
  readonly isYoung: boolean;
}

type Counts = Omit<TestCounts, "failedNames">;

/** How many tests passed and failed, and which failed. `undefined` where there are none, or the token may not read them. */
export async function readTests(reading: Reading, signal: AbortSignal): Promise<TestCounts | undefined> {
  const { send, runId } = reading;
  const counts = await readCounts(reading, signal);
  if (counts.passed + counts.failed + counts.skipped === 0) return undefined;
  const failedNames =
    counts.failed === 0 ? [] : await readFailedNames(send, runId, signal).catch(() => orNone(signal));
  return { ...counts, failedNames };
}

async function readCounts(reading: Reading, signal: AbortSignal): Promise<Counts> {
  for (const pauseMs of reading.isYoung ? youngPausesMs : []) {
    try {
      return await askForCounts(reading, signal);
    } catch (error) {
      if (!isTooYoung(error)) throw error;
    }
    await reading.clock.sleep(pauseMs, signal);
  }
  return await askForCounts(reading, signal);
}

/**
 * A server from before results had a host of their own knows only the older address.
 * https://learn.microsoft.com/rest/api/azure/devops/testresults/resultsummarybybuild/query
 */
async function askForCounts({ send, sendToResults, runId }: Reading, signal: AbortSignal): Promise<Counts> {
  const call: Call<Counts> = {
    method: "GET",
    path: "_apis/testresults/resultsummarybybuild",
    query: { buildId: runId },
    version: "7.1-preview.1",
    decode: decodeCounts,
    doing: "Reading the run's test results",
    timeoutMs: 5_000,
    signal,
  };
  try {
    return (await sendToResults(call)).value;
  } catch (error) {
    if (!(error instanceof ActionError) || error.code !== "not-found" || isTooYoung(error)) throw error;
    const older = { ...call, path: "_apis/test/ResultSummaryByBuild", version: "7.1-preview" };
    return (await send(older)).value;
  }
}

/** `400 Build 345 cannot be found.` comes of a run, and 404 of an address, that is not known. */
function isTooYoung(error: unknown): boolean {
  if (!(error instanceof ActionError)) return false;
  return error.code === "rejected" || /\bBuild \d+ cannot be found/.test(error.message);
}

function decodeCounts(answer: unknown): Counts {
  const analysis = fieldsOf(fieldsOf(answer)["aggregatedResultsAnalysis"]);
  const outcomes = fieldsOf(analysis["resultsByOutcome"]);
  const countOf = (outcome: string) => numberOf(fieldsOf(outcomes[outcome])["count"]) ?? 0;
  const [passed, failed] = [countOf("Passed"), countOf("Failed")];
  const total = numberOf(analysis["totalTests"]) ?? passed + failed;
  return { passed, failed, skipped: Math.max(0, total - passed - failed) };
}

/** https://learn.microsoft.com/rest/api/azure/devops/test/runs/list and …/test/results/list */
async function readFailedNames(send: Send, runId: number, signal: AbortSignal): Promise<readonly string[]> {
  const read = (path: string, query: Record<string, string | number>) =>
    send({
      method: "GET",
      path,
      query,
      decode: (answer) => listOf(fieldsOf(answer)["value"]).map(fieldsOf),
      doing: "Reading the names of failed tests",
      timeoutMs: 5_000,
      signal,
    });
  const names: string[] = [];
  const { value: runs } = await read("_apis/test/runs", { buildUri: `vstfs:///Build/Build/${runId}` });
  for (const run of runs) {
    const id = numberOf(run["id"]);
    if (id === null || names.length >= mostNames) continue;
    const { value } = await read(`_apis/test/runs/${id}/results`, { outcomes: "Failed", $top: mostNames });
    names.push(
      ...value.flatMap(
        (result) => textOf(result["testCaseTitle"]) ?? textOf(result["automatedTestName"]) ?? [],
      ),
    );
  }
  return names.slice(0, mostNames);
}

/** The counts are worth telling whatever became of the names. */
function orNone(signal: AbortSignal): [] {
  signal.throwIfAborted();
  return [];
}
