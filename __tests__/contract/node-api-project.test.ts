import type { IBuildApi } from "azure-devops-node-api/BuildApi.js";
import { DefinitionTriggerType } from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api/WebApi.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoToken, startSimulator } from "../../simulator/index.ts";
import { pipelineSpec, singleJobStage, type TimelineRecordJson } from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

// What a client writes in a project, apart from runs, through the build API of Microsoft's own client.

const web = "web";

const specs = [
  pipelineSpec([singleJobStage("Build")], { id: 1, name: "ci", folder: "\\team" }),
  pipelineSpec([], {
    id: 2,
    name: "o",
    repository: { type: "GitHub", name: "o/r", defaultBranch: "refs/heads/main" },
  }),
];

let simulator: Awaited<ReturnType<typeof startSimulator>>;
let api: IBuildApi;

beforeAll(async () => {
  simulator = await startSimulator({ speed: 0, pipelines: specs });
  api = await new WebApi(simulator.organization, getPersonalAccessTokenHandler(demoToken)).getBuildApi();
});

afterAll(() => simulator.close());

const pathsOf = async () => (await api.getFolders(web)).map(({ path }) => path);

async function statusOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => value,
    (error: { statusCode?: number }) => error.statusCode,
  );
}

async function textOf(stream: Promise<NodeJS.ReadableStream>): Promise<string> {
  let text = "";
  for await (const chunk of await stream) text += chunk;
  return text;
}

describe("a project's folders", () => {
  it("are created, moved with their definitions, and deleted with them", async () => {
    expect(await api.createFolder({ description: "ours" }, web, "\\new\\deep")).toMatchObject({
      path: "\\new\\deep",
      description: "ours",
      project: { name: web },
    });
    expect(await statusOf(api.createFolder({}, web, "\\new"))).toBe(409);
    expect(await pathsOf()).toEqual(["\\", "\\new", "\\new\\deep", "\\team"]);

    expect(await api.updateFolder({ path: "\\crew" }, web, "\\team")).toMatchObject({ path: "\\crew" });
    expect(await pathsOf()).toEqual(["\\", "\\crew", "\\new", "\\new\\deep"]);
    expect((await api.getDefinition(web, 1)).path).toBe("\\crew");

    await api.deleteFolder(web, "\\crew");
    expect(await api.getDefinition(web, 1)).toBeNull();
    await api.restoreDefinition(web, 1, false);
    // The client makes null of a 404.
    expect(await statusOf(api.updateFolder({}, web, "\\missing"))).toBeNull();
  });
});

describe("a definition", () => {
  it("is restored after it was deleted", async () => {
    await api.deleteDefinition(web, 2);
    expect(await api.getDefinition(web, 2)).toBeNull();
    expect(await api.restoreDefinition(web, 2, false)).toMatchObject({ id: 2, name: "o" });
    expect(await api.getDefinition(web, 2)).toMatchObject({ id: 2 });
    expect(await api.restoreDefinition(web, 99, false)).toBeNull();
  });

  it("keeps its properties, tags and authorized resources", async () => {
    const patch = [{ op: "add", path: "/tier", value: 2 }];
    const expected = { tier: { $type: "System.Int32", $value: 2 } };
    expect(await api.updateDefinitionProperties({}, patch, web, 1)).toMatchObject({ value: expected });
    expect(await api.getDefinitionProperties(web, 1)).toMatchObject({ value: expected });
    await api.addDefinitionTag(web, 1, "x");
    expect(await api.getDefinition(web, 1)).toMatchObject({ properties: expected, tags: ["x"] });

    const resource = { type: "queue", id: "18", name: "Azure Pipelines", authorized: true };
    expect(await api.authorizeDefinitionResources([resource], web, 1)).toEqual([resource]);
    expect(await api.getDefinitionResources(web, 1)).toEqual([resource]);
  });

  it("template is saved, read, listed and deleted", async () => {
    const saved = await api.saveTemplate({ id: "node", name: "Node", description: "npm" }, web, "node");
    expect(saved).toMatchObject({ id: "node", name: "Node", category: "Custom", canDelete: true });
    expect(await api.getTemplate(web, "node")).toEqual(saved);
    expect(await api.getTemplates(web)).toEqual([saved]);
    await api.deleteTemplate(web, "node");
    expect(await api.getTemplate(web, "node")).toBeNull();
  });
});

