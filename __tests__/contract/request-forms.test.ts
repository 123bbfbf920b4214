import type { GitRepository } from "azure-devops-node-api/interfaces/GitInterfaces.js";
import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api/WebApi.js";
import { describe, expect, it } from "vitest";
import { demoToken } from "../../simulator/index.ts";
import { openSimulator, sendRequest } from "./simulator-client.ts";

describe("a request without the project", () => {
  it("reads repositories and builds, as their ids are unique in the organization", async () => {
    await using client = await openSimulator();
    const id = await client.startRun(42);
    const connection = new WebApi(client.simulator.organization, getPersonalAccessTokenHandler(demoToken));
    const git = await connection.getGitApi();
    const repositories: readonly GitRepository[] = await git.getRepositories();
    expect(repositories.map(({ name }) => name)).toContain("web");
    const repositoryId = repositories[0]?.id ?? "";
    expect((await git.getRepository(repositoryId)).id).toBe(repositoryId);
    expect(await (await connection.getBuildApi()).getBuildSettings()).toHaveProperty(
      "defaultRetentionPolicy",
    );
    const { json } = await sendRequest(`${client.simulator.organization}/_apis/build/builds/${id}`);
    expect(json).toMatchObject({ id, project: { name: "web" } });
  });

  it("finds no pipeline", async () => {
    await using client = await openSimulator();
    const { status } = await sendRequest(`${client.simulator.organization}/_apis/pipelines/42/runs`);
    expect(status).toBe(404);
  });
});

it("a POST can name another method in X-HTTP-Method-Override", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  const override = { "X-HTTP-Method-Override": "PATCH" };
  const body = { status: "cancelling" };
  const { json } = await client.call("POST", `build/builds/${id}?api-version=7.1`, body, override);
  expect(json).toMatchObject({ id, status: "cancelling" });
});
