import type { ICoreApi } from "azure-devops-node-api/CoreApi.js";
import type { IGitApi } from "azure-devops-node-api/GitApi.js";
import {
  GitObjectType,
  GitStatusState,
  GitVersionType,
  VersionControlRecursionType,
} from "azure-devops-node-api/interfaces/GitInterfaces.js";
import { ApprovalStatus } from "azure-devops-node-api/interfaces/ReleaseInterfaces.js";
import type { IPolicyApi } from "azure-devops-node-api/PolicyApi.js";
import type { IReleaseApi } from "azure-devops-node-api/ReleaseApi.js";
import type { ITaskAgentApi } from "azure-devops-node-api/TaskAgentApi.js";
import type { ITestResultsApi } from "azure-devops-node-api/TestResultsApi.js";
import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api/WebApi.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoToken, startSimulator } from "../../simulator/index.ts";
import { pipelineSpec, singleJobStage } from "./fixtures.ts";

// What a tool for pipelines reads and writes beside builds, through Microsoft's own client: repositories, environments,
// test runs, releases, policies and teams.

const web = "web";
const head = "a".repeat(40);

const spec = pipelineSpec([singleJobStage("Build")], {
  repository: {
    type: "TfsGit",
    name: "lib",
    defaultBranch: "refs/heads/main",
    branches: { "refs/heads/main": head },
    commits: [
      { sha: "b".repeat(40), message: "One" },
      { sha: head, message: "Two" },
    ],
  },
  tests: { passed: 2, failed: 1 },
});

let simulator: Awaited<ReturnType<typeof startSimulator>>;
let git: IGitApi;
let agents: ITaskAgentApi;
let results: ITestResultsApi;
let releases: IReleaseApi;
let policies: IPolicyApi;
let core: ICoreApi;

beforeAll(async () => {
  simulator = await startSimulator({ speed: 0, pipelines: [spec] });
  const connection = new WebApi(simulator.organization, getPersonalAccessTokenHandler(demoToken));
  git = await connection.getGitApi();
  agents = await connection.getTaskAgentApi();
  results = await connection.getTestResultsApi();
  releases = await connection.getReleaseApi();
  policies = await connection.getPolicyApi();
  core = await connection.getCoreApi();
  await (await connection.getPipelinesApi()).runPipeline({}, web, 1);
  simulator.advance(60);
});

afterAll(() => simulator.close());

async function textOf(stream: Promise<NodeJS.ReadableStream>): Promise<string> {
  let text = "";
  for await (const chunk of await stream) text += chunk;
  return text;
}

describe("a repository", () => {
  it("has the YAML of its pipeline, as an item, as text and in a list", async () => {
    const item = await git.getItem("lib", "/azure-pipelines.yml", web);
    expect(item).toMatchObject({
      commitId: head,
      gitObjectType: GitObjectType.Blob,
      objectId: expect.stringMatching(/^[0-9a-f]{40}$/),
      path: "/azure-pipelines.yml",
    });
    expect(await textOf(git.getItemText("lib", "azure-pipelines.yml", web))).toContain("- stage: Build");
    const items = await git.getItems("lib", web, "/", VersionControlRecursionType.Full);
    expect(items.map(({ path, isFolder }) => [path, isFolder])).toEqual([
      ["/", true],
      ["/README.md", undefined],
      ["/azure-pipelines.yml", undefined],
    ]);
    expect(await git.getItems("lib", web)).toHaveLength(1);
  });

  it("has no item at another path or branch", async () => {
    const branch = { version: "other", versionType: GitVersionType.Branch };
    expect(await git.getItem("lib", "/missing", web)).toBeNull();
    expect(
      await git.getItem(
        "lib",
        "/README.md",
        web,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        branch,
      ),
    ).toBeNull();
  });

  it("keeps the statuses of a commit, the latest of each context on request", async () => {
    const context = { name: "build", genre: "ci" };
    const set = (state: GitStatusState) =>
      git.createCommitStatus({ context, state, targetUrl: "https://ci.example" }, head, "lib", web);
    await set(GitStatusState.Pending);
    expect(await set(GitStatusState.Succeeded)).toMatchObject({
      id: 2,
      context,
      state: GitStatusState.Succeeded,
      creationDate: expect.any(Date),
    });
    expect((await git.getStatuses(head, "lib", web)).map(({ id }) => id)).toEqual([1, 2]);
    expect((await git.getStatuses(head, "lib", web, 10, 0, true)).map(({ id }) => id)).toEqual([2]);
  });

  it("lists its commits from the newest on, page by page", async () => {
    const comments = async (skip: number, top: number) =>
      (await git.getCommits("lib", {}, web, skip, top)).map(({ comment }) => comment);
    expect([await comments(0, 1), await comments(1, 5)]).toEqual([["Two"], ["One"]]);
    expect(await git.getCommitsBatch({}, "lib", web)).toHaveLength(2);
    expect(await git.getChanges(head, "lib", web)).toEqual({ changeCounts: {}, changes: [] });
    expect(await git.getBranch("lib", "main", web)).toMatchObject({
      name: "main",
      commit: { commitId: head },
    });
  });

  it("has no pull requests", async () => {
    expect(await git.getPullRequests("lib", {}, web)).toEqual([]);
    expect(await git.getPullRequestsByProject(web, {})).toEqual([]);
    expect(await git.getPullRequestById(7, web)).toBeNull();
  });
});

