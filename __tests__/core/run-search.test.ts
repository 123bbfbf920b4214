import { describe, expect, it } from "vitest";
import type { Trigger } from "../../src/core/default-ref.ts";
import type { RunFacts } from "../../src/core/model.ts";
import {
  compareAge,
  isOfOtherCommit,
  type ListedRun,
  matchQuery,
  type RunTrigger,
} from "../../src/core/run-search.ts";
import { runOf } from "./builders.ts";

const head = "1111111111111111111111111111111111111111";

const merge = "2222222222222222222222222222222222222222";

function listed(run: Partial<RunFacts>, trigger: Partial<RunTrigger> = {}): ListedRun {
  const facts = runOf(run);
  const { id, name, url, status, pipeline, source, tags } = facts;
  return {
    run: facts,
    candidate: {
      ...{ id, name, url, status, tags, queuedAt: 0, requesterIds: [], pipelineId: pipeline.id },
      ...{ ...source, parameters: undefined, variables: undefined, reason: undefined },
    },
    trigger: {
      ...{ reason: undefined, ciSourceSha: undefined, prNumber: undefined },
      ...trigger,
    },
  };
}

const main = { ref: "refs/heads/main", commit: head };

const pullMerge = { ref: "refs/pull/7/merge", commit: merge };

const forCommit = { commit: head, ref: undefined, pullRequest: undefined };

describe("a search for a commit", () => {
  it("matches the run that builds it, ignoring case", () => {
    expect(matchQuery(listed({ source: main }), forCommit)).toBe("yes");
    expect(matchQuery(listed({ source: { ...main, commit: head.toUpperCase() } }), forCommit)).toBe("yes");
    expect(matchQuery(listed({ source: { ...main, commit: merge } }), forCommit)).toBe("no");
  });

  it("matches the run that a push of it triggered", () => {
    const run = listed({ source: { ...main, commit: merge } }, { ciSourceSha: head });
    expect(matchQuery(run, forCommit)).toBe("yes");
  });

  it("matches a pull request's run only under events of that pull request", () => {
    const run = listed({ source: pullMerge, prSourceSha: head }, { prNumber: "7" });
    const matchUnder = (pullRequest: number | undefined) => matchQuery(run, { ...forCommit, pullRequest });
    expect([undefined, 8, 7].map(matchUnder)).toEqual(["no", "no", "yes"]);
  });

  it("does not match a pull request's run of an earlier head", () => {
    const run = listed({ source: pullMerge, prSourceSha: merge }, { prNumber: "7" });
    expect(matchQuery(run, { ...forCommit, pullRequest: 7 })).toBe("no");
  });

  it("needs the merge commit's parents for a run of the merge ref without pull request data", () => {
    const run = listed({ source: pullMerge });
    const matchUnder = (pullRequest: number | undefined) => matchQuery(run, { ...forCommit, pullRequest });
    expect([undefined, 8, 7].map(matchUnder)).toEqual(["no", "no", "merge"]);
  });

  it("is undecided about a run whose commit the list does not show", () => {
    expect(matchQuery(listed({ source: { ...main, commit: null } }), forCommit)).toBe("unknown");
  });

  it("matches only runs of the ref, if one is given", () => {
    const query = { ...forCommit, ref: "refs/heads/release" };
    expect(matchQuery(listed({ source: main }), query)).toBe("no");
    expect(matchQuery(listed({ source: { ...main, ref: query.ref } }), query)).toBe("yes");
  });
});

describe("a search for a ref", () => {
  it("matches every run of exactly that ref", () => {
    const query = { commit: undefined, ref: "refs/heads/main", pullRequest: undefined };
    expect(matchQuery(listed({ source: main }), query)).toBe("yes");
    expect(matchQuery(listed({ source: { ...main, ref: "refs/heads/Main" } }), query)).toBe("no");
    expect(matchQuery(listed({ source: { ...main, ref: null } }), query)).toBe("no");
  });
});

describe("the order of runs", () => {
  it("is by queue time, then by id, and a run without a time comes first", () => {
    const runs = [
      listed({ id: 1, createdAt: "2026-11-22T10:00:00Z" }),
      listed({ id: 3, createdAt: "2026-11-22T09:00:00Z" }),
      listed({ id: 2, createdAt: "2026-11-22T10:00:00Z" }),
      listed({ id: 4, createdAt: null }),
    ];
    expect(runs.sort(compareAge).map(({ run }) => run.id)).toEqual([4, 2, 1, 3]);
  });
});

describe("a run of the event's ref", () => {
  const event: Trigger = {
    event: "pull_request",
    repository: "octo/shop",
    serverUrl: "https://github.com",
    ref: "refs/pull/7/merge",
    sha: merge,
    pullRequest: { number: 7, headRef: "topic", headSha: head, headRepository: "octo/shop", baseRef: "main" },
  };
  const topic = "refs/heads/topic";
  const older = "3333333333333333333333333333333333333333";

  it.each<[string, ListedRun, string, boolean]>([
    ["the head", listed({ source: { ref: topic, commit: head } }), topic, false],
    ["an older head", listed({ source: { ref: topic, commit: older } }), topic, true],
    ["the merge commit", listed({ source: pullMerge }), event.ref, false],
    ["an older merge commit", listed({ source: { ...pullMerge, commit: older } }), event.ref, true],
    [
      "another merge of the head",
      listed({ source: { ...pullMerge, commit: older }, prSourceSha: head }, { prNumber: "7" }),
      event.ref,
      false,
    ],
    [
      "a commit of another branch",
      listed({ source: { ref: "refs/heads/x", commit: older } }),
      "refs/heads/x",
      false,
    ],
  ])("that builds %s", (_, run, ref, isOther) => {
    expect(isOfOtherCommit(run, ref, event)).toBe(isOther);
  });
});
