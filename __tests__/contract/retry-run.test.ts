import { expect, test } from "vitest";
import { recordId } from "../../simulator/index.ts";
import { fetchRecords, findRecord } from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

test("retrying a run: the same id, a new attempt of what failed, the old one in a timeline of its own", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(50);
  stage.simulator.advance(60);
  expect(stage.simulator.runs[0]).toMatchObject({ result: "failed", attempt: 1 });
  const old = await fetchRecords(stage, id);
  const retried = await stage.call("PATCH", `build/builds/${id}?retry=true&api-version=7.1`, {});
  expect(retried.json).toMatchObject({ id, status: "inProgress" });
  expect(retried.json).not.toHaveProperty("result");
  stage.simulator.advance(60);
  expect(stage.simulator.runs[0]).toMatchObject({ result: "succeeded", attempt: 2 });
  const all = await fetchRecords(stage, id);
  const before = recordId("Test");
  expect(findRecord(all, "Test", "Stage")).toMatchObject({
    id: recordId("Test", 2),
    attempt: 2,
    previousAttempts: [{ attempt: 1, timelineId: before, recordId: before }],
  });
  expect(findRecord(all, "Test.Lint.__default")).toMatchObject({
    attempt: 1,
    id: recordId("Test.Lint.__default"),
  });
  expect(findRecord(all, "Test.Browser.__default")).toMatchObject({
    attempt: 2,
    id: recordId("Test.Browser.__default", 2),
  });
  expect(findRecord(all, "Publish", "Stage")).toMatchObject({ result: "succeeded", attempt: 1 });
  const earlier = await fetchRecords(stage, id, `/${before}`);
  expect(earlier.map((record) => record.id).sort()).toEqual(old.map((record) => record.id).sort());
  expect(findRecord(earlier, "Test.Browser.__default")?.result).toBe("failed");
  const again = await stage.call("PATCH", `build/builds/${id}?retry=true&api-version=7.1`, {});
  expect(again.status).toBe(400);
});

test("the other shape of a retry: the job alone has a new attempt", async () => {
  await using stage = await openSimulator({ quirks: { retryShape: "job" } });
  const id = await stage.startRun(50);
  stage.simulator.advance(60);
  await stage.call("PATCH", `build/builds/${id}?retry=true&api-version=7.1`, {});
  stage.simulator.advance(60);
  const all = await fetchRecords(stage, id);
  const old = recordId("Test.Browser.__default");
  expect(findRecord(all, "Test", "Stage")).toMatchObject({
    attempt: 1,
    previousAttempts: [],
    result: "succeeded",
  });
  expect(findRecord(all, "Test.Browser.__default")?.previousAttempts).toEqual([
    { attempt: 1, timelineId: old, recordId: old },
  ]);
  expect((await fetchRecords(stage, id, `/${old}`)).map((record) => record.id)).toEqual([old]);
});

test("retrying one stage, which must have been run and be over", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(50);
  const retry = (name: string, body: unknown = { state: "retry" }) =>
    stage.call("PATCH", `build/builds/${id}/stages/${name}?api-version=7.1`, body);
  stage.simulator.advance(4);
  expect((await retry("Test")).json.message).toContain("currently in progress");
  stage.simulator.advance(60);
  expect((await retry("Publish")).json.message).toContain("has never been run");
  const done = await retry("test", { state: "retry", forceRetryAllJobs: true });
  expect([done.status, done.text]).toEqual([200, ""]);
  stage.simulator.advance(60);
  expect(findRecord(await fetchRecords(stage, id), "Test.Lint.__default")?.attempt).toBe(2);
});
