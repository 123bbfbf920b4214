import { describe, expect, it } from "vitest";
import { type RunOptions, runAction } from "../../runner-emulator/runner.ts";
import { type Simulator, startSimulator } from "../../simulator/index.ts";
import { inputsFor } from "../support/scenario.ts";

const simulated = () => startSimulator({ speed: 40, accepts: () => "yes" });

/** A step for pipeline 50, which fails once and passes when it is retried. */
const attempt = (azure: Simulator, number: number, more = {}, options: RunOptions = {}) =>
  runAction(inputsFor(azure, { "pipeline-id": "50", "on-rerun": "retry-failed", ...more }), {
    attempt: number,
    ...options,
  });

describe.concurrent("a re-run workflow", () => {
  it("retries the failed stages of the earlier attempt's run, which keeps its id", async () => {
    await using azure = await simulated();
    const first = await attempt(azure, 1);
    expect([first.main.exitCode, first.main.outputs["result"]], first.main.log).toEqual([1, "failed"]);
    expect(azure.runs[0]?.tags).toEqual([
      expect.stringMatching(/^run-azure-pipeline:17000000001:1:build\/0\/ado:\w+$/),
    ]);
    const { main } = await attempt(azure, 2);
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    expect(main.outputs["run-id"]).toBe(first.main.outputs["run-id"]);
    expect(main.log).toMatch(/Retrying what failed in \d{8}\.1: http/);
    expect(azure.runs.map(({ attempt }) => attempt)).toEqual([2]);
    const [retry] = azure.requests.filter(({ method }) => method === "PATCH");
    expect(retry?.path).toMatch(/\/stages\/Test\?/);
    expect(JSON.parse(retry?.body ?? "")).toEqual({ state: "retry", forceRetryAllJobs: false });
    const [test] = JSON.parse(main.outputs["stages"] ?? "");
    expect(test).toMatchObject({ name: "Test", result: "succeeded", attempt: 2 });
  });

  it("follows a run that has succeeded, and retries nothing", async () => {
    await using azure = await simulated();
    const inputs = { "pipeline-id": "49" };
    await attempt(azure, 1, inputs);
    const { main } = await attempt(azure, 2, inputs);
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    expect(main.log).toMatch(/Following \d{8}\.1 \(from an earlier attempt\): http/);
    expect([azure.runs.length, azure.requests.some(({ method }) => method === "PATCH")]).toEqual([1, false]);
  });

  it("follows a run that is still running", async () => {
    await using azure = await startSimulator({ speed: 5, accepts: () => "yes" });
    const inputs = { "pipeline-id": "49" };
    await attempt(azure, 1, { ...inputs, wait: "false" });
    const { main } = await attempt(azure, 2, inputs);
    expect([main.exitCode, main.outputs["result"], azure.runs.length], main.log).toEqual([0, "succeeded", 1]);
  });

  it("follows a failed run with attach, and retries nothing", async () => {
    await using azure = await simulated();
    const inputs = { "on-rerun": "attach" };
    await attempt(azure, 1, inputs);
    const { main } = await attempt(azure, 2, inputs);
    expect([main.exitCode, main.outputs["result"], azure.runs.length], main.log).toEqual([1, "failed", 1]);
    expect(azure.requests.some(({ method }) => method === "PATCH")).toBe(false);
  });

  it("starts a run if there is none, and logs it", async () => {
    await using azure = await simulated();
    const { main } = await attempt(azure, 2, { "pipeline-id": "49", "on-rerun": "attach" });
    expect([main.exitCode, azure.runs.length], main.log).toEqual([0, 1]);
    expect(main.log).toMatch(/No run of an earlier attempt of this step was found\. Starting a new one\./);
    expect(azure.runs[0]?.tags).toHaveLength(1);
  });

  it("starts another run with on-rerun: new, without a search and without a tag", async () => {
    await using azure = await simulated();
    const inputs = { "pipeline-id": "49", "on-rerun": "new", wait: "false" };
    await attempt(azure, 1, inputs);
    await attempt(azure, 2, inputs);
    expect(azure.runs.map(({ tags }) => tags)).toEqual([[], []]);
    expect(azure.requests.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });

  it("never adopts the run of another matrix job, another step or another workflow run", async () => {
    await using azure = await simulated();
    const inputs = { "pipeline-id": "49", "on-rerun": "attach", wait: "false" };
    const legs: RunOptions[] = [
      { jobIndex: 0 },
      { jobIndex: 1 },
      { jobIndex: 0, step: "__run_2" },
      { jobIndex: 0, runId: 17_000_000_002 },
    ];
    const idOf = async (number: number, leg: RunOptions) =>
      /buildId=(\d+)/.exec((await attempt(azure, number, inputs, leg)).main.log)?.[1];
    const first = await idOf(1, { jobIndex: 0 });
    const ids = await Promise.all(legs.map((leg) => idOf(2, leg)));
    expect([ids[0], new Set(ids).size, azure.runs.length]).toEqual([first, legs.length, legs.length]);
  });

  it("distinguishes two uses in one job by rerun-key, whatever is in it", async () => {
    await using azure = await simulated();
    const uses = [{ "rerun-key": "west, europe" }, { "rerun-key": "west; europe" }];
    const inputs = { "pipeline-id": "49", "on-rerun": "attach", wait: "false" };
    for (const use of uses) await attempt(azure, 1, { ...inputs, ...use });
    const { main } = await attempt(azure, 2, { ...inputs, ...uses[1] });
    expect([main.outputs["run-id"], azure.runs.length], main.log).toEqual([String(azure.runs[1]?.id), 2]);
    expect(azure.runs.flatMap(({ tags }) => tags).every((tag) => !/[,; ]/.test(tag))).toBe(true);
  });
});
