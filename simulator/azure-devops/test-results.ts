import type { Run } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, errorResponse } from "../http/response.ts";
import type { TestsSpec } from "../spec.ts";
import { stageEnd, stageNamed } from "./artifact-content.ts";
import { enumName } from "./enums.ts";
import type { ApiRequest } from "./request.ts";

/** The results that one attempt published. */
export interface TestRun {
  readonly id: number;
  readonly run: Run;
  readonly attempt: number;
  readonly tests: TestsSpec;
}

/** Each attempt of the stage that publishes them has a test run of its own, and the earlier ones stay. */
export function testRunsOf(run: Run): TestRun[] {
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

/** A new build may not be known to this area yet. */
export function withTestRuns(
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

export function withTestRun(request: ApiRequest, handle: (testRun: TestRun) => ApiResponse): ApiResponse {
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

export function testRunNotFound(id: number): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "TestObjectNotFoundException",
    namespace: "Microsoft.TeamFoundation.TestManagement.WebApi",
    message: `Test run ${id} cannot be found.`,
  });
}

/** Keys are in PascalCase although values are in camelCase. */
export function countsOf({ passed, failed, notExecuted = 0, otherOutcomes = {} }: TestsSpec) {
  return [
    { outcome: "Passed", count: passed },
    { outcome: "Failed", count: failed },
    { outcome: "NotExecuted", count: notExecuted },
    ...Object.entries(otherOutcomes).map(([outcome, count]) => ({ outcome, count })),
  ].filter(({ count }) => count > 0);
}

export function totalOf(tests: TestsSpec): number {
  return countsOf(tests).reduce((sum, { count }) => sum + count, 0);
}

export function sumOf(testRuns: readonly TestRun[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { tests } of testRuns) {
    for (const { outcome, count } of countsOf(tests)) sums.set(outcome, (sums.get(outcome) ?? 0) + count);
  }
  return sums;
}

export function camelCased(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

export interface Result {
  readonly testRun: TestRun;
  readonly id: number;
  readonly outcome: string;
  readonly name: string;
  readonly errorMessage?: string;
  readonly stackTrace?: string;
}

export function resultsOf(testRun: TestRun): Result[] {
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

export function filteredResults(testRuns: readonly TestRun[], request: ApiRequest): readonly Result[] {
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

export function resultJson({ testRun, id, outcome, name, errorMessage, stackTrace }: Result) {
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
