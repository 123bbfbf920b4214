import {
  DefinitionQueryOrder,
  DefinitionQueueStatus,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import { RunState } from "azure-devops-node-api/interfaces/PipelinesInterfaces.js";
import { describe, expect, it } from "vitest";
import { type Call, first, ids, list, object, useClients, web } from "./node-api-clients.ts";

const sdk = useClients();

describe("azure-devops-node-api", () => {
  it.each<Call>([
    {
      name: "createDefinition and deleteDefinition",
      call: async () => {
        const {
          id = 0,
          name,
          path,
        } = await sdk.api.build.createDefinition({ name: "new", path: "\\x" }, web);
        await sdk.api.build.deleteDefinition(web, id);
        return [name, path, await sdk.api.build.getDefinition(web, id)];
      },
      expected: ["new", "\\x", null],
    },
    {
      name: "createPipeline, which can be run",
      call: async () => {
        const { id = 0 } = await sdk.api.pipelines.createPipeline({ name: "newer", folder: "\\" }, web);
        const run = await sdk.api.pipelines.runPipeline({}, web, id);
        return [run.pipeline?.name, run.state];
      },
      expected: ["newer", RunState.InProgress],
    },
    {
      name: "updateBuildGeneralSettings",
      call: async () => {
        await sdk.api.build.updateBuildGeneralSettings({ publishPipelineMetadata: true }, web);
        return (await sdk.api.build.getBuildGeneralSettings(web)).publishPipelineMetadata;
      },
      expected: true,
    },
    {
      name: "getDefinitions by name",
      call: () => ids(sdk.api.build.getDefinitions(web, "promoted*")),
      expected: [70],
    },
    {
      name: "getDefinitions by folder",
      call: () =>
        ids(
          sdk.api.build.getDefinitions(
            web,
            undefined,
            undefined,
            undefined,
            undefined,
            undefined,
            undefined,
            undefined,
            undefined,
            "\\a\\b",
          ),
        ),
      expected: [70],
    },
    {
      name: "getDefinitions by repository",
      call: () => ids(sdk.api.build.getDefinitions(web, undefined, "o/r", "GitHub")),
      expected: [70],
    },
    {
      name: "getDefinitions that were built after a date",
      call: async () => {
        const built = (after?: Date, notAfter?: Date) =>
          ids(
            sdk.api.build.getDefinitions(
              web,
              undefined,
              undefined,
              undefined,
              undefined,
              undefined,
              undefined,
              undefined,
              [43, 71],
              undefined,
              after,
              notAfter,
            ),
          );
        return [await built(new Date(0)), await built(undefined, new Date(0))];
      },
      expected: [[43], [71]],
    },
    {
      name: "getDefinitions in order",
      call: async () => {
        const order = DefinitionQueryOrder.DefinitionNameDescending;
        const [one] = await sdk.api.build.getDefinitions(web, undefined, undefined, undefined, order, 1);
        return one?.name;
      },
      expected: "slow",
    },
    {
      name: "getDefinition",
      call: () => sdk.api.build.getDefinition(web, 70),
      expected: object({
        path: "\\a\\b",
        queueStatus: DefinitionQueueStatus.Enabled,
        repository: object({ id: "o/r" }),
      }),
    },
    { name: "getDefinition unknown", call: () => sdk.api.build.getDefinition(web, 99), expected: null },
    {
      name: "updateDefinition: pause, and enable",
      call: async () => {
        const paused = await sdk.api.build.updateDefinition(
          { queueStatus: DefinitionQueueStatus.Paused },
          web,
          47,
        );
        await sdk.api.build.updateDefinition({ queueStatus: DefinitionQueueStatus.Enabled }, web, 47);
        return [paused.queueStatus, (await sdk.api.build.getDefinition(web, 47)).queueStatus];
      },
      expected: [DefinitionQueueStatus.Paused, DefinitionQueueStatus.Enabled],
    },
    {
      name: "getDefinitionRevisions",
      call: () => sdk.api.build.getDefinitionRevisions(web, 42),
      expected: [object({ revision: 1 })],
    },
    {
      name: "getDefinitionYaml",
      call: () => sdk.api.build.getDefinitionYaml(web, 42),
      expected: { yaml: expect.stringContaining("stages:") },
    },
    {
      name: "getDefinitionMetrics, which has values for each day",
      call: async () => {
        const metrics = await sdk.api.build.getDefinitionMetrics(web, 43);
        const totals = metrics.filter(({ name }) => name === "TotalBuilds");
        const runs = await sdk.builds({ definitions: [43] });
        return totals.reduce((sum, { intValue = 0 }) => sum + intValue, 0) - runs.length;
      },
      expected: 0,
    },
    {
      name: "getProjectMetrics",
      call: () => sdk.api.build.getProjectMetrics(web),
      expected: first({ name: "TotalBuilds" }),
    },
    {
      name: "getDefinitionProperties",
      call: () => sdk.api.build.getDefinitionProperties(web, 42),
      expected: { count: 0, value: {} },
    },
    {
      name: "getDefinitionResources",
      call: () => sdk.api.build.getDefinitionResources(web, 42),
      expected: [],
    },
    {
      name: "getFolders",
      call: async () => (await sdk.api.build.getFolders(web)).map(({ path }) => path),
      expected: list(["\\", "\\a", "\\a\\b"]),
    },
    {
      name: "getStatusBadge",
      call: () => sdk.api.build.getStatusBadge(web, "promoted"),
      expected: expect.stringContaining("<svg"),
    },
    {
      name: "getBuildSettings",
      call: () => sdk.api.build.getBuildSettings(web),
      expected: object({ daysToKeepDeletedBuildsBeforeDestroy: 30 }),
    },
    {
      name: "getBuildGeneralSettings",
      call: () => sdk.api.build.getBuildGeneralSettings(web),
      expected: object({ enforceSettableVar: true }),
    },
    {
      name: "getBuildOptionDefinitions",
      call: () => sdk.api.build.getBuildOptionDefinitions(web),
      expected: [],
    },
    { name: "getBuildControllers", call: () => sdk.api.build.getBuildControllers(), expected: [] },
    {
      name: "getResourceUsage",
      call: () => sdk.api.build.getResourceUsage(),
      expected: object({ xamlControllers: 0 }),
    },
    { name: "getProjectResources", call: () => sdk.api.build.getProjectResources(web), expected: [] },
    { name: "getTemplates", call: () => sdk.api.build.getTemplates(web), expected: [] },
    {
      name: "listSourceProviders",
      call: () => sdk.api.build.listSourceProviders(web),
      expected: first({ name: "GitHub" }),
    },
    {
      name: "listRepositories",
      call: () => sdk.api.build.listRepositories(web, "GitHub"),
      expected: object({ repositories: first({ id: "o/r" }) }),
    },
    {
      name: "listBranches",
      call: () => sdk.api.build.listBranches(web, "GitHub", undefined, "o/r"),
      expected: ["refs/heads/main"],
    },
  ])("reads definitions and settings: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });
});
