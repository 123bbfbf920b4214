import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runnerGraceMs } from "../../runner-emulator/process.ts";
import { type RunOptions, startAction } from "../../runner-emulator/runner.ts";
import { type Simulator, startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  buildList,
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

/** After a request with changeId=7, a poll has shown these records. */
const running = {
  ...going,
  [timelineRoute]: { body: { id: "t", changeId: 7, records: timelineRecords("inProgress") } },
};

/** The runner sends its second signal after this time. */
const graceMs = runnerGraceMs.interrupt;

const patches = (lines: readonly string[]) => lines.filter((line) => line.startsWith("PATCH"));

const slow = () => startSimulator({ speed: 1, accepts: () => "yes" });

const slowInputs = (azure: Simulator, more = {}) => inputsFor(azure, { "pipeline-id": "47", ...more });

const simulatorPatches = (azure: Simulator) =>
  azure.requests.filter(({ method }) => method === "PATCH").length;

/** Starts the action and acts as soon as the server receives this request. */
async function actOnRequest(
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

const pollLine = /^GET build\/builds\/345\?/;

describe.concurrent("a job that is cancelled", () => {
  it("cancels the run at once and says so, and the post step has nothing to do", async () => {
    await using azure = await scriptedAzure(going);
    const result = await actOnRequest(azure, { line: pollLine, act: "cancel" });
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
    expect((patch?.at ?? Number.NaN) - at).toBeLessThan(graceMs);
    expect(main.millisFromCancel).toBeLessThan(graceMs);
    expect([post?.exitCode, post?.log.trim()]).toEqual([0, ""]);
    expect(azure.requestLines().at(-1)).toBe("PATCH build/builds/345?api-version=7.1");
    expect(patches(azure.requestLines())).toHaveLength(1);
  });

  it("cancels the run even if a poll got a 101", async () => {
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
    expect(main.millisFromCancel).toBeLessThan(graceMs);
    expect(simulatorPatches(azure)).toBe(1);
    expect(azure.runs[0]?.cancelledAt).toBeDefined();
  });

  it("cancels the run on SIGTERM too", async () => {
    await using azure = await scriptedAzure(running);
    const { main } = await actOnRequest(azure, {
      line: /changeId=7/,
      act: "cancel",
      options: { signal: "SIGTERM" },
    });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(patches(azure.requestLines())).toHaveLength(1);
    expect(main.summary).toContain(
      "\n\nThe run was cancelled too. It was running Smoke tests at the last poll.\n",
    );
  });

  it("tries twice to cancel the run, and then the post step tries again", async () => {
    const refusal = { status: 503, body: "away" };
    await using azure = await scriptedAzure({
      ...going,
      [cancelling]: [refusal, refusal, { body: buildJson("cancelling") }],
    });
    const { main, post } = await actOnRequest(azure, { line: pollLine, act: "cancel" });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(post?.exitCode, post?.log).toBe(0);
    expect(patches(azure.requestLines())).toHaveLength(3);
    expect(post?.log).toMatch(/cancelled/);
  });

  it("ends before the runner's second signal if the cancellation gets no response", async () => {
    await using azure = await scriptedAzure({
      ...going,
      [cancelling]: { body: "x".repeat(50), fault: "stall" },
    });
    const { main } = await actOnRequest(azure, {
      line: pollLine,
      act: "cancel",
      options: { post: false },
    });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(main.millisFromCancel).toBeLessThan(graceMs);
  });

  it("does not cancel the run with cancel-on-abort: false, and says so", async () => {
    await using azure = await scriptedAzure(running);
    const inputs = { "cancel-on-abort": "false" };
    const { main, post } = await actOnRequest(azure, { line: /changeId=7/, act: "cancel", inputs });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(main.log).toMatch(/The run continues/);
    expect(main.summary).toContain("\n\nThe run continues. Still running Smoke tests.\n");
    expect(post?.exitCode).toBe(0);
    expect(patches(azure.requestLines())).toEqual([]);
  });

  it("waits for the response to a pending start, and cancels its run", async () => {
    await using azure = await slow();
    azure.order({ on: { method: "POST", path: /runs$/ }, fault: { kind: "late", ms: 900 } });
    await using action = startAction(slowInputs(azure));
    await requested(azure, "POST");
    action.cancel();
    const { main, post } = await action.done;
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(azure.runs.map(({ cancelledAt }) => cancelledAt !== undefined)).toEqual([true]);
    expect(main.outputs["run-id"]).toBe(String(azure.runs[0]?.id));
    const url = main.outputs["run-url"] ?? "none";
    expect(main.log).toContain(`\n⊘ The step was cancelled. The run was cancelled too: ${url}\n`);
    expect(main.summary).toMatch(/^## 🚫 .+: the step was cancelled$/m);
    expect(main.summary).toContain(url);
    expect(readFileSync(main.outputs["summary-file"] ?? "", "utf8")).toBe(main.summary);
    expect(post?.exitCode).toBe(0);
    expect(simulatorPatches(azure)).toBe(1);
  });

  it("finds and cancels the run of a start without a response", async () => {
    await using azure = await slow();
    azure.order({ on: { method: "POST", path: /runs$/ }, fault: { kind: "stall", handled: true } });
    await using action = startAction(slowInputs(azure));
    await requested(azure, "POST");
    action.cancel();
    const { main } = await action.done;
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(azure.runs.map(({ cancelledAt }) => cancelledAt !== undefined)).toEqual([true]);
    expect(main.millisFromCancel).toBeLessThan(graceMs);
  });

  it("finds and cancels the run of a start without a response in a list that lags", async () => {
    let searches = 0;
    await using azure = await scriptedAzure({
      ...going,
      [startRoute]: { fault: "reset" },
      "GET build/builds": () => {
        searches += 1;
        return buildList(
          ...(searches === 1 ? [] : [buildJson("inProgress", { queueTime: new Date().toISOString() })]),
        );
      },
    });
    await using action = startAction(inputsFor(azure), { post: false });
    await action.waitFor(/The response to the start was lost/);
    action.cancel();
    const { main } = await action.done;
    expect([main.outputs["error-code"], main.outputs["run-id"]], main.log).toEqual(["canceled", "345"]);
    expect([searches, patches(azure.requestLines()).length]).toEqual([2, 1]);
  });

  it("writes log, outputs and summary of a run that it finds after the cancellation", async () => {
    await using azure = await startSimulator({ speed: 1, accepts: () => "yes" });
    azure.order({ on: { method: "POST", path: /runs$/ }, nth: 1, fault: { kind: "reset-after" } });
    await using action = startAction(inputsFor(azure));
    await action.waitFor(/The response to the start was lost/);
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

  it("says that no run was started if none was", async () => {
    await using azure = await scriptedAzure({
      "GET build/definitions/42": { body: { id: 42, name: "ci" }, fault: "stall" },
    });
    const { main } = await actOnRequest(azure, {
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
  it("leaves its run to the post step, which cancels it", async () => {
    await using azure = await scriptedAzure(going);
    const { main, post } = await actOnRequest(azure, { line: pollLine, act: "kill" });
    expect([main.exitCode, main.result]).toEqual([null, "failure"]);
    expect(main.outputs["run-id"]).toBe("345");
    expect(readFileSync(main.outputs["summary-file"] ?? "", "utf8")).toMatch(/^## ⏳ .+: started$/m);
    expect(post?.exitCode, post?.log).toBe(0);
    expect(patches(azure.requestLines())).toHaveLength(1);
    expect(post?.log).toContain("20260602.13");
  });

  it("has written the outputs of its last poll", async () => {
    await using azure = await scriptedAzure(running);
    const inputs = { "map-outputs": "first: stages[0].displayName\nodd: length(result)" };
    const { main } = await actOnRequest(azure, { line: /changeId=7/, act: "kill", inputs });
    expect(main.outputs).toMatchObject({ status: "inProgress", first: "Deploy" });
    expect(main.outputs).not.toHaveProperty("odd");
    expect(JSON.parse(main.outputs["stages"] ?? "")).toMatchObject([
      { name: "Deploy", status: "inProgress" },
    ]);
    expect(JSON.parse(main.outputs["run"] ?? "")).toMatchObject({ id: 345, status: "inProgress" });
    expect(main.annotations).toEqual([]);
  });

  it("leaves its run to the post step, which does not cancel it with cancel-on-abort: false", async () => {
    await using azure = await scriptedAzure(going);
    const inputs = { "cancel-on-abort": "false" };
    const { post } = await actOnRequest(azure, { line: pollLine, act: "kill", inputs });
    expect([post?.exitCode, patches(azure.requestLines())]).toEqual([0, []]);
  });

  it("during a start leaves its run to the post step, which finds it in a late list and cancels it", async () => {
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

  it("after the run's end has a post step that does not cancel the completed run", async () => {
    await using azure = await scriptedAzure({
      ...going,
      [pollRoute]: [
        { body: buildJson("inProgress") },
        { body: buildJson("completed", { result: "failed" }) },
      ],
    });
    const { post } = await actOnRequest(azure, { line: pollLine, act: "kill" });
    expect(post?.exitCode, post?.log).toBe(0);
    expect(patches(azure.requestLines())).toEqual([]);
    expect(post?.log).toMatch(/had completed/);
  });
});

describe.concurrent("a container, which receives no signal", () => {
  it("leaves its run to the post step, which cancels it", async () => {
    await using azure = await scriptedAzure(going);
    const { main, post } = await actOnRequest(azure, {
      line: pollLine,
      act: "cancel",
      options: { container: true },
    });
    expect(main.result).toBe("cancelled");
    expect(post?.exitCode, post?.log).toBe(0);
    expect(post?.log).toMatch(/20260602\.13 was cancelled because this step was interrupted/);
    // If the post step is slow, the main step sends the cancellation too.
    expect(patches(azure.requestLines())).not.toEqual([]);
  });
});

describe.concurrent("the post step of a step that ended by itself", () => {
  it("sends no request after a run that failed", async () => {
    await using azure = await scriptedAzure({
      ...going,
      [pollRoute]: { body: buildJson("completed", { result: "failed" }) },
    });
    const { post } = await startAction(inputsFor(azure)).done;
    expect([post?.exitCode, post?.log.trim()]).toEqual([0, ""]);
    expect(patches(azure.requestLines())).toEqual([]);
  });

  it("sends no request after a refused start", async () => {
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
