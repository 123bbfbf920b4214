import { describe, expect, it } from "vitest";
import { ActionError } from "../../src/errors.ts";
import { durationMs } from "../../src/inputs/duration.ts";
import { fields } from "../../src/inputs/fields.ts";
import { apiVersion, flag, fullRef, oneOf, positiveInteger, singleLine } from "../../src/inputs/scalars.ts";
import { organizationOf, pastedAddress, sameOrganization } from "../../src/inputs/where.ts";
import { readInputs } from "../../src/inputs.ts";
import { readAction } from "../support/action-file.ts";

type Given = Readonly<Record<string, string>>;

const least = { organization: "contoso", project: "web", "pipeline-id": "42", token: "t".repeat(20) };
const read = (given: Given) => readInputs((name) => given[name] ?? "");

async function mistakesIn(given: Given): Promise<string> {
  const error = await read(given).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ActionError);
  expect(error).toMatchObject({ code: "bad-input", hint: expect.any(String) });
  return (error as ActionError).message;
}

describe("a duration", () => {
  it.each([
    ["10", 10_000],
    ["10s", 10_000],
    ["45m", 2_700_000],
    ["2h", 7_200_000],
    ["1h30m", 5_400_000],
    ["1H30M5S", 5_405_000],
    ["0", 0],
    ["90m", 5_400_000],
  ])("%s", (raw, ms) => {
    expect(durationMs(raw)).toBe(ms);
  });

  it.each(["", "s", "10ms", "1.5h", "-1", "1h 30m", "30m1h", "1e3", "ten", "1d", "٣", "9".repeat(20)])(
    "not %s",
    (raw) => {
      expect(() => durationMs(raw)).toThrow();
    },
  );
});

describe("a scalar", () => {
  it("is a flag only as true or false", () => {
    expect([flag("true"), flag("FALSE"), flag("True")]).toEqual([true, false, true]);
    for (const raw of ["yes", "1", "on", "truee", ""])
      expect(() => flag(raw)).toThrow(/expected true or false/);
  });

  it("is an id only as a positive number", () => {
    expect(positiveInteger("42")).toBe(42);
    for (const raw of ["0", "-1", "4.2", "0x2a", "42 ", "9".repeat(17), "１"]) {
      expect(() => positiveInteger(raw)).toThrow();
    }
  });

  it("is one of the words, exactly", () => {
    const word = oneOf("fail", "cancel", "leave");
    expect(word("cancel")).toBe("cancel");
    expect(() => word("Cancel")).toThrow("expected fail, cancel or leave");
  });

  it("is a ref: a bare name is a branch", () => {
    expect(["main", "a/b", "refs/tags/v1", "refs/pull/1/merge"].map(fullRef)).toEqual([
      "refs/heads/main",
      "refs/heads/a/b",
      "refs/tags/v1",
      "refs/pull/1/merge",
    ]);
    expect(() => fullRef("a b")).toThrow();
  });

  it("is one line, or a version", () => {
    expect(() => singleLine("a\nb")).toThrow();
    expect([apiVersion("7.1"), apiVersion("7.2-preview.1"), apiVersion("7.2-preview")]).toHaveLength(3);
    for (const raw of ["7", "latest", "7.1&x=1"]) expect(() => apiVersion(raw)).toThrow();
  });
});

describe("an organization", () => {
  it.each([
    ["contoso", "https://dev.azure.com/contoso", "contoso"],
    ["https://dev.azure.com/contoso", "https://dev.azure.com/contoso", "contoso"],
    ["https://dev.azure.com/contoso/", "https://dev.azure.com/contoso", "contoso"],
    ["https://contoso.visualstudio.com", "https://contoso.visualstudio.com", "contoso"],
    ["https://server/tfs/DefaultCollection", "https://server/tfs/DefaultCollection", "DefaultCollection"],
    ["https://server:8443/Main/", "https://server:8443/Main", "Main"],
    ["http://127.0.0.1:8085/contoso", "http://127.0.0.1:8085/contoso", "contoso"],
    ["http://localhost/x", "http://localhost/x", "x"],
    ["http://[::1]:80/x", "http://[::1]/x", "x"],
  ])("%s", (raw, base, name) => {
    expect(organizationOf(raw)).toEqual({ base, name });
  });

  it.each([
    "http://server/tfs/Main",
    "http://127.0.0.1.example.com/x",
    "http://localhost.example.com/x",
    "ftp://dev.azure.com/contoso",
    "https://dev.azure.com",
    "https://dev.azure.com/contoso/web",
    "https://user:password@dev.azure.com/contoso",
    "contoso/web",
    "../x",
    "https://",
  ])("not %s", (raw) => {
    expect(() => organizationOf(raw)).toThrow();
  });

  it("of two names is one", () => {
    const [a, b, c] = ["Contoso", "https://contoso.visualstudio.com", "fabrikam"].map(organizationOf);
    if (!a || !b || !c) throw new Error("missing");
    expect([sameOrganization(a, b), sameOrganization(a, c)]).toEqual([true, false]);
  });
});

