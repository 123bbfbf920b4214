import { expect, test } from "vitest";
import type { PipelineSpec } from "../../simulator/index.ts";
import { openSimulator } from "./simulator-client.ts";

const post = "pipelines/42/runs?api-version=7.1";

const at = (refName: string) => ({ resources: { repositories: { self: { refName } } } });

test("a run starts with the requested ref, parameters, variables and stages", async () => {
  await using client = await openSimulator();
  const { status, json } = await client.call("POST", post, {
    ...at("refs/heads/topic"),
    templateParameters: { environment: "production", dryRun: "true" },
    variables: { configuration: { value: "Release" }, apiKey: { value: "s3cret", isSecret: true } },
    stagesToSkip: ["Production"],
  });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    id: 345,
    state: "inProgress",
    pipeline: { id: 42, name: "ci", folder: "\\" },
  });
  expect(json.resources.repositories.self).toMatchObject({
    refName: "refs/heads/topic",
    version: expect.stringMatching(/^[0-9a-f]{40}$/),
  });
  expect(JSON.stringify(json)).not.toContain("s3cret");
  expect(json).not.toHaveProperty("result");
  expect(json.url).toContain(client.simulator.projectId);
  expect(client.simulator.runs).toMatchObject([
    { id: 345, pipelineId: 42, ref: "refs/heads/topic", stagesToSkip: ["Production"], status: "notStarted" },
  ]);
  client.simulator.advance(60);
  const timeline = await client.call("GET", "build/builds/345/timeline");
  const stages = timeline.json.records.filter((record: { type: string }) => record.type === "Stage");
  expect(
    Object.fromEntries(
      stages.map((one: { identifier: string; result: string }) => [one.identifier, one.result]),
    ),
  ).toEqual({
    Build: "succeeded",
    Staging: "succeeded",
    Production: "skipped",
  });
});

const strict: PipelineSpec = {
  id: 7,
  name: "strict",
  repository: {
    type: "GitHub",
    name: "o/r",
    defaultBranch: "refs/heads/main",
    branches: { "refs/heads/main": "a".repeat(40) },
  },
  parameters: [
    { name: "size", type: "number" },
    { name: "p", values: ["alpha"], default: "alpha" },
  ],
  stages: [],
};

test.each([
  ["an unknown parameter", { nosuch: "1", size: "1" }, "Unexpected parameter 'nosuch'"],
  [
    "a value that is not on the list",
    { p: "gamma", size: "1" },
    "The 'p' parameter value 'gamma' is not a valid value.",
  ],
  ["a missing value", {}, "A value for the 'size' parameter must be provided."],
])("a start with %s is refused: parameters %j, %j", async (_, templateParameters, message) => {
  await using client = await openSimulator({ pipelines: [strict] });
  const { status, json } = await client.call("POST", "pipelines/7/runs?api-version=7.1", {
    templateParameters,
  });
  expect({ status, typeKey: json.typeKey, message: json.message }).toEqual({
    status: 400,
    typeKey: "PipelineValidationException",
    message,
  });
  expect(client.simulator.runs).toEqual([]);
});

test("a start with an unknown branch, a variable that is not settable and an unknown stage is refused", async () => {
  await using client = await openSimulator({ pipelines: [strict] });
  const body = {
    ...at("refs/heads/gone"),
    templateParameters: { size: "1" },
    variables: { X: { value: "1" } },
    stagesToSkip: ["No"],
  };
  const { json } = await client.call("POST", "pipelines/7/runs?api-version=7.1", body);
  expect(json.message).toContain("You can't set the following variables (X).");
  expect(json.message).toContain('No commit found for SHA: refs/heads/gone"');
  expect(json.message).toContain("'No'");
  const bare = await client.call("POST", "pipelines/7/runs?api-version=7.1", {
    ...at("main"),
    templateParameters: { size: "1" },
  });
  expect(bare.status).toBe(400);
  client.simulator.quirks.bareRef = "resolve";
  const found = await client.call("POST", "pipelines/7/runs?api-version=7.1", {
    ...at("main"),
    templateParameters: { size: "1" },
  });
  expect(found.status).toBe(200);
});

