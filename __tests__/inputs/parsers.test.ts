import { describe, expect, it } from "vitest";
import {
  isSameOrganization,
  parseOrganization,
  parsePastedUrl,
  projectName,
} from "../../src/inputs/organization-url.ts";
import {
  apiVersion,
  boolean,
  checkCommit,
  commitHash,
  fullRef,
  oneOf,
  parseDurationMs,
  positiveInteger,
  retryCount,
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
  ])("%s is %d ms", (raw, ms) => {
    expect(parseDurationMs(raw)).toBe(ms);
  });

  it.each(["", "s", "10ms", "1.5h", "-1", "1h 30m", "30m1h", "1e3", "ten", "1d", "٣", "9".repeat(20)])(
    "%j is rejected",
    (raw) => {
      expect(() => parseDurationMs(raw)).toThrow(
        /^(expected a duration such as 90s, 45m or 1h30m, got "|the duration 9+ is too long$)/,
      );
    },
  );
});

describe("the parsers of single values", () => {
  it("accept only true and false, in any case, as a flag", () => {
    expect([boolean("true"), boolean("FALSE"), boolean("True")]).toEqual([true, false, true]);
    for (const raw of ["yes", "1", "on", "truee", ""])
      expect(() => boolean(raw)).toThrow(/expected true or false/);
  });

  it("accept only a positive integer as an id", () => {
    expect(positiveInteger("42")).toBe(42);
    for (const raw of ["0", "-1", "345.5", "9007199254740993", "0x2a", "42 ", "9".repeat(17), "１"]) {
      expect(() => positiveInteger(raw)).toThrow("expected a number such as 42, got");
    }
  });

  it("accept only the exact words of a choice", () => {
    const word = oneOf("fail", "cancel", "leave");
    expect(word("cancel")).toBe("cancel");
    expect(() => word("Cancel")).toThrow("expected fail, cancel or leave");
  });

  it("expand a bare name to a branch's full ref", () => {
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

  it("accept only a hash as a commit", () => {
    const hashes = ["abc1234", "A".repeat(40), "0".repeat(64)];
    expect(hashes.map(commitHash)).toEqual(hashes);
    for (const raw of ["main", "abc123", "0".repeat(65), "v1.0.0", "refs/heads/main"]) {
      expect(() => commitHash(raw), raw).toThrow("expected a commit's hash");
    }
  });

  it("reject several lines, and expand the API version 7 to 7.0", () => {
    expect(() => singleLine("a\nb")).toThrow("expected one line of text");
    const versions = ["7.1", "7.2-preview.1", "7.2-preview"];
    expect(versions.map(apiVersion)).toEqual(versions);
    expect(["7", "6"].map(apiVersion)).toEqual(["7.0", "6.0"]);
    for (const raw of ["7.", "latest", "7.1&x=1"])
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
  ])("%s has the base URL %s and the name %s", (raw, base, name) => {
    expect(parseOrganization(raw)).toEqual({ base, name });
  });

  it.each([
    ["http://server/tfs/Main", "the URL must start with https://"],
    ["http://127.0.0.1.example.com/x", "the URL must start with https://"],
    ["http://localhost.example.com/x", "the URL must start with https://"],
    ["ftp://dev.azure.com/contoso", "the URL must start with https://"],
    ["https://dev.azure.com", "expected https://dev.azure.com/NAME with no path after it"],
    ["https://dev.azure.com/contoso/web", "expected https://dev.azure.com/NAME with no path after it"],
    ["https://contoso.visualstudio.com/web", "expected https://NAME.visualstudio.com with no path after it"],
    [
      "https://contoso.visualstudio.com/DefaultCollection/web",
      "expected https://NAME.visualstudio.com with no path after it",
    ],
    ["https://user:password@dev.azure.com/contoso", "the URL contains a user name or password"],
    ["contoso/web", "expected a name such as contoso"],
    ["../x", "expected a name such as contoso"],
    ["https://", "expected a URL that starts with https://"],
  ])("rejects an unsafe URL and one that is not an organization's: %s: %s", (raw, sentence) => {
    expect(() => parseOrganization(raw)).toThrow(sentence);
  });

  it("is the same as its visualstudio.com URL, ignoring case", () => {
    const [a, b, c] = ["Contoso", "https://contoso.visualstudio.com", "fabrikam"].map(parseOrganization);
    if (!a || !b || !c) throw new Error("missing");
    expect([isSameOrganization(a, b), isSameOrganization(a, c)]).toEqual([true, false]);
  });
});

describe("a pasted URL", () => {
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
  ])("%s has organization %s, project %s, pipeline %s, run %s", (raw, base, project, pipelineId, runId) => {
    expect(parsePastedUrl(raw)).toMatchObject({ organization: { base }, project, pipelineId, runId });
  });

  it.each([
    [
      "https://dev.azure.com/contoso/web/_apps/hub/ms.vss-build-web.ci-designer-hub?pipelineId=42&branch=main",
      42,
    ],
    [
      "https://dev.azure.com/contoso/web/_apps/hub/ms.vss-ciworkflow.build-ci-hub?_a=edit-build-definition&id=42",
      42,
    ],
    ["https://dev.azure.com/contoso/web/_build/definition?definitionId=42", 42],
    ["https://contoso.visualstudio.com/web/_apps/hub/x?PipelineId=42", 42],
    ["https://server/tfs/Main/web/_apps/hub/x?pipelineId=42", 42],
    ["https://dev.azure.com/contoso/web", undefined],
    ["https://dev.azure.com/contoso/web/", undefined],
    ["https://dev.azure.com/contoso/web/_build", undefined],
    ["https://dev.azure.com/contoso/web/_git/web?version=GBmain", undefined],
    ["https://contoso.visualstudio.com/web", undefined],
    ["https://contoso.visualstudio.com/DefaultCollection/web", undefined],
    ["https://server/tfs/Main/web", undefined],
  ])("%s has the project web and the pipeline %s", (raw, pipelineId) => {
    expect(parsePastedUrl(raw)).toMatchObject({ project: "web", pipelineId, runId: undefined });
  });

  const incomplete = "expected the URL of a pipeline, a run or a project, with ORGANIZATION/PROJECT in it";

  it.each([
    ["https://dev.azure.com/contoso", incomplete],
    ["https://contoso.visualstudio.com/DefaultCollection", incomplete],
    ["https://server/web", incomplete],
    ["https://dev.azure.com/contoso/_build?definitionId=42", incomplete],
    ["https://contoso.visualstudio.com/web/api/_build?definitionId=42", incomplete],
    [
      "https://dev.azure.com/contoso/web/_build?definitionId=x",
      'definitionId: expected a number such as 42, got "x"',
    ],
    [
      "https://dev.azure.com/contoso/web/_build/results?buildId=345.5",
      "buildId: expected a number such as 42",
    ],
    [
      "https://dev.azure.com/contoso/web/_build/results?buildId=9007199254740993",
      "buildId: expected a number such as 42",
    ],
    ["http://dev.azure.com/contoso/web/_build?definitionId=42", "the URL must start with https://"],
    ["dev.azure.com/contoso/web/_build?definitionId=42", "expected a URL that starts with https://"],
  ])("is rejected: %s: %s", (raw, sentence) => {
    expect(() => parsePastedUrl(raw)).toThrow(sentence);
  });
});

describe("a project", () => {
  it.each([
    ["My%20Project", "My Project"],
    ["M%C3%BCller", "Müller"],
    ["100%", "100%"],
    ["web", "web"],
  ])("%s has the name %s", (raw, name) => {
    expect(projectName(raw)).toBe(name);
  });
});

describe("check-commit", () => {
  it("is `run` or a full hash", () => {
    expect(checkCommit("run")).toEqual({ kind: "run" });
    expect(checkCommit("A".repeat(40))).toEqual({ kind: "hash", sha: "a".repeat(40) });
    for (const raw of ["Run", "abc1234", "main", "a".repeat(41)])
      expect(() => checkCommit(raw), raw).toThrow("expected `run` or the full hash of a commit");
  });
});

describe("retries", () => {
  it("are an integer from 0 to 999", () => {
    expect([retryCount("0"), retryCount("2"), retryCount("007")]).toEqual([0, 2, 7]);
    for (const raw of ["-1", "1.5", "true", "1e3", "1000"])
      expect(() => retryCount(raw), raw).toThrow("expected a number");
  });
});
