import { describe, expect, it } from "vitest";
import { inputErrorMessage, minimalInputs, readGiven } from "./read-given.ts";

type Given = Readonly<Record<string, string>>;

const sha = "4F2C1E9d".padEnd(40, "0");
const pipelineUrl = "https://dev.azure.com/contoso/web/_build?definitionId=42";
const runUrl = "https://dev.azure.com/contoso/web/_build/results?buildId=345";
const projectUrl = "https://dev.azure.com/contoso/web";
const { "pipeline-id": pipelineId, ...withoutPipeline } = minimalInputs;
const { organization: _organization, project: _project, ...withoutPlace } = withoutPipeline;

const targetOf = async (given: Given) => (await readGiven(given)).target;

/** Names of the inputs that are rejected, in the order of the message's lines. */
async function rejectedInputs(given: Given): Promise<readonly string[]> {
  const lines = (await inputErrorMessage(given)).split("\n");
  return lines.map((line) => /^([a-z-]+): ./.exec(line)?.[1] ?? line);
}

const startOnly = {
  parameters: "a: 1",
  variables: "a: 1",
  "secret-variables": "b: 1",
  "stages-to-skip": "A",
  resources: "builds: {}",
  "request-body": "a: 1",
};

describe("an existing run to follow", () => {
  it.each<[string, Given, object]>([
    ["run-id", { ...withoutPipeline, "run-id": "7" }, { runId: 7, expected: { pipeline: undefined } }],
    ["the URL of a run", { ...withoutPlace, url: runUrl }, { runId: 345 }],
    [
      "run-id with pipeline-id",
      { ...minimalInputs, "run-id": "7" },
      { runId: 7, expected: { pipeline: { by: "id", id: 42 } } },
    ],
    [
      "run-id with the URL of a pipeline",
      { ...withoutPlace, "run-id": "7", url: pipelineUrl },
      { runId: 7, expected: { pipeline: { by: "id", id: 42 } } },
    ],
    ["run-id with the URL of a project", { ...withoutPlace, "run-id": "7", url: projectUrl }, { runId: 7 }],
    [
      "run-id with pipeline-name",
      { ...withoutPipeline, "run-id": "7", "pipeline-name": "a/ci" },
      { expected: { pipeline: { by: "name", folder: "\\a", name: "ci" } } },
    ],
    [
      "run-id with ref and commit",
      { ...withoutPipeline, "run-id": "7", ref: "main", commit: "4f2c1e9" },
      { expected: { ref: "refs/heads/main", commit: "4f2c1e9" } },
    ],
    [
      "run-id with stages-to-start",
      { ...withoutPipeline, "run-id": "7", "stages-to-start": "Deploy, Smoke" },
      { stagesToStart: ["Deploy", "Smoke"] },
    ],
    [
      "run-id with on-rerun: retry-failed",
      { ...withoutPipeline, "run-id": "7", "on-rerun": "retry-failed" },
      { runId: 7 },
    ],
  ])("is selected by %s", async (_, given, target) => {
    expect(await targetOf(given)).toMatchObject({ kind: "follow", ...target });
  });

  it("rejects the inputs that only apply to starting a run", async () => {
    const given = { ...minimalInputs, ...startOnly, "run-id": "7", preview: "true", "on-rerun": "attach" };
    expect(await rejectedInputs(given)).toEqual([...Object.keys(startOnly), "preview", "on-rerun"]);
  });

  it.each([
    ["run-id", { "run-id": "7" }],
    ["url", { url: runUrl }],
  ])("selected by %s rejects the inputs of a search", async (name, run) => {
    const search = {
      "find-run": "ref",
      "find-when": "id > `1`",
      "find-timeout": "1m",
      "if-not-found": "succeed",
    };
    expect(await rejectedInputs({ ...minimalInputs, ...run, ...search })).toEqual(Object.keys(search));
    expect(await inputErrorMessage({ ...minimalInputs, ...run, "find-run": "ref" })).toContain(`\`${name}\``);
  });
});

