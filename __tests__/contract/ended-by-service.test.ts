import { describe, expect, it } from "vitest";
import type { JobSpec, PipelineSpec } from "../../simulator/index.ts";
import { fetchRecords, findRecord, pipelineSpec, singleJobStage } from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

const work = [
  { name: "one", seconds: 100 },
  { name: "two", seconds: 100 },
  { name: "clean up", seconds: 1, always: true, result: "failed" },
] as const;

async function finished(job: Partial<JobSpec>, extra: Partial<PipelineSpec> = {}) {
  const spec = pipelineSpec([{ name: "A", jobs: [{ name: "Do", tasks: work, ...job }] }], extra);
  await using client = await openSimulator({ pipelines: [spec] });
  const id = await client.startRun(1);
  client.simulator.advance(1000);
  const all = await fetchRecords(client, id);
  const { json: build } = await client.call("GET", `build/builds/${id}`);
  return {
    build,
    stage: findRecord(all, "A", "Stage"),
    job: findRecord(all, "A.Do.__default"),
    task: (name: string) => all.find((record) => record.name === name),
  };
}

describe("a job that the service ends early", () => {
  it("is canceled by its time limit, which only the job's own issue names", async () => {
    const { build, stage, job, task } = await finished({ timeLimitMinutes: 1 });
    expect([build.result, stage?.result, job?.result]).toEqual(["canceled", "canceled", "canceled"]);
    expect(job?.issues?.[0]?.message).toMatch(/ran longer than the maximum time of 1 minutes/);
    expect(task("one")).toMatchObject({
      result: "canceled",
      issues: [{ message: "The operation was canceled." }],
    });
    expect(task("clean up")?.result).toBe("failed");
    expect(job?.log).not.toBeNull();
  });

  it("is not canceled if it ends within its time limit", async () => {
    const { job } = await finished({ timeLimitMinutes: 10, tasks: [{ name: "one", seconds: 100 }] });
    expect([job?.result, job?.issues]).toEqual(["succeeded", undefined]);
  });

  it("is abandoned and fails its stage if the agent does not renew its lock", async () => {
    const { build, stage, job, task } = await finished({ agentLost: "abandoned" });
    expect([build.result, stage?.result, job?.result]).toEqual(["failed", "failed", "abandoned"]);
    expect(job?.issues?.[0]?.message).toContain("did not renew the lock");
    expect([stage?.issues, job?.log, task("two")?.result]).toEqual([undefined, null, "abandoned"]);
    expect((await finished({ agentLost: "abandoned", issues: [] })).job?.issues).toBeUndefined();
  });

  it("is canceled before its first task if no machine can be provisioned", async () => {
    const { build, job, task } = await finished({ notProvisioned: true });
    expect([build.result, job?.result, job?.log]).toEqual(["canceled", "canceled", null]);
    expect(job?.issues?.[0]?.message).toMatch(/^An error occurred while provisioning resources/);
    expect(task("one")).toBeUndefined();
  });

  it("fails with only a warning and a log if its machine is deprovisioned", async () => {
    const { build, job, task } = await finished({
      machineTakenAway: "failed",
      tasks: [{ name: "long", seconds: 9 }],
    });
    expect([build.result, job?.result]).toEqual(["failed", "failed"]);
    expect(job?.issues).toMatchObject([{ type: "warning", message: expect.stringContaining("deprovision") }]);
    expect(job?.log).not.toBeNull();
    expect(task("long")).toMatchObject({ result: "abandoned", log: null });
  });

  it("can succeed in a second attempt", async () => {
    const jobs: JobSpec[] = [
      { name: "Do", agentLost: true, troubledAttempts: 1, tasks: [{ name: "it", seconds: 10 }] },
    ];
    await using client = await openSimulator({ pipelines: [pipelineSpec([{ name: "A", jobs }])] });
    const id = await client.startRun(1);
    client.simulator.advance(60);
    expect(client.simulator.runs[0]?.result).toBe("failed");
    await client.call("PATCH", `build/builds/${id}/stages/A?api-version=7.1`, { state: "retry" });
    client.simulator.advance(60);
    expect(client.simulator.runs[0]).toMatchObject({ result: "succeeded", attempt: 2 });
  });

  it("decides the run's result if it is the first to fail or be canceled", async () => {
    const jobs: JobSpec[] = [
      { name: "Slow", timeLimitMinutes: 1, tasks: work },
      { name: "Broken", tasks: [{ name: "x", seconds: 200, result: "failed" }] },
    ];
    await using client = await openSimulator({ pipelines: [pipelineSpec([{ name: "A", jobs }])] });
    await client.startRun(1);
    client.simulator.advance(1000);
    expect(client.simulator.runs[0]?.result).toBe("canceled");
  });
});

