import { describe, expect, it } from "vitest";
import type { Trigger } from "../../src/core/default-ref.ts";
import { type RunSource, reportTarget } from "../../src/core/report-commit.ts";

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
    ["the event's commit where it was built", push, source(), { kind: "commit", sha: head }],
    [
      "the event's commit for a pipeline of another repository",
      push,
      elsewhere,
      { kind: "commit", sha: head },
    ],
    [
      "the head of the pull request whose own merge was built",
      pullRequest,
      ofMerge(merge),
      { kind: "commit", sha: head },
    ],
    [
      "the head that a pull request build names",
      pullRequest,
      ofMerge(other, head),
      { kind: "commit", sha: head },
    ],
    [
      "the head of another merge only if that is its second parent",
      pullRequest,
      ofMerge(other),
      { kind: "merged-head", mergeCommit: other, expected: head },
    ],
    ["not known before the run says what it builds", push, source({ commit: null }), { kind: "unknown" }],
  ])("is %s", (_, trigger, runSource, expected) => {
    expect(reportTarget(undefined, trigger, runSource)).toEqual(expected);
  });

  it.each<[string, Trigger, RunSource]>([
    [
      "pull_request_target that builds the default branch",
      { ...pullRequest, event: "pull_request_target" },
      source({ commit: base }),
    ],
    [
      "workflow_run that builds the default branch",
      { ...push, event: "workflow_run", workflowRunHeadSha: other },
      source(),
    ],
    ["a closed pull request", pullRequest, source({ commit: base })],
    ["a pull request build of an older head", pullRequest, ofMerge(other, base)],
  ])("is no commit under %s", (_, trigger, runSource) => {
    expect(reportTarget(undefined, trigger, runSource)).toMatchObject({
      kind: "none",
      reason: expect.stringMatching(/^the run built [a-f0-9]{12}, not [a-f0-9]{12}/),
    });
  });
});

describe("check-commit: run", () => {
  it.each<[string, RunSource, ReturnType<typeof reportTarget>]>([
    ["the commit that was built", source({ commit: other }), { kind: "commit", sha: other }],
    ["the head that a pull request build names", ofMerge(merge, head), { kind: "commit", sha: head }],
    [
      "the second parent of a merge that was started through the API",
      ofMerge(merge),
      { kind: "merged-head", mergeCommit: merge, expected: undefined },
    ],
    [
      "none of a pipeline of another repository",
      elsewhere,
      { kind: "none", reason: "`check-commit: run` is set, but the pipeline builds another repository" },
    ],
  ])("is %s", (_, runSource, expected) => {
    expect(reportTarget({ kind: "run" }, push, runSource)).toEqual(expected);
  });
});

it("is the hash that was given, whatever was built", () => {
  expect(reportTarget({ kind: "hash", sha: other }, push, elsewhere)).toEqual({ kind: "commit", sha: other });
});
