import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ActionUse, runJob, startJob } from "../../runner-emulator/workflow-job.ts";
import { type PipelineSpec, startSimulator } from "../../simulator/index.ts";
import { inputsFor } from "../support/scenario.ts";

const pipeline: PipelineSpec = {
  id: 42,
  name: "ci",
  repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
  stages: [{ name: "__default", jobs: [{ name: "Job", tasks: [{ name: "Pack", seconds: 10 }] }] }],
  artifacts: [{ name: "report", kind: "PipelineArtifact", files: { "a.txt": "A\n" } }],
};

const simulated = (speed: number) =>
  startSimulator({ speed, accepts: () => "yes", pipelines: [pipeline, { ...pipeline, id: 43 }] });

describe.concurrent("background steps with one pipeline", () => {
  it("have a run and a folder each, even if one of them does not receive the response to its start", async () => {
    await using azure = await simulated(10);
    azure.order({ on: { method: "POST", path: /runs$/ }, nth: 2, fault: { kind: "reset-after" } });
    const use = (id: string): ActionUse => ({
      id,
      with: inputsFor(azure, { "download-artifacts": "report", "artifacts-path": `artifacts/${id}` }),
    });
    const { conclusion, steps, workspace } = await runJob([{ parallel: [use("api"), use("web")] }]);
    const log = `${steps["api"]?.log}\n${steps["web"]?.log}`;
    expect(conclusion, log).toBe("success");
    const ids = ["api", "web"].map((id) => Number(steps[id]?.outputs["run-id"]));
    expect(ids.toSorted(), log).toEqual(azure.runs.map(({ id }) => id).toSorted());
    expect(new Set(ids).size).toBe(2);
    for (const id of ["api", "web"])
      expect(readFileSync(join(workspace, "artifacts", id, "report", "a.txt"), "utf8")).toBe("A\n");
    const summaryFiles = ["api", "web"].map((id) => steps[id]?.outputs["summary-file"] ?? "");
    expect(new Set(summaryFiles).size).toBe(2);
    expect(summaryFiles.every((path) => existsSync(path))).toBe(true);
  });
});

describe.concurrent("a background step", () => {
  it("waits while the job continues, and a cancel step cancels only its run", async () => {
    await using azure = await simulated(5);
    const job = startJob([
      { id: "azure", with: inputsFor(azure), background: true },
      { id: "other", with: inputsFor(azure, { "pipeline-id": "43", timeout: "1h" }), background: true },
      {
        run: async (outputs) => {
          expect(outputs).toEqual({});
          await job.waitFor(/Started .*\n(?:.*\n)*?.*Started .*\n/);
        },
      },
      { cancel: "other" },
      { wait: "azure" },
      { run: ({ azure: outputs }) => expect(outputs?.["result"]).toBe("succeeded") },
    ]);
    await using running = job;
    const { conclusion, steps, posts } = await running.done;
    expect(conclusion).toBe("success");
    const results = Object.fromEntries(azure.runs.map(({ pipelineId, result }) => [pipelineId, result]));
    expect(results, steps["other"]?.log).toEqual({ 42: "succeeded", 43: "canceled" });
    expect([steps["other"]?.result, posts["other"]?.exitCode, posts["azure"]?.exitCode]).toEqual([
      "cancelled",
      0,
      0,
    ]);
  });

  it("has its verdict in the outputs if the runner loses its log", async () => {
    const failing: PipelineSpec = {
      ...pipeline,
      stages: [
        { name: "Test", jobs: [{ name: "Job", tasks: [{ name: "Run", seconds: 1, result: "failed" }] }] },
      ],
    };
    await using azure = await startSimulator({ speed: 20, accepts: () => "yes", pipelines: [failing] });
    const { conclusion, steps } = await runJob([
      { id: "azure", with: inputsFor(azure), background: true, outputLost: true },
      { wait: "azure" },
    ]);
    const { azure: step } = steps;
    expect(conclusion).toBe("failure");
    expect(step).toMatchObject({ log: "", annotations: [], exitCode: 1 });
    expect(step?.outputs).toMatchObject({ result: "failed", status: "completed" });
    expect(step?.summary).toContain("failed");
  });
});
