import { describe, expect, it } from "vitest";
import { runnerGraceMs } from "../../runner-emulator/process.ts";
import { type RunOptions, startAction } from "../../runner-emulator/runner.ts";
import { type Simulator, startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  happyPath,
  pollRoute,
  startRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const cancelling = "PATCH build/builds/345";

const going = {
  ...happyPath,
  [pollRoute]: statusReplies("inProgress"),
  [cancelling]: { body: buildJson("cancelling") },
};

/** Once it is asked for what has changed since 7, a look has shown this. */
const running = {
  ...going,
  [timelineRoute]: { body: { id: "t", changeId: 7, records: timelineRecords("inProgress") } },
};

/** The runner's second signal comes after this. */
const patienceMs = runnerGraceMs.interrupt;

const patches = (lines: readonly string[]) => lines.filter((line) => line.startsWith("PATCH"));

const slow = () => startSimulator({ speed: 1, accepts: () => "yes" });

const slowInputs = (azure: Simulator, more = {}) => inputsFor(azure, { "pipeline-id": "47", ...more });

const simulatorPatches = (azure: Simulator) =>
  azure.requests.filter(({ method }) => method === "PATCH").length;

/** Starts the action and does something as soon as the server was asked for this. */
async function actWhenAsked(
  azure: Awaited<ReturnType<typeof scriptedAzure>>,
  { line, act, inputs = {}, options = {} }: Act,
) {
  await using action = startAction(inputsFor(azure, inputs), options);
  await azure.waitForRequest(line);
  const at = performance.now();
  action[act]();
  return { ...(await action.done), at };
}

interface Act {
  readonly line: RegExp;
  readonly act: "cancel" | "kill";
  readonly inputs?: Readonly<Record<string, string>>;
  readonly options?: RunOptions;
}

const look = /^GET build\/builds\/345\?/;

describe.concurrent("a job that is cancelled", () => {
  it("cancels the run at once, says so, and leaves nothing for the post step", async () => {
    await using azure = await scriptedAzure(going);
    const result = await actWhenAsked(azure, { line: look, act: "cancel" });
    const { main, post, at } = result;
    expect(main.result).toBe("cancelled");
    expect([main.exitCode, main.outputs["error-code"], main.outputs["run-id"]], main.log).toEqual([
      1,
      "canceled",
      "345",
    ]);
    expect(main.log).toMatch(/cancelled too/);
    const patch = azure.requests.find(({ method }) => method === "PATCH");
    expect(JSON.parse(patch?.body ?? "")).toEqual({ status: "cancelling" });
    expect((patch?.at ?? Number.NaN) - at).toBeLessThan(patienceMs);
    expect(main.millisFromCancel).toBeLessThan(patienceMs);
    expect([post?.exitCode, post?.log.trim()]).toEqual([0, ""]);
    expect(azure.requestLines().at(-1)).toBe("PATCH build/builds/345?api-version=7.1");
    expect(patches(azure.requestLines())).toHaveLength(1);
  });

  it("cancels the run although a poll was answered with 101", async () => {
    const polled = Promise.withResolvers<void>();
    await using azure = await startSimulator({
      speed: 1,
      accepts: () => "yes",
      onRequest: ({ method, path }) => {
        if (method === "GET" && /builds\/\d+\?/.test(path)) polled.resolve();
      },
    });
    azure.order({ on: { method: "GET", path: /builds\/\d+$/ }, fault: { kind: "interim", status: 101 } });
    await using action = startAction(slowInputs(azure));
    await polled.promise;
    action.cancel();
    const { main } = await action.done;
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(main.millisFromCancel).toBeLessThan(patienceMs);
    expect(simulatorPatches(azure)).toBe(1);
    expect(azure.runs[0]?.cancelledAt).toBeDefined();
  });

  it("answers to SIGTERM alike", async () => {
    await using azure = await scriptedAzure(going);
    const { main } = await actWhenAsked(azure, { line: look, act: "cancel", options: { signal: "SIGTERM" } });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(patches(azure.requestLines())).toHaveLength(1);
  });

  it("tries the cancel twice, and leaves the rest to the post step", async () => {
    const refusal = { status: 503, body: "away" };
    await using azure = await scriptedAzure({
      ...going,
      [cancelling]: [refusal, refusal, { body: buildJson("cancelling") }],
    });
    const { main, post } = await actWhenAsked(azure, { line: look, act: "cancel" });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(post?.exitCode, post?.log).toBe(0);
    expect(patches(azure.requestLines())).toHaveLength(3);
    expect(post?.log).toMatch(/cancelled/);
  });

  it("gives a cancel without an answer up before the runner loses patience", async () => {
    await using azure = await scriptedAzure({
      ...going,
      [cancelling]: { body: "x".repeat(50), fault: "stall" },
    });
    const { main } = await actWhenAsked(azure, {
      line: look,
      act: "cancel",
      options: { post: false },
    });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(main.millisFromCancel).toBeLessThan(patienceMs);
  });

  it.each([
    ["true", "The run was cancelled too. It was running Smoke tests when it was last seen."],
    ["false", "The run goes on. Still running Smoke tests."],
  ])("says in the summary what became of the run with cancel-on-abort: %s", async (cancels, sentence) => {
    await using azure = await scriptedAzure(running);
    const inputs = { "cancel-on-abort": cancels };
    const { main } = await actWhenAsked(azure, { line: /changeId=7/, act: "cancel", inputs });
    expect(main.summary).toContain(`\n\n${sentence}\n`);
  });

  it("leaves the run alone with cancel-on-abort: false, and says so", async () => {
    await using azure = await scriptedAzure(going);
    const inputs = { "cancel-on-abort": "false" };
    const { main, post } = await actWhenAsked(azure, { line: look, act: "cancel", inputs });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(main.log).toMatch(/goes on/);
    expect(post?.exitCode).toBe(0);
    expect(patches(azure.requestLines())).toEqual([]);
  });

  it("waits for the answer to a start that is under way, and cancels its run", async () => {
    await using azure = await slow();
    azure.order({ on: { method: "POST", path: /runs$/ }, fault: { kind: "late", ms: 900 } });
    await using action = startAction(slowInputs(azure));
    await requested(azure, "POST");
    action.cancel();
    const { main, post } = await action.done;
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(azure.runs.map(({ cancelledAt }) => cancelledAt !== undefined)).toEqual([true]);
    expect(main.outputs["run-id"]).toBe(String(azure.runs[0]?.id));
    expect(post?.exitCode).toBe(0);
    expect(simulatorPatches(azure)).toBe(1);
  });

  it("finds and cancels the run of a start whose answer never came", async () => {
    await using azure = await slow();
    azure.order({ on: { method: "POST", path: /runs$/ }, fault: { kind: "stall", handled: true } });
    await using action = startAction(slowInputs(azure));
    await requested(azure, "POST");
    action.cancel();
    const { main } = await action.done;
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(azure.runs.map(({ cancelledAt }) => cancelledAt !== undefined)).toEqual([true]);
    expect(main.millisFromCancel).toBeLessThan(patienceMs);
  });

  it("writes log, outputs and summary of a run that it finds only then", async () => {
    await using azure = await startSimulator({ speed: 1, accepts: () => "yes" });
    azure.order({ on: { method: "POST", path: /runs$/ }, nth: 1, fault: { kind: "reset-after" } });
    await using action = startAction(inputsFor(azure));
    await action.waitFor(/The answer to the start was lost/);
    action.cancel();
    const { main } = await action.done;
    const [run] = azure.runs;
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([1, String(run?.id)]);
    expect(main.log).toMatch(/^Started \S+: http/m);
    expect(main.log).toMatch(/The step was cancelled\. The run was cancelled too: http/);
    expect(main.outputs["status"]).toMatch(/^(notStarted|inProgress|canceling|completed)$/);
    expect(main.summary).toContain("the step was cancelled");
    expect(main.summary).toContain(`buildId=${run?.id}`);
  });

  it("says that nothing was started when nothing was", async () => {
    await using azure = await scriptedAzure({
      "GET build/definitions/42": { body: { id: 42, name: "ci" }, fault: "stall" },
    });
    const { main } = await actWhenAsked(azure, {
      line: /definitions/,
      act: "cancel",
      inputs: { ref: "" },
    });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(main.log).toMatch(/No run was started/);
    expect(azure.requestLines()).toEqual(["GET build/definitions/42?api-version=7.1"]);
  });
});

describe.concurrent("a process that is killed", () => {
  it("has its run cancelled by the post step", async () => {
    await using azure = await scriptedAzure(going);
    const { main, post } = await actWhenAsked(azure, { line: look, act: "kill" });
    expect([main.exitCode, main.result]).toEqual([null, "failure"]);
    expect(main.outputs["run-id"]).toBe("345");
    expect(post?.exitCode, post?.log).toBe(0);
    expect(patches(azure.requestLines())).toHaveLength(1);
    expect(post?.log).toContain("20260602.13");
  });

  it("has told by then what its looks had shown, large or small", async () => {
    await using azure = await scriptedAzure(running);
    const inputs = { "map-outputs": "first: stages[0].displayName\nodd: length(result)" };
    const { main } = await actWhenAsked(azure, { line: /changeId=7/, act: "kill", inputs });
    expect(main.outputs).toMatchObject({ status: "inProgress", first: "Deploy" });
    expect(main.outputs).not.toHaveProperty("odd");
    expect(JSON.parse(main.outputs["stages"] ?? "")).toMatchObject([
      { name: "Deploy", status: "inProgress" },
    ]);
    expect(JSON.parse(main.outputs["run"] ?? "")).toMatchObject({ id: 345, status: "inProgress" });
    expect(main.annotations).toEqual([]);
  });

  it("has its run left alone by the post step with cancel-on-abort: false", async () => {
    await using azure = await scriptedAzure(going);
    const inputs = { "cancel-on-abort": "false" };
    const { post } = await actWhenAsked(azure, { line: look, act: "kill", inputs });
    expect([post?.exitCode, patches(azure.requestLines())]).toEqual([0, []]);
  });

  it("in the middle of a start: the post step finds the run, though the list lags, and cancels it", async () => {
    await using azure = await startSimulator({ speed: 1, accepts: () => "yes", quirks: { listLag: 1 } });
    azure.order({ on: { method: "POST", path: /runs$/ }, fault: { kind: "stall", handled: true } });
    await using action = startAction(slowInputs(azure));
    await requested(azure, "POST");
    action.kill();
    const { main, post } = await action.done;
    expect(main.exitCode).toBe(null);
    expect(post?.exitCode, post?.log).toBe(0);
    expect(
      azure.runs.map(({ cancelledAt }) => cancelledAt !== undefined),
      post?.log,
    ).toEqual([true]);
  });

  it("after the run's end: a finished run is not touched", async () => {
    await using azure = await scriptedAzure({
      ...going,
      [pollRoute]: [
        { body: buildJson("inProgress") },
        { body: buildJson("completed", { result: "failed" }) },
      ],
    });
    const { post } = await actWhenAsked(azure, { line: look, act: "kill" });
    expect(post?.exitCode, post?.log).toBe(0);
    expect(patches(azure.requestLines())).toEqual([]);
    expect(post?.log).toMatch(/had completed/);
  });
});

describe.concurrent("in a container, where no signal comes", () => {
  it("the post step cancels the run", async () => {
    await using azure = await scriptedAzure(going);
    const { main, post } = await actWhenAsked(azure, {
      line: look,
      act: "cancel",
      options: { container: true },
    });
    expect(main.result).toBe("cancelled");
    expect(post?.exitCode, post?.log).toBe(0);
    expect(post?.log).toMatch(/20260602\.13 was cancelled because this step was cut off/);
    // The main step asks for it too if the post step takes longer than a moment.
    expect(patches(azure.requestLines())).not.toEqual([]);
  });
});

describe.concurrent("a step that came to its own end", () => {
  it.each([
    ["succeeded", {}],
    ["failed", {}],
    ["wait: false", { wait: "false" }],
  ])("%s: the post step sends nothing", async (word, inputs) => {
    await using azure = await scriptedAzure({
      ...going,
      [pollRoute]: { body: buildJson("completed", { result: word }) },
    });
    await using action = startAction(inputsFor(azure, inputs));
    const { post } = await action.done;
    expect([post?.exitCode, post?.log.trim()]).toEqual([0, ""]);
    expect(patches(azure.requestLines())).toEqual([]);
  });

  it("was refused: the post step sends nothing", async () => {
    await using azure = await scriptedAzure({ [startRoute]: { status: 403, body: { message: "no" } } });
    const result = await startAction(inputsFor(azure)).done;
    expectFailure(result, "forbidden");
    expect(azure.requestLines()).toHaveLength(1);
  });
});

async function requested(azure: Simulator, method: string): Promise<void> {
  while (!azure.requests.some((request) => request.method === method)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
