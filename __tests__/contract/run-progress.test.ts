import { expect, test } from "vitest";
import {
  fetchRecords,
  findRecord,
  pipelineSpec,
  singleJobStage,
  type TimelineRecordJson,
} from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

test("a run goes through its states, and both APIs tell it in their own words", async () => {
  await using stage = await openSimulator({ pipelines: [pipelineSpec([singleJobStage("A")])] });
  const id = await stage.startRun(1);
  const look = async () => {
    const build = (await stage.call("GET", `build/builds/${id}`)).json;
    const run = (await stage.call("GET", `pipelines/1/runs/${id}`)).json;
    return [build.status, build.result, "startTime" in build, "finishTime" in build, run.state, run.result];
  };
  expect(await look()).toEqual(["notStarted", undefined, false, false, "inProgress", undefined]);
  stage.simulator.advance(5);
  expect(await look()).toEqual(["inProgress", undefined, true, false, "inProgress", undefined]);
  stage.simulator.advance(10);
  expect(await look()).toEqual(["completed", "succeeded", true, true, "completed", "succeeded"]);
});

test("partiallySucceeded is the Build API's alone", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(44);
  stage.simulator.advance(60);
  expect((await stage.call("GET", `build/builds/${id}`)).json.result).toBe("partiallySucceeded");
  expect((await stage.call("GET", `pipelines/44/runs/${id}`)).json).not.toHaveProperty("result");
  const all = await fetchRecords(stage, id);
  expect(findRecord(all, "Audit.Fuzz", "Phase")).toMatchObject({ state: "completed", result: "skipped" });
  expect(findRecord(all, "Audit.Fuzz.__default")).toBeUndefined();
});

test("no timeline at first, then null records, then only what changed", async () => {
  await using stage = await openSimulator({ quirks: { firstTimelines: 1, recordsNull: 1 } });
  const id = await stage.startRun(42);
  const path = `build/builds/${id}/timeline`;
  expect((await stage.call("GET", path)).status).toBe(204);
  expect((await stage.call("GET", path)).json.records).toBeNull();
  const { changeId } = (await stage.call("GET", path)).json;
  expect((await stage.call("GET", `${path}?changeId=${changeId}`)).json.records).toEqual([]);
  stage.simulator.quirks.unchangedTimeline = "204";
  expect((await stage.call("GET", `${path}?changeId=${changeId}`)).status).toBe(204);
  stage.simulator.advance(4);
  const changed = (await stage.call("GET", `${path}?changeId=${changeId}`)).json;
  expect(changed.changeId).toBeGreaterThan(changeId);
  expect(changed.records.map((record: TimelineRecordJson) => record.identifier)).toContain(
    "Build.Compile.__default",
  );
  expect(changed.records.map((record: TimelineRecordJson) => record.identifier)).not.toContain("Production");
});

test("a log can be late, and half there", async () => {
  await using stage = await openSimulator({ quirks: { lateLogs: 2, growingLogs: 1 } });
  const id = await stage.startRun(49);
  stage.simulator.advance(60);
  const log = async () =>
    (await fetchRecords(stage, id)).find((record) => record.name === "Say hello")?.log?.id;
  expect([await log(), await log()]).toEqual([undefined, undefined]);
  const logId = await log();
  const read = () =>
    stage.call("GET", `build/builds/${id}/logs/${logId}`, undefined, { accept: "text/plain" });
  const half = await read();
  const whole = await read();
  expect(whole.text.length).toBeGreaterThan(half.text.length);
  expect(whole.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  const lines = whole.text.trimEnd().split("\n");
  const tail = await stage.call("GET", `build/builds/${id}/logs/${logId}?startLine=2&endLine=3`);
  expect(tail.json).toEqual({ count: 2, value: lines.slice(1, 3) });
  stage.simulator.quirks.logLineBase = 0;
  const zero = await stage.call("GET", `build/builds/${id}/logs/${logId}?startLine=2`);
  expect(zero.json.value).toEqual(lines.slice(2));
});

test("cancelling takes its time, and may come too late to change anything", async () => {
  await using stage = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A")], { cancelSeconds: 4 })],
  });
  const [early, late] = [await stage.startRun(1), await stage.startRun(1)];
  const cancel = (id: number) =>
    stage.call("PATCH", `build/builds/${id}?api-version=7.1`, { status: "Cancelling" });
  stage.simulator.advance(5);
  expect((await cancel(early)).json.status).toBe("cancelling");
  stage.simulator.advance(5);
  expect((await cancel(late)).json.status).toBe("cancelling");
  stage.simulator.advance(10);
  expect(stage.simulator.runs.map(({ status, result }) => [status, result])).toEqual([
    ["completed", "canceled"],
    ["completed", "succeeded"],
  ]);
  expect((await cancel(early)).status).toBe(200);
  stage.simulator.quirks.cancelFinished = 400;
  expect((await cancel(early)).json.typeKey).toBe("BuildStatusInvalidChangeException");
});

test("an agent that is lost, one that never comes, and one that may not", async () => {
  const tasks = [
    { name: "one", seconds: 4 },
    { name: "two", seconds: 6 },
  ];
  const jobs = [
    { name: "Lost", agentLost: true, tasks },
    { name: "Never", neverGetsAgent: true, tasks },
    { name: "Refused", refused: "No hosted parallelism has been purchased or granted.", tasks },
  ];
  await using stage = await openSimulator({ pipelines: [pipelineSpec([{ name: "A", jobs }])] });
  const id = await stage.startRun(1);
  stage.simulator.advance(30);
  await stage.call("PATCH", `build/builds/${id}?api-version=7.1`, { status: "cancelling" });
  stage.simulator.advance(30);
  const all = await fetchRecords(stage, id);
  expect(findRecord(all, "A.Lost.__default")).toMatchObject({
    result: "failed",
    log: null,
    issues: [{ category: null }],
  });
  expect(all.find((record) => record.name === "two")).toMatchObject({ result: "abandoned", log: null });
  expect(findRecord(all, "A.Never.__default")).toMatchObject({
    result: "abandoned",
    startTime: null,
    finishTime: null,
  });
  expect(findRecord(all, "A.Refused.__default")).toMatchObject({
    result: "failed",
    issues: [{ type: "error" }],
  });
});

test("an issue says on which line of its log it is", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(48);
  stage.simulator.advance(60);
  const failed = (await fetchRecords(stage, id)).find(
    (record) => record.result === "failed" && record.type === "Task",
  );
  const [issue] = failed?.issues ?? [];
  const { json } = await stage.call("GET", `build/builds/${id}/logs/${failed?.log?.id}`);
  const line = json.value[Number(issue?.data["logFileLineNumber"]) - 1];
  expect(line).toMatch(/^\S+Z ##\[error\]::error::It said/);
});
