import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { describeEnvironment, headCommit, readTrigger } from "../../src/github/environment.ts";

const elsewhere = join(temporaryFolder(), "dist/index.js");

test("describeEnvironment shows unknown values as ? and a checked-out action as such", () => {
  expect(
    describeEnvironment({ env: {}, entryPath: elsewhere, nodeVersion: "v24.0.0", osRelease: "6.8" }),
  ).toEqual([
    ["action", "?, checked out by the workflow"],
    ["runner", "?, ? ? (6.8), Node v24.0.0"],
    ["event", "?"],
    ["github.com", "no"],
    ["proxy", "no"],
    ["NODE_EXTRA_CA_CERTS", "no"],
  ]);
});

test("describeEnvironment shows that there is a proxy, but not its URL", () => {
  const env = { HTTPS_PROXY: "http://user:secret@proxy:8080", NODE_EXTRA_CA_CERTS: "/etc/ca.pem" };
  const facts = describeEnvironment({ env, entryPath: elsewhere, nodeVersion: "v24.0.0", osRelease: "6.8" });
  expect(facts).toContainEqual(["proxy", "yes"]);
  expect(facts).toContainEqual(["NODE_EXTRA_CA_CERTS", "yes"]);
  expect(JSON.stringify(facts)).not.toMatch(/proxy:8080|secret|ca\.pem/);
});

const env = {
  GITHUB_EVENT_NAME: "pull_request",
  GITHUB_EVENT_PATH: "/event.json",
  GITHUB_REF: "refs/pull/7/merge",
  GITHUB_SHA: "merge",
  GITHUB_REPOSITORY: "contoso/web",
  GITHUB_SERVER_URL: "https://github.contoso.example",
};

const pull = {
  number: 7,
  merged_at: null,
  head: { ref: "x", sha: "head", repo: { full_name: "contributor/web" } },
  base: { ref: "main" },
};

const read = (payload: unknown, more: Record<string, string> = {}) =>
  readTrigger({ ...env, ...more }, () => JSON.stringify(payload));

describe("readTrigger", () => {
  it("reads the environment and the payload", () => {
    expect(read({ pull_request: pull, repository: { default_branch: "main" } })).toEqual({
      event: "pull_request",
      repository: "contoso/web",
      serverUrl: "https://github.contoso.example",
      ref: "refs/pull/7/merge",
      sha: "merge",
      defaultBranch: "main",
      pullRequest: {
        number: 7,
        headRef: "x",
        headSha: "head",
        headRepository: "contributor/web",
        baseRef: "main",
        merged: false,
      },
    });
  });

  it("reads a deleted fork, a merged pull request and a deleted branch", () => {
    const deletedFork = { ...pull, merged_at: "2026-11-22T10:00:00Z", head: { ...pull.head, repo: null } };
    const trigger = read({ pull_request: deletedFork, deleted: true });
    expect(trigger.pullRequest).toMatchObject({ headRepository: undefined, merged: true });
    expect(trigger.deleted).toBe(true);
  });

  it.each<[string, () => string]>([
    [
      "is missing",
      () => {
        throw new Error("ENOENT");
      },
    ],
    ["is not JSON", () => "{"],
    ["is not an object", () => "null"],
    [
      "has another shape",
      () => '{"pull_request":{"number":"7"},"repository":[],"deleted":1,"workflow_run":3}',
    ],
  ])("uses the environment if the payload %s", (_, readFile) => {
    const trigger = readTrigger(env, readFile);
    expect(trigger).toMatchObject({ event: "pull_request", ref: "refs/pull/7/merge", sha: "merge" });
    expect(trigger.pullRequest).toBeUndefined();
  });

  it("returns blank values for an empty environment", () => {
    expect(readTrigger({}, () => "")).toMatchObject({
      event: "",
      repository: "",
      serverUrl: "https://github.com",
      ref: "",
      sha: "",
    });
  });
});

describe("headCommit", () => {
  it("is the pull request's head", () => {
    expect(headCommit(read({ pull_request: pull }))).toBe("head");
    expect(headCommit(read({ pull_request: pull }, { GITHUB_EVENT_NAME: "pull_request_target" }))).toBe(
      "head",
    );
  });

  it("is the commit that the earlier workflow ran for, under workflow_run", () => {
    const more = { GITHUB_EVENT_NAME: "workflow_run" };
    for (const event of ["pull_request", "push"]) {
      expect(headCommit(read({ workflow_run: { event, head_sha: "theirs" } }, more))).toBe("theirs");
    }
  });

  it("is GITHUB_SHA otherwise", () => {
    expect(headCommit(read({}))).toBe("merge");
  });
});
