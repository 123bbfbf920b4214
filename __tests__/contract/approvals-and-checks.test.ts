import { expect, test } from "vitest";
import { fetchRecords, findRecord, pipelineSpec, singleJobStage } from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

test("an approval is waited for, asked for by its record's id, and given", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(45);
  stage.simulator.advance(60);
  const waiting = (await fetchRecords(stage, id)).find((record) => record.type === "Checkpoint.Approval");
  expect(waiting).toMatchObject({ state: "inProgress", result: null });
  const production = () => fetchRecords(stage, id).then((all) => findRecord(all, "Production", "Stage"));
  expect((await production())?.state).toBe("pending");
  stage.simulator.quirks.stageWhileWaiting = "inProgress";
  expect((await production())?.state).toBe("inProgress");
  expect((await stage.call("GET", `build/builds/${id}`)).json.status).toBe("inProgress");
  const asked = await stage.call(
    "GET",
    `pipelines/approvals?approvalIds=${waiting?.id}&$expand=steps&api-version=7.1`,
  );
  expect(asked.json.value[0]).toMatchObject({
    status: "pending",
    pipeline: { owner: { id } },
    steps: [{ assignedApprover: { displayName: "Release managers" }, actualApprover: null }],
  });
  const patch = [{ approvalId: waiting?.id, status: "approved", comment: "go" }];
  const given = await stage.call("PATCH", "pipelines/approvals?api-version=7.1", patch);
  expect(given.json.value[0].status).toBe("approved");
  stage.simulator.advance(60);
  expect((await stage.call("GET", `build/builds/${id}`)).json.result).toBe("succeeded");
});

test("a rejection fails the stage, and what comes after it is skipped", async () => {
  await using stage = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A", { approval: true }), singleJobStage("B")])],
  });
  const id = await stage.startRun(1);
  stage.simulator.advance(5);
  stage.simulator.reject(id, "A", "Ada");
  const all = await fetchRecords(stage, id);
  expect(findRecord(all, "A", "Stage")).toMatchObject({ result: "failed", issues: [{ type: "error" }] });
  expect(findRecord(all, "B", "Stage")).toMatchObject({ result: "skipped" });
  expect((await stage.call("GET", `build/builds/${id}`)).json).toMatchObject({
    status: "completed",
    result: "failed",
  });
});

test("a permission is waited for, with the build not even started, and kept for the next run", async () => {
  const resource = { type: "queue", id: "3916" };
  await using stage = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A", { authorization: resource })])],
  });
  const id = await stage.startRun(1);
  stage.simulator.advance(5);
  expect((await stage.call("GET", `build/builds/${id}`)).json.status).toBe("notStarted");
  expect((await fetchRecords(stage, id)).map((record) => record.type)).toContain("Checkpoint.Authorization");
  const path = "pipelines/pipelinePermissions/queue/3916?api-version=7.1-preview.1";
  await stage.call("PATCH", path, { pipelines: [{ id: 1, authorized: true }] });
  stage.simulator.advance(1);
  expect((await stage.call("GET", `build/builds/${id}`)).json.status).toBe("inProgress");
  await stage.startRun(1);
  stage.simulator.advance(60);
  expect(stage.simulator.runs.map((run) => run.result)).toEqual(["succeeded", "succeeded"]);
});

test("the suite of a stage has its checks by name, and the id of the Checkpoint record", async () => {
  const taskCheck = [
    { name: "Business hours", seconds: 30 },
    { name: "Freeze", seconds: 60, result: "failed" },
  ] as const;
  await using stage = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A", { taskCheck })])],
  });
  const id = await stage.startRun(1);
  stage.simulator.advance(10);
  const checkpoint = (await fetchRecords(stage, id)).find((record) => record.type === "Checkpoint");
  const path = `pipelines/checks/runs/${checkpoint?.id}?api-version=7.1-preview.1`;
  const statuses = async () => {
    const { json } = await stage.call("GET", path);
    return [
      json.status,
      ...json.checkRuns.map((run: { status: string; checkConfigurationRef: { name: string } }) => [
        run.checkConfigurationRef.name,
        run.status,
      ]),
    ];
  };
  expect(await statuses()).toEqual(["running", ["Business hours", "running"], ["Freeze", "running"]]);
  stage.simulator.advance(60);
  expect(await statuses()).toEqual(["rejected", ["Business hours", "approved"], ["Freeze", "rejected"]]);
  const unknown = await stage.call("GET", "pipelines/checks/runs/none?api-version=7.1-preview.1");
  expect(unknown.json.typeKey).toBe("CheckSuiteNotFoundException");
});

test("the page of a run has buttons for what it waits for", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(51);
  const url = `${stage.simulator.organization}/web/_build/results?buildId=${id}`;
  const press = (name: string, kind: string, answer = "yes") =>
    fetch(url, {
      method: "POST",
      body: new URLSearchParams({ stage: name, kind, answer }),
      redirect: "manual",
    });
  const buttons = async () =>
    [...(await (await fetch(url)).text()).matchAll(/<button[^>]*>([^<]+)/g)].map((m) => m[1]);
  stage.simulator.advance(30);
  expect(await buttons()).toEqual(["Cancel", "Resume", "Reject", "Run stage"]);
  expect((await press("Verify", "Validation")).status).toBe(303);
  expect((await press("Staging", "Start")).status).toBe(303);
  expect((await press("Production", "Start")).status).toBe(303);
  stage.simulator.advance(30);
  expect(await buttons()).toEqual([]);
  expect(stage.simulator.runs[0]).toMatchObject({
    result: "succeeded",
    stages: { Staging: "succeeded", Verify: "succeeded", Production: "succeeded" },
  });
});

test("the page of a run shows the line of the log that a link names, and cancels the run", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(45);
  const url = `${stage.simulator.organization}/web/_build/results?buildId=${id}`;
  stage.simulator.advance(30);
  const page = await (await fetch(url)).text();
  const link = /href="\?([^"]*&amp;t=[^"]*)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const log = await (await fetch(`${url.replace(/\?.*/, "")}?${link}&l=2`)).text();
  expect(log).toMatch(/<li id="l1">/);
  expect(log).toMatch(/<li id="l2" class="target"/);
  await fetch(url, { method: "POST", body: new URLSearchParams({ kind: "Cancel" }), redirect: "manual" });
  stage.simulator.advance(60);
  expect(stage.simulator.runs[0]?.result).toBe("canceled");
});

test("a check that runs by itself", async () => {
  await using stage = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A", { taskCheck: { seconds: 30 } })])],
  });
  const id = await stage.startRun(1);
  stage.simulator.advance(10);
  expect((await fetchRecords(stage, id)).map((record) => record.type)).toContain("Checkpoint.TaskCheck");
  stage.simulator.advance(40);
  expect(stage.simulator.runs[0]?.result).toBe("succeeded");
});
