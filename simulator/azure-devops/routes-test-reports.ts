import { toTimeSpan } from "../engine/dates.ts";
import type { Run } from "../engine/run.ts";
import { type ApiResponse, listOf, ok } from "../http/response.ts";
import { projectRef } from "./links.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import {
  camelCased,
  countsOf,
  filteredResults,
  resultJson,
  sumOf,
  type TestRun,
  withTestRuns,
} from "./test-results.ts";

const preview = { previewOnly: true };

/** What a build's test runs add up to. */
export const testReportRoutes = [
  route("GET", "testresults/resultsummarybybuild", summary, preview),
  route("GET", "test/ResultSummaryByBuild", summary, preview),
  route("GET", "testresults/resultsbybuild", resultsByBuild, preview),
  route("GET", "test/ResultsByBuild", resultsByBuild, preview),
  route("GET", "testresults/resultdetailsbybuild", resultDetails, preview),
  route("GET", "test/ResultDetailsByBuild", resultDetails, preview),
  route("GET", "test/codecoverage", coverage, preview),
  route("GET", "testresults/codecoverage", coverage, preview),
  // No test here has a tag.
  route("GET", "testresults/testtags", (request) => withBuildQuery(request, () => listOf([])), preview),
];

function withBuildQuery(
  request: ApiRequest,
  handle: (run: Run, testRuns: readonly TestRun[]) => ApiResponse,
): ApiResponse {
  return withTestRuns(request.query.number("buildId") ?? 0, request, handle);
}

function summary(request: ApiRequest): ApiResponse {
  return withBuildQuery(request, (run, testRuns) => ok(summaryJson(run, testRuns, request)));
}

function summaryJson(run: Run, testRuns: readonly TestRun[], request: ApiRequest) {
  const counts = sumOf(testRuns);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const runsCount = testRuns.length;
  const failedRuns = testRuns.filter(({ tests }) => tests.failed > 0).length;
  const byState = { Completed: { state: "completed", runsCount, resultsByOutcome: {} } };
  const latest = testRuns.at(-1)?.tests;
  const newFailures = latest?.newFailures ?? latest?.failed ?? 0;
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
        [...counts].map(([key, count]) => [
          key,
          { outcome: camelCased(key), count, duration: toTimeSpan(count / 100) },
        ]),
      ),
      runSummaryByState: total === 0 ? {} : byState,
      runSummaryByOutcome: {
        ...(runsCount > failedRuns && { Passed: { outcome: "passed", runsCount: runsCount - failedRuns } }),
        ...(failedRuns > 0 && { Failed: { outcome: "failed", runsCount: failedRuns } }),
      },
    },
    testFailures: {
      newFailures: { count: newFailures },
      existingFailures: { count: Math.max(0, (latest?.failed ?? 0) - newFailures) },
      fixedTests: { count: 0 },
    },
    testResultsContext: { contextType: "build", build: { id: run.id } },
    teamProject: projectRef(request),
  };
}

function resultsByBuild(request: ApiRequest): ApiResponse {
  return withBuildQuery(request, (_, testRuns) =>
    listOf(
      filteredResults(testRuns, request).map(({ testRun, id, outcome, name }, index) => ({
        id,
        runId: testRun.id,
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

/** The results of a build in one group per test run. */
function resultDetails(request: ApiRequest): ApiResponse {
  return withBuildQuery(request, (_, testRuns) =>
    ok({
      groupByField: "TestRun",
      resultsForGroup: testRuns.map((testRun) => {
        const counts = countsOf(testRun.tests);
        return {
          groupByValue: { id: testRun.id, name: "Unit tests", state: "completed" },
          resultsCountByOutcome: Object.fromEntries(
            counts.map(({ outcome, count }) => [outcome, { outcome: camelCased(outcome), count }]),
          ),
          results: filteredResults([testRun], request).map(resultJson),
        };
      }),
    }),
  );
}

/** No pipeline here publishes coverage. */
function coverage(request: ApiRequest): ApiResponse {
  const id = request.query.number("buildId") ?? 0;
  const build = { id: String(id), url: `${request.projectUrl}/_apis/build/Builds/${id}` };
  if (request.query.get("flags") !== undefined) return listOf([]);
  return withTestRuns(id, request, () =>
    ok({
      coverageData: [],
      build,
      deltaBuild: null,
      status: "finalized",
      coverageDetailedSummaryStatus: "none",
    }),
  );
}
