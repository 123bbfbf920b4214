import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import type { PipelineSpec, StageSpec, TaskResult } from "../../simulator/spec.ts";
import { attachInputs, startRunExternally } from "../support/external-client.ts";
import { inputsFor } from "../support/scenario.ts";

const stage = (name: string, results: readonly TaskResult[], more: Partial<StageSpec> = {}): StageSpec => ({
  name,
  jobs: [{ name: "Work", tasks: [{ name: `Run ${name}`, seconds: 5, result: results }] }],
  ...more,
});

const pipeline = (...stages: readonly StageSpec[]): PipelineSpec => ({
  id: 42,
  name: "ci",
  repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
  stages,
});

const simulate = (...stages: readonly StageSpec[]) =>
  startSimulator({ speed: 40, accepts: () => "yes", pipelines: [pipeline(...stages)] });

const flaky = stage("Test", ["failed", "succeeded"]);

/** The second attempt takes long enough to be cancelled, on a loaded machine too. */
function simulateLongAttempts() {
  const tasks = [
    { name: "a", seconds: 5, result: ["failed", "succeeded"] },
    { name: "b", seconds: 900, always: true, result: "succeeded" },
  ] as const;
  const pipelines = [pipeline({ name: "Test", jobs: [{ name: "Work", tasks }] })];
  return startSimulator({ speed: 400, accepts: () => "yes", pipelines });
}

const retried = (azure: {
  readonly requests: readonly { readonly method: string; readonly path: string }[];
}) =>
  azure.requests.filter(({ method }) => method === "PATCH").map(({ path }) => path.replace(/.*builds/, ""));

describe.concurrent("retries", () => {
  it("retry a failed stage in the same run, which passes on its second attempt with a warning", async () => {
    await using azure = await simulate(stage("Build", ["succeeded"]), flaky);
    const { main } = await runAction(inputsFor(azure, { retries: "2" }));
    expect([main.exitCode, main.outputs["result"], main.outputs["attempt"]], main.log).toEqual([
      0,
      "succeeded",
      "2",
    ]);
    expect([azure.runs.length, retried(azure)]).toEqual([1, [expect.stringMatching(/stages\/Test\?/)]]);
    expect(main.log).toMatch(/^ +\d+:\d\d {2}Retrying Test: attempt 2 \(retry 1 of 2\)\.$/m);
    expect(main.annotations.filter(({ level }) => level === "error")).toEqual([]);
    expect(main.annotations[0]).toMatchObject({
      level: "warning",
      message: expect.stringMatching(/^Passed only on attempt 2\. Before the retry: .* failed in Test/),
    });
    expect(main.summary).toMatch(/attempt 2/);
  });

  it("end with the result of the last attempt", async () => {
    await using azure = await simulate(stage("Test", ["failed"]));
    const { main } = await runAction(inputsFor(azure, { retries: "1" }));
    expect([main.exitCode, main.outputs["error-code"], main.outputs["attempt"]], main.log).toEqual([
      1,
      undefined,
      "2",
    ]);
    expect(main.annotations.at(-1)?.message).toMatch(/ failed in Test › Work › Run Test: /);
    expect(main.annotations.filter(({ level }) => level === "warning")).toEqual([]);
    expect(retried(azure)).toHaveLength(1);
  });

  it("retry only while retry-when holds, and nothing in a run without a failed stage", async () => {
    await using azure = await simulate(flaky);
    const never = { retries: "1", "retry-when": "length(causes[?contains(message, 'lost')]) > `0`" };
    const { main } = await runAction(inputsFor(azure, never));
    expect([main.exitCode, retried(azure)], main.log).toEqual([1, []]);
    await using partly = await simulate(stage("Test", ["succeededWithIssues"]));
    const result = await runAction(inputsFor(partly, { retries: "1" }));
    expect([result.main.exitCode, retried(partly)], result.main.log).toEqual([1, []]);
  });

  it("cancel the run that this step started when the job is cancelled right after the retry", async () => {
    await using azure = await simulateLongAttempts();
    const { main } = await runAction(inputsFor(azure, { retries: "1" }), { cancelWhen: /Retrying Test/ });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(main.log).toMatch(/The run was cancelled too/);
    expect(retried(azure)).toEqual([expect.stringMatching(/stages/), expect.stringMatching(/^\/\d+\?/)]);
  });

  it("cancel only the retried stage of a run that another client started", async () => {
    await using azure = await simulateLongAttempts();
    const id = await startRunExternally(azure, 42);
    const { main } = await runAction(attachInputs(azure, id, { retries: "1" }), {
      cancelWhen: /Retrying Test/,
    });
    expect(main.exitCode, main.log).toBe(1);
    expect(main.log).toMatch(/Stage Test of the run was cancelled too/);
    const bodies = azure.requests
      .filter(({ method }) => method === "PATCH")
      .map(({ path, body }) => [path.includes("/stages/Test"), JSON.parse(body).state]);
    expect(bodies).toEqual([
      [true, "retry"],
      [true, "cancel"],
    ]);
  });

  it("repeat a request after a lost response only if the timeline has not changed", async () => {
    await using azure = await simulate(flaky);
    azure.order({ on: { method: "PATCH", path: /stages/ }, nth: 1, fault: { kind: "reset-after" } });
    const { main } = await runAction(inputsFor(azure, { retries: "1" }));
    expect([main.exitCode, main.outputs["attempt"], retried(azure).length], main.log).toEqual([0, "2", 1]);
  });
});

describe.concurrent("on-rerun: retry-failed", () => {
  it("retries the failed stages of a run that another client started", async () => {
    await using azure = await simulate(flaky);
    const id = await startRunExternally(azure, 42);
    const inputs = attachInputs(azure, id, { "on-rerun": "retry-failed" });
    const first = await runAction(inputs);
    expect([first.main.exitCode, retried(azure)], first.main.log).toEqual([1, []]);
    const second = await runAction(inputs, { attempt: 2 });
    expect([second.main.exitCode, second.main.outputs["attempt"]], second.main.log).toEqual([0, "2"]);
    expect(azure.runs).toHaveLength(1);
  });
});
