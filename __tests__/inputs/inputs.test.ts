import { describe, expect, it } from "vitest";
import { readAction } from "../../runner-emulator/action-file.ts";
import { fields } from "../../src/inputs/fields.ts";
import { inputErrorMessage, minimalInputs, readGiven } from "./read-given.ts";

describe("the inputs together", () => {
  it("hold with the least that is needed", async () => {
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

  it("take blank for not given, and white space for blank", async () => {
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

  it("have one row for each input of action.yml, in its order, with its defaults", async () => {
    const { inputs } = readAction(`${import.meta.dirname}/../..`);
    expect(Object.values(fields).map(({ name }) => name)).toEqual([...inputs.keys()]);
    for (const field of Object.values(fields)) {
      const wanted = inputs.get(field.name) ?? "";
      if (wanted.includes("${{")) continue;
      expect([field.name, field.fallback ?? ""]).toEqual([field.name, wanted]);
    }
  });

  it("tell every mistake at once", async () => {
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

  it("tell what is wrong with a credential though `auth` is misspelt", async () => {
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
    ["pipelines: lib", /^resources: "pipelines" takes a mapping of aliases/],
    ["builds: [lib]", /^resources: "builds" takes a mapping of aliases/],
    ["containers:", /^resources: "containers" takes a mapping of aliases/],
    ["packages: {lib: 1.2}", /^resources: "lib" in "packages" takes a mapping/],
    ["repositories: {tools: refs/heads/main}", /^resources: "tools" in "repositories" takes a mapping/],
  ])("refuse resources of another form: %s", async (resources, problem) => {
    expect(await inputErrorMessage({ ...minimalInputs, resources })).toMatch(problem);
  });

  it("take resources as the service does, and kinds that nobody knows yet", async () => {
    const resources = "pipelines: {lib: {version: 20240101.1}}\nwebhooks: [a]";
    expect(await readGiven({ ...minimalInputs, resources })).toMatchObject({
      resources: { webhooks: ["a"] },
    });
  });

  it.each(["previewRun: true", "previewRun: TRUE", 'PreviewRun: "true"', "previewrun: 1", "previewRun: yes"])(
    "refuse a preview in the request's body: %s",
    async (body) => {
      const text = await inputErrorMessage({ ...minimalInputs, "request-body": body });
      expect(text).toMatch(/^request-body: "preview[rR]un" starts no run; .*`preview`$/i);
    },
  );

  it("let a request say that it is no preview", async () => {
    expect(await readGiven({ ...minimalInputs, "request-body": "previewRun: false" })).toMatchObject({
      requestBody: { previewRun: false },
    });
  });

  it("know where a name ends and its folder begins", async () => {
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

  it("take names for the same where the service or GitHub does, whatever their case", async () => {
    const twice = { variables: "apiKey: a", "secret-variables": "APIKEY: b" };
    expect(await inputErrorMessage({ ...minimalInputs, ...twice })).toMatch(
      /^secret-variables: "APIKEY" is also in `variables`/,
    );
    expect(await inputErrorMessage({ ...minimalInputs, "map-outputs": "a: id\nA: name" })).toMatch(
      /^map-outputs: A: GitHub/,
    );
  });

  it("may say the same thing twice, but not two things", async () => {
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

  it("never show a secret", async () => {
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

  it("refuse a project that would climb out of its path", async () => {
    expect(await inputErrorMessage({ ...minimalInputs, project: ".." })).toMatch(/^project:/m);
  });
});

describe("auth: azure-devops-oauth", () => {
  it("is a warning, since Microsoft removes it", async () => {
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

describe("a client certificate", () => {
  const certified = { ...minimalInputs, token: "", "tenant-id": "t", "client-id": "c" };

  it("without its key is found with all other mistakes", async () => {
    const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    const mistakes = await inputErrorMessage({ ...certified, "client-certificate": pem, wait: "maybe" });
    expect(mistakes.split("\n")).toEqual([
      "client-certificate: holds no private key; add the private key's PEM block to the certificate's",
      'wait: expected true or false, got "maybe"',
    ]);
  });

  it("that cannot be read is not missing besides", async () => {
    const given = { ...certified, auth: "client-certificate", "client-certificate": "x" };
    expect((await inputErrorMessage(given)).split("\n")).toHaveLength(1);
  });
});