describe("a pasted address", () => {
  it.each([
    [
      "https://dev.azure.com/contoso/web/_build?definitionId=42",
      "https://dev.azure.com/contoso",
      "web",
      42,
      undefined,
    ],
    [
      "https://dev.azure.com/contoso/my%20web/_build/results?buildId=345&view=results",
      "https://dev.azure.com/contoso",
      "my web",
      undefined,
      345,
    ],
    [
      "https://contoso.visualstudio.com/web/_build?definitionId=42&_a=summary",
      "https://contoso.visualstudio.com",
      "web",
      42,
      undefined,
    ],
    [
      "https://contoso.visualstudio.com/DefaultCollection/web/_build?definitionId=42",
      "https://contoso.visualstudio.com/DefaultCollection",
      "web",
      42,
      undefined,
    ],
    ["https://server/tfs/Main/web/_build/results?BUILDID=7", "https://server/tfs/Main", "web", undefined, 7],
  ])("%s", (raw, base, project, pipelineId, runId) => {
    expect(pastedAddress(raw)).toMatchObject({ organization: { base }, project, pipelineId, runId });
  });

  it.each([
    "https://dev.azure.com/contoso/web",
    "https://dev.azure.com/contoso/_build?definitionId=42",
    "https://dev.azure.com/contoso/web/_build",
    "https://dev.azure.com/contoso/web/_build?definitionId=x",
    "http://dev.azure.com/contoso/web/_build?definitionId=42",
    "dev.azure.com/contoso/web/_build?definitionId=42",
  ])("not %s", (raw) => {
    expect(() => pastedAddress(raw)).toThrow();
  });
});

describe("the inputs together", () => {
  it("hold with the least that is needed", async () => {
    expect(await read(least)).toMatchObject({
      place: { organization: { base: "https://dev.azure.com/contoso" }, project: "web" },
      target: { kind: "start", pipeline: { by: "id", id: 42 } },
      wait: true,
      pollIntervalMs: 10_000,
      onTimeout: "fail",
      apiVersion: "7.1",
      preview: false,
    });
  });

  it("take blank for not given, and white space for blank", async () => {
    const given = await read({ ...least, ref: "  ", timeout: "\n", "poll-interval": " 2s ", wait: "" });
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
    const text = await mistakesIn({
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

  it("know where a name ends and its folder begins", async () => {
    const nameIn = async (name: string) =>
      (await read({ ...least, "pipeline-id": "", "pipeline-name": name })).target;
    expect(await nameIn("ci")).toMatchObject({ pipeline: { by: "name", folder: undefined, name: "ci" } });
    expect(await nameIn("\\ci")).toMatchObject({ pipeline: { folder: "\\", name: "ci" } });
    expect(await nameIn("\\a\\b\\ci")).toMatchObject({ pipeline: { folder: "\\a\\b", name: "ci" } });
    expect(await nameIn("42")).toMatchObject({ pipeline: { by: "name", name: "42" } });
  });

  it("may say the same thing twice, but not two things", async () => {
    const url = "https://contoso.visualstudio.com/web/_build?definitionId=42";
    expect(await read({ ...least, url })).toMatchObject({ target: { pipeline: { id: 42 } } });
    expect(await mistakesIn({ ...least, url, "pipeline-id": "43" })).toMatch(/^pipeline-id:.*contradicts/m);
    expect(await mistakesIn({ ...least, url, project: "api" })).toMatch(/^project:.*contradicts/m);
    expect(await mistakesIn({ ...least, url, organization: "fabrikam" })).toMatch(
      /^organization:.*contradicts/m,
    );
    expect(await mistakesIn({ ...least, url, "run-id": "7" })).toMatch(/^run-id:.*contradicts/m);
  });

  it("follow a run, and refuse by name what only makes sense for a start", async () => {
    const given = { ...least, "pipeline-id": "", "run-id": "7" };
    expect(await read(given)).toMatchObject({ target: { kind: "follow", runId: 7 } });
    const text = await mistakesIn({
      ...given,
      ref: "main",
      commit: "abc",
      parameters: "a: 1",
      variables: "a: 1",
      "secret-variables": "b: 1",
      "stages-to-skip": "A",
      resources: "a: {}",
      "request-body": "a: 1",
      preview: "true",
      "on-rerun": "attach",
      "pipeline-name": "ci",
    });
    const names = [
      "ref",
      "commit",
      "parameters",
      "variables",
      "secret-variables",
      "stages-to-skip",
      "resources",
      "request-body",
      "preview",
      "on-rerun",
      "pipeline-name",
    ];
    for (const name of names) expect(text).toMatch(new RegExp(`^${name}: `, "m"));
  });

  it("never show a secret", async () => {
    const secret = "hush-hush-hush";
    const text = await mistakesIn({
      ...least,
      token: secret,
      "client-secret": secret,
      "secret-variables": `a: 1\na: ${secret}`,
      variables: `x: [${secret}]`,
    });
    expect(text).not.toContain(secret);
  });

  it("refuse a project that would climb out of its path", async () => {
    expect(await mistakesIn({ ...least, project: ".." })).toMatch(/^project:/m);
  });
});
