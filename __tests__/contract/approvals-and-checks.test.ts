import { expect, test } from "vitest";
import { fetchRecords, findRecord, pipelineSpec, singleJobStage } from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

test("a stage waits for an approval, which is read by its record's id and approved through the API", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(45);
  client.simulator.advance(60);
  const waiting = (await fetchRecords(client, id)).find((record) => record.type === "Checkpoint.Approval");
  expect(waiting).toMatchObject({ state: "inProgress", result: null });
  const production = () => fetchRecords(client, id).then((all) => findRecord(all, "Production", "Stage"));
  expect((await production())?.state).toBe("pending");
  client.simulator.quirks.stageWhileWaiting = "inProgress";
  expect((await production())?.state).toBe("inProgress");
  expect((await client.call("GET", `build/builds/${id}`)).json.status).toBe("inProgress");
  const pending = await client.call(
    "GET",
    `pipelines/approvals?approvalIds=${waiting?.id}&$expand=steps&api-version=7.1`,
  );
  expect(pending.json.value[0]).toMatchObject({
    status: "pending",
    pipeline: { owner: { id } },
    steps: [{ assignedApprover: { displayName: "Release managers" }, actualApprover: null }],
  });
  const patch = [{ approvalId: waiting?.id, status: "approved", comment: "go" }];
  const approved = await client.call("PATCH", "pipelines/approvals?api-version=7.1", patch);
  expect(approved.json.value[0].status).toBe("approved");
  client.simulator.advance(60);
  expect((await client.call("GET", `build/builds/${id}`)).json.result).toBe("succeeded");
});

test("a rejected approval fails its stage, and the stages after it are skipped", async () => {
  await using client = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A", { approval: true }), singleJobStage("B")])],
  });
  const id = await client.startRun(1);
  client.simulator.advance(5);
  client.simulator.reject(id, "A", "Ada");
  const all = await fetchRecords(client, id);
  expect(findRecord(all, "A", "Stage")).toMatchObject({ result: "failed", issues: [{ type: "error" }] });
  expect(findRecord(all, "B", "Stage")).toMatchObject({ result: "skipped" });
  expect((await client.call("GET", `build/builds/${id}`)).json).toMatchObject({
    status: "completed",
    result: "failed",
  });
});

test("a run without a resource permission stays notStarted, and a granted permission also holds for the next run", async () => {
  const resource = { type: "queue", id: "3916" };
  await using client = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A", { authorization: resource })])],
  });
  const id = await client.startRun(1);
  client.simulator.advance(5);
  expect((await client.call("GET", `build/builds/${id}`)).json.status).toBe("notStarted");
  expect((await fetchRecords(client, id)).map((record) => record.type)).toContain("Checkpoint.Authorization");
  const path = "pipelines/pipelinePermissions/queue/3916?api-version=7.1-preview.1";
  await client.call("PATCH", path, { pipelines: [{ id: 1, authorized: true }] });
  client.simulator.advance(1);
  expect((await client.call("GET", `build/builds/${id}`)).json.status).toBe("inProgress");
  await client.startRun(1);
  client.simulator.advance(60);
  expect(client.simulator.runs.map((run) => run.result)).toEqual(["succeeded", "succeeded"]);
});

test("a permission of all pipelines includes later ones, and a revoked one holds for no further run", async () => {
  const spec = (id: number) =>
    pipelineSpec([singleJobStage("A", { authorization: { type: "queue", id: "9" } })], { id });
  await using client = await openSimulator({ pipelines: [spec(1), spec(2)] });
  const change = async (body: unknown) =>
    (await client.call("PATCH", "pipelines/pipelinePermissions/queue/9?api-version=7.1-preview.1", body))
      .json;
  const isWaiting = async (pipeline: number) => {
    const id = await client.startRun(pipeline);
    client.simulator.advance(5);
    return (await client.call("GET", `build/builds/${id}`)).json.status === "notStarted";
  };
  const pipelines = (authorized: boolean) => ({ pipelines: [{ id: 1, authorized }] });
  expect(await change(pipelines(true))).toMatchObject({ pipelines: [{ id: 1, authorized: true }] });
  expect(await change(pipelines(false))).toEqual({ resource: { type: "queue", id: "9" }, pipelines: [] });
  expect(await isWaiting(1)).toBe(true);
  expect(await change({ allPipelines: { authorized: true } })).toMatchObject({
    allPipelines: { authorized: true },
    pipelines: [],
  });
  expect(await isWaiting(2)).toBe(false);
  expect(await change({ allPipelines: { authorized: false } })).not.toHaveProperty("allPipelines");
  expect(await isWaiting(2)).toBe(true);
});

