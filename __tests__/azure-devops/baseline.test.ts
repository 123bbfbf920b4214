import { describe, expect, it } from "vitest";
import { readBaseline } from "../../src/azure-devops/baseline.ts";
import type { RunFacts } from "../../src/core/model.ts";
import { runOf } from "../core/builders.ts";
import { buildJson, timelineRecords } from "../support/azure-responses.ts";
import { createScriptedClient, jsonResponse, neverAborted } from "./scripted-client.ts";

const failedRun: RunFacts = runOf({
  id: 350,
  result: "failed",
  source: { ref: "refs/heads/main", commit: "c".repeat(40) },
  finishedAt: "2026-06-02T15:00:00Z",
});

const success = (id: number, overrides: object = {}) => buildJson("completed", { id, ...overrides });

function baselineOf(responses: Parameters<typeof createScriptedClient>[0], run = failedRun) {
  const client = createScriptedClient(responses);
  const options = { run, runUrl: (id: number) => `https://x/${id}`, retryForMs: 0, timeoutMs: 5_000 };
  return { client, baseline: readBaseline(client.send, options, neverAborted) };
}

describe("the baseline of a failed run", () => {
  it("is the last success of its ref, with the commits since and the usual duration", async () => {
    const commit = {
      id: "d".repeat(40),
      message: "Fix login\r\n\nlong story",
      author: { displayName: "Ada" },
    };
    const changes = {
      value: [{ ...commit, displayUri: "https://github.com/o/r/commit/d" }, { message: "no id" }],
    };
    const { client, baseline } = baselineOf([
      jsonResponse({ value: [success(345), success(340)] }),
      jsonResponse(changes),
      jsonResponse({ records: timelineRecords("completed", "succeeded") }),
    ]);
    expect(await baseline).toMatchObject({
      lastSuccess: { id: 345, name: "20260602.13" },
      isSameCommit: false,
      commits: {
        first: [
          { hash: commit.id, title: "Fix login", author: "Ada", url: "https://github.com/o/r/commit/d" },
        ],
        hasMore: false,
      },
      typicalMs: 340_000,
      tree: { stages: [{ name: "Deploy", jobs: [{ displayName: "Smoke tests" }] }] },
    });
    expect(client.requestLines()).toEqual([
      "GET build/builds?definitions=42&branchName=refs%2Fheads%2Fmain&statusFilter=completed&resultFilter=succeeded&queryOrder=finishTimeDescending&maxTime=2026-06-02T15%3A00%3A00Z&$top=10&api-version=7.1",
      "GET build/changes?fromBuildId=345&toBuildId=350&$top=50&api-version=7.1-preview.2",
      "GET build/builds/345/timeline?api-version=7.1",
    ]);
  });

  it("needs no list of commits if the last success built the same commit", async () => {
    const same = success(345, { sourceVersion: "c".repeat(40) });
    const { client, baseline } = baselineOf([jsonResponse({ value: [same] }), jsonResponse({ records: [] })]);
    expect(await baseline).toMatchObject({ isSameCommit: true, commits: undefined });
    expect(client.requestLines()).toEqual([
      expect.stringMatching(/^GET build\/builds\?/),
      expect.stringMatching(/^GET build\/builds\/345\/timeline\?/),
    ]);
  });

  it("has no commits, stages and jobs if the service refuses to list them", async () => {
    const { baseline } = baselineOf([jsonResponse({ value: [success(345)] }), { status: 404 }]);
    expect(await baseline).toMatchObject({ lastSuccess: { id: 345 }, commits: undefined, tree: undefined });
  });

  it("is not a newer run, or one with another ref, pipeline or result, even if the server ignores filters", async () => {
    const others = [
      success(351),
      success(340, { sourceBranch: "refs/heads/topic" }),
      success(339, { definition: { id: 43 } }),
      success(338, { result: "failed" }),
    ];
    const { client, baseline } = baselineOf([jsonResponse({ value: others })]);
    expect([await baseline, client.requests.length]).toEqual([undefined, 1]);
  });
});
