import { toTimeSpan } from "../engine/dates.ts";
import type { Run } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import type { TestsSpec } from "../spec.ts";
import { stageEnd, stageNamed } from "./artifact-content.ts";
import { enumName } from "./enums.ts";
import { projectRef } from "./links.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";

const preview = { previewOnly: true };

export const testRoutes = [
  route("GET", "testresults/resultsummarybybuild", summary, preview),
  route("GET", "test/ResultSummaryByBuild", summary, preview),
  route("GET", "testresults/resultsbybuild", resultsByBuild, preview),
  route("GET", "test/ResultsByBuild", resultsByBuild, preview),
  route("GET", "testresults/resultdetailsbybuild", resultDetails, preview),
  route("GET", "test/ResultDetailsByBuild", resultDetails, preview),
  route("GET", "test/codecoverage", coverage, preview),
  route("GET", "testresults/codecoverage", coverage, preview),
  route("GET", "test/runs/{id}/statistics", statistics),
  route("GET", "testresults/runs/{id}/statistics", statistics, preview),
  route("GET", "test/runs", listTestRuns),
  route("GET", "test/runs/{id}", readTestRun),
  route("GET", "test/runs/{id}/results", listResults),
  route("GET", "test/runs/{id}/results/{resultId}", readResult),
  route("GET", "testresults/runs", listTestRuns, preview),
  route("GET", "testresults/runs/{id}", readTestRun, preview),
  route("GET", "testresults/runs/{id}/results", listResults, preview),
  route("GET", "testresults/runs/{id}/results/{resultId}", readResult, preview),
];

/** The results that one attempt published. */
interface TestRun {
  readonly id: number;
  readonly run: Run;
  readonly attempt: number;
  readonly tests: TestsSpec;
}

/** Each attempt of the stage that publishes them has a test run of its own, and the earlier ones stay. */
function testRunsOf(run: Run): TestRun[] {
  const specs = [run.spec.tests ?? []].flat();
  const stage = stageNamed(run, specs[0]?.stage);
  if (specs.length === 0) return [];
  const attempts = Math.max(1, stage?.attempt ?? 1, ...(stage?.jobs ?? []).map((job) => job.attempt));
  const isPublished = stageEnd(run, specs[0]?.stage) <= run.elapsed();
  const published = isPublished ? attempts : attempts - 1;
  return Array.from({ length: published }, (_, index) => {
    const attempt = index + 1;
    const tests = specs[Math.min(index, specs.length - 1)] ?? { passed: 0, failed: 0 };
    return { id: run.id * 10 + attempt, run, attempt, tests };
  }).filter(({ tests }) => totalOf(tests) > 0);
}

/** A young build may not be known to this area yet. */
function withTestRuns(
  id: number,
  request: ApiRequest,
  handle: (run: Run, testRuns: readonly TestRun[]) => ApiResponse,
): ApiResponse {
  const run = request.state.find(id);
  if (run === undefined) return buildNotFound(id);
  run.requestCounts.tests += 1;
  if (run.requestCounts.tests <= (request.state.quirks.testLag ?? 0)) return buildNotFound(id);
  return handle(run, testRunsOf(run));
}

function withTestRun(request: ApiRequest, handle: (testRun: TestRun) => ApiResponse): ApiResponse {
  const id = Number(request.params["id"]);
  const run = request.state.find(Math.floor(id / 10));
  const testRun = run === undefined ? undefined : testRunsOf(run).find((one) => one.id === id);
  return testRun === undefined ? testRunNotFound(id) : handle(testRun);
}

function buildNotFound(id: number): ApiResponse {
  return errorResponse({
    status: 400,
    typeKey: "TestObjectNotFoundException",
    namespace: "Microsoft.TeamFoundation.TestManagement.WebApi",
    message: `Build ${id} cannot be found.`,
  });
}

function testRunNotFound(id: number): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "TestObjectNotFoundException",
    namespace: "Microsoft.TeamFoundation.TestManagement.WebApi",
    message: `Test run ${id} cannot be found.`,
  });
}

