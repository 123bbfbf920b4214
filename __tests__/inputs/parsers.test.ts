import { describe, expect, it } from "vitest";
import { isSameOrganization, parseOrganization, parsePastedUrl } from "../../src/inputs/organization-url.ts";
import {
  apiVersion,
  boolean,
  commitHash,
  fullRef,
  oneOf,
  parseDurationMs,
  positiveInteger,
  singleLine,
} from "../../src/inputs/parsers.ts";

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
    expect(parseDurationMs(raw)).toBe(ms);
  });

  it.each(["", "s", "10ms", "1.5h", "-1", "1h 30m", "30m1h", "1e3", "ten", "1d", "٣", "9".repeat(20)])(
    "not %s",
    (raw) => {
      expect(() => parseDurationMs(raw)).toThrow(
        /^(expected a duration such as 90s, 45m or 1h30m, got "|the duration 9+ is too long$)/,
      );
    },
  );
});

describe("a scalar", () => {
  it("is a flag only as true or false", () => {
    expect([boolean("true"), boolean("FALSE"), boolean("True")]).toEqual([true, false, true]);
    for (const raw of ["yes", "1", "on", "truee", ""])
      expect(() => boolean(raw)).toThrow(/expected true or false/);
  });

  it("is an id only as a positive number", () => {
    expect(positiveInteger("42")).toBe(42);
    for (const raw of ["0", "-1", "4.2", "0x2a", "42 ", "9".repeat(17), "１"]) {
      expect(() => positiveInteger(raw)).toThrow("expected a number such as 42, got");
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
    for (const raw of ["a b", "refs/heads/", "refs/heads", "refs/", "feature/"]) {
      expect(() => fullRef(raw), raw).toThrow("expected a branch, a tag or a full ref");
    }
  });

  it("is a commit only as a hash", () => {
    const hashes = ["abc1234", "A".repeat(40), "0".repeat(64)];
    expect(hashes.map(commitHash)).toEqual(hashes);
    for (const raw of ["main", "abc123", "0".repeat(65), "v1.0.0", "refs/heads/main"]) {
      expect(() => commitHash(raw), raw).toThrow("expected a commit's hash");
    }
  });

  it("is one line, or a version", () => {
    expect(() => singleLine("a\nb")).toThrow("expected one line of text");
    const versions = ["7.1", "7.2-preview.1", "7.2-preview"];
    expect(versions.map(apiVersion)).toEqual(versions);
    for (const raw of ["7", "latest", "7.1&x=1"])
      expect(() => apiVersion(raw)).toThrow("expected a version such as 7.1");
  });
});

describe("an organization", () => {
  it.each([
    ["contoso", "https://dev.azure.com/contoso", "contoso"],
    ["https://dev.azure.com/contoso", "https://dev.azure.com/contoso", "contoso"],
    ["https://dev.azure.com/contoso/", "https://dev.azure.com/contoso", "contoso"],
    ["https://contoso.visualstudio.com", "https://contoso.visualstudio.com", "contoso"],
    [
      "https://contoso.visualstudio.com/DefaultCollection/",
      "https://contoso.visualstudio.com/DefaultCollection",
      "contoso",
    ],
    ["https://server/tfs/DefaultCollection", "https://server/tfs/DefaultCollection", "DefaultCollection"],
    ["https://server:8443/Main/", "https://server:8443/Main", "Main"],
    ["http://127.0.0.1:8085/contoso", "http://127.0.0.1:8085/contoso", "contoso"],
    ["http://localhost/x", "http://localhost/x", "x"],
    ["http://[::1]:80/x", "http://[::1]/x", "x"],
  ])("%s", (raw, base, name) => {
    expect(parseOrganization(raw)).toEqual({ base, name });
  });

  it.each([
    ["http://server/tfs/Main", "the address must start with https://"],
    ["http://127.0.0.1.example.com/x", "the address must start with https://"],
    ["http://localhost.example.com/x", "the address must start with https://"],
    ["ftp://dev.azure.com/contoso", "the address must start with https://"],
    ["https://dev.azure.com", "expected https://dev.azure.com/NAME and nothing behind it"],
    ["https://dev.azure.com/contoso/web", "expected https://dev.azure.com/NAME and nothing behind it"],
    ["https://contoso.visualstudio.com/web", "expected https://NAME.visualstudio.com and nothing behind it"],
    [
      "https://contoso.visualstudio.com/DefaultCollection/web",
      "expected https://NAME.visualstudio.com and nothing behind it",
    ],
    ["https://user:password@dev.azure.com/contoso", "the address holds a user name or password"],
    ["contoso/web", "expected a name such as contoso"],
    ["../x", "expected a name such as contoso"],
    ["https://", "expected an address that starts with https://"],
  ])("refuses what is no organization's safe address: %s", (raw, sentence) => {
    expect(() => parseOrganization(raw)).toThrow(sentence);
  });

  it("of two names is one", () => {
    const [a, b, c] = ["Contoso", "https://contoso.visualstudio.com", "fabrikam"].map(parseOrganization);
    if (!a || !b || !c) throw new Error("missing");
    expect([isSameOrganization(a, b), isSameOrganization(a, c)]).toEqual([true, false]);
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
    expect(parsePastedUrl(raw)).toMatchObject({ organization: { base }, project, pipelineId, runId });
  });

  const elsewhere = "expected an address with ORGANIZATION/PROJECT/_build in it";
  const neither = "expected the address of a pipeline (definitionId=…) or of a run (buildId=…)";

  it.each([
    ["https://dev.azure.com/contoso/web", elsewhere],
    ["https://dev.azure.com/contoso/_build?definitionId=42", elsewhere],
    ["https://contoso.visualstudio.com/web/api/_build?definitionId=42", elsewhere],
    ["https://dev.azure.com/contoso/web/_build", neither],
    ["https://dev.azure.com/contoso/web/_build?definitionId=x", neither],
    ["http://dev.azure.com/contoso/web/_build?definitionId=42", "the address must start with https://"],
    ["dev.azure.com/contoso/web/_build?definitionId=42", "expected an address that starts with https://"],
  ])("not %s", (raw, sentence) => {
    expect(() => parsePastedUrl(raw)).toThrow(sentence);
  });
});
