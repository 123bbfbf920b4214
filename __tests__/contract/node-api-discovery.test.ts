import { describe, expect, it } from "vitest";
import {
  type Call,
  commits,
  first,
  ids,
  list,
  object,
  refusal,
  useClients,
  web,
} from "./node-api-clients.ts";

const sdk = useClients();

describe("azure-devops-node-api", () => {
  it.each<Call>([
    {
      name: "getConnectionData",
      call: () => sdk.api.locations.getConnectionData(),
      expected: object({ authenticatedUser: object({ providerDisplayName: "Release Robot" }) }),
    },
    {
      name: "getResourceAreas",
      call: async () => (await sdk.api.locations.getResourceAreas()).map((area) => area.name),
      expected: list(["build", "pipelines", "approval", "distributedtask", "Release", "testresults"]),
    },
    {
      name: "getResourceArea of pipelines",
      call: () => sdk.api.locations.getResourceArea("2e0bf237-8973-4ec9-a581-9c3d679d1776"),
      expected: object({ name: "pipelines" }),
    },
    {
      name: "getResourceArea of test results, on a host of its own",
      call: async () =>
        new URL(
          (await sdk.api.locations.getResourceArea("c83eaf52-edf3-4034-ae11-17d38f25404c")).locationUrl ?? "",
        ).hostname,
      expected: "localhost",
    },
    { name: "getProjects", call: () => sdk.api.core.getProjects(), expected: first({ name: "web" }) },
    {
      name: "getProject with its capabilities",
      call: () => sdk.api.core.getProject(web, true),
      expected: object({
        name: "web",
        capabilities: object({ versioncontrol: expect.anything() }),
        defaultTeam: object({ name: "web Team" }),
        _links: object({ web: { href: expect.stringMatching(/\/contoso\/web$/) } }),
      }),
    },
    { name: "getProject unknown", call: () => refusal(sdk.api.core.getProject("none")), expected: null },
    {
      name: "getAgentQueues by name",
      call: () => sdk.api.agents.getAgentQueues(web, "Default"),
      expected: [object({ id: 19, pool: object({ id: 1 }) })],
    },
    {
      name: "getAgentQueue",
      call: () => sdk.api.agents.getAgentQueue(18, web),
      expected: object({ name: "Azure Pipelines" }),
    },
    {
      name: "getAgentQueuesByIds",
      call: () => ids(sdk.api.agents.getAgentQueuesByIds([18], web)),
      expected: [18],
    },
    {
      name: "getAgentQueuesByNames",
      call: () => ids(sdk.api.agents.getAgentQueuesByNames(["default"], web)),
      expected: [19],
    },
    { name: "getAgentPools", call: () => ids(sdk.api.agents.getAgentPools()), expected: [9, 1] },
    {
      name: "getAgentPool",
      call: () => sdk.api.agents.getAgentPool(9),
      expected: object({ isHosted: true }),
    },
    { name: "getAgents", call: () => sdk.api.agents.getAgents(1), expected: first({ name: "Default 1" }) },
    {
      name: "getEnvironments",
      call: () => ids(sdk.api.agents.getEnvironments(web)),
      expected: [1],
    },
    {
      name: "getEnvironmentById",
      call: () => sdk.api.agents.getEnvironmentById(web, 1),
      expected: object({ name: "environment-1" }),
    },
    {
      name: "getReleaseDefinitions on the host of releases",
      call: async () => (await sdk.connection.getReleaseApi()).getReleaseDefinitions(web),
      expected: [],
    },
    {
      name: "getServiceEndpoints",
      call: async () => (await sdk.connection.getServiceEndpointApi()).getServiceEndpoints(web),
      expected: [],
    },
    {
      name: "getPolicyConfigurations",
      call: async () => (await sdk.connection.getPolicyApi()).getPolicyConfigurations(web),
      expected: [],
    },
    {
      name: "getRepositories",
      call: async () =>
        (await (await sdk.connection.getGitApi()).getRepositories(web)).map(({ name }) => name),
      expected: list(["web"]),
    },
    {
      name: "getRepository",
      call: async () => (await sdk.connection.getGitApi()).getRepository("web", web),
      expected: object({ defaultBranch: "refs/heads/main" }),
    },
    {
      name: "getRefs",
      call: async () => (await sdk.connection.getGitApi()).getRefs("web", web, "heads/"),
      expected: [{ name: "refs/heads/main", objectId: expect.stringMatching(/^[0-9a-f]{40}$/) }],
    },
    {
      name: "getBranches",
      call: async () => (await sdk.connection.getGitApi()).getBranches("web", web),
      expected: [object({ name: "main", isBaseVersion: true })],
    },
    {
      name: "getCommits",
      call: async () => (await (await sdk.connection.getGitApi()).getCommits("lib", {}, web))[0],
      expected: object({ comment: "Commit b", commitId: commits[1]?.sha }),
    },
    {
      name: "getCommit",
      call: async () => (await sdk.connection.getGitApi()).getCommit(commits[0]?.sha ?? "", "lib", web),
      expected: object({ comment: "Commit a" }),
    },
    {
      name: "getCommit unknown",
      call: async () => (await sdk.connection.getGitApi()).getCommit("f".repeat(40), "lib", web),
      expected: null,
    },
    {
      name: "getPullRequests",
      call: async () => (await sdk.connection.getGitApi()).getPullRequests("web", {}, web),
      expected: [],
    },
    { name: "getVariableGroups", call: () => sdk.api.agents.getVariableGroups(web), expected: [] },
  ])("finds organization, project and agents: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });
});
