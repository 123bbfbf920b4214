import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import { errorReply, happyPath, startRequestLine, startRoute } from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

/** The body of the start. */
async function bodyOf(inputs: Readonly<Record<string, string>>): Promise<unknown> {
  await using azure = await scriptedAzure(happyPath);
  const { main } = await runAction(inputsFor(azure, { wait: "false", ...inputs }), { post: false });
  expect(main.exitCode, main.log).toBe(0);
  return JSON.parse(azure.requests[0]?.body ?? "");
}

const tooNew = errorReply(
  400,
  "VssVersionOutOfRangeException",
  "The requested REST API version of 7.2 is out of range for this server. The latest REST API version this server supports is 7.0.",
);

const self = (fields: object) => ({ repositories: { self: fields } });

const main = self({ refName: "refs/heads/main" });

describe.concurrent("the request that starts a run", () => {
  it("has parameters exactly as written", async () => {
    const parameters = [
      "version: 1.10",
      "answer: yes",
      "dry: false",
      "count: 007",
      "empty:",
      "list: [1, two]",
      "map:",
      "  a: {b: 1.10}",
    ].join("\n");
    expect(await bodyOf({ parameters })).toEqual({
      resources: main,
      templateParameters: {
        version: "1.10",
        answer: "yes",
        dry: "false",
        count: "007",
        empty: "",
        list: '[1,"two"]',
        map: '{"a":{"b":1.10}}',
      },
    });
  });

  it("has variables, secret ones as secrets, and stages to skip", async () => {
    await using azure = await scriptedAzure(happyPath);
    const inputs = {
      wait: "false",
      variables: "configuration: Release",
      "secret-variables": "key: sesame-open-up",
      "stages-to-skip": "Deploy_Prod, Smoke",
    };
    const ran = await runAction(inputsFor(azure, inputs));
    expect(JSON.parse(azure.requests[0]?.body ?? "")).toEqual({
      resources: main,
      variables: {
        configuration: { value: "Release", isSecret: false },
        key: { value: "sesame-open-up", isSecret: true },
      },
      stagesToSkip: ["Deploy_Prod", "Smoke"],
    });
    expect(ran.main.masks).toContain("sesame-open-up");
  });

  it("has resources and request-body merged deeply, request-body last", async () => {
    expect(
      await bodyOf({
        resources: "pipelines: {lib: {version: 20240101.1}}\nrepositories: {self: {version: abc}}",
        "request-body":
          "resources: {pipelines: {lib: {runId: 7}}, repositories: {tools: {refName: refs/tags/v1}}}\nfoo: [1, true]",
        parameters: "a: b",
      }),
    ).toEqual({
      resources: {
        pipelines: { lib: { version: "20240101.1", runId: 7 } },
        repositories: {
          self: { refName: "refs/heads/main", version: "abc" },
          tools: { refName: "refs/tags/v1" },
        },
      },
      templateParameters: { a: "b" },
      foo: [1, true],
    });
  });

  it.each([
    ["7.1", "7.2-preview"],
    ["7.2-preview.1", "7.2-preview.1"],
  ])("with the run of a pipeline resource and api-version %s is sent at %s", async (given, sent) => {
    await using azure = await scriptedAzure(happyPath);
    const inputs = { resources: "pipelines: {lib: {runId: 7}}", "api-version": given, wait: "false" };
    const { main } = await runAction(inputsFor(azure, inputs));
    expect(main.exitCode, main.log).toBe(0);
    expect(azure.requestLines()).toEqual([`POST pipelines/42/runs?api-version=${sent}`]);
  });

  it("with the run of a pipeline resource is refused by a server that would ignore it", async () => {
    await using azure = await scriptedAzure({ [startRoute]: tooNew, "POST pipelines/42/preview": tooNew });
    for (const preview of ["false", "true"]) {
      const inputs = { resources: "pipelines: {lib: {runId: 7}}", preview };
      const result = await runAction(inputsFor(azure, inputs));
      expect(expectFailure(result, "rejected")).toContain("needs version 7.2-preview of the REST API");
    }
    expect(azure.requests).toHaveLength(2);
  });

  it("has no inferred ref if request-body sets one", async () => {
    const body = "resources: {repositories: {self: {refName: refs/heads/other}}}";
    expect(await bodyOf({ ref: "", "request-body": body })).toEqual({
      resources: self({ refName: "refs/heads/other" }),
    });
  });

  it("encodes any project name", async () => {
    const path = "/contoso/web%20%26%20%C3%BCber%23/_apis/pipelines/42/runs";
    await using azure = await scriptedAzure({ [`POST ${path}`]: { body: { id: 7, name: "1" } } });
    const ran = await runAction(inputsFor(azure, { project: "web & über#", wait: "false" }));
    expect(ran.main.exitCode, ran.main.log).toBe(0);
    expect(azure.requestLines()).toEqual([`POST ${path}?api-version=7.1`]);
    expect(ran.main.outputs["run-url"]).toBe(
      `${azure.organization}/web%20%26%20%C3%BCber%23/_build/results?buildId=7`,
    );
  });

  it("is sent to the collection of a server", async () => {
    await using azure = await scriptedAzure({
      "POST /tfs/DefaultCollection/web/_apis/pipelines/42/runs": { body: { id: 7, name: "1" } },
    });
    const organization = `${azure.origin}/tfs/DefaultCollection/`;
    const ran = await runAction(inputsFor({ organization }, { wait: "false" }));
    expect(ran.main.exitCode, ran.main.log).toBe(0);
  });

  it("is sent to the pipeline of `url`", async () => {
    await using azure = await scriptedAzure(happyPath);
    const url = `${azure.organization}/web/_build?definitionId=42&_a=summary`;
    const inputs = {
      ...inputsFor(azure, { url, wait: "false" }),
      organization: "",
      project: "",
      "pipeline-id": "",
    };
    const ran = await runAction(inputs);
    expect(ran.main.exitCode, ran.main.log).toBe(0);
    expect(azure.requestLines()).toEqual([startRequestLine]);
  });
});

