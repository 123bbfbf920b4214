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
  await using stage = await openSimulator({ pipelines: [spec] });
  const id = await stage.startRun(1);
  stage.simulator.advance(1000);
  const all = await fetchRecords(stage, id);
  const { json: build } = await stage.call("GET", `build/builds/${id}`);
  return {
    build,
    stage: findRecord(all, "A", "Stage"),
    job: findRecord(all, "A.Do.__default"),
    task: (name: string) => all.find((record) => record.name === name),
  };
}

describe("a job that the service ends", () => {
  it("is canceled by the time limit, which only the job's own issue names", async () => {
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

  it("is not touched by a limit that it keeps", async () => {
    const { job } = await finished({ timeLimitMinutes: 10, tasks: [{ name: "one", seconds: 100 }] });
    expect([job?.result, job?.issues]).toEqual(["succeeded", undefined]);
  });

  it("is abandoned when the lock is not renewed, and fails the stage", async () => {
    const { build, stage, job, task } = await finished({ agentLost: "abandoned" });
    expect([build.result, stage?.result, job?.result]).toEqual(["failed", "failed", "abandoned"]);
    expect(job?.issues?.[0]?.message).toContain("did not renew the lock");
    expect([stage?.issues, job?.log, task("two")?.result]).toEqual([undefined, null, "abandoned"]);
    expect((await finished({ agentLost: "abandoned", issues: [] })).job?.issues).toBeUndefined();
  });

  it("is canceled without a machine, before any task", async () => {
    const { build, job, task } = await finished({ notProvisioned: true });
    expect([build.result, job?.result, job?.log]).toEqual(["canceled", "canceled", null]);
    expect(job?.issues?.[0]?.message).toMatch(/^An error occurred while provisioning resources/);
    expect(task("one")).toBeUndefined();
  });

  it("has only a warning and a log on the job when its machine is taken away", async () => {
    const { build, job, task } = await finished({
      machineTakenAway: "failed",
      tasks: [{ name: "long", seconds: 9 }],
    });
    expect([build.result, job?.result]).toEqual(["failed", "failed"]);
    expect(job?.issues).toMatchObject([{ type: "warning", message: expect.stringContaining("deprovision") }]);
    expect(job?.log).not.toBeNull();
    expect(task("long")).toMatchObject({ result: "abandoned", log: null });
  });

  it("can run normally in a later attempt", async () => {
    const jobs: JobSpec[] = [
      { name: "Do", agentLost: true, troubledAttempts: 1, tasks: [{ name: "it", seconds: 10 }] },
    ];
    await using stage = await openSimulator({ pipelines: [pipelineSpec([{ name: "A", jobs }])] });
    const id = await stage.startRun(1);
    stage.simulator.advance(60);
    expect(stage.simulator.runs[0]?.result).toBe("failed");
    await stage.call("PATCH", `build/builds/${id}/stages/A?api-version=7.1`, { state: "retry" });
    stage.simulator.advance(60);
    expect(stage.simulator.runs[0]).toMatchObject({ result: "succeeded", attempt: 2 });
  });

  it("passes its result up: the first of failed and canceled decides", async () => {
    const jobs: JobSpec[] = [
      { name: "Slow", timeLimitMinutes: 1, tasks: work },
      { name: "Broken", tasks: [{ name: "x", seconds: 200, result: "failed" }] },
    ];
    await using stage = await openSimulator({ pipelines: [pipelineSpec([{ name: "A", jobs }])] });
    await stage.startRun(1);
    stage.simulator.advance(1000);
    expect(stage.simulator.runs[0]?.result).toBe("canceled");
  });
});

describe("a run", () => {
  it("can be abandoned, with or without a result", async () => {
    const abandoned = await finished({}, { abandoned: { afterSeconds: 50 } });
    expect(abandoned.build).toMatchObject({ status: "abandoned", finishTime: expect.any(String) });
    expect(abandoned.build).not.toHaveProperty("result");
    expect(abandoned.job?.state).toBe("inProgress");
    const failed = await finished({}, { abandoned: { afterSeconds: 50, result: "failed" } });
    expect(failed.build.result).toBe("failed");
  });

  it("is postponed before it is queued", async () => {
    await using stage = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { postponedSeconds: 100 })],
    });
    const id = await stage.startRun(1);
    const status = async () => (await stage.call("GET", `build/builds/${id}`)).json.status;
    stage.simulator.advance(99);
    expect(await status()).toBe("postponed");
    stage.simulator.advance(1);
    expect(await status()).toBe("notStarted");
    stage.simulator.advance(5);
    expect(await status()).toBe("inProgress");
    expect((await stage.call("GET", `pipelines/1/runs/${id}`)).json.state).toBe("inProgress");
  });

  it("of a paused pipeline is queued, and starts when the pipeline is enabled", async () => {
    await using stage = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { queueStatus: "paused" })],
    });
    const id = await stage.startRun(1);
    stage.simulator.advance(1000);
    const build = (await stage.call("GET", `build/builds/${id}`)).json;
    expect(build).toMatchObject({ status: "notStarted", definition: { queueStatus: "paused" } });
    stage.simulator.setQueueStatus(1, "enabled");
    stage.simulator.advance(60);
    expect(stage.simulator.runs[0]).toMatchObject({ status: "completed", result: "succeeded" });
    stage.simulator.setQueueStatus(1, "disabled");
    expect((await stage.call("POST", "pipelines/1/runs?api-version=7.1", {})).status).toBe(409);
  });

  it("of a paused pipeline can be cancelled", async () => {
    await using stage = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { queueStatus: "paused" })],
    });
    const id = await stage.startRun(1);
    stage.simulator.advance(10);
    await stage.call("PATCH", `build/builds/${id}?api-version=7.1`, { status: "cancelling" });
    stage.simulator.advance(10);
    expect(stage.simulator.runs[0]).toMatchObject({ status: "completed", result: "canceled" });
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
    "waits in its task without worker and checkpoint until it is validated (%s)",
    async (accepted, result) => {
      await using stage = await openSimulator({ pipelines: [gate] });
      const id = await stage.startRun(1);
      stage.simulator.advance(1000);
      const all = await fetchRecords(stage, id);
      expect(findRecord(all, "Gate.Ask.__default")).toMatchObject({
        state: "inProgress",
        workerName: null,
        log: null,
      });
      expect(all.find(({ type }) => type === "Task")).toMatchObject({ name: "Ask", state: "inProgress" });
      expect(all.filter(({ type }) => type.startsWith("Checkpoint."))).toEqual([]);
      stage.simulator.validate(id, "Gate", accepted);
      stage.simulator.advance(60);
      expect(stage.simulator.runs[0]?.result).toBe(result);
    },
  );
});

describe("the timeline", () => {
  it("can hold issues of a stage, several named checks, a task without a log and unknown records", async () => {
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
    await using stage = await openSimulator({ pipelines: [spec] });
    const id = await stage.startRun(1);
    stage.simulator.advance(10);
    const checks = (await fetchRecords(stage, id)).filter(({ type }) => type === "Checkpoint.TaskCheck");
    expect(checks.map(({ name }) => name).sort()).toEqual(["Business hours", "Checkpoint.TaskCheck"]);
    stage.simulator.advance(60);
    const all = await fetchRecords(stage, id);
    expect(findRecord(all, "A", "Stage")?.issues).toMatchObject([{ message: "The stage itself." }]);
    expect(all.find(({ name }) => name === "mute")).toMatchObject({ result: "succeeded", log: null });
    expect(all.find(({ type }) => type === "Something")).toMatchObject({ issues: [{ message: "?" }] });
  });
});
