import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { type Simulator, startSimulator } from "../../simulator/index.ts";
import type { PipelineSpec, StageSpec, TaskResult } from "../../simulator/spec.ts";
import { attachInputs, startRunExternally } from "../support/external-client.ts";
import { expectFailure } from "../support/scenario.ts";

const stage = (name: string, result: TaskResult = "succeeded", more: Partial<StageSpec> = {}): StageSpec => ({
  name,
  displayName: `The ${name}`,
  jobs: [{ name: "Work", tasks: [{ name: `Run ${name}`, seconds: 5, result }] }],
  ...more,
});

const manual = (name: string, result: TaskResult = "succeeded") => stage(name, result, { trigger: "manual" });

const pipeline = (...stages: readonly StageSpec[]): PipelineSpec => ({
  id: 42,
  name: "ci",
  repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
  stages,
});

const simulate = (stages: readonly StageSpec[], options: Parameters<typeof startSimulator>[0] = {}) =>
  startSimulator({ speed: 40, accepts: () => "yes", pipelines: [pipeline(...stages)], ...options });

/** A step that starts stages of a run that another client started. */
async function promote(azure: Simulator, names: string, overrides: Record<string, string> = {}) {
  const id = azure.runs[0]?.id ?? (await startRunExternally(azure, 42));
  return await runAction(attachInputs(azure, id, { "stages-to-start": names, ...overrides }));
}

const stageRequests = (azure: Simulator) =>
  azure.requests
    .filter(({ path }) => path.includes("/stages/"))
    .map(({ path, body }) => `${path.replace(/.*stages\//, "")} ${body}`);

