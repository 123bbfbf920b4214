import { describe, expect, it } from "vitest";
import type { Trigger } from "../../src/core/default-ref.ts";
import { type RunSource, reportTarget, sourceOrigin } from "../../src/core/report-commit.ts";

const head = "a".repeat(40);
const base = "b".repeat(40);
const merge = "c".repeat(40);
const other = "d".repeat(40);

const push: Trigger = {
  event: "push",
  repository: "contoso/web",
  serverUrl: "https://github.com",
  ref: "refs/heads/main",
  sha: head,
};
const pullRequest: Trigger = {
  ...push,
  event: "pull_request",
  ref: "refs/pull/7/merge",
  sha: merge,
  pullRequest: { number: 7, headRef: "topic", headSha: head, headRepository: "fork/web", baseRef: "main" },
};
const source = (changes: Partial<RunSource> = {}): RunSource => ({
  ref: "refs/heads/main",
  commit: head,
  prSourceSha: undefined,
  repository: { kind: "github", fullName: "contoso/web", host: "github.com" },
  ...changes,
});
const elsewhere = source({
  commit: other,
  repository: { kind: "other", fullName: undefined, host: undefined },
});
const ofMerge = (commit: string | null, prSourceSha?: string) =>
  source({ ref: "refs/pull/7/merge", commit, prSourceSha });

describe("a blank check-commit", () => {
  it.each<[string, Trigger, RunSource, ReturnType<typeof reportTarget>]>([
    ["the event's commit if the run built it", push, source(), { kind: "commit", sha: head }],
    [
      "the event's commit for a pipeline of another repository",
      push,
      elsewhere,
      { kind: "commit", sha: head },
    ],
    [
      "the pull request's head if the run built its merge commit",
      pullRequest,
      ofMerge(merge),
      { kind: "commit", sha: head },
    ],
    [
      "the head that a pull request run names",
      pullRequest,
      ofMerge(other, head),
      { kind: "commit", sha: head },
    ],
    [
      "the pull request's head, if it is the second parent of the merge commit that was built",
      pullRequest,
      ofMerge(other),
      { kind: "merged-head", mergeCommit: other, expected: head },
    ],
    ["unknown until the run has a commit", push, source({ commit: null }), { kind: "unknown" }],
  ])("is %s", (_, trigger, runSource, expected) => {
    expect(reportTarget(undefined, trigger, runSource)).toEqual(expected);
  });

  it.each<[string, Trigger, RunSource]>([
    [
      "pull_request_target, if the run built the default branch",
      { ...pullRequest, event: "pull_request_target" },
      source({ commit: base }),
    ],
    [
      "workflow_run, if the run built the default branch",
      { ...push, event: "workflow_run", workflowRunHeadSha: other },
      source(),
    ],
    ["a closed pull request", pullRequest, source({ commit: base })],
    ["pull_request, if the run built an older head", pullRequest, ofMerge(other, base)],
  ])("is none, with a reason, under %s", (_, trigger, runSource) => {
    expect(reportTarget(undefined, trigger, runSource)).toMatchObject({
      kind: "none",
      reason: expect.stringMatching(/^the run built [a-f0-9]{12}, not [a-f0-9]{12}/),
    });
  });
});

describe("check-commit: run", () => {
  it.each<[string, RunSource, ReturnType<typeof reportTarget>]>([
    ["the commit that was built", source({ commit: other }), { kind: "commit", sha: other }],
    ["the head that a pull request run names", ofMerge(merge, head), { kind: "commit", sha: head }],
    [
      "the second parent of the merge commit, for a run started through the API",
      ofMerge(merge),
      { kind: "merged-head", mergeCommit: merge, expected: undefined },
    ],
    [
      "none, with a reason, for a pipeline of another repository",
      elsewhere,
      { kind: "none", reason: "`check-commit: run` is set, but the pipeline builds another repository" },
    ],
  ])("is %s", (_, runSource, expected) => {
    expect(reportTarget({ kind: "run" }, push, runSource)).toEqual(expected);
  });
});

it("check-commit with a hash is that hash, whatever the run built", () => {
  expect(reportTarget({ kind: "hash", sha: other }, push, elsewhere)).toEqual({ kind: "commit", sha: other });
});

describe("the files of a run", () => {
  const originOf = (trigger: Trigger, { ref, commit, ...others }: RunSource) =>
    sourceOrigin(trigger, { source: { ref, commit }, ...others });

  it.each<[string, Trigger, RunSource, ReturnType<typeof sourceOrigin>]>([
    ["are those of the event's commit where it was built", push, source(), "event-commit"],
    ["are so in a mirror too", push, { ...elsewhere, commit: head.toUpperCase() }, "event-commit"],
    ["are those of the head that was merged", pullRequest, ofMerge(merge), "event-commit"],
    ["are of another commit of the repository", push, source({ commit: other }), "repository"],
    ["are of another repository", push, elsewhere, "elsewhere"],
  ])("%s", (_, trigger, built, expected) => {
    expect(originOf(trigger, built)).toBe(expected);
  });
});