test("a preview returns the expanded YAML and starts no run", async () => {
  await using client = await openSimulator();
  const shell = await client.call("POST", post, { previewRun: true });
  expect(shell.json).toMatchObject({
    id: -1,
    state: "unknown",
    finalYaml: expect.stringContaining("stage: Build"),
  });
  expect(shell.json).not.toHaveProperty("name");
  const preview = "pipelines/42/preview?api-version=7.1";
  expect(Object.keys((await client.call("POST", preview, { yamlOverride: "" })).json)).toEqual(["finalYaml"]);
  const wrong = await client.call("POST", preview, {
    previewRun: true,
    yamlOverride: "stepz:\n- script: x\n",
  });
  expect(wrong.json.message).toBe("/azure-pipelines.yml (Line: 1, Col: 1): Unexpected value 'stepz'");
  expect(client.simulator.runs).toEqual([]);
});

test.each([
  ["an unknown pipeline", "GET", "pipelines/999", {}, 500, "PipelineNotFoundException"],
  ["an unknown build", "GET", "build/builds/999", {}, 404, "BuildNotFoundException"],
  ["a write without a version", "POST", "pipelines/42/runs", {}, 400, "VssVersionNotSpecifiedException"],
  [
    "a version that is too new",
    "GET",
    "pipelines/42?api-version=9.0",
    {},
    400,
    "VssVersionOutOfRangeException",
  ],
  [
    "a preview version without -preview",
    "GET",
    "testresults/resultsummarybybuild?buildId=1&api-version=7.1",
    {},
    400,
    "VssInvalidPreviewVersionException",
  ],
  [
    "an unknown artifact",
    "GET",
    "build/builds/1/artifacts?artifactName=x",
    {},
    404,
    "ArtifactNotFoundException",
  ],
])("%s is an error: %s %s with %j gets %i %s", async (_, method, path, body, status, typeKey) => {
  await using client = await openSimulator();
  const reply = await client.call(method, path, method === "POST" ? body : undefined);
  expect({ status: reply.status, typeKey: reply.json.typeKey }).toEqual({ status, typeKey });
  expect(reply.headers.get("content-type")).toBe("application/json; charset=utf-8");
});

test("a project is found by name or id in any case, or is unknown or forbidden", async () => {
  await using client = await openSimulator();
  const { organization, projectId, quirks } = client.simulator;
  const { sendRequest } = await import("./simulator-client.ts");
  expect((await sendRequest(`${organization}/${projectId}/_apis/PIPELINES/42`)).status).toBe(200);
  expect((await sendRequest(`${organization}/WEB/_apis/Build/Builds`)).status).toBe(200);
  expect(
    (await sendRequest(`${client.simulator.url}/tfs/DefaultCollection/web/_apis/pipelines/42`)).json._links
      .self.href,
  ).toContain("/tfs/DefaultCollection/");
  expect((await sendRequest(`${organization}/other/_apis/pipelines/42`)).json.typeKey).toBe(
    "ProjectDoesNotExistWithNameException",
  );
  quirks.invisibleProject = true;
  const hidden = await sendRequest(`${organization}/web/_apis/pipelines/42`);
  expect([hidden.status, hidden.json.message.slice(0, 8)]).toEqual([400, "VS800075"]);
  const lost = await sendRequest(`${organization}/web/_apis/nothing`);
  expect([lost.status, lost.headers.get("content-type")]).toEqual([404, "text/plain; charset=utf-8"]);
});

test("each missing permission is an error", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  const { quirks } = client.simulator;
  quirks.denied = ["Queue builds"];
  expect((await client.call("POST", post, {})).json.message).toMatch(
    /^TF215106: .* needs Queue builds permissions/,
  );
  quirks.denied = ["Edit queue build configuration"];
  expect((await client.call("POST", post, { variables: { configuration: { value: "x" } } })).status).toBe(
    403,
  );
  expect((await client.call("POST", post, {})).status).toBe(200);
  quirks.denied = ["Stop builds"];
  expect(
    (await client.call("PATCH", `build/builds/${id}?api-version=7.1`, { status: "cancelling" })).status,
  ).toBe(403);
  quirks.denied = ["View builds"];
  expect((await client.call("GET", `build/builds/${id}`)).status).toBe(403);
});
