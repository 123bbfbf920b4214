import { TestOutcome } from "azure-devops-node-api/interfaces/TestInterfaces.js";
import { describe, expect, it } from "vitest";
import { type Call, ended, first, ids, object, textOf, useClients, web } from "./node-api-clients.ts";

const sdk = useClients();

describe("azure-devops-node-api", () => {
  it.each<Call>([
    {
      name: "getBuildLogs",
      call: async () => (await sdk.api.build.getBuildLogs(web, ended))[0],
      expected: object({ id: 1, createdOn: expect.any(Date) }),
    },
    {
      name: "getBuildLog",
      call: () => textOf(sdk.api.build.getBuildLog(web, ended, 3)),
      expected: expect.stringContaining("##[section]Starting:"),
    },
    {
      name: "getBuildLogLines",
      call: () => sdk.api.build.getBuildLogLines(web, ended, 3, 1, 2),
      expected: [expect.any(String), expect.any(String)],
    },
    {
      name: "getBuildLogsZip",
      call: () => textOf(sdk.api.build.getBuildLogsZip(web, ended)),
      expected: expect.stringMatching(/^PK/),
    },
    {
      name: "getBuildLogZip",
      call: () => textOf(sdk.api.build.getBuildLogZip(web, ended, 3)),
      expected: expect.stringMatching(/^PK.*3\.txt/s),
    },
    {
      name: "getArtifacts",
      call: async () => (await sdk.api.build.getArtifacts(web, ended)).map(({ name }) => name),
      expected: ["web-package", "release"],
    },
    {
      name: "getArtifact",
      call: () => sdk.api.build.getArtifact(web, ended, "release"),
      expected: object({ resource: object({ type: "Container" }) }),
    },
    {
      name: "getArtifact unknown",
      call: () => sdk.api.build.getArtifact(web, ended, "none"),
      expected: null,
    },
    {
      name: "getArtifactContentZip",
      call: () => textOf(sdk.api.build.getArtifactContentZip(web, ended, "release")),
      expected: expect.stringMatching(/^PK/),
    },
    {
      name: "getFile: the manifest, and a file of it",
      call: async () => {
        const { resource } = await sdk.api.build.getArtifact(web, ended, "web-package");
        const manifest = await textOf(
          sdk.api.build.getFile(web, ended, "web-package", resource?.data ?? "", "manifest"),
        );
        const { items } = JSON.parse(manifest) as { items: { path: string; blob: { id: string } }[] };
        const readme = items.find(({ path }) => path === "/README.txt");
        return textOf(sdk.api.build.getFile(web, ended, "web-package", readme?.blob.id ?? "", "README.txt"));
      },
      expected: "The web, packed.\n",
    },
    {
      name: "queryTestResultsReportForBuild",
      call: () => sdk.api.test.queryTestResultsReportForBuild(web, ended),
      expected: object({ aggregatedResultsAnalysis: object({ totalTests: 413 }) }),
    },
    {
      name: "getTestRuns",
      call: () => sdk.api.test.getTestRuns(web, `vstfs:///Build/Build/${ended}`),
      expected: [object({ id: 3451, totalTests: 413 })],
    },
    {
      name: "getTestRunById",
      call: () => sdk.api.test.getTestRunById(web, 3451),
      expected: object({ name: "Unit tests" }),
    },
    {
      name: "getTestResults that failed",
      call: () =>
        sdk.api.test.getTestResults(web, 3451, undefined, undefined, undefined, [TestOutcome.Failed]),
      expected: [
        object({ outcome: "Failed", errorMessage: expect.any(String), stackTrace: expect.any(String) }),
      ],
    },
    {
      name: "getTestResultById",
      call: () => sdk.api.test.getTestResultById(web, 3451, 100_000),
      expected: object({ outcome: "Passed" }),
    },
    {
      name: "getTestRunStatistics",
      call: () => sdk.api.test.getTestRunStatistics(web, 3451),
      expected: object({ runStatistics: first({ outcome: "Passed", count: 412 }) }),
    },
    {
      name: "getTestResultsByBuild",
      call: async () =>
        (await sdk.api.test.getTestResultsByBuild(web, ended, undefined, [TestOutcome.Failed])).length,
      expected: 1,
    },
    {
      name: "getTestResultDetailsForBuild",
      call: () => sdk.api.test.getTestResultDetailsForBuild(web, ended),
      expected: object({ resultsForGroup: [expect.anything()] }),
    },
    {
      name: "getCodeCoverageSummary",
      call: () => sdk.api.test.getCodeCoverageSummary(web, ended),
      expected: object({ coverageData: [] }),
    },
    {
      name: "getBuildCodeCoverage",
      call: () => sdk.api.test.getBuildCodeCoverage(web, ended, 7),
      expected: [],
    },
    {
      name: "queryTestResultsReportForBuild on the host of test results",
      call: () => sdk.api.results.queryTestResultsReportForBuild(web, ended),
      expected: object({ testFailures: object({ newFailures: object({ count: 1 }) }) }),
    },
    {
      name: "getTestRuns on the host of test results",
      call: () => ids(sdk.api.results.getTestRuns(web, `vstfs:///Build/Build/${ended}`)),
      expected: [3451],
    },
    {
      name: "getTestResults on the host of test results",
      call: async () => (await sdk.api.results.getTestResults(web, 3451)).length,
      expected: 413,
    },
    {
      name: "getTestResultsByBuild on the host of test results",
      call: async () => (await sdk.api.results.getTestResultsByBuild(web, ended)).length,
      expected: 413,
    },
  ])("reads logs, artifacts and tests: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });
});
