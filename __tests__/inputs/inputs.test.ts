import { describe, expect, it } from "vitest";
import { readAction } from "../../runner-emulator/action-file.ts";
import { fields } from "../../src/inputs/fields.ts";
import { inputErrorMessage, minimalInputs, readGiven } from "./read-given.ts";

describe("the inputs", () => {
  it("are valid with organization, project, pipeline-id and a token only", async () => {
    expect(await readGiven(minimalInputs)).toMatchObject({
      projectRef: { organization: { base: "https://dev.azure.com/contoso" }, project: "web" },
      target: { kind: "start", pipeline: { by: "id", id: 42 } },
      wait: true,
      pollIntervalMs: 10_000,
      onTimeout: "fail",
      apiVersion: "7.1",
      preview: false,
    });
  });

  it("warn of a retry-when that has no effect, since retries is 0", async () => {
    const when = { ...minimalInputs, "retry-when": "errors == `1`" };
    const warned = (await readGiven(when)).warnings;
    expect(warned).toEqual(["retry-when: it has no effect, since `retries` is 0."]);
    expect((await readGiven({ ...when, retries: "1" })).warnings).toEqual([]);
  });

  it("treat blank and white space as not set", async () => {
    const given = await readGiven({
      ...minimalInputs,
      ref: "  ",
      timeout: "\n",
      "poll-interval": " 2s ",
      wait: "",
    });
    expect(given).toMatchObject({ wait: true, pollIntervalMs: 2_000 });
    expect(given.ref).toBeUndefined();
    expect(given.timeoutMs).toBeUndefined();
  });

  it("have one row in the table of fields for each input of action.yml, in the same order, with its default", async () => {
    const { inputs } = readAction(`${import.meta.dirname}/../..`);
    expect(Object.values(fields).map(({ name }) => name)).toEqual([...inputs.keys()]);
    for (const field of Object.values(fields)) {
      const expected = inputs.get(field.name) ?? "";
      if (expected.includes("${{")) continue;
      expect([field.name, field.fallback ?? ""]).toEqual([field.name, expected]);
    }
  });

  it("report every mistake at once", async () => {
    const text = await inputErrorMessage({
      organization: "a b",
      "pipeline-id": "x",
      wait: "perhaps",
      timeout: "soon",
      variables: "- a",
      "success-when": "result ==",
      "map-outputs": "run-id: id\nbad name: id\nok: '[?'",
    });
    const names = [
      "organization",
      "project",
      "pipeline-id",
      "wait",
      "timeout",
      "variables",
      "success-when",
      "map-outputs: run-id",
      "map-outputs: ok",
    ];
    for (const name of names) expect(text).toMatch(new RegExp(`^${name}:`, "m"));
  });

  it("report every mistake within the size of an annotation, even if a value is long", async () => {
    const text = await inputErrorMessage({
      ...minimalInputs,
      "on-timeout": "x".repeat(100_000),
      wait: "perhaps",
    });
    expect(text).toMatch(/^wait: /m);
    expect(text.length).toBeLessThan(4_096);
  });

  it("name the missing inputs", async () => {
    const text = await inputErrorMessage({});
    for (const name of ["organization", "project", "pipeline-id"]) expect(text).toContain(name);
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
    ["an organization over http", { organization: "http://tfs.example/tfs/Main" }, /organization:.*https/],
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
      "a search for a run to follow, and inputs of a wait with wait: false",
      { "run-id": "7", "find-run": "commit", wait: "false", retries: "1", "queue-timeout": "5m" },
      /find-run: cannot be combined with `run-id`[\s\S]*queue-timeout: needs `wait: true`[\s\S]*retries: needs/,
    ],
  ])("reject %s", async (_, given, expected) => {
    expect(await inputErrorMessage({ ...minimalInputs, ...given })).toMatch(expected);
  });

  it("reject a condition that would hold for every run, in each input for a condition", async () => {
    const names = ["stop-when", "success-when", "retry-when"];
    const given = Object.fromEntries(names.map((name) => [name, "errors"]));
    const text = await inputErrorMessage({ ...minimalInputs, ...given });
    for (const name of names) expect(text).toMatch(new RegExp(`^${name}: must yield true or false`, "m"));
  });

  it("report mistakes in a credential even if `auth` is misspelt", async () => {
    const text = await inputErrorMessage({
      ...minimalInputs,
      auth: "tokne",
      token: "Bearer abc",
      "tenant-id": "a b",
      "token-url": "http://login.example/token",
    });
    for (const name of ["auth", "token", "tenant-id", "token-url"]) {
      expect(text).toMatch(new RegExp(`^${name}: `, "m"));
    }
    expect(text.split("\n")).toHaveLength(4);
  });

  it.each([
    ["pipelines: lib", /^resources: "pipelines" must be a mapping of aliases/],
    ["builds: [lib]", /^resources: "builds" must be a mapping of aliases/],
    ["containers:", /^resources: "containers" must be a mapping of aliases/],
    ["packages: {lib: 1.2}", /^resources: "lib" in "packages" must be a mapping/],
    ["repositories: {tools: refs/heads/main}", /^resources: "tools" in "repositories" must be a mapping/],
  ])("reject resources of another form: %s: %s", async (resources, problem) => {
    expect(await inputErrorMessage({ ...minimalInputs, resources })).toMatch(problem);
  });

  it("accept resources, including kinds that the action does not know", async () => {
    const resources = "pipelines: {lib: {version: 20240101.1}}\nwebhooks: [a]";
    expect(await readGiven({ ...minimalInputs, resources })).toMatchObject({
      resources: { webhooks: ["a"] },
    });
  });

  it.each(["previewRun: true", "previewRun: TRUE", 'PreviewRun: "true"', "previewrun: 1", "previewRun: yes"])(
    "reject a preview in request-body: %s",
    async (body) => {
      const text = await inputErrorMessage({ ...minimalInputs, "request-body": body });
      expect(text).toMatch(/^request-body: "preview[rR]un" starts no run; .*`preview`$/i);
    },
  );

  it("accept previewRun: false in request-body", async () => {
    expect(await readGiven({ ...minimalInputs, "request-body": "previewRun: false" })).toMatchObject({
      requestBody: { previewRun: false },
    });
  });

  it("split pipeline-name into folder and name", async () => {
    const nameIn = async (name: string) =>
      (await readGiven({ ...minimalInputs, "pipeline-id": "", "pipeline-name": name })).target;
    expect(await nameIn("ci")).toMatchObject({ pipeline: { by: "name", folder: undefined, name: "ci" } });
    expect(await nameIn("\\ci")).toMatchObject({ pipeline: { folder: "\\", name: "ci" } });
    expect(await nameIn("\\a\\b\\ci")).toMatchObject({ pipeline: { folder: "\\a\\b", name: "ci" } });
    expect(await nameIn("42")).toMatchObject({ pipeline: { by: "name", name: "42" } });
    const folder = await inputErrorMessage({ ...minimalInputs, "pipeline-id": "", "pipeline-name": "ci\\" });
    expect(folder).toMatch(/^pipeline-name: .* is a folder; the pipeline's name is missing$/);
    expect(await nameIn("/a/b/ci")).toMatchObject({ pipeline: { folder: "\\a\\b", name: "ci" } });
    expect(await nameIn("a/ci")).toMatchObject({ pipeline: { folder: "\\a", name: "ci" } });
  });

  it("reject a variable and an output given twice with different case", async () => {
    const twice = { variables: "apiKey: a", "secret-variables": "APIKEY: b" };
    expect(await inputErrorMessage({ ...minimalInputs, ...twice })).toMatch(
      /^secret-variables: "APIKEY" is also in `variables`/,
    );
    expect(await inputErrorMessage({ ...minimalInputs, "map-outputs": "a: id\nA: name" })).toMatch(
      /^map-outputs: A: GitHub/,
    );
  });

  it("may repeat the parts of `url`, but not contradict them", async () => {
    const url = "https://contoso.visualstudio.com/web/_build?definitionId=42";
    expect(await readGiven({ ...minimalInputs, url })).toMatchObject({ target: { pipeline: { id: 42 } } });
    expect(await inputErrorMessage({ ...minimalInputs, url, "pipeline-id": "43" })).toMatch(
      /^pipeline-id:.*contradicts/m,
    );
    expect(await inputErrorMessage({ ...minimalInputs, url, project: "api" })).toMatch(
      /^project:.*contradicts/m,
    );
    expect(await inputErrorMessage({ ...minimalInputs, url, organization: "fabrikam" })).toMatch(
      /^organization:.*contradicts/m,
    );
    const runUrl = "https://dev.azure.com/contoso/web/_build/results?buildId=345";
    expect(await inputErrorMessage({ ...minimalInputs, url: runUrl, "run-id": "7" })).toMatch(
      /^run-id:.*contradicts/m,
    );
  });

  it("never show a secret in an error", async () => {
    const secret = "hush-hush-hush";
    const text = await inputErrorMessage({
      ...minimalInputs,
      token: secret,
      "client-secret": secret,
      "secret-variables": `a: 1\na: ${secret}`,
      variables: `x: [${secret}]`,
    });
    expect(text).not.toContain(secret);
  });

  it("reject a project named `..`, which would change the URL's path", async () => {
    expect(await inputErrorMessage({ ...minimalInputs, project: ".." })).toMatch(/^project:/m);
  });
});