function summary(request: ApiRequest): ApiResponse {
  return withTestRuns(request.query.number("buildId") ?? 0, request, (run, testRuns) =>
    ok(summaryJson(run, testRuns, request)),
  );
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

/** Keys are in PascalCase although values are in camelCase. */
function countsOf({ passed, failed, notExecuted = 0, otherOutcomes = {} }: TestsSpec) {
  return [
    { outcome: "Passed", count: passed },
    { outcome: "Failed", count: failed },
    { outcome: "NotExecuted", count: notExecuted },
    ...Object.entries(otherOutcomes).map(([outcome, count]) => ({ outcome, count })),
  ].filter(({ count }) => count > 0);
}

function totalOf(tests: TestsSpec): number {
  return countsOf(tests).reduce((sum, { count }) => sum + count, 0);
}

function sumOf(testRuns: readonly TestRun[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { tests } of testRuns) {
    for (const { outcome, count } of countsOf(tests)) sums.set(outcome, (sums.get(outcome) ?? 0) + count);
  }
  return sums;
}

function camelCased(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

interface Result {
  readonly testRun: TestRun;
  readonly id: number;
  readonly outcome: string;
  readonly name: string;
  readonly errorMessage?: string;
  readonly stackTrace?: string;
}

function resultsOf(testRun: TestRun): Result[] {
  const named = countsOf(testRun.tests).flatMap(({ outcome, count }) =>
    Array.from({ length: count }, (_, index) => ({ outcome, ...detailsOf(testRun.tests, outcome, index) })),
  );
  return named.map((result, index) => ({ testRun, id: 100_000 + index, ...result }));
}

function detailsOf(tests: TestsSpec, outcome: string, index: number) {
  const name = `${outcome} test ${index + 1}`;
  if (outcome !== "Failed") return { name };
  const failure = tests.failures?.[index] ?? {};
  const { errorMessage = "Expected true, got false.", stackTrace = "at health.test.ts:12:5" } = failure;
  return {
    name: failure.name ?? tests.failedNames?.[index] ?? name,
    ...(errorMessage !== null && { errorMessage }),
    ...(stackTrace !== null && { stackTrace }),
  };
}

function filteredResults(testRuns: readonly TestRun[], request: ApiRequest): readonly Result[] {
  const requestedOutcomes = request.query
    .list("outcomes")
    .map((outcome) => enumName("testOutcome", outcome) ?? "");
  const all = testRuns
    .flatMap(resultsOf)
    .filter(
      ({ outcome }) =>
        requestedOutcomes.length === 0 || requestedOutcomes.some((one) => equalsIgnoreCase(one, outcome)),
    );
  const skip = request.query.number("$skip") ?? 0;
  return all.slice(skip, skip + (request.query.number("$top") ?? 1000));
}

function resultsByBuild(request: ApiRequest): ApiResponse {
  return withTestRuns(request.query.number("buildId") ?? 0, request, (_, testRuns) =>
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
  return withTestRuns(request.query.number("buildId") ?? 0, request, (_, testRuns) =>
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

function statistics(request: ApiRequest): ApiResponse {
  return withTestRun(request, ({ id, tests }) =>
    ok({
      run: { id: String(id), name: "Unit tests" },
      runStatistics: countsOf(tests).map(({ outcome, count }) => ({ state: "Completed", outcome, count })),
    }),
  );
}

/** The test runs of the builds that `buildUri` or `buildIds` names, else all. */
function listTestRuns(request: ApiRequest): ApiResponse {
  const uri = /^vstfs:\/\/\/Build\/Build\/(\d+)$/i.exec(request.query.get("buildUri") ?? "")?.[1];
  const ids = [...(uri === undefined ? [] : [Number(uri)]), ...request.query.list("buildIds").map(Number)];
  const isFiltered = ids.length > 0 || request.query.get("buildUri") !== undefined;
  const runs = request.state.all().filter((run) => !isFiltered || ids.includes(run.id));
  const [skip, top] = [request.query.number("$skip") ?? 0, request.query.number("$top") ?? 1000];
  const testRuns = runs.flatMap(testRunsOf).slice(skip, skip + top);
  return listOf(testRuns.map((testRun) => testRunJson(testRun, request)));
}

function readTestRun(request: ApiRequest): ApiResponse {
  return withTestRun(request, (testRun) => ok(testRunJson(testRun, request)));
}

function testRunJson({ id, run, attempt, tests }: TestRun, request: ApiRequest) {
  const stageName = stageNamed(run, tests.stage)?.spec.name ?? "__default";
  return {
    id,
    name: "Unit tests",
    url: `${request.projectUrl}/_apis/test/Runs/${id}`,
    build: {
      id: String(run.id),
      name: run.name,
      url: `${request.projectUrl}/_apis/build/Builds/${run.id}`,
    },
    isAutomated: true,
    state: "Completed",
    totalTests: totalOf(tests),
    passedTests: tests.passed,
    unanalyzedTests: tests.failed,
    pipelineReference: { pipelineId: run.id, stageReference: { stageName, attempt } },
  };
}

function listResults(request: ApiRequest): ApiResponse {
  return withTestRun(request, (testRun) => listOf(filteredResults([testRun], request).map(resultJson)));
}

function readResult(request: ApiRequest): ApiResponse {
  return withTestRun(request, (testRun) => {
    const id = Number(request.params["resultId"]);
    const result = resultsOf(testRun).find((one) => one.id === id);
    return result === undefined ? testRunNotFound(testRun.id) : ok(resultJson(result));
  });
}

function resultJson({ testRun, id, outcome, name, errorMessage, stackTrace }: Result) {
  return {
    id,
    testCaseTitle: name,
    automatedTestName: name,
    automatedTestStorage: "web.tests",
    outcome,
    state: "Completed",
    durationInMs: 10,
    ...(errorMessage !== undefined && { errorMessage }),
    ...(stackTrace !== undefined && { stackTrace }),
    testRun: { id: String(testRun.id), name: "Unit tests" },
    build: { id: String(testRun.run.id) },
  };
}
