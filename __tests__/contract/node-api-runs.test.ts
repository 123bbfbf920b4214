import {
  GetArtifactExpandOptions,
  GetLogExpandOptions,
  RepositoryType,
  RunResult,
  RunState,
} from "azure-devops-node-api/interfaces/PipelinesInterfaces.js";
import { describe, expect, it } from "vitest";
import { type Call, ended, ids, list, object, refusal, useClients, web } from "./node-api-clients.ts";

const sdk = useClients();

describe("azure-devops-node-api", () => {
  it.each<Call>([
    {
      name: "listPipelines in pages",
      call: async () => [
        await ids(sdk.api.pipelines.listPipelines(web, undefined, 2)),
        await ids(sdk.api.pipelines.listPipelines(web, undefined, 2, "2")),
      ],
      expected: [
        [42, 43],
        [44, 45],
      ],
    },
    {
      name: "getPipeline",
      call: () => sdk.api.pipelines.getPipeline(web, 70),
      expected: object({ folder: "\\a\\b", configuration: expect.anything() }),
    },
    {
      name: "getPipeline unknown",
      call: () => refusal(sdk.api.pipelines.getPipeline(web, 99)),
      expected: [500, "The pipeline '99' does not exist"],
    },
    {
      name: "preview",
      call: () => sdk.api.pipelines.preview({}, web, 42),
      expected: { finalYaml: expect.stringContaining("stage: Build") },
    },
    {
      name: "runPipeline with everything",
      call: () =>
        sdk.api.pipelines.runPipeline(
          {
            resources: { repositories: { self: { refName: "refs/heads/topic" } } },
            templateParameters: { dryRun: "true" },
            variables: { configuration: { value: "Release" } },
            stagesToSkip: ["Production"],
          },
          web,
          42,
        ),
      expected: object({
        state: RunState.InProgress,
        createdDate: expect.any(Date),
        tags: [],
        resources: object({
          repositories: {
            self: object({
              refName: "refs/heads/topic",
              repository: object({ fullName: "web/web", type: RepositoryType.AzureReposGit }),
            }),
          },
        }),
      }),
    },
    {
      name: "runPipeline refused",
      call: () => refusal(sdk.api.pipelines.runPipeline({ stagesToSkip: ["No"] }, web, 42)),
      expected: [400, "'No' is not a valid stage to skip."],
    },
    { name: "listRuns", call: () => ids(sdk.api.pipelines.listRuns(web, 43)), expected: list([ended]) },
    {
      name: "getRun",
      call: () => sdk.api.pipelines.getRun(web, 43, ended),
      expected: object({
        state: RunState.Completed,
        result: RunResult.Failed,
        finishedDate: expect.any(Date),
      }),
    },
    {
      name: "getRun of another pipeline",
      call: () => refusal(sdk.api.pipelines.getRun(web, 42, ended)),
      expected: null,
    },
    {
      name: "listLogs",
      call: async () => (await sdk.api.pipelines.listLogs(web, 43, ended)).logs?.[0],
      expected: object({ id: 1, lineCount: expect.any(Number) }),
    },
    {
      name: "getLog with a signed address that works",
      call: async () => {
        const log = await sdk.api.pipelines.getLog(web, 43, ended, 3, GetLogExpandOptions.SignedContent);
        return (await fetch(log.signedContent?.url ?? "")).text();
      },
      expected: expect.stringContaining("##[section]Starting:"),
    },
    {
      name: "getLog unknown",
      call: () => refusal(sdk.api.pipelines.getLog(web, 43, ended, 999)),
      expected: null,
    },
    {
      name: "getArtifact with a signed address that works",
      call: async () => {
        const expand = GetArtifactExpandOptions.SignedContent;
        const artifact = await sdk.api.pipelines.getArtifact(web, 43, ended, "release", expand);
        return (await fetch(artifact.signedContent?.url ?? "")).status;
      },
      expected: 200,
    },
  ])("runs pipelines: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });
});