describe("auth: azure-devops-oauth", () => {
  it("causes a deprecation warning", async () => {
    const given = { "client-secret": "s", "refresh-token": "r", "redirect-uri": "https://x" };
    const { warnings } = await readGiven({
      ...minimalInputs,
      token: "",
      auth: "azure-devops-oauth",
      ...given,
    });
    expect(warnings).toEqual([expect.stringMatching(/^auth: `azure-devops-oauth` is deprecated.*2026/)]);
    expect((await readGiven(minimalInputs)).warnings).toEqual([]);
  });
});

describe("client-certificate", () => {
  const certificateInputs = { ...minimalInputs, token: "", "tenant-id": "t", "client-id": "c" };

  it("without a key is reported together with other mistakes", async () => {
    const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    const mistakes = await inputErrorMessage({
      ...certificateInputs,
      "client-certificate": pem,
      wait: "maybe",
    });
    expect(mistakes.split("\n")).toEqual([
      "client-certificate: contains no private key; add the private key's PEM block to the certificate's",
      'wait: expected true or false, got "maybe"',
    ]);
  });

  it("that cannot be read is reported once, and not also as missing", async () => {
    const given = { ...certificateInputs, auth: "client-certificate", "client-certificate": "x" };
    expect((await inputErrorMessage(given)).split("\n")).toHaveLength(1);
  });
});
