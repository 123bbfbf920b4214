import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

/** The text of the one error; nothing may have been asked. */
async function mistakesIn(inputs: Readonly<Record<string, string>>): Promise<string> {
  await using azure = await scriptedAzure({});
  const result = await runAction(inputsFor(azure, inputs), { post: false });
  const text = expectFailure(result, "bad-input");
  expect(azure.requestLines()).toEqual([]);
  return text;
}

describe.concurrent("inputs that cannot be meant", () => {
  it("are all told at once, each by its name, before any request", async () => {
    const text = await mistakesIn({
      "pipeline-id": "forty-two",
      wait: "yes",
      "poll-interval": "10ms",
      timeout: "soon",
      "on-timeout": "explode",
      parameters: "- a\n- b",
      variables: "a: {b: c}",
      "request-body": "a: 1\na: 2",
      "stop-when": "status ==",
      "map-outputs": "run-id: id",
      "api-version": "latest",
      logs: "some",
      auth: "magic",
    });
    for (const name of [
      "pipeline-id",
      "wait",
      "poll-interval",
      "timeout",
      "on-timeout",
      "parameters",
      "variables",
      "request-body",
      "stop-when",
      "map-outputs",
      "api-version",
      "logs",
      "auth",
    ]) {
      expect(text).toMatch(new RegExp(`^${name}:`, "m"));
    }
  });

  it("say what is missing", async () => {
    const nothing = { organization: "", project: "", "pipeline-id": "", token: "", ref: "" };
    const text = await mistakesIn(nothing);
    for (const name of ["organization", "project", "pipeline-id", "token"]) expect(text).toContain(name);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["a duplicate key", { parameters: "a: 1\nb: 2\na: 3" }, /parameters:.*"a" appears twice/],
    ["a duplicate key in JSON", { parameters: '{"a": 1, "a": 2}' }, /parameters:.*"a" appears twice/],
    ["a list for a mapping", { variables: "[a, b]" }, /variables: expected a mapping.*list/],
    ["a text for a mapping", { parameters: "environment" }, /parameters: expected a mapping/],
    ["a variable with a list", { variables: "a: [1, 2]" }, /variables:.*"a".*list/],
    ["a secret with a mapping", { "secret-variables": "a: {b: hidden}" }, /secret-variables:.*"a".*mapping/],
    ["a variable twice", { variables: "a: 1", "secret-variables": "a: 2" }, /secret-variables:.*"a"/],
    ["a mapping for a list", { "stages-to-skip": "a: b" }, /stages-to-skip: expected a list/],
    ["a token in the clear", { organization: "http://tfs.example/tfs/Main" }, /organization:.*https/],
    ["an interval below a second", { "poll-interval": "0" }, /poll-interval: must be at least 1s/],
    [
      "a contradiction",
      { url: "https://dev.azure.com/x/web/_build?definitionId=42" },
      /organization:.*contradicts/,
    ],
    ["a flag that is none", { preview: "1" }, /preview: expected true or false/],
    ["two names for a pipeline", { "pipeline-name": "ci" }, /pipeline-name: set either/],
    [
      "start inputs with a run to follow",
      { "run-id": "7", "pipeline-id": "", parameters: "a: 1", variables: "b: 1" },
      /parameters: applies only to starting a run.*[\s\S]*variables: applies only to starting a run/,
    ],
    [
      "a search beside a run to follow, and inputs about a wait that does not happen",
      { "run-id": "7", "find-run": "commit", wait: "false", retries: "1", "queue-timeout": "5m" },
      /find-run: cannot be combined with `run-id`[\s\S]*queue-timeout: needs `wait: true`[\s\S]*retries: needs/,
    ],
  ])("%s", async (_, inputs, expected) => {
    expect(await mistakesIn(inputs)).toMatch(expected);
  });

  it("show no secret", async () => {
    const text = await mistakesIn({ "secret-variables": "key: [hush-hush-hush", variables: "a: &x *y" });
    expect(text).toMatch(/secret-variables:/);
    expect(text).not.toContain("hush");
  });
});
