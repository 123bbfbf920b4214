import { expect, it } from "vitest";
import { readTests } from "../../src/azure-devops/test-results.ts";
import { TransientError } from "../../src/errors.ts";
import { createScriptedClient, jsonResponse, neverAborted } from "./scripted-client.ts";

const counts = jsonResponse({
  aggregatedResultsAnalysis: { totalTests: 3, resultsByOutcome: { Passed: { count: 2 } } },
});

const unknown = jsonResponse(
  { typeKey: "TestObjectNotFoundException", message: "Build 345 cannot be found." },
  { status: 400 },
);

const noSuchAddress = { status: 404, body: '{"Message":"No HTTP resource was found"}' };

/** What a reading comes to, what it asked for, and how long it paused. */
async function read(hasJustFinished: boolean, ...answers: Parameters<typeof createScriptedClient>[0]) {
  const { send, clock, requestLines } = createScriptedClient(answers);
  const reading = { send, sendToResults: send, clock, runId: 345, hasJustFinished };
  const found = await readTests(reading, neverAborted).catch((error: { code: string }) => error.code);
  return { found, asked: requestLines().map((line) => line.replace(/.*_apis\//, "")), pauses: clock.sleeps };
}

const known = { passed: 2, failed: 0, skipped: 1, failedNames: [] };

const line = "GET testresults/resultsummarybybuild?buildId=345&api-version=7.1-preview.1";

const older = "GET test/ResultSummaryByBuild?buildId=345&api-version=7.1-preview";

it("takes one request", async () => {
  expect(await read(true, counts)).toEqual({ found: known, asked: [line], pauses: [] });
});

it("tries the older address of a server that does not know the newer", async () => {
  expect(await read(true, noSuchAddress, counts)).toEqual({
    found: known,
    asked: [line, older],
    pauses: [],
  });
});

it("asks again for a run that has just ended and is not known yet", async () => {
  expect(await read(true, unknown, unknown, counts)).toEqual({
    found: known,
    asked: [line, line, line],
    pauses: [1_000, 3_000],
  });
  expect((await read(true, unknown)).asked).toHaveLength(3);
});

it("does not wait for one that ended long ago", async () => {
  expect(await read(false, unknown)).toEqual({ found: "not-found", asked: [line], pauses: [] });
});

it.each([
  ["is away", { status: 503 }],
  ["refuses", { status: 403 }],
  ["is lost", new TransientError("the connection was lost")],
])("keeps the counts where the service %s when asked for the names", async (_, answer) => {
  const failed = jsonResponse({
    aggregatedResultsAnalysis: {
      totalTests: 3,
      resultsByOutcome: { Passed: { count: 2 }, Failed: { count: 1 } },
    },
  });
  const { found } = await read(true, failed, answer);
  expect(found).toEqual({ passed: 2, failed: 1, skipped: 0, failedNames: [] });
});