describe("a project's settings", () => {
  it("for builds keep the days and the default policy, not the maximum", async () => {
    const updated = await api.updateBuildSettings(
      {
        daysToKeepDeletedBuildsBeforeDestroy: 7,
        defaultRetentionPolicy: { daysToKeep: 5 },
        maximumRetentionPolicy: { daysToKeep: 9 },
      },
      web,
    );
    expect(updated).toMatchObject({
      daysToKeepDeletedBuildsBeforeDestroy: 7,
      defaultRetentionPolicy: { daysToKeep: 5, minimumToKeep: 1 },
      maximumRetentionPolicy: { daysToKeep: 365 },
    });
    expect(await api.getBuildSettings(web)).toEqual(updated);
  });

  it("for retention keep a value within its limits", async () => {
    const update = (value: number) => api.updateRetentionSettings({ runRetention: { value } }, web);
    expect(await update(100)).toMatchObject({ purgeRuns: { min: 30, max: 731, value: 100 } });
    expect(await statusOf(update(1_000))).toBe(400);
    expect(await api.getRetentionSettings(web)).toMatchObject({
      purgeRuns: { value: 100 },
      purgeArtifacts: { value: 30 },
    });
  });

  it("authorize a resource for all pipelines", async () => {
    const resource = { type: "endpoint", id: "e", name: "azure", authorized: true };
    expect(await api.authorizeProjectResources([resource], web)).toEqual([resource]);
    expect(await api.authorizeProjectResources([{ ...resource, authorized: false }], web)).toHaveLength(1);
    expect(await api.getProjectResources(web, "endpoint")).toEqual([{ ...resource, authorized: false }]);
    expect(await api.getProjectResources(web, "queue")).toEqual([]);
  });
});

describe("a run's artifacts", () => {
  it("include one that a client has created", async () => {
    const run = await api.queueBuild({ definition: { id: 1 } }, web);
    const artifact = { name: "site", resource: { type: "FilePath", data: "\\\\server\\share" } };
    const created = await api.createArtifact(artifact, web, run.id ?? 0);
    expect(created).toMatchObject({ ...artifact, id: expect.any(Number) });
    expect(await api.getArtifacts(web, run.id ?? 0)).toEqual([created]);
    expect(await api.getArtifact(web, run.id ?? 0, "site")).toEqual(created);
    expect(await statusOf(api.createArtifact(artifact, web, run.id ?? 0))).toBe(409);
  });
});

describe("a source provider", () => {
  it("has the files of a repository", async () => {
    expect(await api.getPathContents(web, "tfsgit", undefined, web)).toEqual([
      expect.objectContaining({ isContainer: false, path: "/README.md", type: "blob" }),
      expect.objectContaining({ path: "/azure-pipelines.yml" }),
    ]);
    const file = api.getFileContents(web, "tfsgit", undefined, web, "main", "azure-pipelines.yml");
    expect(await textOf(file)).toContain("- stage: Build");
  });

  it("has webhooks for GitHub, which can be restored", async () => {
    expect(await api.listWebhooks(web, "github", undefined, "o/r")).toEqual([
      {
        name: "o/r",
        types: [DefinitionTriggerType.ContinuousIntegration, DefinitionTriggerType.PullRequest],
        url: "https://api.github.com/repos/o/r/hooks/1",
      },
    ]);
    await api.restoreWebhooks([DefinitionTriggerType.PullRequest], web, "github", undefined, "o/r");
    expect(await api.getPullRequest(web, "github", "7", "o/r")).toBeNull();
  });
});

describe("the timeline of one stage", () => {
  it("has that stage's records, from version 7.2 on", async () => {
    await using client = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("Build"), singleJobStage("Deploy")])],
    });
    const id = await client.startRun(1);
    client.simulator.advance(60);
    const read = (version: string, stage = "build") =>
      client.call("GET", `build/builds/${id}/Timeline/stages/${stage}?api-version=${version}`);
    const { json } = await read("7.2-preview.1");
    const records = json.records as TimelineRecordJson[];
    expect(records.filter(({ type }) => type === "Stage").map(({ identifier }) => identifier)).toEqual([
      "Build",
    ]);
    expect(records.filter(({ type }) => type === "Task").map(({ name }) => name)).toContain("it");
    expect([(await read("7.1-preview")).status, (await read("7.2-preview.1", "No")).status]).toEqual([
      404, 404,
    ]);
  });
});
