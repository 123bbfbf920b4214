import { describe, expect, it, test } from "vitest";
import { openSimulator } from "./simulator-client.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };

describe("a request body", () => {
  it.each([
    ["POST", "pipelines/42/runs", form, "application/json, application/json-patch+json"],
    ["PATCH", "build/builds/345", form, "application/json, application/json-patch+json"],
    ["PATCH", "build/builds/345/properties", {}, "application/json-patch+json"],
  ] as const)("of %s %s is refused with the content type in %j", async (method, path, headers, supported) => {
    await using client = await openSimulator();
    const { status, json } = await client.call(method, `${path}?api-version=7.1`, "{}", headers);
    expect([status, json.typeKey]).toEqual([400, "VssRequestContentTypeNotSupportedException"]);
    expect(json.message).toContain(`for method type "${method}" which is not supported.`);
    expect(json.message).toContain(`Valid content types for this method are: ${supported}.`);
  });

  it("may have a content type with parameters", async () => {
    await using client = await openSimulator();
    const headers = { "content-type": "application/json; charset=utf-8" };
    const path = "pipelines/42/runs?api-version=7.1";
    expect((await client.call("POST", path, {}, headers)).status).toBe(200);
  });
});

describe("Run Pipeline", () => {
  it.each([
    ["no body", undefined],
    ["a body that is not JSON", "refName=main"],
    ["a list", []],
    ["an object as a parameter", { templateParameters: { regions: { eu: true } } }],
    ["a list as a parameter", { templateParameters: { regions: ["eu"] } }],
    ["a variable that is a string", { variables: { configuration: "Release" } }],
    ["a stage instead of a list of stages", { stagesToSkip: "Deploy" }],
  ])("cannot read %s", async (_, body) => {
    await using client = await openSimulator();
    for (const path of ["pipelines/42/runs", "pipelines/42/preview"]) {
      const { status, json } = await client.call("POST", `${path}?api-version=7.1`, body);
      expect([status, json.typeKey, json.eventId]).toEqual([400, "ArgumentNullException", 0]);
      expect(json.message).toBe("Value cannot be null.\r\nParameter name: runParameters");
    }
    expect(client.simulator.runs).toEqual([]);
  });

  it("reads numbers and booleans as text", async () => {
    await using client = await openSimulator({
      pipelines: [
        {
          id: 7,
          name: "typed",
          repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
          parameters: [
            { name: "count", type: "number" },
            { name: "dryRun", type: "boolean" },
          ],
          stages: [],
        },
      ],
    });
    const body = { templateParameters: { count: 42, dryRun: true }, variables: {}, stagesToSkip: [] };
    expect((await client.call("POST", "pipelines/7/runs?api-version=7.1", body)).status).toBe(200);
    expect(client.simulator.runs[0]?.templateParameters).toEqual({ count: "42", dryRun: "true" });
  });
});

test.each([
  ["POST", "build/builds?api-version=7.1", undefined],
  ["POST", "build/builds?api-version=7.1", JSON.stringify(JSON.stringify({ definition: { id: 42 } }))],
  ["PATCH", "build/builds/RUN?api-version=7.1", "status=cancelling"],
])("the Build API cannot read a %s of %s with the body %j", async (method, path, body) => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  const { status, json } = await client.call(method, path.replace("RUN", String(id)), body);
  expect([status, json.typeKey]).toEqual([400, "RequestContentException"]);
});

test.each([
  ["variables that are not JSON in a string", { parameters: { configuration: "Release" } }],
  ["an object as a parameter", { templateParameters: { regions: { eu: true } } }],
  ["a text instead of a list of tags", { tags: "nightly" }],
  ["a number instead of the definition", { definition: 42 }],
])("the Build API cannot read %s", async (_, body) => {
  await using client = await openSimulator();
  const request = { definition: { id: 42 }, ...body };
  const { status, json } = await client.call("POST", "build/builds?api-version=7.1", request);
  expect([status, json.typeKey]).toEqual([400, "RequestContentException"]);
});

test("a build is queued with the blank fields that the web page sends, and with a byte order mark", async () => {
  await using client = await openSimulator();
  const body = {
    definition: { id: "42" },
    queue: { id: 18 },
    sourceBranch: "",
    sourceVersion: "",
    parameters: null,
    demands: [],
    reason: 1,
  };
  const text = `\uFEFF${JSON.stringify(body)}`;
  const { status, json } = await client.call("POST", "build/builds?api-version=7.1", text);
  expect([status, json.sourceBranch, json.reason]).toEqual([200, "refs/heads/main", "manual"]);
  expect(json.sourceVersion).toMatch(/^[0-9a-f]{40}$/);
});

test("a build is queued without a body if the query names the definition", async () => {
  await using client = await openSimulator();
  const { json } = await client.call("POST", "build/builds?definitionId=42&api-version=7.1");
  expect(json.definition.id).toBe(42);
});

test("a method that a route does not have gets 405, with the message wrapped as a list is", async () => {
  await using client = await openSimulator();
  const { status, json } = await client.call("PUT", "build/builds/345?api-version=7.1", {});
  const message = "The requested resource does not support http method 'PUT'.";
  expect([status, json]).toEqual([405, { count: 1, value: { Message: message } }]);
});
