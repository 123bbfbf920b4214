import type { IBuildApi } from "azure-devops-node-api/BuildApi.js";
import type { ICoreApi } from "azure-devops-node-api/CoreApi.js";
import {
  BuildQueryOrder,
  BuildReason,
  BuildResult,
  BuildStatus,
  DefinitionQueryOrder,
  DefinitionQueueStatus,
  QueryDeletedOption,
  QueuePriority,
  StageUpdateType,
  TaskResult,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import {
  GetArtifactExpandOptions,
  GetLogExpandOptions,
  RepositoryType,
  RunResult,
  RunState,
} from "azure-devops-node-api/interfaces/PipelinesInterfaces.js";
import { TestOutcome } from "azure-devops-node-api/interfaces/TestInterfaces.js";
import type { ILocationsApi } from "azure-devops-node-api/LocationsApi.js";
import type { IPipelinesApi } from "azure-devops-node-api/PipelinesApi.js";
import type { ITaskAgentApi } from "azure-devops-node-api/TaskAgentApi.js";
import type { ITestApi } from "azure-devops-node-api/TestApi.js";
import type { ITestResultsApi } from "azure-devops-node-api/TestResultsApi.js";
import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api/WebApi.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoPipelines, demoToken, type PipelineSpec, startSimulator } from "../../simulator/index.ts";
import { pipelineSpec, singleJobStage } from "./fixtures.ts";

// The calls of azure-devops-node-api, Microsoft's own client, that a tool for pipelines makes. The client is unmodified:
// it reads hosts, routes and versions from the server, and converts enums and dates itself.

const commits = ["a", "b"].map((digit) => ({ sha: digit.repeat(40), message: `Commit ${digit}` }));

const promoted: PipelineSpec = pipelineSpec(
  [
    singleJobStage("Build"),
    singleJobStage("Production", { trigger: "manual" }),
    singleJobStage("Broken", { dependsOn: ["Build"] }),
  ],
  {
    id: 70,
    name: "promoted",
    folder: "\\a\\b",
    repository: { type: "GitHub", name: "o/r", defaultBranch: "refs/heads/main", commits },
    settableVariables: ["configuration"],
    triggeredRuns: commits.map(({ sha }, index) => ({
      afterSeconds: -7200 + index,
      version: sha,
      requestedFor: "Ada",
      triggerInfo: { "ci.sourceSha": sha },
    })),
  },
);

const library = pipelineSpec([], {
  id: 71,
  name: "library",
  repository: { type: "TfsGit", name: "lib", defaultBranch: "refs/heads/main", commits },
});

interface Clients {
  readonly build: IBuildApi;
  readonly pipelines: IPipelinesApi;
  readonly core: ICoreApi;
  readonly locations: ILocationsApi;
  readonly test: ITestApi;
  readonly results: ITestResultsApi;
  readonly agents: ITaskAgentApi;
}

let simulator: Awaited<ReturnType<typeof startSimulator>>;
let api: Clients;

let connection: WebApi;

const web = "web";

/** The completed run of pipeline 43, with failed stages, artifacts, logs and tests. */
const ended = 345;

/** The runs that the trigger of pipeline 70 queued. */
let triggered: readonly number[];

beforeAll(async () => {
  simulator = await startSimulator({ speed: 0, pipelines: [...demoPipelines, promoted, library] });
  connection = new WebApi(simulator.organization, getPersonalAccessTokenHandler(demoToken));
  api = {
    build: await connection.getBuildApi(),
    pipelines: await connection.getPipelinesApi(),
    core: await connection.getCoreApi(),
    locations: await connection.getLocationsApi(),
    test: await connection.getTestApi(),
    results: await connection.getTestResultsApi(),
    agents: await connection.getTaskAgentApi(),
  };
  await api.pipelines.runPipeline({}, web, 43);
  simulator.advance(60);
  triggered = (await api.build.getBuilds(web, [70]))
    .map(({ id }) => id ?? 0)
    .sort((one, other) => one - other);
});

afterAll(() => simulator.close());

interface Call {
  readonly name: string;
  readonly call: () => Promise<unknown>;
  readonly expected: unknown;
}

const object = (value: Record<string, unknown>): unknown => expect.objectContaining(value);

const list = (value: unknown[]): unknown => expect.arrayContaining(value);

const first = (value: Record<string, unknown>) => list([object(value)]);

/** The position of each build among the triggered runs, counted from 1. */
const positions = async (found: Promise<readonly { id?: number | undefined }[]>) =>
  (await found).map(({ id = 0 }) => triggered.indexOf(id) + 1);

