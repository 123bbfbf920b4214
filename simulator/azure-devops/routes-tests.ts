import { toTimeSpan } from "../engine/dates.ts";
import type { Run } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import type { TestsSpec } from "../spec.ts";
import { stageEnd } from "./artifact-content.ts";
import { projectRef } from "./links.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";

const preview = { previewOnly: true };

export const testRoutes = [
  route("GET", "testresults/resultsummarybybuild", summary, preview),
  route("GET", "test/ResultSummaryByBuild", summary, preview),
  route("GET", "testresults/resultsbybuild", resultsByBuild, preview),
  route("GET", "test/ResultsByBuild", resultsByBuild, preview),
  route("GET", "test/runs", testRuns),
  route("GET", "test/runs/{id}/results", testResults),
];

const noTests: TestsSpec = { passed: 0, failed: 0 };

/** A young build may not be known to this area yet; results are published when the first stage is over. */
function withTests(
  id: number,
  request: ApiRequest,
  handle: (run: Run, tests: TestsSpec) => ApiResponse,
): ApiResponse {
  const run = request.state.find(id);
  if (run === undefined) return buildNotFound(id);
  run.requestCounts.tests += 1;
  if (run.requestCounts.tests <= (request.state.quirks.testLag ?? 0)) return buildNotFound(id);
  const published = stageEnd(run, undefined) <= run.elapsed();
  return handle(run, published ? (run.spec.tests ?? noTests) : noTests);
}

function buildNotFound(id: number): ApiResponse {
  return errorResponse({
    status: 400,
    typeKey: "TestObjectNotFoundException",
    namespace: "Microsoft.TeamFoundation.TestManagement.WebApi",
    message: `Build ${id} cannot be found.`,
  });
}

function summary(request: ApiRequest): ApiResponse {
  return withTests(request.query.number("buildId") ?? 0, request, (run, tests) =>
    ok(summaryJson(run, tests, request)),
  );
}

function summaryJson(run: Run, tests: TestsSpec, request: ApiRequest) {
  const counts = countsOf(tests);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const outcome = tests.failed > 0 ? "Failed" : "Passed";
  const byState = { Completed: { state: "completed", runsCount: 1, resultsByOutcome: {} } };
  return {
    aggregatedResultsAnalysis: {
      previousContext: null,
      resultsDifference: {
        increaseInTotalTests: 0,
        increaseInPassedTests: 0,
        increaseInFailures: 0,
        increaseInOtherTests: 0,
        increaseInDuration: "00:00:00",
      },
      totalTests: total,
      duration: toTimeSpan(total / 100),
      resultsByOutcome: Object.fromEntries(
        counts.map(({ outcome: key, count }) => [
          key,
          { outcome: camelCased(key), count, duration: toTimeSpan(count / 100) },
        ]),
      ),
      runSummaryByState: total === 0 ? {} : byState,
      runSummaryByOutcome: total === 0 ? {} : { [outcome]: { outcome: camelCased(outcome), runsCount: 1 } },
    },
    testFailures: {
      newFailures: { count: tests.failed },
      existingFailures: { count: 0 },
      fixedTests: { count: 0 },
    },
    testResultsContext: { contextType: "build", build: { id: run.id } },
    teamProject: projectRef(request),
  };
}

/** Keys are in PascalCase where values are in camelCase. */
function countsOf({ passed, failed, notExecuted = 0 }: TestsSpec) {
  return [
    { outcome: "Passed", count: passed },
    { outcome: "Failed", count: failed },
    { outcome: "NotExecuted", count: notExecuted },
  ].filter(({ count }) => count > 0);
}

function camelCased(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

function namesOf(tests: TestsSpec, outcome: string): string[] {
  const count = countsOf(tests).find((one) => one.outcome === outcome)?.count ?? 0;
  return Array.from({ length: count }, (_, index) => {
    const failedName = outcome === "Failed" ? tests.failedNames?.[index] : undefined;
    return failedName ?? `${outcome} test ${index + 1}`;
  });
}

function filteredResults(tests: TestsSpec, request: ApiRequest) {
  const requestedOutcomes = request.query.list("outcomes");
  const outcomes = countsOf(tests)
    .map((one) => one.outcome)
    .filter(
      (outcome) =>
        requestedOutcomes.length === 0 || requestedOutcomes.some((one) => equalsIgnoreCase(one, outcome)),
    );
  const all = outcomes.flatMap((outcome) => namesOf(tests, outcome).map((name) => ({ outcome, name })));
  return all.slice(0, request.query.number("$top") ?? 1000);
}

function testRunId(run: Run): number {
  return run.id * 10 + 1;
}

function resultsByBuild(request: ApiRequest): ApiResponse {
  return withTests(request.query.number("buildId") ?? 0, request, (run, tests) =>
    listOf(
      filteredResults(tests, request).map(({ outcome, name }, index) => ({
        id: 100_000 + index,
        runId: testRunId(run),
        refId: index + 1,
        automatedTestName: name,
        automatedTestStorage: "web.tests",
        testCaseTitle: name,
        outcome,
        durationInMs: 10,
        priority: 255,
        isReRun: false,
      })),
    ),
  );
}

function testRuns(request: ApiRequest): ApiResponse {
  const id = Number(/^vstfs:\/\/\/Build\/Build\/(\d+)$/i.exec(request.query.get("buildUri") ?? "")?.[1]);
  const run = request.state.find(id);
  const tests =
    run === undefined || stageEnd(run, undefined) > run.elapsed() ? noTests : (run.spec.tests ?? noTests);
  const totalTests = countsOf(tests).reduce((sum, { count }) => sum + count, 0);
  if (run === undefined || totalTests === 0) return listOf([]);
  const url = `${request.projectUrl}/_apis/test/Runs/${testRunId(run)}`;
  const build = {
    id: String(run.id),
    name: run.name,
    url: `${request.projectUrl}/_apis/build/Builds/${run.id}`,
  };
  const counts = { totalTests, passedTests: tests.passed, unanalyzedTests: tests.failed };
  return listOf([
    { id: testRunId(run), name: "Unit tests", url, build, isAutomated: true, state: "Completed", ...counts },
  ]);
}

function testResults(request: ApiRequest): ApiResponse {
  const id = Math.floor(Number(request.params["id"]) / 10);
  return withTests(id, request, (run, tests) =>
    listOf(
      filteredResults(tests, request).map(({ outcome, name }, index) => ({
        id: 100_000 + index,
        testCaseTitle: name,
        automatedTestName: name,
        automatedTestStorage: "web.tests",
        outcome,
        state: "Completed",
        durationInMs: 10,
        ...(outcome === "Failed" && {
          errorMessage: "Expected true, got false.",
          stackTrace: "at health.test.ts:12:5",
        }),
        testRun: { id: String(testRunId(run)), name: "Unit tests" },
        build: { id: String(run.id) },
      })),
    ),
  );
}
