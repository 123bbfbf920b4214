import { describe, expect, it } from "vitest";
import { searchRuns } from "../../src/azure-devops/run-list.ts";
import type { HttpResponse } from "../../src/ports.ts";
import { createScriptedClient, jsonResponse, neverAborted } from "./scripted-client.ts";

const query = { pipelineId: 42, ref: undefined, maxRuns: 1_000, maxAgeMs: 30 * 86_400_000, retryForMs: 0 };

interface Fields {
  readonly [name: string]: unknown;
}

function build(id: number, fields: Fields = {}): Fields {
  const definition = { id: 42, name: "ci", path: "\\" };
  return { id, status: "completed", queueTime: "2026-06-02T14:00:00Z", definition, ...fields };
}

/** Pages of builds; each except the last has a continuation token. */
function pages(...lists: readonly (readonly Fields[])[]): HttpResponse[] {
  return lists.map((value, index) =>
    jsonResponse(
      { count: value.length, value },
      index < lists.length - 1 ? { headers: { "x-ms-continuationtoken": `page${index + 2}` } } : {},
    ),
  );
}

async function search(responses: readonly Partial<HttpResponse>[], overrides: Partial<typeof query> = {}) {
  const client = createScriptedClient(responses);
  const result = await searchRuns(
    { send: client.send, runUrl: (id) => `https://x/${id}`, now: client.clock.now },
    { ...query, ...overrides },
    neverAborted,
  );
  return { ...result, ids: result.runs.map(({ run }) => run.id), requests: client.requestLines() };
}

describe("searchRuns", () => {
  it("requests the newest runs of one pipeline, of any branch", async () => {
    const { requests, ids, isTruncated } = await search(pages([build(3), build(2)]));
    expect(requests).toEqual([
      "GET build/builds?definitions=42&queryOrder=queueTimeDescending&$top=200&api-version=7.1",
    ]);
    expect([ids, isTruncated]).toEqual([[3, 2], false]);
  });

  it("follows the continuation token to the end of the list", async () => {
    const { requests, ids } = await search(pages([build(3)], [build(2)], [build(1)]));
    expect(ids).toEqual([3, 2, 1]);
    expect(requests.slice(1).map((line) => /continuationToken=(\w+)/.exec(line)?.[1])).toEqual([
      "page2",
      "page3",
    ]);
  });

  it("stops after maxRuns, and returns that there are more", async () => {
    const { ids, isTruncated, requests } = await search(pages([build(3), build(2)], [build(1)]), {
      maxRuns: 2,
    });
    expect([ids, isTruncated, requests.length]).toEqual([[3, 2], true, 1]);
  });

  it("stops after a run that is older than maxAgeMs, and returns that there are more", async () => {
    const old = build(2, { queueTime: "2026-04-02T14:00:00Z" });
    const { isTruncated, requests } = await search(pages([build(3), old], [build(1)]));
    expect([isTruncated, requests.length]).toEqual([true, 1]);
  });

  it("drops runs of other pipelines and deleted ones, whatever the server filters", async () => {
    const other = build(4, { definition: { id: 43 } });
    const { ids } = await search(
      pages([build(5, { deleted: true }), other, build(6, { definition: {} }), build(3)]),
    );
    expect(ids).toEqual([3]);
  });

  it("sorts runs by queue time, whatever the server's order", async () => {
    const { ids } = await search(pages([build(1), build(3), build(2)]));
    expect(ids).toEqual([3, 2, 1]);
  });

  it("returns the reason and the trigger of a run", async () => {
    const triggerInfo = { "ci.sourceSha": "ABC", "pr.number": 7, "pr.sourceSha": "DEF" };
    const { runs } = await search(pages([build(1, { reason: "pullRequest", triggerInfo })]));
    expect(runs[0]?.trigger).toEqual({
      reason: "pullRequest",
      ciSourceSha: "abc",
      prNumber: "7",
    });
    expect(runs[0]?.run.prSourceSha).toBe("def");
  });

  it("fails if a page is not a list", async () => {
    await expect(search([jsonResponse({ message: "no list" })])).rejects.toThrow("not a list of runs");
  });

  it("fails if a continuation token is repeated", async () => {
    const page = jsonResponse({ value: [build(1)] }, { headers: { "x-ms-continuationtoken": "again" } });
    await expect(search([page, page])).rejects.toThrow("repeated itself");
  });
});