describe("environments", () => {
  it("are created, changed, listed and deleted", async () => {
    const created = await agents.addEnvironment({ name: "staging", description: "ours" }, web);
    const id = created.id ?? 0;
    expect(created).toMatchObject({ name: "staging", description: "ours", createdOn: expect.any(Date) });
    expect(await agents.updateEnvironment({ description: "theirs" }, web, id)).toMatchObject({
      name: "staging",
      description: "theirs",
    });
    expect((await agents.getEnvironments(web, "staging")).map((one) => one.id)).toEqual([id]);
    expect(await agents.getEnvironmentDeploymentExecutionRecords(web, id)).toEqual([]);
    await agents.deleteEnvironment(web, id);
    expect(await agents.getEnvironmentById(web, id)).toBeNull();
  });
});

describe("variable groups", () => {
  it("are created, changed, listed and deleted, and never return a secret", async () => {
    const variables = { region: { value: "eu" }, password: { value: "hunter2", isSecret: true } };
    const created = await agents.addVariableGroup({ name: "shared", type: "Vsts", variables });
    const id = created.id ?? 0;
    expect(created).toMatchObject({
      name: "shared",
      variables: { region: { value: "eu" }, password: { value: null, isSecret: true } },
      createdOn: expect.any(Date),
    });
    const update = { name: "shared", type: "Vsts", variables: { region: { value: "us" } } };
    expect((await agents.updateVariableGroup(update, id)).variables).toEqual({ region: { value: "us" } });
    expect((await agents.getVariableGroups(web, "SHARED")).map((one) => one.id)).toEqual([id]);
    expect((await agents.getVariableGroupsById(web, [id])).map((one) => one.id)).toEqual([id]);
    await agents.deleteVariableGroup(id, [simulator.projectId]);
    expect(await agents.getVariableGroup(web, id)).toBeNull();
  });
});

describe("a test run", () => {
  it("has a summary by outcome and no attachments", async () => {
    const [run] = await results.getTestRuns(web);
    expect((await results.getTestRunSummaryByOutcome(web, run?.id ?? 0)).runStatistics).toEqual([
      { state: "Completed", outcome: "Passed", count: 2 },
      { state: "Completed", outcome: "Failed", count: 1 },
    ]);
    expect(await results.getTestRunAttachments(web, run?.id ?? 0)).toEqual([]);
    expect(await results.getTestResultAttachments(web, run?.id ?? 0, 100_000)).toEqual([]);
  });
});

describe("the project", () => {
  it("has no classic releases, and returns the service's error", async () => {
    expect(await releases.getApprovals(web)).toEqual([]);
    expect(await releases.getDeployments(web)).toEqual([]);
    expect(await releases.getRelease(web, 1)).toBeNull();
    expect(await releases.updateReleaseApproval({ status: ApprovalStatus.Approved }, web, 1)).toBeNull();
  });

  it("knows the types of branch policies, and has none", async () => {
    const build = "0609b952-1397-4640-95ec-e00a01b2c241";
    expect((await policies.getPolicyTypes(web)).map(({ displayName }) => displayName)).toContain("Build");
    expect(await policies.getPolicyType(web, build)).toMatchObject({ id: build, displayName: "Build" });
    expect(await policies.getPolicyConfigurations(web)).toEqual([]);
    expect(await policies.getPolicyEvaluations(web, "vstfs:///CodeReview/CodeReviewId/1/1")).toEqual([]);
  });

  it("has one team and a process", async () => {
    const [team] = await core.getTeams(web);
    expect(team).toMatchObject({ name: "web Team", projectName: web });
    expect(await core.getTeam(web, team?.id ?? "")).toEqual(team);
    expect(await core.getAllTeams()).toEqual([team]);
    expect((await core.getProcesses()).map(({ name }) => name)).toEqual(["Basic"]);
  });
});
