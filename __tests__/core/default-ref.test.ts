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
const fork: Trigger = { ...pullRequest, pullRequest: { ...pull, headRepository: "contributor/web" } };
const thisRepository: PipelineRepository = { kind: "github", fullName: "contoso/web", host: "github.com" };
const inferred = (ref: string, commit: string | undefined) => ({ kind: "inferred", ref, commit });
const pipelineDefault = { kind: "pipeline-default" };

describe("the default ref", () => {
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
    ["a pull request from the same repository", pullRequest, "refs/heads/feature/x", head],
    ["a review", { ...pullRequest, event: "pull_request_review" }, "refs/heads/feature/x", head],
    ["a pull request from a fork", fork, "refs/pull/7/merge", merge],
    [
      "a pull request from a deleted fork",
      { ...fork, pullRequest: { ...pull, headRepository: undefined } },
      "refs/pull/7/merge",
      merge,
    ],
    [
      "a pull request from a fork under a workflow of another ref",
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
      "a pull request without a payload",
      { ...pullRequest, pullRequest: undefined },
      "refs/pull/7/merge",
      merge,
    ],
  ])("is the workflow's own for %s: %s %s", (_, trigger, ref, commit) => {
    expect(hasInferableRef(trigger)).toBe(true);
    expect(defaultRef(trigger, thisRepository)).toEqual(inferred(ref, commit));
  });
});

describe("the default ref if the event does not decide it", () => {
  const ambiguousEvents: [string, Trigger][] = [
    "pull_request_target",
    "issue_comment",
    "issues",
    "workflow_run",
    "check_run",
    "check_suite",
    "status",
    "delete",
    "discussion_comment",
    "a_future_event",
  ].map((event) => [event, { ...pullRequest, event }]);

  it.each<[string, Trigger]>([
    ...ambiguousEvents,
    ["a push that deleted its branch", { ...push, deleted: true }],
    ["a push with an all-zero commit", { ...push, sha: "0".repeat(40) }],
    ["a deployment of a bare commit", { ...push, event: "deployment", ref: "" }],
  ])("is the pipeline's default branch, with a notice, under %s", (_, trigger) => {
    expect(hasInferableRef(trigger)).toBe(false);
    for (const repo of [thisRepository, undefined]) {
      const answer = defaultRef(trigger, repo);
      expect(answer).toEqual({ ...pipelineDefault, notice: expect.stringContaining("default branch") });
      expect(answer).toEqual({ ...pipelineDefault, notice: expect.stringContaining("`ref`") });
    }
  });

  it("is the default branch, without a notice, under pull_request_target for a pipeline of another repository", () => {
    const target = { ...push, event: "pull_request_target" };
    expect(defaultRef(target, { ...thisRepository, fullName: "contoso/api" })).toEqual(pipelineDefault);
  });

  it.each(["pull_request", "pull_request_review"])(
    "is the default branch, with a notice that names it, under %s for a pipeline of another repository",
    (event) => {
      const other = { ...thisRepository, fullName: "contoso/old-name" };
      const { notice = "" } = {
        notice: "",
        ...defaultRef({ ...pullRequest, event }, other, "refs/heads/trunk"),
      };
      expect(notice).toMatch(/^The pipeline builds the repository contoso\/old-name \(trunk\), not /);
      expect(notice).toMatch(/renamed.*`ref`\.$/);
      const azureRepos = { kind: "other", fullName: undefined, name: "web", host: undefined } as const;
      expect(defaultRef({ ...pullRequest, event }, azureRepos, "refs/heads/main")).toMatchObject({
        notice: expect.stringMatching(/builds the repository web \(main\)/),
      });
      const unnamed = { ...thisRepository, fullName: undefined };
      expect(defaultRef({ ...pullRequest, event }, unnamed)).toMatchObject({
        notice: expect.stringMatching(/builds another repository \(its default branch\)/),
      });
    },
  );

  it("is the default branch outside a workflow, or if the pipeline's repository is unknown", () => {
    expect(defaultRef({ ...push, repository: "", event: "", ref: "", sha: "" }, undefined)).toEqual(
      pipelineDefault,
    );
    expect(defaultRef(push, undefined)).toEqual(pipelineDefault);
  });
});

describe("the pipeline's repository", () => {
  const server = "https://GitHub.contoso.example";
  it.each<[string, boolean, string, PipelineRepository]>([
    [
      "named in another case",
      true,
      push.serverUrl,
      { ...thisRepository, fullName: "CONTOSO/Web", host: "GitHub.com" },
    ],
    ["without a host", true, push.serverUrl, { ...thisRepository, host: undefined }],
    ["with another name", false, push.serverUrl, { ...thisRepository, fullName: "contoso/web2" }],
    ["without a name", false, push.serverUrl, { ...thisRepository, fullName: undefined }],
    ["in Azure Repos", false, push.serverUrl, { ...thisRepository, kind: "other" }],
    [
      "on a GitHub server, with the workflow on github.com",
      false,
      push.serverUrl,
      { ...thisRepository, host: "github.contoso.example" },
    ],
    [
      "on GitHub Enterprise without a host",
      false,
      push.serverUrl,
      { ...thisRepository, kind: "github-enterprise", host: undefined },
    ],
    [
      "on the same server",
      true,
      server,
      { ...thisRepository, kind: "github-enterprise", host: "github.contoso.example" },
    ],
    ["on an unnamed server", true, server, { ...thisRepository, kind: "github-enterprise", host: undefined }],
    [
      "on another server",
      false,
      server,
      { ...thisRepository, kind: "github-enterprise", host: "git.fabrikam.example" },
    ],
    ["on github.com, with the workflow on a server", false, server, { ...thisRepository, host: undefined }],
    [
      "on GHE.com",
      true,
      "https://contoso.ghe.com",
      { ...thisRepository, kind: "github-enterprise", host: "contoso.ghe.com" },
    ],
  ])("is, %s, the workflow's repository: %s", (_, isOurs, serverUrl, repo) => {
    const answer = defaultRef({ ...push, serverUrl }, repo);
    expect(answer).toEqual(isOurs ? inferred("refs/heads/main", tip) : pipelineDefault);
  });
});
