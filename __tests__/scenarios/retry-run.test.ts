import { describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import { requestHash, rerunTag } from "../../src/core/rerun-tag.ts";
import * as answers from "../support/azure-responses.ts";
import {
  buildJson,
  buildList,
  errorReply,
  happyPath,
  pollRoute,
  runJson,
  runUrl,
  startRoute,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const body = { resources: { repositories: { self: { refName: "refs/heads/main" } } } };

const tagOf = (key: string) =>
  rerunTag({
    workflowRunId: "17000000001",
    attempt: 1,
    key,
    requestHash: requestHash({ pipelineId: 42, body }),
  });

const tag = tagOf("build/0/ado");

const old = { result: "failed", tags: [tag], finishTime: "2026-06-02T14:46:49.7141572Z" };

const oldEnd = { body: buildJson("completed", old) };

const listing = "GET build/builds";

const runPatch = "PATCH build/builds/345";

const stagePatch = "PATCH build/builds/345/stages/Deploy";

const failedOnce = {
  ...happyPath,
  [startRoute]: { body: runJson({ id: 346, name: "20260602.14" }) },
  [listing]: buildList(oldEnd.body),
  [pollRoute]: oldEnd,
  [timelineRoute]: { body: { id: "t", changeId: 1, records: timelineRecords("completed", "failed") } },
  "GET build/builds/346": { body: buildJson("completed", { id: 346, buildNumber: "20260602.14" }) },
  "GET build/builds/346/timeline": answers.noTimeline,
  "POST build/builds/346/tags": { body: { count: 1, value: [tag] } },
};

const again = (azure: { readonly organization: string }, more = {}) =>
  inputsFor(azure, { "on-rerun": "retry-failed", ...more });

describe.concurrent("a retry", () => {
  it("is not complete while the service still shows the end of the earlier attempt", async () => {
    const newEnd = { body: buildJson("completed", { tags: [tag] }) };
    await using azure = await scriptedAzure({
      ...failedOnce,
      [pollRoute]: [oldEnd, oldEnd, { body: buildJson("inProgress", { tags: [tag] }) }, newEnd],
      [timelineRoute]: answers.noTimeline,
      [stagePatch]: { status: 204 },
      [runPatch]: { body: buildJson("inProgress") },
    });
    const { main } = await runAction(again(azure), { attempt: 2 });
    expect([main.exitCode, main.outputs["result"], main.outputs["run-id"]], main.log).toEqual([
      0,
      "succeeded",
      "345",
    ]);
  });

  it.each([
    [
      "never run",
      errorReply(400, "BuildException", "Unable to retry stage Deploy because it has never been run."),
    ],
    ["retention", errorReply(404, "BuildNotFoundException", "The requested build 345 could not be found.")],
  ])("that is refused (%s) becomes a new run, and a warning has the service's words", async (_, refusal) => {
    await using azure = await scriptedAzure({
      ...failedOnce,
      [stagePatch]: refusal,
      [runPatch]: refusal,
    });
    const { main } = await runAction(again(azure), { attempt: 2 });
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "346"]);
    const [warning, ...more] = main.annotations.filter(({ level }) => level === "warning");
    expect(more).toEqual([]);
    expect(warning?.message).toMatch(/^20260602\.13 of an earlier attempt cannot be retried\./);
    expect(warning?.message).toContain((refusal.body as { message: string }).message);
    expect(warning?.message).toMatch(/Starting a new run\.$/);
    expect(azure.requestLines().filter((line) => line.startsWith("POST pipelines"))).toHaveLength(1);
  });

  it("without the permission fails the step, and no run is started", async () => {
    const refusal = errorReply(
      403,
      "AccessDeniedException",
      "TF215106: Access denied. Mona needs Queue builds permissions for it.",
    );
    await using azure = await scriptedAzure({ ...failedOnce, [stagePatch]: refusal });
    const result = await runAction(again(azure), { attempt: 2 });
    const text = expectFailure(result, "forbidden");
    expect(text).toContain("TF215106");
    expect(text).toContain('Grant the identity the permission "Queue builds"');
    expect(azure.requestLines().some((line) => line.startsWith("POST"))).toBe(false);
    expect(result.main.outputs).toMatchObject({ "run-id": "345", "summary-file": expect.any(String) });
    expect(result.main.summary).toMatch(/^## ❗ .+: the action failed \(forbidden\)$/m);
    expect(result.main.summary).toContain(runUrl);
  });

  it("of a stage is sent as a retry of the run to a server without stage retries", async () => {
    await using azure = await scriptedAzure({
      ...failedOnce,
      [pollRoute]: [oldEnd, { body: buildJson("inProgress") }, { body: buildJson("completed") }],
      [stagePatch]: {
        status: 404,
        headers: { "x-tfs-processid": "p" },
        body: "The resource cannot be found.",
      },
      [runPatch]: { body: buildJson("inProgress") },
    });
    const { main } = await runAction(again(azure), { attempt: 2 });
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(azure.requestLines()).toContain("PATCH build/builds/345?retry=true&api-version=7.1");
  });

  it("of a deleted run becomes a new run", async () => {
    const gone = errorReply(404, "BuildNotFoundException", "The requested build 345 could not be found.");
    await using azure = await scriptedAzure({ ...failedOnce, [pollRoute]: gone });
    const { main } = await runAction(again(azure), { attempt: 2 });
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "346"]);
  });

  it("that is already in progress because a response was lost is followed", async () => {
    const busy = "Unable to retry the pipeline because stage Deploy is currently in progress.";
    await using azure = await scriptedAzure({
      ...failedOnce,
      [pollRoute]: [oldEnd, { body: buildJson("inProgress") }, { body: buildJson("completed") }],
      [stagePatch]: [{ fault: "reset" }, errorReply(400, "BuildException", busy)],
    });
    const { main } = await runAction(again(azure), { attempt: 2 });
    expect([main.exitCode, main.outputs["run-id"], main.outputs["result"]], main.log).toEqual([
      0,
      "345",
      "succeeded",
    ]);
    expect(azure.requestLines().some((line) => line.startsWith("POST"))).toBe(false);
  });

  it("is not sent for a run that success-when accepts", async () => {
    const partly = { body: buildJson("completed", { result: "partiallySucceeded", tags: [tag] }) };
    await using azure = await scriptedAzure({
      ...failedOnce,
      [listing]: buildList(partly.body),
      [pollRoute]: partly,
    });
    const enough = { "success-when": "result != 'failed'" };
    const { main } = await runAction(again(azure, enough), { attempt: 2 });
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(azure.requestLines().some((line) => /^(POST|PATCH)/.test(line))).toBe(false);
  });

  it("is cancelled with the job", async () => {
    await using azure = await scriptedAzure({
      ...failedOnce,
      [pollRoute]: [oldEnd, { body: buildJson("inProgress") }],
      [stagePatch]: { status: 204 },
      [runPatch]: { body: buildJson("cancelling") },
    });
    await using action = startAction(again(azure), { attempt: 2 });
    await azure.waitForRequest(/^PATCH .*stages/);
    action.cancel();
    const { main } = await action.done;
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(azure.requestLines().filter((line) => line.startsWith("PATCH"))).toEqual([
      `${stagePatch}?api-version=7.1`,
      "PATCH build/builds/345?api-version=7.1",
    ]);
  });

  it("is sent for the whole run if it has no stages", async () => {
    await using azure = await scriptedAzure({
      ...failedOnce,
      [pollRoute]: [oldEnd, { body: buildJson("inProgress") }, { body: buildJson("completed") }],
      [timelineRoute]: {
        body: { id: "t", changeId: 1, records: timelineRecords("completed", "failed").slice(2) },
      },
      [runPatch]: { body: buildJson("inProgress") },
    });
    const { main } = await runAction(again(azure), { attempt: 2 });
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(azure.requestLines()).toContain("PATCH build/builds/345?retry=true&api-version=7.1");
  });
});

