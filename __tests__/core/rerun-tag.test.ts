import { describe, expect, it } from "vitest";
import { requestHash, rerunTag } from "../../src/core/rerun-tag.ts";

const tagOf = (key: string) => rerunTag({ workflowRunId: "17", attempt: 2, key, requestHash: "1a2b" });

it("rerunTag contains the workflow run, the attempt, the key and a hash of the request", () => {
  expect(tagOf("build/0/ado")).toBe("run-azure-pipeline:17:2:build/0/ado:1a2b");
});

describe("the hash of a request", () => {
  const body = {
    templateParameters: { env: "prod" },
    variables: { config: { value: "Release", isSecret: false }, key: { value: "sesame", isSecret: true } },
  };
  const hash = (over: object = {}, pipelineId = 42) =>
    requestHash({ pipelineId, body: { ...body, ...over } });

  it("ignores the order of names and the values of secrets", () => {
    const { templateParameters, variables } = body;
    const { config, key } = variables;
    expect(requestHash({ pipelineId: 42, body: { variables, templateParameters } })).toBe(hash());
    expect(hash({ variables: { key: { ...key, value: "open" }, config } })).toBe(hash());
  });

  it.each([
    ["a parameter", { templateParameters: { env: "test" } }],
    ["a stage to skip", { stagesToSkip: ["Test"] }],
    ["a variable", { variables: { ...body.variables, config: { value: "Debug", isSecret: false } } }],
    ["the name of a secret", { variables: { config: body.variables.config } }],
    ["a resource", { resources: { repositories: { self: { refName: "refs/heads/main" } } } }],
  ])("changes with %s", (_, over) => {
    expect(hash(over)).not.toBe(hash());
  });

  it("changes with the pipeline", () => {
    expect(hash({}, 43)).not.toBe(hash());
  });
});

it.each([
  ["two keys that differ only in characters that a tag can't contain", "west, europe", "west; europe"],
  ["two keys that are too long", `${"x".repeat(150)}1`, `${"x".repeat(150)}2`],
  ["a key and its first 120 characters", "x".repeat(121), "x".repeat(120)],
  ["a key with a blank and one with an underscore", "a b", "a_b"],
])("rerunTag distinguishes %s", (_, one, other) => {
  expect(tagOf(one)).not.toBe(tagOf(other));
});

it.each(["a,b", "a\nb", "ключ 🔑", "<a>&%:*?\\", ""])(
  "rerunTag contains only characters that a tag allows, for the key %j",
  (key) => {
    const tag = tagOf(key);
    expect(tag).toMatch(/^[\w./:-]+$/);
    expect(tag.length).toBeLessThan(200);
  },
);
