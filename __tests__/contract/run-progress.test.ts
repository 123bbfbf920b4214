import { expect, test } from "vitest";
import {
  fetchRecords,
  findRecord,
  pipelineSpec,
  singleJobStage,
  type TimelineRecordJson,
} from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

test("a run goes through its states, which each API reports in its own words", async () => {
  await using client = await openSimulator({ pipelines: [pipelineSpec([singleJobStage("A")])] });
  const id = await client.startRun(1);
  const readStates = async () => {
    const build = (await client.call("GET", `build/builds/${id}`)).json;
    const run = (await client.call("GET", `pipelines/1/runs/${id}`)).json;
    return [build.status, build.result, "startTime" in build, "finishTime" in build, run.state, run.result];
  };
  expect(await readStates()).toEqual(["notStarted", undefined, false, false, "inProgress", undefined]);
  client.simulator.advance(5);
  expect(await readStates()).toEqual(["inProgress", undefined, true, false, "inProgress", undefined]);
  client.simulator.advance(10);
  expect(await readStates()).toEqual(["completed", "succeeded", true, true, "completed", "succeeded"]);
});

test("only the Build API reports partiallySucceeded", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(44);
  client.simulator.advance(60);
  expect((await client.call("GET", `build/builds/${id}`)).json.result).toBe("partiallySucceeded");
  expect((await client.call("GET", `pipelines/44/runs/${id}`)).json).not.toHaveProperty("result");
  const all = await fetchRecords(client, id);
  expect(findRecord(all, "Audit.Fuzz", "Phase")).toMatchObject({ state: "completed", result: "skipped" });
  expect(findRecord(all, "Audit.Fuzz.__default")).toBeUndefined();
});

test("the timeline is missing at first, then has null records, then only changed records", async () => {
  await using client = await openSimulator({ quirks: { firstTimelines: 1, recordsNull: 1 } });
  const id = await client.startRun(42);
  const path = `build/builds/${id}/timeline`;
  expect((await client.call("GET", path)).status).toBe(204);
  expect((await client.call("GET", path)).json.records).toBeNull();
  const { changeId } = (await client.call("GET", path)).json;
  expect((await client.call("GET", `${path}?changeId=${changeId}`)).json.records).toEqual([]);
  client.simulator.quirks.unchangedTimeline = "204";
  expect((await client.call("GET", `${path}?changeId=${changeId}`)).status).toBe(204);
  client.simulator.advance(4);
  const changed = (await client.call("GET", `${path}?changeId=${changeId}`)).json;
  expect(changed.changeId).toBeGreaterThan(changeId);
  expect(changed.records.map((record: TimelineRecordJson) => record.identifier)).toContain(
    "Build.Compile.__default",
  );
  expect(changed.records.map((record: TimelineRecordJson) => record.identifier)).not.toContain("Production");
});

test("a log can appear late and incomplete", async () => {
  await using client = await openSimulator({ quirks: { lateLogs: 2, growingLogs: 1 } });
  const id = await client.startRun(49);
  client.simulator.advance(60);
  const log = async () =>
    (await fetchRecords(client, id)).find((record) => record.name === "Say hello")?.log?.id;
  expect([await log(), await log()]).toEqual([undefined, undefined]);
  const logId = await log();
  const read = () =>
    client.call("GET", `build/builds/${id}/logs/${logId}`, undefined, { accept: "text/plain" });
  const half = await read();
  const whole = await read();
  expect(whole.text.length).toBeGreaterThan(half.text.length);
  expect(whole.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  const lines = whole.text.trimEnd().split("\n");
  const tail = await client.call("GET", `build/builds/${id}/logs/${logId}?startLine=2&endLine=3`);
  expect(tail.json).toEqual({ count: 2, value: lines.slice(1, 3) });
  client.simulator.quirks.logLineBase = 0;
  const zero = await client.call("GET", `build/builds/${id}/logs/${logId}?startLine=2`);
  expect(zero.json.value).toEqual(lines.slice(2));
});

test("a cancellation takes several seconds, and can come too late to change the result", async () => {
  await using client = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A")], { cancelSeconds: 4 })],
  });
  const [early, late] = [await client.startRun(1), await client.startRun(1)];
  const cancel = (id: number) =>
    client.call("PATCH", `build/builds/${id}?api-version=7.1`, { status: "Cancelling" });
  client.simulator.advance(5);
  expect((await cancel(early)).json.status).toBe("cancelling");
  client.simulator.advance(5);
  expect((await cancel(late)).json.status).toBe("cancelling");
  client.simulator.advance(10);
  expect(client.simulator.runs.map(({ status, result }) => [status, result])).toEqual([
    ["completed", "canceled"],
    ["completed", "succeeded"],
  ]);
  expect((await cancel(early)).status).toBe(200);
  client.simulator.quirks.cancelFinished = 400;
  expect((await cancel(early)).json.typeKey).toBe("BuildStatusInvalidChangeException");
});

test("a job fails if its agent is lost or refused, and is abandoned if it never gets one", async () => {
  const tasks = [
    { name: "one", seconds: 4 },
    { name: "two", seconds: 6 },
  ];
  const jobs = [
    { name: "Lost", agentLost: true, tasks },
    { name: "Never", neverGetsAgent: true, tasks },
    { name: "Refused", refused: "No hosted parallelism has been purchased or granted.", tasks },
  ];
  await using client = await openSimulator({ pipelines: [pipelineSpec([{ name: "A", jobs }])] });
  const id = await client.startRun(1);
  client.simulator.advance(30);
  await client.call("PATCH", `build/builds/${id}?api-version=7.1`, { status: "cancelling" });
  client.simulator.advance(30);
  const all = await fetchRecords(client, id);
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

test("an issue has the number of its line in the log", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(48);
  client.simulator.advance(60);
  const failed = (await fetchRecords(client, id)).find(
    (record) => record.result === "failed" && record.type === "Task",
  );
  const [issue] = failed?.issues ?? [];
  const { json } = await client.call("GET", `build/builds/${id}/logs/${failed?.log?.id}`);
  const line = json.value[Number(issue?.data["logFileLineNumber"]) - 1];
  expect(line).toMatch(/^\S+Z ##\[error\]::error::It said/);
});
