import { describe, expect, it } from "vitest";
import { type ActionResult, runAction } from "../../runner-emulator/runner.ts";
import { type PipelineSpec, type StageSpec, startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  happyPath,
  pollRoute,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const pipeline: PipelineSpec = {
  id: 42,
  name: "ci",
  repository: { type: "GitHub", name: "octo/app", defaultBranch: "refs/heads/main" },
  stages: [],
};

const deploy = { name: "Deploy", jobs: [{ name: "Do", tasks: [{ name: "x", seconds: 1 }] }] };

/** Ends the step as soon as the run has a pending check. */
const untilItWaits = { "stop-when": "length(waitingFor) > `0`", "success-when": "length(waitingFor) > `0`" };

function simulate(stages: readonly StageSpec[], overrides: Partial<PipelineSpec> = {}) {
  return startSimulator({
    speed: 30,
    accepts: () => "yes",
    pipelines: [{ ...pipeline, ...overrides, stages }],
  });
}

const linesOf = ({ main }: ActionResult, pattern: RegExp) =>
  main.log
    .replaceAll(/\u001B\[\d*m/g, "")
    .split("\n")
    .filter((line) => pattern.test(line));

/** A stage whose agentless job runs this task until it is validated. */
function agentlessStage(taskName: string, title = taskName): StageSpec {
  const task = { id: "00000000-0000-0000-0000-000000000001", name: taskName, version: "1.0.0" };
  const tasks = [{ name: title, seconds: 0, task, waitsForValidation: true }];
  return { name: "Gate", jobs: [{ name: "Ask", server: true, tasks }] };
}

describe.concurrent("a waiting task of an agentless job", () => {
  it.each([
    [
      "ManualValidation",
      "Release it?",
      "manual-validation",
      /manual validation \(Release it\?\)\. Resume or reject it at http/,
    ],
    ["Delay", "Delay", "delay", /Gate waits for a delay\. See http/],
  ])("is shown as a pending check: %s: %s, %s, %s", async (taskName, title, kind, line) => {
    await using azure = await simulate([agentlessStage(taskName, title), deploy]);
    const result = await runAction(inputsFor(azure, untilItWaits));
    expect(result.main.exitCode, result.main.log).toBe(0);
    expect(JSON.parse(result.main.outputs["run"] ?? "").waitingFor).toMatchObject([
      { kind, stage: "Gate", name: title },
    ]);
    expect(linesOf(result, /waits for/)).toEqual([expect.stringMatching(line)]);
  });

  it("is named in a timeout as what the run waits for, and not as running", async () => {
    await using azure = await simulate([agentlessStage("ManualValidation")]);
    const { main } = await runAction(inputsFor(azure, { timeout: "3s" }));
    expect(main.annotations.at(-1)?.message).toMatch(/still waiting for manual validation in Gate/);
    expect(main.summary).toContain("Resume or reject it in Azure DevOps");
  });
});

describe.concurrent("the checks of a stage", () => {
  it("are shown by name, and unnamed ones once", async () => {
    const taskCheck = [{ name: "Business hours", seconds: 3_000 }, { seconds: 4_000 }, { seconds: 5_000 }];
    await using azure = await simulate([{ ...deploy, taskCheck }]);
    const result = await runAction(inputsFor(azure, untilItWaits));
    expect(linesOf(result, /waits for/).map((line) => line.replace(/^ *\d+:\d+ */, ""))).toEqual([
      expect.stringMatching(/^⏸ Deploy waits for the check Business hours\. See http/),
      expect.stringMatching(/^⏸ Deploy waits for a check\. See http/),
    ]);
    expect(result.main.summary).not.toContain("Approve or reject");
    const { waitingFor } = JSON.parse(result.main.outputs["run"] ?? "");
    expect(waitingFor.map(({ name }: { name: string | null }) => name).sort()).toEqual([
      "Business hours",
      null,
      null,
    ]);
  });
});

describe.concurrent("the checks of a stage that do not pass", () => {
  it("are shown by name, and unnamed ones once", async () => {
    const [stage] = timelineRecords("completed", "failed");
    const checkpoint = { ...stage, id: "c", parentId: "s", type: "Checkpoint" };
    const check = (id: string, name = "Checkpoint.TaskCheck") => {
      return { ...checkpoint, id, parentId: "c", type: "Checkpoint.TaskCheck", name };
    };
    const records = [stage, checkpoint, check("c1"), check("c2"), check("c3", "Business hours")];
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed" }) },
      [timelineRoute]: { body: { id: "t", changeId: 1, records } },
    });
    const result = await runAction(inputsFor(azure));
    expect(linesOf(result, /not pass after/).map((line) => line.replace(/^ *\d+:\d+ */, ""))).toEqual([
      "✘ Deploy: the check Business hours did not pass after 5 min 40 s",
      "✘ Deploy: a check did not pass after 5 min 40 s",
    ]);
    expect(result.main.summary).toContain("- The check Business hours did not pass.");
  });
});

describe.concurrent("a queued run", () => {
  it("is shown as waiting for its paused pipeline", async () => {
    await using azure = await simulate([deploy], { queueStatus: "paused" });
    const result = await runAction(inputsFor(azure, { timeout: "2s" }));
    expect(linesOf(result, /In the queue/)).toEqual([expect.stringContaining("the pipeline is paused")]);
    expect(result.main.annotations.at(-1)?.message).toContain("in the queue: the pipeline is paused");
  });

  it("is shown as postponed", async () => {
    await using azure = await simulate([deploy], { postponedSeconds: 1_000 });
    const result = await runAction(inputsFor(azure, { timeout: "2s" }));
    expect(linesOf(result, /is postponed/)).toHaveLength(1);
    expect(result.main.annotations.at(-1)?.message).toContain("still postponed");
    expect(result.main.log).not.toContain("waiting for an agent");
  });
});

describe.concurrent("an issue on a record of an unknown type", () => {
  it.each([
    ["below a job", "j", "Deploy › Smoke tests: It broke."],
    ["of the run itself", null, "failed: It broke."],
  ])("is shown %s (parent %s): %s", async (_, parentId, text) => {
    const records = timelineRecords("completed", "failed").map((record) => ({
      ...record,
      issues: [],
      errorCount: 0,
    }));
    const issues = [{ type: "error", message: "It broke." }];
    const unknown = {
      id: "u",
      parentId,
      type: "Vision",
      name: "?",
      state: "completed",
      result: "failed",
      issues,
    };
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed" }) },
      [timelineRoute]: { body: { records: [...records, unknown] } },
    });
    const { main } = await runAction(inputsFor(azure, { logs: "none" }));
    expect(main.annotations.map(({ message }) => message)).toEqual([expect.stringContaining(text)]);
  });
});
