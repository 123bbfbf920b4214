import { type ApiResponse, listOf, ok } from "../http/response.ts";
import { stageNamed } from "./artifact-content.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import {
  countsOf,
  filteredResults,
  resultJson,
  resultsOf,
  type TestRun,
  testRunNotFound,
  testRunsOf,
  totalOf,
  withTestRun,
} from "./test-results.ts";

const preview = { previewOnly: true };

/** Test runs and their results, at both addresses that the service has for them. */
export const testRunRoutes = [
  ...[
    { area: "test", options: {} },
    { area: "testresults", options: preview },
  ].flatMap(({ area, options }) => [
    route("GET", `${area}/runs`, listTestRuns, options),
    route("GET", `${area}/runs/{id}`, readTestRun, options),
    route("GET", `${area}/runs/{id}/statistics`, statistics, options),
    route("GET", `${area}/runs/{id}/results`, listResults, options),
    route("GET", `${area}/runs/{id}/results/{resultId}`, readResult, options),
    // No test here has files.
    route(
      "GET",
      `${area}/runs/{id}/attachments`,
      (request) => withTestRun(request, () => listOf([])),
      preview,
    ),
    route(
      "GET",
      `${area}/runs/{id}/results/{resultId}/attachments`,
      (request) => withTestRun(request, () => listOf([])),
      preview,
    ),
  ]),
  route("GET", "testresults/runs/{id}/runsummary", statistics, preview),
];

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