describe("find-run", () => {
  it.each<[string, Given, object]>([
    ["ref", {}, { by: "ref", ref: undefined, timeoutMs: 300_000, ifNotFound: "fail" }],
    ["commit", { commit: sha, ref: "main" }, { by: "commit", commit: sha, ref: "refs/heads/main" }],
    ["commit", {}, { by: "commit", commit: undefined, when: undefined }],
    ["ref", { commit: "4f2c1e9" }, { by: "ref", commit: "4f2c1e9" }],
    ["ref", { "if-not-found": "succeed", "find-timeout": "0" }, { timeoutMs: 0, ifNotFound: "succeed" }],
    ["ref", { "if-not-found": "start", ...startOnly }, { timeoutMs: 0, ifNotFound: "start" }],
    ["ref", { "if-not-found": "start", "find-timeout": "2m" }, { timeoutMs: 120_000 }],
    ["ref", { "find-when": "result == 'succeeded'" }, { when: expect.any(Function) }],
  ])("%s with %j searches with %j", async (by, given, search) => {
    const target = await targetOf({ ...minimalInputs, "find-run": by, ...given });
    expect(target).toMatchObject({ kind: "find", pipeline: { by: "id", id: 42 }, search });
  });

  it.each([
    ["the URL of a pipeline", { ...withoutPlace, url: pipelineUrl }],
    ["a name", { ...withoutPipeline, "pipeline-name": "ci" }],
    ["the URL of a project and an id", { ...withoutPlace, url: projectUrl, "pipeline-id": pipelineId }],
  ])("takes the pipeline from %s", async (_, given) => {
    expect(await targetOf({ ...given, "find-run": "ref" })).toMatchObject({ kind: "find" });
  });

  it.each<[string, Given, readonly string[]]>([
    ["no pipeline", { "pipeline-id": "" }, ["find-run"]],
    ["a short hash", { commit: "4f2c1e9" }, ["commit"]],
    ["preview", { preview: "true" }, ["preview"]],
    ["preview with if-not-found: start", { preview: "true", "if-not-found": "start" }, ["preview"]],
    ["start inputs", startOnly, Object.keys(startOnly)],
    ["start inputs", { ...startOnly, "if-not-found": "succeed" }, Object.keys(startOnly)],
    [
      "values of another kind",
      { "find-timeout": "soon", "if-not-found": "pass" },
      ["find-timeout", "if-not-found"],
    ],
    [
      "an unknown word",
      { "find-run": "branch", "find-when": "id > `1`", "stages-to-start": "A" },
      ["find-run"],
    ],
  ])("rejects %s", async (_, given, names) => {
    expect(await rejectedInputs({ ...minimalInputs, "find-run": "commit", ...given })).toEqual(names);
  });

  it("accepts stages-to-start and on-rerun: attach", async () => {
    const given = {
      ...minimalInputs,
      "find-run": "ref",
      "stages-to-start": "[Deploy]",
      "on-rerun": "attach",
    };
    expect(await targetOf(given)).toMatchObject({ stagesToStart: ["Deploy"] });
  });
});

describe("a run to start", () => {
  it("rejects the inputs that only apply to an existing run", async () => {
    const given = {
      "find-when": "id > `1`",
      "find-timeout": "1m",
      "if-not-found": "start",
      "stages-to-start": "A",
    };
    expect(await rejectedInputs({ ...minimalInputs, ...given })).toEqual(Object.keys(given));
    expect(await rejectedInputs({ ...minimalInputs, preview: "true", "stages-to-start": "A" })).toEqual([
      "stages-to-start",
    ]);
    expect(await targetOf({ ...minimalInputs, "stages-to-start": "[]" })).toMatchObject({ kind: "start" });
  });

  it("needs a pipeline, which the URL of a project does not name", async () => {
    expect(await rejectedInputs({ ...withoutPlace, url: projectUrl })).toEqual(["pipeline-id"]);
    const given = { ...withoutPlace, url: projectUrl, "pipeline-name": "ci" };
    expect(await targetOf(given)).toMatchObject({ kind: "start", pipeline: { name: "ci" } });
  });
});

describe("wait: false", () => {
  const waitInputs = {
    "stop-when": "status == 'inProgress'",
    "success-when": "result != 'failed'",
    "on-stop": "cancel",
    "queue-timeout": "5m",
    retries: "1",
    "retry-when": "errors > `1`",
    "outputs-artifact": "values",
    "download-artifacts": "*",
  };

  it("rejects the inputs that only apply to the wait", async () => {
    expect(await rejectedInputs({ ...minimalInputs, ...waitInputs, wait: "false" })).toEqual(
      Object.keys(waitInputs),
    );
    expect(await readGiven({ ...minimalInputs, ...waitInputs })).toMatchObject({ wait: true });
  });

  it("accepts those inputs with their default values", async () => {
    const defaults = { "stop-when": "status=='completed'", "on-stop": "leave", retries: "0" };
    expect(await readGiven({ ...minimalInputs, ...defaults, wait: "false" })).toMatchObject({ wait: false });
  });

  it("accepts stages-to-start and find-run", async () => {
    const given = { ...minimalInputs, wait: "false", "find-run": "ref", "stages-to-start": "A" };
    expect(await readGiven(given)).toMatchObject({ wait: false });
  });
});

describe("on-stop: cancel", () => {
  it("needs a stop-when of its own", async () => {
    const given = { ...minimalInputs, "on-stop": "cancel" };
    expect(await rejectedInputs(given)).toEqual(["on-stop"]);
    expect(await rejectedInputs({ ...given, "stop-when": "status == 'completed'" })).toEqual(["on-stop"]);
    expect(await rejectedInputs({ ...given, "stop-when": "status ==" })).toEqual(["stop-when"]);
    expect(await readGiven({ ...given, "stop-when": "errors > `0`" })).toMatchObject({ onStop: "cancel" });
  });
});

describe("retries", () => {
  it("are none by default", async () => {
    expect(await readGiven(minimalInputs)).toMatchObject({ retryPolicy: { maxRetries: 0, when: undefined } });
    const given = { ...minimalInputs, retries: "2", "retry-when": "errors > `1`" };
    expect(await readGiven(given)).toMatchObject({
      retryPolicy: { maxRetries: 2, when: expect.any(Function) },
    });
  });
});