test("an approval is listed for its approvers only, and a status that decides nothing leaves it open", async () => {
  const approval = { approvers: ["Ada", "Bob"] };
  await using client = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A", { approval })])],
  });
  await client.startRun(1);
  client.simulator.advance(5);
  const listed = async (query: string) =>
    (await client.call("GET", `pipelines/approvals?api-version=7.1&${query}`)).json.value;
  expect(await listed("assignedTo=carol")).toEqual([]);
  const [{ id: approvalId }] = await listed("assignedTo=ada@contoso.example&state=pending");
  const update = async (status: unknown) =>
    (await client.call("PATCH", "pipelines/approvals?api-version=7.1", [{ approvalId, status }])).status;
  expect([await update("deferred"), await update(undefined)]).toEqual([400, 400]);
  expect(await listed("assignedTo=BOB")).toMatchObject([{ status: "pending" }]);
});

test("a check suite has the id of the stage's Checkpoint record and lists the checks by name", async () => {
  const taskCheck = [
    { name: "Business hours", seconds: 30 },
    { name: "Freeze", seconds: 60, result: "failed" },
  ] as const;
  await using client = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A", { taskCheck })])],
  });
  const id = await client.startRun(1);
  client.simulator.advance(10);
  const checkpoint = (await fetchRecords(client, id)).find((record) => record.type === "Checkpoint");
  const path = `pipelines/checks/runs/${checkpoint?.id}?api-version=7.1-preview.1`;
  const statuses = async () => {
    const { json } = await client.call("GET", path);
    return [
      json.status,
      ...json.checkRuns.map((run: { status: string; checkConfigurationRef: { name: string } }) => [
        run.checkConfigurationRef.name,
        run.status,
      ]),
    ];
  };
  expect(await statuses()).toEqual(["running", ["Business hours", "running"], ["Freeze", "running"]]);
  client.simulator.advance(60);
  expect(await statuses()).toEqual(["rejected", ["Business hours", "approved"], ["Freeze", "rejected"]]);
  const unknown = await client.call("GET", "pipelines/checks/runs/none?api-version=7.1-preview.1");
  expect(unknown.json.typeKey).toBe("CheckSuiteNotFoundException");
});

test("the page of a run has a button for each approval, validation and manual stage", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(51);
  const url = `${client.simulator.organization}/web/_build/results?buildId=${id}`;
  const press = (name: string, kind: string, answer = "yes") =>
    fetch(url, {
      method: "POST",
      body: new URLSearchParams({ stage: name, kind, answer }),
      redirect: "manual",
    });
  const html = async () => (await fetch(url)).text();
  const buttons = async () => [...(await html()).matchAll(/<button[^>]*>([^<]+)/g)].map((m) => m[1]);
  client.simulator.advance(30);
  expect(await html()).toContain("not started (manual)");
  expect(await buttons()).toEqual(["Cancel", "Resume", "Reject", "Run stage"]);
  expect((await press("Verify", "Validation")).status).toBe(303);
  expect((await press("Staging", "Start")).status).toBe(303);
  expect((await press("Production", "Start")).status).toBe(303);
  client.simulator.advance(30);
  expect(await buttons()).toEqual([]);
  expect(client.simulator.runs[0]).toMatchObject({
    result: "succeeded",
    stages: { Staging: "succeeded", Verify: "succeeded", Production: "succeeded" },
  });
});

test("the page of a run highlights the log line in the URL, and has a button that cancels the run", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(45);
  const url = `${client.simulator.organization}/web/_build/results?buildId=${id}`;
  client.simulator.advance(30);
  const page = await (await fetch(url)).text();
  const link = /href="\?([^"]*&amp;t=[^"]*)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const log = await (await fetch(`${url.replace(/\?.*/, "")}?${link}&l=2`)).text();
  expect(log).toMatch(/<li id="l1">/);
  expect(log).toMatch(/<li id="l2" class="target"/);
  await fetch(url, { method: "POST", body: new URLSearchParams({ kind: "Cancel" }), redirect: "manual" });
  client.simulator.advance(60);
  expect(client.simulator.runs[0]?.result).toBe("canceled");
});

test("the page of runs links to each run, and with definitionId only to those of that pipeline", async () => {
  await using client = await openSimulator();
  const [first, second] = [await client.startRun(42), await client.startRun(43)];
  const runsAt = async (address: string) => {
    const text = await (await fetch(`${client.simulator.organization}/web/_build${address}`)).text();
    return [...text.matchAll(/href="([^"]*results\?buildId=(\d+))"/g)].map((match) => Number(match[2]));
  };
  expect(await runsAt("")).toEqual(expect.arrayContaining([first, second]));
  const ofPipeline = await runsAt("?definitionId=42");
  expect(ofPipeline).toContain(first);
  expect(ofPipeline).not.toContain(second);
  const page = await fetch(`${client.simulator.organization}/web/_build/results?buildId=${first}`);
  expect(await page.text()).toContain('href="../_build"');
});

test("a check that runs by itself delays its stage and then passes", async () => {
  await using client = await openSimulator({
    pipelines: [pipelineSpec([singleJobStage("A", { taskCheck: { seconds: 30 } })])],
  });
  const id = await client.startRun(1);
  client.simulator.advance(10);
  expect((await fetchRecords(client, id)).map((record) => record.type)).toContain("Checkpoint.TaskCheck");
  client.simulator.advance(40);
  expect(client.simulator.runs[0]?.result).toBe("succeeded");
});