const ids = async (builds: Promise<readonly { id?: number | undefined }[]>) =>
  (await builds).map(({ id }) => id);

async function textOf(stream: Promise<NodeJS.ReadableStream>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("latin1");
}

async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message: string };
    return [statusCode, message];
  }
}

function builds(filters: {
  definitions?: number[];
  queues?: number[];
  number?: string;
  min?: Date;
  who?: string;
  reason?: number;
  status?: number;
  result?: number;
  tags?: string[];
  properties?: string[];
  top?: number;
  perDefinition?: number;
  deleted?: QueryDeletedOption;
  order?: BuildQueryOrder;
  branch?: string;
  ids?: number[];
  repository?: string;
  repositoryType?: string;
}) {
  const {
    definitions = [70],
    queues,
    number,
    min,
    who,
    reason,
    status,
    result,
    tags,
    properties,
    top,
  } = filters;
  const { perDefinition, deleted, branch, repository, repositoryType } = filters;
  const order = filters.order ?? BuildQueryOrder.QueueTimeAscending;
  return api.build.getBuilds(
    web,
    definitions,
    queues,
    number,
    min,
    undefined,
    who,
    reason,
    status,
    result,
    tags,
    properties,
    top,
    undefined,
    perDefinition,
    deleted,
    order,
    branch,
    filters.ids,
    repository,
    repositoryType,
  );
}