describe.concurrent("stages-to-start", () => {
  it("waits for the other stages, starts the manual one, waits for it, and passes with it", async () => {
    await using azure = await simulate([stage("Build"), manual("Deploy"), manual("Cleanup")]);
    const { main } = await promote(azure, "Deploy");
    expect(main.exitCode, main.log).toBe(0);
    expect(stageRequests(azure)).toEqual(['Deploy?api-version=7.2-preview {"state":"run"}']);
    expect(azure.runs[0]?.stages).toMatchObject({ Build: "succeeded", Deploy: "succeeded" });
    expect(main.log).toMatch(/✔ The Build.*\n +\d+:\d\d {2}Started stage Deploy of.*✔ The Deploy/s);
  });

  it("fails if the stage that it started fails", async () => {
    await using azure = await simulate([stage("Build"), manual("Deploy", "failed")]);
    const { main } = await promote(azure, "Deploy");
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, undefined]);
    expect(main.annotations.at(-1)?.message).toMatch(/Run Deploy/);
  });

  it("starts nothing after a failed stage, and fails with its causes, even if success-when is true", async () => {
    await using azure = await simulate([stage("Build", "failed"), manual("Deploy")]);
    const { main } = await promote(azure, "Deploy", { "success-when": "`true`" });
    expect([main.exitCode, main.outputs["error-code"], stageRequests(azure)], main.log).toEqual([
      1,
      undefined,
      [],
    ]);
    expect(main.log).toMatch(/No stage was started, since Build did not succeed\./);
  });

  it("does not start a stage that has already run", async () => {
    await using azure = await simulate([stage("Build"), manual("Deploy")]);
    const [first, second] = [await promote(azure, "Deploy"), await promote(azure, "Deploy")];
    expect([first.main.exitCode, second.main.exitCode], second.main.log).toEqual([0, 0]);
    expect(stageRequests(azure)).toHaveLength(1);
    expect(second.main.log).toMatch(/Stage Deploy has already ended, so it is not started again\./);
  });

  it("checks all names before it starts the first, and lists the run's stages", async () => {
    await using azure = await simulate([stage("Build"), manual("Deploy")]);
    const text = expectFailure(await promote(azure, "Deploy, The Deploy"), "not-found");
    expect(text).toMatch(/has no stage The Deploy\. Its stages: Build, Deploy\./);
    expect(text).toMatch(/Use the stage's identifier, Deploy/);
    expect(stageRequests(azure)).toEqual([]);
  });

  it("fails with the service's words if a stage is refused, and starts no other", async () => {
    await using azure = await simulate([stage("Build"), manual("Deploy"), manual("Cleanup")], {
      quirks: { denied: ["Queue builds"] },
    });
    azure.quirks.denied = [];
    await startRunExternally(azure, 42);
    azure.quirks.denied = ["Queue builds"];
    expect(expectFailure(await promote(azure, "Deploy, Cleanup"), "forbidden")).toMatch(
      /Stage Deploy of .* was not started\./,
    );
    expect(stageRequests(azure)).toHaveLength(1);
  });

  it("is rejected by a server that is older than 7.2", async () => {
    await using azure = await simulate([stage("Build"), manual("Deploy")], {
      quirks: { maxApiVersion: "7.1" },
    });
    expect(expectFailure(await promote(azure, "Deploy"), "rejected")).toMatch(/7\.2-preview/);
  });

  it("cancels only the stage when the job is cancelled", async () => {
    const slow = { ...manual("Deploy"), jobs: [{ name: "Work", tasks: [{ name: "Wait", seconds: 3_000 }] }] };
    await using azure = await simulate([stage("Build"), slow]);
    const id = await startRunExternally(azure, 42);
    const { main } = await runAction(attachInputs(azure, id, { "stages-to-start": "Deploy" }), {
      cancelWhen: /▶ The Deploy/,
    });
    expect(main.log).toMatch(/Stage Deploy of the run was cancelled too/);
    expect(stageRequests(azure).at(-1)).toMatch(/^Deploy\S* \{"state":"cancel"\}$/);
    expect(azure.runs[0]?.cancelledAt).toBeUndefined();
  });

  it("cancels only the stage when the process is killed, whatever cancel-on-abort says", async () => {
    const slow = { ...manual("Deploy"), jobs: [{ name: "Work", tasks: [{ name: "Wait", seconds: 3_000 }] }] };
    await using azure = await simulate([stage("Build"), slow]);
    const id = await startRunExternally(azure, 42);
    const inputs = { "stages-to-start": "Deploy", "cancel-on-abort": "true" };
    const { post } = await runAction(attachInputs(azure, id, inputs), { killWhen: /▶ The Deploy/ });
    expect(post?.log).toMatch(/Stage Deploy .*cancelled/);
    expect(stageRequests(azure).at(-1)).toMatch(/^Deploy\S* \{"state":"cancel"\}$/);
    expect(azure.runs[0]?.cancelledAt).toBeUndefined();
  });

  it.each([
    ["on-timeout: cancel", { timeout: "1s", "on-timeout": "cancel" }, {}],
    ["cancel-on-abort: true", { "cancel-on-abort": "true" }, { cancelWhen: /▶ The Build/ }],
  ])("cancels nothing before it has started a stage, even with %s", async (_, overrides, options) => {
    const slow = { ...stage("Build"), jobs: [{ name: "Work", tasks: [{ name: "Wait", seconds: 3_000 }] }] };
    await using azure = await simulate([slow, manual("Deploy")]);
    const id = await startRunExternally(azure, 42);
    const inputs = attachInputs(azure, id, { "stages-to-start": "Deploy", ...overrides });
    const { main } = await runAction(inputs, options);
    expect(main.exitCode, main.log).toBe(1);
    expect(main.log).toMatch(/##\[error\].*The run (was left running, since|continues)/);
    expect(azure.runs[0]?.cancelledAt).toBeUndefined();
  });

  it("does not wait for the stage with wait: false, and is rejected while others run", async () => {
    await using azure = await simulate([stage("Build"), manual("Deploy")], { speed: 0 });
    const early = await promote(azure, "Deploy", { wait: "false" });
    expect(expectFailure(early, "rejected")).toMatch(/since Build has not ended yet/);
    azure.advance(60);
    const { main } = await promote(azure, "Deploy", { wait: "false" });
    expect([main.exitCode, stageRequests(azure).length], main.log).toEqual([0, 1]);
  });
});
