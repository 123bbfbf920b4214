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

const unknownRoute = { status: 404, body: '{"Message":"No HTTP resource was found"}' };

/** The result of readTests, its requests, and its sleeps. */
async function read(hasJustFinished: boolean, ...answers: Parameters<typeof createScriptedClient>[0]) {
  const { send, clock, requestLines } = createScriptedClient(answers);
  const reading = { send, sendToResults: send, clock, runId: 345, hasJustFinished };
  const found = await readTests(reading, neverAborted).catch((error: { code: string }) => error.code);
  return {
    found,
    requests: requestLines().map((line) => line.replace(/.*_apis\//, "")),
    sleeps: clock.sleeps,
  };
}

const known = {
  passed: 2,
  failed: 0,
  skipped: 0,
  others: [{ outcome: "other", count: 1 }],
  failures: [],
  newFailures: undefined,
};

const line = "GET testresults/resultsummarybybuild?buildId=345&api-version=7.1-preview.1";

const older = "GET test/ResultSummaryByBuild?buildId=345&api-version=7.1-preview";

it("readTests sends one request", async () => {
  expect(await read(true, counts)).toEqual({ found: known, requests: [line], sleeps: [] });
});

it("readTests tries the older route if the server does not know the newer one", async () => {
  expect(await read(true, unknownRoute, counts)).toEqual({
    found: known,
    requests: [line, older],
    sleeps: [],
  });
});

it("readTests retries after 1 s and 3 s for a run that has just ended", async () => {
  expect(await read(true, unknown, unknown, counts)).toEqual({
    found: known,
    requests: [line, line, line],
    sleeps: [1_000, 3_000],
  });
  expect((await read(true, unknown)).requests).toHaveLength(3);
});

it("readTests does not retry for a run that ended long ago", async () => {
  expect(await read(false, unknown)).toEqual({ found: "not-found", requests: [line], sleeps: [] });
});

const gatewayPage = {
  status: 403,
  headers: { "content-type": "text/html" },
  body: "<html>The request is blocked.</html>",
};

it("readTests retries after a gateway's page", async () => {
  expect(await read(false, gatewayPage, counts)).toMatchObject({ found: known, requests: [line, line] });
});

it("readTests retries the requests for the failed tests after a gateway's page", async () => {
  const failed = jsonResponse({ aggregatedResultsAnalysis: { resultsByOutcome: { Failed: { count: 1 } } } });
  const list = (...value: unknown[]) => jsonResponse({ count: value.length, value });
  const results = list({ testCaseTitle: "adds" });
  const { found } = await read(false, failed, gatewayPage, list({ id: 7 }), gatewayPage, results);
  expect(found).toMatchObject({ failed: 1, failures: [{ name: "adds" }] });
});

it.each([
  ["gets a 503", { status: 503 }],
  ["gets a 403", { status: 403 }],
  ["loses its connection", new TransientError("the connection was lost")],
])("readTests returns the counts if the request for the failed tests %s", async (_, response) => {
  const failed = jsonResponse({
    aggregatedResultsAnalysis: {
      totalTests: 3,
      resultsByOutcome: { Passed: { count: 2 }, Failed: { count: 1 } },
    },
  });
  const { found } = await read(true, failed, response);
  expect(found).toMatchObject({ passed: 2, failed: 1, skipped: 0, failures: [] });
});

const summaryOf = (outcomes: Readonly<Record<string, number>>) =>
  jsonResponse({
    aggregatedResultsAnalysis: {
      resultsByOutcome: Object.fromEntries(Object.entries(outcomes).map(([key, count]) => [key, { count }])),
    },
    testFailures: { newFailures: { count: 1 } },
  });

it("readTests counts every outcome by its name", async () => {
  const outcomes = { Passed: 100, NotExecuted: 4, Aborted: 5, Timeout: 2, Error: 1, NotApplicable: 3 };
  const { found } = await read(false, summaryOf(outcomes));
  expect(found).toMatchObject({
    passed: 100,
    skipped: 4,
    others: [
      { outcome: "aborted", count: 5 },
      { outcome: "timed out", count: 2 },
      { outcome: "error", count: 1 },
      { outcome: "not applicable", count: 3 },
    ],
  });
});

it("readTests lists the failed tests of the latest attempt once, with message and location", async () => {
  const run = (id: number, attempt: number) => ({
    id,
    name: "Unit tests",
    passedTests: 1,
    unanalyzedTests: 1,
    pipelineReference: { stageReference: { stageName: "Test", attempt } },
  });
  const failure = {
    testCaseTitle: "Health",
    errorMessage: "Expected true.",
    stackTrace: "at check (src/health.test.ts:12:5)",
  };
  const { found, requests } = await read(
    false,
    summaryOf({ Passed: 2, Failed: 2 }),
    jsonResponse({ value: [run(7, 1), run(8, 2)] }),
    jsonResponse({ value: [failure, failure] }),
  );
  expect(requests.filter((request) => /runs.\d+/.test(request))).toHaveLength(1);
  expect(found).toMatchObject({
    passed: 1,
    failed: 1,
    newFailures: 1,
    failures: [
      { name: "Health", message: "Expected true.", location: { file: "src/health.test.ts", line: 12 } },
    ],
  });
});