describe("a run that does not start or end as usual", () => {
  it("can be abandoned, with or without a result", async () => {
    const abandoned = await finished({}, { abandoned: { afterSeconds: 50 } });
    expect(abandoned.build).toMatchObject({ status: "abandoned", finishTime: expect.any(String) });
    expect(abandoned.build).not.toHaveProperty("result");
    expect(abandoned.job?.state).toBe("inProgress");
    const failed = await finished({}, { abandoned: { afterSeconds: 50, result: "failed" } });
    expect(failed.build.result).toBe("failed");
  });

  it("is postponed before it is queued", async () => {
    await using client = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { postponedSeconds: 100 })],
    });
    const id = await client.startRun(1);
    const status = async () => (await client.call("GET", `build/builds/${id}`)).json.status;
    client.simulator.advance(99);
    expect(await status()).toBe("postponed");
    client.simulator.advance(1);
    expect(await status()).toBe("notStarted");
    client.simulator.advance(5);
    expect(await status()).toBe("inProgress");
    expect((await client.call("GET", `pipelines/1/runs/${id}`)).json.state).toBe("inProgress");
  });

  it("stays queued while its pipeline is paused, and starts when the pipeline is enabled", async () => {
    await using client = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { queueStatus: "paused" })],
    });
    const id = await client.startRun(1);
    client.simulator.advance(1000);
    const build = (await client.call("GET", `build/builds/${id}`)).json;
    expect(build).toMatchObject({ status: "notStarted", definition: { queueStatus: "paused" } });
    client.simulator.setQueueStatus(1, "enabled");
    client.simulator.advance(60);
    expect(client.simulator.runs[0]).toMatchObject({ status: "completed", result: "succeeded" });
    client.simulator.setQueueStatus(1, "disabled");
    expect((await client.call("POST", "pipelines/1/runs?api-version=7.1", {})).status).toBe(409);
  });

  it("can be cancelled while its pipeline is paused", async () => {
    await using client = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { queueStatus: "paused" })],
    });
    const id = await client.startRun(1);
    client.simulator.advance(10);
    await client.call("PATCH", `build/builds/${id}?api-version=7.1`, { status: "cancelling" });
    client.simulator.advance(10);
    expect(client.simulator.runs[0]).toMatchObject({ status: "completed", result: "canceled" });
  });
});

describe("an agentless job", () => {
  const validation = {
    id: "2003ad3a-104a-451a-9238-60474ab294e6",
    name: "ManualValidation",
    version: "1.0.0",
  };
  const gate = pipelineSpec([
    {
      name: "Gate",
      jobs: [
        {
          name: "Ask",
          server: true,
          tasks: [{ name: "Ask", seconds: 0, task: validation, waitsForValidation: true }],
        },
      ],
    },
    singleJobStage("Deploy"),
  ]);

  it.each([
    [true, "succeeded"],
    [false, "failed"],
  ])(
    "waits in its task, without a worker or a checkpoint, for the validation %s, and ends %s",
    async (accepted, result) => {
      await using client = await openSimulator({ pipelines: [gate] });
      const id = await client.startRun(1);
      client.simulator.advance(1000);
      const all = await fetchRecords(client, id);
      expect(findRecord(all, "Gate.Ask.__default")).toMatchObject({
        state: "inProgress",
        workerName: null,
        log: null,
      });
      expect(all.find(({ type }) => type === "Task")).toMatchObject({ name: "Ask", state: "inProgress" });
      expect(all.filter(({ type }) => type.startsWith("Checkpoint."))).toEqual([]);
      client.simulator.validate(id, "Gate", accepted);
      client.simulator.advance(60);
      expect(client.simulator.runs[0]?.result).toBe(result);
    },
  );
});

describe("the timeline", () => {
  it("can have issues on a stage, several named checks, a task without a log and unknown record types", async () => {
    const spec = pipelineSpec(
      [
        {
          name: "A",
          issues: [{ type: "error", message: "The stage itself." }],
          taskCheck: [{ name: "Business hours", seconds: 30 }, { seconds: 40 }],
          jobs: [{ name: "Do", tasks: [{ name: "mute", seconds: 1, log: null }] }],
        },
      ],
      {
        otherRecords: [
          { type: "Something", name: "new", stage: "A", issues: [{ type: "error", message: "?" }] },
        ],
      },
    );
    await using client = await openSimulator({ pipelines: [spec] });
    const id = await client.startRun(1);
    client.simulator.advance(10);
    const checks = (await fetchRecords(client, id)).filter(({ type }) => type === "Checkpoint.TaskCheck");
    expect(checks.map(({ name }) => name).sort()).toEqual(["Business hours", "Checkpoint.TaskCheck"]);
    client.simulator.advance(60);
    const all = await fetchRecords(client, id);
    expect(findRecord(all, "A", "Stage")?.issues).toMatchObject([{ message: "The stage itself." }]);
    expect(all.find(({ name }) => name === "mute")).toMatchObject({ result: "succeeded", log: null });
    expect(all.find(({ type }) => type === "Something")).toMatchObject({ issues: [{ message: "?" }] });
  });
});
