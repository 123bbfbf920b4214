import { expect, test } from "vitest";
import { recordId } from "../../simulator/index.ts";
import { fetchRecords, findRecord } from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

test("a retry keeps the run's id, adds an attempt of what failed, and moves the old one to its own timeline", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(50);
  client.simulator.advance(60);
  expect(client.simulator.runs[0]).toMatchObject({ result: "failed", attempt: 1 });
  const old = await fetchRecords(client, id);
  const retried = await client.call("PATCH", `build/builds/${id}?retry=true&api-version=7.1`, {});
  expect(retried.json).toMatchObject({ id, status: "inProgress" });
  expect(retried.json).not.toHaveProperty("result");
  client.simulator.advance(60);
  expect(client.simulator.runs[0]).toMatchObject({ result: "succeeded", attempt: 2 });
  const all = await fetchRecords(client, id);
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
  const earlier = await fetchRecords(client, id, `/${before}`);
  expect(earlier.map((record) => record.id).sort()).toEqual(old.map((record) => record.id).sort());
  expect(findRecord(earlier, "Test.Browser.__default")?.result).toBe("failed");
  const again = await client.call("PATCH", `build/builds/${id}?retry=true&api-version=7.1`, {});
  expect(again.status).toBe(400);
});

test("a retry adds only an attempt of the job with the quirk retryShape: job", async () => {
  await using client = await openSimulator({ quirks: { retryShape: "job" } });
  const id = await client.startRun(50);
  client.simulator.advance(60);
  await client.call("PATCH", `build/builds/${id}?retry=true&api-version=7.1`, {});
  client.simulator.advance(60);
  const all = await fetchRecords(client, id);
  const old = recordId("Test.Browser.__default");
  expect(findRecord(all, "Test", "Stage")).toMatchObject({
    attempt: 1,
    previousAttempts: [],
    result: "succeeded",
  });
  expect(findRecord(all, "Test.Browser.__default")?.previousAttempts).toEqual([
    { attempt: 1, timelineId: old, recordId: old },
  ]);
  expect((await fetchRecords(client, id, `/${old}`)).map((record) => record.id)).toEqual([old]);
});

test("a retry of one stage is refused while it is in progress or if it has never run", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(50);
  const retry = (name: string, body: unknown = { state: "retry" }) =>
    client.call("PATCH", `build/builds/${id}/stages/${name}?api-version=7.1`, body);
  client.simulator.advance(4);
  expect((await retry("Test")).json.message).toContain("currently in progress");
  client.simulator.advance(60);
  expect((await retry("Publish")).json.message).toContain("has never been run");
  const done = await retry("test", { state: "retry", forceRetryAllJobs: true });
  expect([done.status, done.text]).toEqual([200, ""]);
  client.simulator.advance(60);
  expect(findRecord(await fetchRecords(client, id), "Test.Lint.__default")?.attempt).toBe(2);
});