describe("azure-devops-node-api", () => {
  it.each<Call>([
    {
      name: "getConnectionData",
      call: () => api.locations.getConnectionData(),
      expected: object({ authenticatedUser: object({ providerDisplayName: "Release Robot" }) }),
    },
    {
      name: "getResourceAreas",
      call: async () => (await api.locations.getResourceAreas()).map((area) => area.name),
      expected: list(["build", "pipelines", "approval", "distributedtask", "Release", "testresults"]),
    },
    {
      name: "getResourceArea of pipelines",
      call: () => api.locations.getResourceArea("2e0bf237-8973-4ec9-a581-9c3d679d1776"),
      expected: object({ name: "pipelines" }),
    },
    {
      name: "getResourceArea of test results, on a host of its own",
      call: async () =>
        new URL(
          (await api.locations.getResourceArea("c83eaf52-edf3-4034-ae11-17d38f25404c")).locationUrl ?? "",
        ).hostname,
      expected: "localhost",
    },
    { name: "getProjects", call: () => api.core.getProjects(), expected: first({ name: "web" }) },
    {
      name: "getProject with its capabilities",
      call: () => api.core.getProject(web, true),
      expected: object({ name: "web", capabilities: object({ versioncontrol: expect.anything() }) }),
    },
    { name: "getProject unknown", call: () => refusal(api.core.getProject("none")), expected: null },
    {
      name: "getAgentQueues by name",
      call: () => api.agents.getAgentQueues(web, "Default"),
      expected: [object({ id: 19, pool: object({ id: 1 }) })],
    },
    {
      name: "getAgentQueue",
      call: () => api.agents.getAgentQueue(18, web),
      expected: object({ name: "Azure Pipelines" }),
    },
    {
      name: "getAgentQueuesByIds",
      call: () => ids(api.agents.getAgentQueuesByIds([18], web)),
      expected: [18],
    },
    {
      name: "getAgentQueuesByNames",
      call: () => ids(api.agents.getAgentQueuesByNames(["default"], web)),
      expected: [19],
    },
    { name: "getAgentPools", call: () => ids(api.agents.getAgentPools()), expected: [9, 1] },
    { name: "getAgentPool", call: () => api.agents.getAgentPool(9), expected: object({ isHosted: true }) },
    { name: "getAgents", call: () => api.agents.getAgents(1), expected: first({ name: "Default 1" }) },
    {
      name: "getEnvironments",
      call: () => ids(api.agents.getEnvironments(web)),
      expected: [1],
    },
    {
      name: "getEnvironmentById",
      call: () => api.agents.getEnvironmentById(web, 1),
      expected: object({ name: "environment-1" }),
    },
    {
      name: "getReleaseDefinitions on the host of releases",
      call: async () => (await connection.getReleaseApi()).getReleaseDefinitions(web),
      expected: [],
    },
    {
      name: "getServiceEndpoints",
      call: async () => (await connection.getServiceEndpointApi()).getServiceEndpoints(web),
      expected: [],
    },
    {
      name: "getPolicyConfigurations",
      call: async () => (await connection.getPolicyApi()).getPolicyConfigurations(web),
      expected: [],
    },
    {
      name: "getRepositories",
      call: async () => (await (await connection.getGitApi()).getRepositories(web)).map(({ name }) => name),
      expected: list(["web"]),
    },
    {
      name: "getRepository",
      call: async () => (await connection.getGitApi()).getRepository("web", web),
      expected: object({ defaultBranch: "refs/heads/main" }),
    },
    {
      name: "getRefs",
      call: async () => (await connection.getGitApi()).getRefs("web", web, "heads/"),
      expected: [{ name: "refs/heads/main", objectId: expect.stringMatching(/^[0-9a-f]{40}$/) }],
    },
    {
      name: "getBranches",
      call: async () => (await connection.getGitApi()).getBranches("web", web),
      expected: [object({ name: "main", isBaseVersion: true })],
    },
    {
      name: "getCommits",
      call: async () => (await (await connection.getGitApi()).getCommits("lib", {}, web))[0],
      expected: object({ comment: "Commit b", commitId: commits[1]?.sha }),
    },
    {
      name: "getCommit",
      call: async () => (await connection.getGitApi()).getCommit(commits[0]?.sha ?? "", "lib", web),
      expected: object({ comment: "Commit a" }),
    },
    {
      name: "getCommit unknown",
      call: async () => (await connection.getGitApi()).getCommit("f".repeat(40), "lib", web),
      expected: null,
    },
    {
      name: "getPullRequests",
      call: async () => (await connection.getGitApi()).getPullRequests("web", {}, web),
      expected: [],
    },
    { name: "getVariableGroups", call: () => api.agents.getVariableGroups(web), expected: [] },
  ])("finds organization, project and agents: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });

  it.each<Call>([
    {
      name: "listPipelines in pages",
      call: async () => [
        await ids(api.pipelines.listPipelines(web, undefined, 2)),
        await ids(api.pipelines.listPipelines(web, undefined, 2, "2")),
      ],
      expected: [
        [42, 43],
        [44, 45],
      ],
    },
    {
      name: "getPipeline",
      call: () => api.pipelines.getPipeline(web, 70),
      expected: object({ folder: "\\a\\b", configuration: expect.anything() }),
    },
    {
      name: "getPipeline unknown",
      call: () => refusal(api.pipelines.getPipeline(web, 99)),
      expected: [500, "The pipeline '99' does not exist"],
    },
    {
      name: "preview",
      call: () => api.pipelines.preview({}, web, 42),
      expected: { finalYaml: expect.stringContaining("stage: Build") },
    },
    {
      name: "runPipeline with everything",
      call: () =>
        api.pipelines.runPipeline(
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
      call: () => refusal(api.pipelines.runPipeline({ stagesToSkip: ["No"] }, web, 42)),
      expected: [400, "'No' is not a valid stage to skip."],
    },
    { name: "listRuns", call: () => ids(api.pipelines.listRuns(web, 43)), expected: list([ended]) },
    {
      name: "getRun",
      call: () => api.pipelines.getRun(web, 43, ended),
      expected: object({
        state: RunState.Completed,
        result: RunResult.Failed,
        finishedDate: expect.any(Date),
      }),
    },
    {
      name: "getRun of another pipeline",
      call: () => refusal(api.pipelines.getRun(web, 42, ended)),
      expected: null,
    },
    {
      name: "listLogs",
      call: async () => (await api.pipelines.listLogs(web, 43, ended)).logs?.[0],
      expected: object({ id: 1, lineCount: expect.any(Number) }),
    },
    {
      name: "getLog with a signed address that works",
      call: async () => {
        const log = await api.pipelines.getLog(web, 43, ended, 3, GetLogExpandOptions.SignedContent);
        return (await fetch(log.signedContent?.url ?? "")).text();
      },
      expected: expect.stringContaining("##[section]Starting:"),
    },
    {
      name: "getLog unknown",
      call: () => refusal(api.pipelines.getLog(web, 43, ended, 999)),
      expected: null,
    },
    {
      name: "getArtifact with a signed address that works",
      call: async () => {
        const expand = GetArtifactExpandOptions.SignedContent;
        const artifact = await api.pipelines.getArtifact(web, 43, ended, "release", expand);
        return (await fetch(artifact.signedContent?.url ?? "")).status;
      },
      expected: 200,
    },
  ])("runs pipelines: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });

  it.each<Call>([
    { name: "by definition", call: () => positions(builds({})), expected: [1, 2] },
    {
      name: "newest first",
      call: () => positions(builds({ order: BuildQueryOrder.QueueTimeDescending })),
      expected: [2, 1],
    },
    {
      name: "by reason",
      call: () => positions(builds({ reason: BuildReason.IndividualCI })),
      expected: [1, 2],
    },
    {
      name: "by another reason",
      call: () => positions(builds({ reason: BuildReason.Manual })),
      expected: [],
    },
    { name: "by a sum of reasons", call: () => positions(builds({ reason: 4063 })), expected: [1, 2] },
    { name: "by all reasons", call: () => positions(builds({ reason: BuildReason.All })), expected: [1, 2] },
    { name: "by status", call: () => positions(builds({ status: BuildStatus.Completed })), expected: [1, 2] },
    { name: "by a sum of statuses", call: () => positions(builds({ status: 34 })), expected: [1, 2] },
    {
      name: "by another status",
      call: () => positions(builds({ status: BuildStatus.NotStarted })),
      expected: [],
    },
    { name: "by all statuses", call: () => positions(builds({ status: BuildStatus.All })), expected: [1, 2] },
    { name: "by result", call: () => positions(builds({ result: BuildResult.Succeeded })), expected: [1, 2] },
    { name: "by a sum of results", call: () => positions(builds({ result: 10 })), expected: [1, 2] },
    { name: "by another result", call: () => positions(builds({ result: 40 })), expected: [] },
    { name: "by queue", call: () => positions(builds({ queues: [18] })), expected: [1, 2] },
    { name: "by another queue", call: () => positions(builds({ queues: [19] })), expected: [] },
    { name: "by number", call: () => positions(builds({ number: "2*" })), expected: [1, 2] },
    { name: "by requester", call: () => positions(builds({ who: "Ada" })), expected: [1, 2] },
    {
      name: "by time",
      call: () => positions(builds({ min: new Date(Date.now() - 3600_000) })),
      expected: [],
    },
    { name: "by branch", call: () => positions(builds({ branch: "refs/heads/main" })), expected: [1, 2] },
    { name: "by tag", call: () => positions(builds({ tags: ["none"] })), expected: [] },
    { name: "by id", call: () => positions(builds({ ids: triggered.slice(1) })), expected: [2] },
    {
      name: "the newest of each definition",
      call: () => positions(builds({ perDefinition: 1 })),
      expected: [1],
    },
    {
      name: "by repository",
      call: () => positions(builds({ repository: "o/r", repositoryType: "GitHub" })),
      expected: [1, 2],
    },
    {
      name: "by another repository",
      call: () => positions(builds({ repository: "o/other", repositoryType: "GitHub" })),
      expected: [],
    },
    {
      name: "by a repository without its type",
      call: () => refusal(builds({ repository: "o/r" })),
      expected: [400, expect.stringContaining("repositoryType")],
    },
    {
      name: "with what triggered them",
      call: () => builds({}),
      expected: first({ triggerInfo: { "ci.sourceSha": commits[0]?.sha } }),
    },
  ])("lists builds: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });

  it.each<Call>([
    {
      name: "queueBuild with a bare branch, priority and reason",
      call: () =>
        api.build.queueBuild(
          {
            definition: { id: 42 },
            sourceBranch: "main",
            priority: QueuePriority.High,
            reason: BuildReason.Triggered,
            tags: ["t"],
            parameters: '{"configuration":"Debug"}',
            queue: { id: 19 },
          },
          web,
        ),
      expected: object({
        sourceBranch: "refs/heads/main",
        priority: QueuePriority.High,
        reason: BuildReason.Triggered,
        status: BuildStatus.NotStarted,
        queue: object({ name: "Default" }),
      }),
    },
    {
      name: "queueBuild of an earlier build's source",
      call: () => api.build.queueBuild({ definition: { id: 70 } }, web, false, undefined, triggered[0]),
      expected: object({ sourceVersion: commits[0]?.sha }),
    },
    {
      name: "queueBuild for somebody else",
      call: () =>
        api.build.queueBuild(
          { definition: { id: 42 }, requestedFor: { id: "some-id", displayName: "Bob" } },
          web,
        ),
      expected: object({
        requestedFor: object({ displayName: "Bob" }),
        requestedBy: object({ displayName: "Release Robot" }),
      }),
    },
    {
      name: "queueBuild in a queue that does not exist",
      call: () => refusal(api.build.queueBuild({ definition: { id: 42 }, queue: { id: 1 } }, web)),
      expected: [400, expect.stringContaining("Could not queue the build")],
    },
    {
      name: "queueBuild of an unknown definition",
      call: () => refusal(api.build.queueBuild({ definition: { id: 99 } }, web)),
      expected: null,
    },
    {
      name: "getBuild",
      call: () => api.build.getBuild(web, ended),
      expected: object({
        status: BuildStatus.Completed,
        result: BuildResult.Failed,
        finishTime: expect.any(Date),
      }),
    },
    { name: "getBuild unknown", call: () => api.build.getBuild(web, 9999), expected: null },
    {
      name: "getLatestBuild",
      call: () => api.build.getLatestBuild(web, "promoted", "main"),
      expected: object({ definition: object({ id: 70 }) }),
    },
    {
      name: "updateBuild keepForever",
      call: () => api.build.updateBuild({ keepForever: true }, web, ended),
      expected: object({ keepForever: true }),
    },
    {
      name: "deleteBuild that is retained",
      call: () => refusal(api.build.deleteBuild(web, ended)),
      expected: [400, expect.stringContaining("retained")],
    },
    {
      name: "updateBuilds",
      call: () => api.build.updateBuilds([{ id: ended, keepForever: false }], web),
      expected: [object({ id: ended, keepForever: false })],
    },
    {
      name: "updateBuild with retry, and cancelled",
      call: async () => {
        const retried = await api.build.updateBuild({}, web, ended, true);
        simulator.advance(1);
        const cancelled = await api.build.updateBuild({ status: BuildStatus.Cancelling }, web, ended);
        simulator.advance(60);
        return [retried.status, cancelled.status, (await api.build.getBuild(web, ended)).result];
      },
      expected: [BuildStatus.InProgress, BuildStatus.Cancelling, BuildResult.Canceled],
    },
    {
      name: "updateStage run of a manual stage",
      call: async () => {
        const { id = 0 } = await api.build.queueBuild({ definition: { id: 70 } }, web);
        simulator.advance(60);
        const stageResult = async () =>
          (await api.build.getBuildTimeline(web, id)).records?.find(({ name }) => name === "Production")
            ?.result;
        const before = await stageResult();
        await api.build.updateStage({ state: StageUpdateType.Run }, id, "Production", web);
        simulator.advance(60);
        return [before, await stageResult()];
      },
      expected: [TaskResult.ManuallyQueued, TaskResult.Succeeded],
    },
    {
      name: "updateStage refused",
      call: () => refusal(api.build.updateStage({ state: StageUpdateType.Run }, ended, "Staging", web)),
      expected: [400, expect.stringContaining("not a manual stage")],
    },
    {
      name: "deleteBuild",
      call: async () => {
        const { id = 0 } = await api.build.queueBuild({ definition: { id: 49 } }, web);
        await api.build.deleteBuild(web, id);
        const all = await builds({ definitions: [49], deleted: QueryDeletedOption.OnlyDeleted });
        return [await api.build.getBuild(web, id), all.map((build) => [build.id === id, build.deleted])];
      },
      expected: [null, [[true, true]]],
    },
    {
      name: "getBuildTimeline",
      call: async () => (await api.build.getBuildTimeline(web, ended)).records?.length,
      expected: expect.any(Number),
    },
    {
      name: "getBuildTimeline of changes",
      call: async () => {
        const { changeId } = await api.build.getBuildTimeline(web, ended);
        return (await api.build.getBuildTimeline(web, ended, undefined, changeId)).records;
      },
      expected: [],
    },
    {
      name: "getBuildChanges",
      call: async () =>
        (await api.build.getBuildChanges(web, triggered[1] ?? 0)).map(({ message }) => message),
      expected: ["Commit b"],
    },
    {
      name: "getChangesBetweenBuilds",
      call: async () =>
        (await api.build.getChangesBetweenBuilds(web, triggered[0], triggered[1])).map(({ id }) => id),
      expected: [commits[1]?.sha],
    },
    { name: "getBuildWorkItemsRefs", call: () => api.build.getBuildWorkItemsRefs(web, ended), expected: [] },
    {
      name: "getBuildWorkItemsRefsFromCommits",
      call: () => api.build.getBuildWorkItemsRefsFromCommits([], web, ended),
      expected: [],
    },
    {
      name: "getWorkItemsBetweenBuilds",
      call: () => api.build.getWorkItemsBetweenBuilds(web, 1, 2),
      expected: [],
    },
    {
      name: "getBuildReport",
      call: () => api.build.getBuildReport(web, ended),
      expected: object({ buildId: ended, type: "Html" }),
    },
    {
      name: "getBuildReportHtmlContent",
      call: () => textOf(api.build.getBuildReportHtmlContent(web, ended)),
      expected: expect.stringContaining("<html>"),
    },
    { name: "getAttachments", call: () => api.build.getAttachments(web, ended, "summary"), expected: [] },
  ])("works with a build: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });

  it.each<Call>([
    { name: "addBuildTag", call: () => api.build.addBuildTag(web, ended, "a"), expected: ["a"] },
    {
      name: "addBuildTags",
      call: () => api.build.addBuildTags(["b", "c"], web, ended),
      expected: ["a", "b", "c"],
    },
    {
      name: "updateBuildTags",
      call: () => api.build.updateBuildTags({ tagsToAdd: ["d"], tagsToRemove: ["A"] }, web, ended),
      expected: ["b", "c", "d"],
    },
    { name: "deleteBuildTag", call: () => api.build.deleteBuildTag(web, ended, "b"), expected: ["c", "d"] },
    { name: "getBuildTags", call: () => api.build.getBuildTags(web, ended), expected: ["c", "d"] },
    { name: "getTags", call: () => api.build.getTags(web), expected: list(["c", "d"]) },
    {
      name: "deleteTag",
      call: () => api.build.deleteTag(web, "d"),
      expected: expect.not.arrayContaining(["d"]),
    },
    { name: "addDefinitionTag", call: () => api.build.addDefinitionTag(web, 42, "x"), expected: ["x"] },
    {
      name: "updateDefinitionTags",
      call: () => api.build.updateDefinitionTags({ tagsToAdd: ["y"], tagsToRemove: [] }, web, 42),
      expected: ["x", "y"],
    },
    { name: "getDefinitionTags", call: () => api.build.getDefinitionTags(web, 42), expected: ["x", "y"] },
    { name: "deleteDefinitionTag", call: () => api.build.deleteDefinitionTag(web, 42, "x"), expected: ["y"] },
    {
      name: "updateBuildProperties",
      call: () => {
        const patch = [
          { op: 0, path: "/text", value: "v" },
          { op: 0, path: "/number", value: 3 },
        ];
        return api.build.updateBuildProperties({}, patch as never, web, ended);
      },
      expected: {
        count: 2,
        value: {
          text: { $type: "System.String", $value: "v" },
          number: { $type: "System.Int32", $value: 3 },
        },
      },
    },
    {
      name: "getBuildProperties",
      call: () => api.build.getBuildProperties(web, ended, ["text"]),
      expected: { count: 1, value: { text: { $type: "System.String", $value: "v" } } },
    },
    {
      name: "getBuilds with properties",
      call: async () =>
        (await builds({ definitions: [43], ids: [ended], properties: ["number"] }))[0]?.properties,
      expected: { number: { $type: "System.Int32", $value: 3 } },
    },
    {
      name: "addRetentionLeases",
      call: () =>
        api.build.addRetentionLeases(
          [{ daysValid: 3, definitionId: 43, ownerId: "User:me", protectPipeline: false, runId: ended }],
          web,
        ),
      expected: [object({ leaseId: 1, runId: ended, validUntil: expect.any(Date) })],
    },
    {
      name: "getRetentionLeasesForBuild",
      call: async () =>
        (await api.build.getRetentionLeasesForBuild(web, ended)).map(({ leaseId }) => leaseId),
      expected: [1],
    },
    {
      name: "getRetentionLeasesByOwnerId",
      call: () => api.build.getRetentionLeasesByOwnerId(web, "User:other"),
      expected: [],
    },
    {
      name: "updateRetentionLease",
      call: () => api.build.updateRetentionLease({ protectPipeline: true }, web, 1),
      expected: object({ protectPipeline: true }),
    },
    {
      name: "deleteRetentionLeasesById",
      call: async () => {
        await api.build.deleteRetentionLeasesById(web, [1]);
        return api.build.getRetentionLease(web, 1);
      },
      expected: null,
    },
    {
      name: "getRetentionSettings",
      call: () => api.build.getRetentionSettings(web),
      expected: object({ purgeRuns: expect.anything() }),
    },
  ])("keeps tags, properties and leases: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });

  it.each<Call>([
    {
      name: "getBuildLogs",
      call: async () => (await api.build.getBuildLogs(web, ended))[0],
      expected: object({ id: 1, createdOn: expect.any(Date) }),
    },
    {
      name: "getBuildLog",
      call: () => textOf(api.build.getBuildLog(web, ended, 3)),
      expected: expect.stringContaining("##[section]Starting:"),
    },
    {
      name: "getBuildLogLines",
      call: () => api.build.getBuildLogLines(web, ended, 3, 1, 2),
      expected: [expect.any(String), expect.any(String)],
    },
    {
      name: "getBuildLogsZip",
      call: () => textOf(api.build.getBuildLogsZip(web, ended)),
      expected: expect.stringMatching(/^PK/),
    },
    {
      name: "getBuildLogZip",
      call: () => textOf(api.build.getBuildLogZip(web, ended, 3)),
      expected: expect.stringMatching(/^PK.*3\.txt/s),
    },
    {
      name: "getArtifacts",
      call: async () => (await api.build.getArtifacts(web, ended)).map(({ name }) => name),
      expected: ["web-package", "release"],
    },
    {
      name: "getArtifact",
      call: () => api.build.getArtifact(web, ended, "release"),
      expected: object({ resource: object({ type: "Container" }) }),
    },
    { name: "getArtifact unknown", call: () => api.build.getArtifact(web, ended, "none"), expected: null },
    {
      name: "getArtifactContentZip",
      call: () => textOf(api.build.getArtifactContentZip(web, ended, "release")),
      expected: expect.stringMatching(/^PK/),
    },
    {
      name: "getFile: the manifest, and a file of it",
      call: async () => {
        const { resource } = await api.build.getArtifact(web, ended, "web-package");
        const manifest = await textOf(
          api.build.getFile(web, ended, "web-package", resource?.data ?? "", "manifest"),
        );
        const { items } = JSON.parse(manifest) as { items: { path: string; blob: { id: string } }[] };
        const readme = items.find(({ path }) => path === "/README.txt");
        return textOf(api.build.getFile(web, ended, "web-package", readme?.blob.id ?? "", "README.txt"));
      },
      expected: "The web, packed.\n",
    },
    {
      name: "queryTestResultsReportForBuild",
      call: () => api.test.queryTestResultsReportForBuild(web, ended),
      expected: object({ aggregatedResultsAnalysis: object({ totalTests: 413 }) }),
    },
    {
      name: "getTestRuns",
      call: () => api.test.getTestRuns(web, `vstfs:///Build/Build/${ended}`),
      expected: [object({ id: 3451, totalTests: 413 })],
    },
    {
      name: "getTestRunById",
      call: () => api.test.getTestRunById(web, 3451),
      expected: object({ name: "Unit tests" }),
    },
    {
      name: "getTestResults that failed",
      call: () => api.test.getTestResults(web, 3451, undefined, undefined, undefined, [TestOutcome.Failed]),
      expected: [
        object({ outcome: "Failed", errorMessage: expect.any(String), stackTrace: expect.any(String) }),
      ],
    },
    {
      name: "getTestResultById",
      call: () => api.test.getTestResultById(web, 3451, 100_000),
      expected: object({ outcome: "Passed" }),
    },
    {
      name: "getTestRunStatistics",
      call: () => api.test.getTestRunStatistics(web, 3451),
      expected: object({ runStatistics: first({ outcome: "Passed", count: 412 }) }),
    },
    {
      name: "getTestResultsByBuild",
      call: async () =>
        (await api.test.getTestResultsByBuild(web, ended, undefined, [TestOutcome.Failed])).length,
      expected: 1,
    },
    {
      name: "getTestResultDetailsForBuild",
      call: () => api.test.getTestResultDetailsForBuild(web, ended),
      expected: object({ resultsForGroup: [expect.anything()] }),
    },
    {
      name: "getCodeCoverageSummary",
      call: () => api.test.getCodeCoverageSummary(web, ended),
      expected: object({ coverageData: [] }),
    },
    { name: "getBuildCodeCoverage", call: () => api.test.getBuildCodeCoverage(web, ended, 7), expected: [] },
    {
      name: "queryTestResultsReportForBuild on the host of test results",
      call: () => api.results.queryTestResultsReportForBuild(web, ended),
      expected: object({ testFailures: object({ newFailures: object({ count: 1 }) }) }),
    },
    {
      name: "getTestRuns on the host of test results",
      call: () => ids(api.results.getTestRuns(web, `vstfs:///Build/Build/${ended}`)),
      expected: [3451],
    },
    {
      name: "getTestResults on the host of test results",
      call: async () => (await api.results.getTestResults(web, 3451)).length,
      expected: 413,
    },
    {
      name: "getTestResultsByBuild on the host of test results",
      call: async () => (await api.results.getTestResultsByBuild(web, ended)).length,
      expected: 413,
    },
  ])("reads logs, artifacts and tests: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });

  it.each<Call>([
    {
      name: "createDefinition and deleteDefinition",
      call: async () => {
        const { id = 0, name, path } = await api.build.createDefinition({ name: "new", path: "\\x" }, web);
        await api.build.deleteDefinition(web, id);
        return [name, path, await api.build.getDefinition(web, id)];
      },
      expected: ["new", "\\x", null],
    },
    {
      name: "createPipeline, which can be run",
      call: async () => {
        const { id = 0 } = await api.pipelines.createPipeline({ name: "newer", folder: "\\" }, web);
        const run = await api.pipelines.runPipeline({}, web, id);
        return [run.pipeline?.name, run.state];
      },
      expected: ["newer", RunState.InProgress],
    },
    {
      name: "updateBuildGeneralSettings",
      call: async () => {
        await api.build.updateBuildGeneralSettings({ publishPipelineMetadata: true }, web);
        return (await api.build.getBuildGeneralSettings(web)).publishPipelineMetadata;
      },
      expected: true,
    },
    {
      name: "getDefinitions by name",
      call: () => ids(api.build.getDefinitions(web, "promoted*")),
      expected: [70],
    },
    {
      name: "getDefinitions by folder",
      call: () =>
        ids(
          api.build.getDefinitions(
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
      call: () => ids(api.build.getDefinitions(web, undefined, "o/r", "GitHub")),
      expected: [70],
    },
    {
      name: "getDefinitions that were built after a date",
      call: async () => {
        const built = (after?: Date, notAfter?: Date) =>
          ids(
            api.build.getDefinitions(
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
        const [one] = await api.build.getDefinitions(web, undefined, undefined, undefined, order, 1);
        return one?.name;
      },
      expected: "slow",
    },
    {
      name: "getDefinition",
      call: () => api.build.getDefinition(web, 70),
      expected: object({
        path: "\\a\\b",
        queueStatus: DefinitionQueueStatus.Enabled,
        repository: object({ id: "o/r" }),
      }),
    },
    { name: "getDefinition unknown", call: () => api.build.getDefinition(web, 99), expected: null },
    {
      name: "updateDefinition: pause, and enable",
      call: async () => {
        const paused = await api.build.updateDefinition(
          { queueStatus: DefinitionQueueStatus.Paused },
          web,
          47,
        );
        await api.build.updateDefinition({ queueStatus: DefinitionQueueStatus.Enabled }, web, 47);
        return [paused.queueStatus, (await api.build.getDefinition(web, 47)).queueStatus];
      },
      expected: [DefinitionQueueStatus.Paused, DefinitionQueueStatus.Enabled],
    },
    {
      name: "getDefinitionRevisions",
      call: () => api.build.getDefinitionRevisions(web, 42),
      expected: [object({ revision: 1 })],
    },
    {
      name: "getDefinitionYaml",
      call: () => api.build.getDefinitionYaml(web, 42),
      expected: { yaml: expect.stringContaining("stages:") },
    },
    {
      name: "getDefinitionMetrics",
      call: () => api.build.getDefinitionMetrics(web, 43),
      expected: first({ name: "TotalBuilds", intValue: 1 }),
    },
    {
      name: "getProjectMetrics",
      call: () => api.build.getProjectMetrics(web),
      expected: first({ name: "TotalBuilds" }),
    },
    {
      name: "getDefinitionProperties",
      call: () => api.build.getDefinitionProperties(web, 42),
      expected: { count: 0, value: {} },
    },
    { name: "getDefinitionResources", call: () => api.build.getDefinitionResources(web, 42), expected: [] },
    {
      name: "getFolders",
      call: async () => (await api.build.getFolders(web)).map(({ path }) => path),
      expected: list(["\\", "\\a", "\\a\\b"]),
    },
    {
      name: "getStatusBadge",
      call: () => api.build.getStatusBadge(web, "promoted"),
      expected: expect.stringContaining("<svg"),
    },
    {
      name: "getBuildSettings",
      call: () => api.build.getBuildSettings(web),
      expected: object({ daysToKeepDeletedBuildsBeforeDestroy: 30 }),
    },
    {
      name: "getBuildGeneralSettings",
      call: () => api.build.getBuildGeneralSettings(web),
      expected: object({ enforceSettableVar: true }),
    },
    { name: "getBuildOptionDefinitions", call: () => api.build.getBuildOptionDefinitions(web), expected: [] },
    { name: "getBuildControllers", call: () => api.build.getBuildControllers(), expected: [] },
    {
      name: "getResourceUsage",
      call: () => api.build.getResourceUsage(),
      expected: object({ xamlControllers: 0 }),
    },
    { name: "getProjectResources", call: () => api.build.getProjectResources(web), expected: [] },
    { name: "getTemplates", call: () => api.build.getTemplates(web), expected: [] },
    {
      name: "listSourceProviders",
      call: () => api.build.listSourceProviders(web),
      expected: first({ name: "GitHub" }),
    },
    {
      name: "listRepositories",
      call: () => api.build.listRepositories(web, "GitHub"),
      expected: object({ repositories: first({ id: "o/r" }) }),
    },
    {
      name: "listBranches",
      call: () => api.build.listBranches(web, "GitHub", undefined, "o/r"),
      expected: ["refs/heads/main"],
    },
  ])("reads definitions and settings: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });
});
