import { describe, expect, it } from "vitest";
import {
  defaultRef,
  hasInferableRef,
  type PipelineRepository,
  type Trigger,
} from "../../src/core/default-ref.ts";

const head = "a".repeat(40);
const merge = "b".repeat(40);
const tip = "c".repeat(40);

const push: Trigger = {
  event: "push",
  repository: "contoso/web",
  serverUrl: "https://github.com",
  ref: "refs/heads/main",
  sha: tip,
};
const pull = {
  number: 7,
  headRef: "feature/x",
  headSha: head,
  headRepository: "Contoso/Web",
  baseRef: "main",
};
const pullRequest: Trigger = {
  ...push,
  event: "pull_request",
  ref: "refs/pull/7/merge",
  sha: merge,
  pullRequest: pull,
};
const fork: Trigger = { ...pullRequest, pullRequest: { ...pull, headRepository: "somebody/web" } };
const here: PipelineRepository = { kind: "github", fullName: "contoso/web", host: "github.com" };
const own = (ref: string, commit: string | undefined) => ({ kind: "inferred", ref, commit });
const unguessed = { kind: "pipeline-default" };

describe("the workflow's own ref and commit", () => {
  it.each<[string, Trigger, string, string | undefined]>([
    ["a push", push, "refs/heads/main", tip],
    ["a tag", { ...push, ref: "refs/tags/v1.2" }, "refs/tags/v1.2", tip],
    ["a SHA-256 repository", { ...push, sha: "d".repeat(64) }, "refs/heads/main", "d".repeat(64)],
    ["workflow_dispatch", { ...push, event: "workflow_dispatch", ref: "refs/heads/x" }, "refs/heads/x", tip],
    ["schedule", { ...push, event: "schedule" }, "refs/heads/main", tip],
    ["release", { ...push, event: "release", ref: "refs/tags/v1" }, "refs/tags/v1", tip],
    [
      "a draft release without a commit",
      { ...push, event: "release", sha: "" },
      "refs/heads/main",
      undefined,
    ],
    [
      "merge_group",
      { ...push, event: "merge_group", ref: "refs/heads/gh-readonly-queue/main/pr-7-c" },
      "refs/heads/gh-readonly-queue/main/pr-7-c",
      tip,
    ],
    ["a pull request from here", pullRequest, "refs/heads/feature/x", head],
    ["a review", { ...pullRequest, event: "pull_request_review" }, "refs/heads/feature/x", head],
    ["a pull request from a fork", fork, "refs/pull/7/merge", merge],
    [
      "a pull request from a deleted fork",
      { ...fork, pullRequest: { ...pull, headRepository: undefined } },
      "refs/pull/7/merge",
      merge,
    ],
    [
      "a fork's where the commit is of another ref",
      { ...fork, ref: "refs/heads/main" },
      "refs/pull/7/merge",
      undefined,
    ],
    [
      "a merged pull request, its branch deleted",
      { ...pullRequest, ref: "refs/heads/main", sha: tip, pullRequest: { ...pull, merged: true } },
      "refs/heads/main",
      tip,
    ],
    [
      "a pull request whose payload was lost",
      { ...pullRequest, pullRequest: undefined },
      "refs/pull/7/merge",
      merge,
    ],
  ])("is built for %s", (_, trigger, ref, commit) => {
    expect(hasInferableRef(trigger)).toBe(true);
    expect(defaultRef(trigger, here)).toEqual(own(ref, commit));
  });
});

describe("nothing is guessed", () => {
  const untelling: [string, Trigger][] = [
    "pull_request_target",
    "issue_comment",
    "issues",
    "workflow_run",
    "check_run",
    "check_suite",
    "status",
    "delete",
    "discussion_comment",
    "an_event_of_tomorrow",
  ].map((event) => [event, { ...pullRequest, event }]);

  it.each<[string, Trigger]>([
    ...untelling,
    ["a push that removed its branch", { ...push, deleted: true }],
    ["a push of no commit", { ...push, sha: "0".repeat(40) }],
    ["a deployment of a bare commit", { ...push, event: "deployment", ref: "" }],
  ])("guesses nothing under %s, and a notice says so", (_, trigger) => {
    expect(hasInferableRef(trigger)).toBe(false);
    for (const repo of [here, undefined]) {
      const answer = defaultRef(trigger, repo);
      expect(answer).toEqual({ ...unguessed, notice: expect.stringContaining("default branch") });
      expect(answer).toEqual({ ...unguessed, notice: expect.stringContaining("`ref`") });
    }
  });

  it("where the pipeline builds another repository, and no notice is worth it", () => {
    const target = { ...push, event: "pull_request_target" };
    expect(defaultRef(target, { ...here, fullName: "contoso/api" })).toEqual(unguessed);
  });

  it.each(["pull_request", "pull_request_review"])(
    "says under %s which repository and branch the pipeline builds, if it is another one",
    (event) => {
      const other = { ...here, fullName: "contoso/old-name" };
      const { notice = "" } = {
        notice: "",
        ...defaultRef({ ...pullRequest, event }, other, "refs/heads/trunk"),
      };
      expect(notice).toMatch(/^The pipeline builds the repository contoso\/old-name \(trunk\), not /);
      expect(notice).toMatch(/renamed.*`ref`\.$/);
      const unnamed = { ...here, fullName: undefined };
      expect(defaultRef({ ...pullRequest, event }, unnamed)).toMatchObject({
        notice: expect.stringMatching(/builds another repository \(its default branch\)/),
      });
    },
  );

  it("outside a workflow, or while nobody knows what the pipeline builds", () => {
    expect(defaultRef({ ...push, repository: "", event: "", ref: "", sha: "" }, undefined)).toEqual(
      unguessed,
    );
    expect(defaultRef(push, undefined)).toEqual(unguessed);
  });
});

describe("this repository", () => {
  const server = "https://GitHub.contoso.example";
  it.each<[string, boolean, string, PipelineRepository]>([
    ["in another case", true, push.serverUrl, { ...here, fullName: "CONTOSO/Web", host: "GitHub.com" }],
    ["without a host", true, push.serverUrl, { ...here, host: undefined }],
    ["of another name", false, push.serverUrl, { ...here, fullName: "contoso/web2" }],
    ["of no name", false, push.serverUrl, { ...here, fullName: undefined }],
    ["in Azure Repos", false, push.serverUrl, { ...here, kind: "other" }],
    ["of a server seen from github.com", false, push.serverUrl, { ...here, host: "github.contoso.example" }],
    [
      "of GitHub Enterprise without a host",
      false,
      push.serverUrl,
      { ...here, kind: "github-enterprise", host: undefined },
    ],
    [
      "of the same server",
      true,
      server,
      { ...here, kind: "github-enterprise", host: "github.contoso.example" },
    ],
    ["of a server that is not named", true, server, { ...here, kind: "github-enterprise", host: undefined }],
    [
      "of another server",
      false,
      server,
      { ...here, kind: "github-enterprise", host: "git.fabrikam.example" },
    ],
    ["of github.com seen from a server", false, server, { ...here, host: undefined }],
    [
      "of GHE.com",
      true,
      "https://contoso.ghe.com",
      { ...here, kind: "github-enterprise", host: "contoso.ghe.com" },
    ],
  ])("is or is not one %s", (_, isOurs, serverUrl, repo) => {
    const answer = defaultRef({ ...push, serverUrl }, repo);
    expect(answer).toEqual(isOurs ? own("refs/heads/main", tip) : unguessed);
  });
});
