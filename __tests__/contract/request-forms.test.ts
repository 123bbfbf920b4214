import type { GitRepository } from "azure-devops-node-api/interfaces/GitInterfaces.js";
import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api/WebApi.js";
import { describe, expect, it } from "vitest";
import { demoToken, type PipelineSpec } from "../../simulator/index.ts";
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

describe("the last part of a path", () => {
  const library: PipelineSpec = {
    id: 7,
    name: "nightly",
    folder: "\\team\\web",
    repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
    stages: [],
    history: [60],
  };

  it("may be a tag with a slash", async () => {
    await using client = await openSimulator();
    const id = await client.startRun(42);
    const call = async (method: string) =>
      (await client.call(method, `build/builds/${id}/tags/release/1.2?api-version=7.1`)).json.value;
    expect([await call("PUT"), await call("DELETE")]).toEqual([["release/1.2"], []]);
  });

  it.each(["7", "nightly", "team/web/nightly", "%5Cteam%5Cweb%5Cnightly"])(
    "may be the definition %s with its folder",
    async (name) => {
      await using client = await openSimulator({ pipelines: [library] });
      const latest = await client.call("GET", `build/latest/${name}?api-version=7.1-preview.1`);
      expect(latest.json).toMatchObject({ definition: { id: 7 }, result: "succeeded" });
      const badge = await client.call("GET", `build/status/${name}?api-version=7.1-preview.1`);
      expect(badge.text).toContain("succeeded");
    },
  );
});

it("a POST can name another method in X-HTTP-Method-Override", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  const override = { "X-HTTP-Method-Override": "PATCH" };
  const body = { status: "cancelling" };
  const { json } = await client.call("POST", `build/builds/${id}?api-version=7.1`, body, override);
  expect(json).toMatchObject({ id, status: "cancelling" });
});