describe.concurrent("the tags of runs", () => {
  it("are filtered by the action if an older server ignores the filter", async () => {
    const others = buildJson("completed", { id: 300, tags: [tagOf("build/1/ado")] });
    await using azure = await scriptedAzure({
      ...failedOnce,
      [listing]: buildList(others, oldEnd.body),
    });
    const { main } = await runAction(again(azure, { "on-rerun": "attach" }), { attempt: 2 });
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([1, "345"]);
    expect(azure.requestLines()[0]).toBe(
      `GET build/builds?definitions=42&tagFilters=${encodeURIComponent(tag)}&queryOrder=queueTimeDescending&$top=50&api-version=7.1`,
    );
  });

  it("cause one warning if they cannot be added", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      "POST build/builds/345/tags": { status: 403, body: { message: "TF215106: Access denied." } },
    });
    const { main } = await runAction(again(azure));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The run was not tagged\. .*TF215106/),
    ]);
  });

  it("of another step exclude a run that would match", async () => {
    const queueTime = new Date(Date.now() + 60_000).toISOString();
    const ours = buildJson("inProgress", { queueTime });
    const sibling = { ...ours, id: 300, tags: [tagOf("build/1/ado")] };
    await using azure = await scriptedAzure({
      ...happyPath,
      [startRoute]: { status: 503, body: "away" },
      [listing]: buildList(sibling, ours),
      "GET pipelines/42/runs/345": { body: runJson() },
      "POST build/builds/345/tags": { body: { count: 1, value: [tag] } },
    });
    const { main } = await runAction(again(azure));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(azure.requestLines().filter((line) => line.startsWith("POST pipelines"))).toHaveLength(1);
  });
});