describe.concurrent("an older server", () => {
  it("gets requests with the version that it supports", async () => {
    await using azure = await startSimulator({
      speed: 40,
      accepts: () => "yes",
      quirks: { maxApiVersion: "7.0" },
    });
    const ran = await runAction(inputsFor(azure, { summary: "false" }));
    expect(ran.main.exitCode, ran.main.log).toBe(0);
    const versions = azure.requests.map(({ path }) => /api-version=(.+)$/.exec(path)?.[1]);
    expect(versions.slice(0, 3)).toEqual(["7.1", "7.0", "7.0"]);
    expect(versions.slice(1).every((version) => version === "7.0")).toBe(true);
    expect(azure.runs).toHaveLength(1);
  });
});

describe.concurrent("pipeline-name", () => {
  const definitions = (...list: readonly [number, string, string][]) => ({
    body: { count: list.length, value: list.map(([id, name, path]) => ({ id, name, path })) },
  });
  const names = "GET build/definitions";

  it("finds the pipeline with exactly this name", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [names]: definitions([41, "CI", "\\"], [42, "ci", "\\apps"], [43, "ci2", "\\"]),
    });
    const ran = await runAction(
      inputsFor(azure, { "pipeline-id": "", "pipeline-name": "ci", wait: "false" }),
    );
    expect(ran.main.exitCode, ran.main.log).toBe(0);
    expect(azure.requestLines()).toEqual([
      "GET build/definitions?name=ci&queryOrder=definitionNameAscending&api-version=7.1",
      startRequestLine,
    ]);
  });

  it("causes not-found with a similar name if no pipeline has it", async () => {
    await using azure = await scriptedAzure({
      [names]: ({ path }) =>
        path.includes("name=")
          ? definitions()
          : definitions([41, "nightly", "\\"], [42, "deploy-web", "\\apps"]),
    });
    const result = await runAction(inputsFor(azure, { "pipeline-id": "", "pipeline-name": "deploy-wbe" }));
    expect(expectFailure(result, "not-found")).toMatch(/deploy-wbe[\s\S]*\\apps\\deploy-web \(42\)/);
    expect(azure.requestLines().some((line) => line.startsWith("POST"))).toBe(false);
  });
});

describe.concurrent("values that are probably a mistake", () => {
  it("are sent, with a warning for a parameter that YAML cuts off", async () => {
    await using azure = await scriptedAzure(happyPath);
    const parameters = "title: Fix login #123 again\nother: 1";
    const { main } = await runAction(inputsFor(azure, { wait: "false", parameters }), { post: false });
    expect(main.exitCode, main.log).toBe(0);
    expect(main.annotations.map(({ level, message }) => [level, message])).toEqual([
      ["warning", expect.stringMatching(/^parameters: "title" is cut off at " #".*toJSON/)],
    ]);
    expect(main.log).not.toContain("123");
    expect(JSON.parse(azure.requests[0]?.body ?? "")).toMatchObject({
      templateParameters: { title: "Fix login" },
    });
  });

  it("are bad-input in secret-variables", async () => {
    await using azure = await scriptedAzure({});
    const result = await runAction(inputsFor(azure, { "secret-variables": "password: hush #1 hush" }));
    expect(expectFailure(result, "bad-input")).toMatch(/^secret-variables: "password" is cut off/);
    expect(result.main.log).not.toContain("hush");
    expect(azure.requestLines()).toEqual([]);
  });

  it("are masked only in the log if a secret is short or a common word", async () => {
    await using azure = await scriptedAzure(happyPath);
    const secrets = { "secret-variables": "debug: true\nsize: 3\nstage: Deploy" };
    const { main } = await runAction(inputsFor(azure, secrets), { post: false });
    expect(main.exitCode, main.log).toBe(0);
    const warnings = main.annotations.filter(({ level }) => level === "warning");
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^secret-variables: "debug", "size" have values of fewer than 6 characters/),
    ]);
    expect(main.outputs["run-id"]).toBe("345");
  });
});
