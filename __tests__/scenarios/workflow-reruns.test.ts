import { describe, expect, it } from "vitest";
import { type RunOptions, runAction } from "../../runner-emulator/runner.ts";
import { type Simulator, startSimulator } from "../../simulator/index.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";

const simulated = () => startSimulator({ speed: 40, accepts: () => "yes" });

/** A step of pipeline 50, which fails once and passes when it is retried. */
const attempt = (azure: Simulator, number: number, more = {}, options: RunOptions = {}) =>
  runAction(inputsFor(azure, { "pipeline-id": "50", "on-rerun": "retry-failed", ...more }), {
    attempt: number,
    ...options,
  });

describe.concurrent("a workflow that is run again", () => {
  it("retries the failed stages of the earlier attempt's run, under the same id, to its new end", async () => {
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

  it("follows a run that has succeeded, and leaves it as it is", async () => {
    await using azure = await simulated();
    const inputs = { "pipeline-id": "49" };
    await attempt(azure, 1, inputs);
    const { main } = await attempt(azure, 2, inputs);
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    expect(main.log).toMatch(/Following, from an earlier attempt, \d{8}\.1: http/);
    expect([azure.runs.length, azure.requests.some(({ method }) => method === "PATCH")]).toEqual([1, false]);
  });

  it.each(["attach", "retry-failed"])("follows a run that is under way (%s)", async (onRerun) => {
    await using azure = await startSimulator({ speed: 5, accepts: () => "yes" });
    const inputs = { "pipeline-id": "49", "on-rerun": onRerun };
    await attempt(azure, 1, { ...inputs, wait: "false" });
    const { main } = await attempt(azure, 2, inputs);
    expect([main.exitCode, main.outputs["result"], azure.runs.length], main.log).toEqual([0, "succeeded", 1]);
  });

  it("follows a failed run to its end with attach, and retries nothing", async () => {
    await using azure = await simulated();
    const inputs = { "on-rerun": "attach" };
    await attempt(azure, 1, inputs);
    const { main } = await attempt(azure, 2, inputs);
    expect([main.exitCode, main.outputs["result"], azure.runs.length], main.log).toEqual([1, "failed", 1]);
    expect(azure.requests.some(({ method }) => method === "PATCH")).toBe(false);
  });

  it.each(["attach", "retry-failed"])(
    "starts a run where there is none (%s), and says so",
    async (onRerun) => {
      await using azure = await simulated();
      const { main } = await attempt(azure, 2, { "pipeline-id": "49", "on-rerun": onRerun });
      expect([main.exitCode, azure.runs.length], main.log).toEqual([0, 1]);
      expect(main.log).toMatch(/No earlier attempt of this step has left a run\. Starting a new one\./);
      expect(azure.runs[0]?.tags).toHaveLength(1);
    },
  );

  it("starts another run with on-rerun: new, untagged and without a question", async () => {
    await using azure = await simulated();
    const inputs = { "pipeline-id": "49", "on-rerun": "new", wait: "false" };
    await attempt(azure, 1, inputs);
    await attempt(azure, 2, inputs);
    expect(azure.runs.map(({ tags }) => tags)).toEqual([[], []]);
    expect(azure.requests.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });

  it("never takes the run of another leg, another step or another workflow run", async () => {
    await using azure = await simulated();
    const inputs = { "pipeline-id": "49", "on-rerun": "attach", wait: "false" };
    const legs: RunOptions[] = [
      { jobIndex: 0 },
      { jobIndex: 1 },
      { jobIndex: 0, step: "__run_2" },
      { jobIndex: 0, runId: 17_000_000_002 },
    ];
    const ids = async (number: number) => {
      const results = await Promise.all(legs.map((leg) => attempt(azure, number, inputs, leg)));
      return results.map(({ main }) => /buildId=(\d+)/.exec(main.log)?.[1]);
    };
    const first = await ids(1);
    expect(new Set(first).size).toBe(legs.length);
    expect(await ids(2)).toEqual(first);
    expect(azure.runs).toHaveLength(legs.length);
  });

  it("tells two uses with one key apart by what they ask for", async () => {
    await using azure = await simulated();
    const inputs = { "pipeline-id": "49", "on-rerun": "attach", wait: "false" };
    const each = async (number: number) => [
      await attempt(azure, number, { ...inputs, variables: "system.debug: true" }),
      await attempt(azure, number, { ...inputs, variables: "system.debug: false" }),
    ];
    const idsOf = (results: Awaited<ReturnType<typeof each>>) =>
      results.map(({ main }) => main.outputs["run-id"]);
    const first = idsOf(await each(1));
    expect(idsOf(await each(2))).toEqual(first);
    expect(azure.runs).toHaveLength(2);
  });

  it("follows neither of two runs with one key that fit: start-unknown names them", async () => {
    await using azure = await simulated();
    const inputs = { "pipeline-id": "49", "on-rerun": "attach", wait: "false" };
    await attempt(azure, 1, inputs);
    await attempt(azure, 1, inputs);
    const result = await attempt(azure, 2, inputs);
    const text = expectFailure(result, "start-unknown");
    for (const { id } of azure.runs) expect(text).toContain(`buildId=${id}`);
    expect(text).toContain("rerun-key");
    expect(azure.runs).toHaveLength(2);
  });

  it("ignores another run with a copied tag, and warns of it", async () => {
    await using azure = await simulated();
    const inputs = {
      "pipeline-id": "42",
      parameters: "environment: staging",
      "on-rerun": "attach",
      wait: "false",
    };
    await attempt(azure, 1, inputs);
    const [tag = ""] = azure.runs[0]?.tags ?? [];
    await attempt(azure, 1, {
      ...inputs,
      "on-rerun": "new",
      ref: "refs/heads/main",
      tags: tag,
      parameters: "environment: production",
    });
    const { main } = await attempt(azure, 2, inputs);
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, String(azure.runs[0]?.id)]);
    expect(main.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/differ from what this step asks for/),
    ]);
  });

  it("tells siblings by rerun-key, whatever is in it", async () => {
    await using azure = await simulated();
    const inputs = { "pipeline-id": "49", "on-rerun": "attach", wait: "false" };
    const keys = ["west, europe", "west; europe"];
    const each = (number: number) =>
      Promise.all(keys.map((key) => attempt(azure, number, { ...inputs, "rerun-key": key })));
    const idsOf = (results: Awaited<ReturnType<typeof each>>) =>
      results.map(({ main }) => main.outputs["run-id"]);
    const first = idsOf(await each(1));
    expect(idsOf(await each(2))).toEqual(first);
    expect(azure.runs.flatMap(({ tags }) => tags).every((tag) => !/[,; ]/.test(tag))).toBe(true);
  });
});
