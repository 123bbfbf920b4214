import { describe, expect, it } from "vitest";
import { cancelOnSignal } from "../../src/app/cancel-on-signal.ts";
import { runPostStep } from "../../src/app/post-step.ts";
import { createStepState, type Phase, restorePhase, savePhase } from "../../src/app/step-state.ts";
import type { RunStatus } from "../../src/core/model.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import type { Clock } from "../../src/lib/time.ts";
import type { CommitReporter } from "../../src/ports.ts";
import {
  candidate,
  createHarness,
  logText,
  neverAborted,
  type Script,
  startRequest,
  startTimeMs,
} from "./scripted-pipelines.ts";

const following: Phase = { at: "following", runId: 7, isOwn: true };

const starting: Phase = {
  at: "starting",
  pipelineId: 42,
  startedAt: startTimeMs,
  attempts: 1,
  fingerprint: startRequest.fingerprint,
};

const lost = new TransientError("the connection was lost");

async function abortIn(phase: Phase, script: Script = {}, cancelOnAbort?: boolean, isPostStepActive = false) {
  const harness = createHarness(script);
  const stepState = createStepState(harness.runner);
  if (phase.at !== "idle") stepState.setPhase(phase);
  const outputValues: Record<string, unknown> = {};
  const outputs = { set: (values: object) => Object.assign(outputValues, values) === outputValues };
  const { message, found } = await cancelOnSignal(
    { ...harness, stepState, outputs, cancelOnAbort, isPostStepActive },
    neverAborted,
  );
  return { ...harness, message, found, outputValues, phase: restorePhase(harness.runner).at };
}

describe("the cancellation on a signal", () => {
  it("sends nothing if no run was started", async () => {
    expect(await abortIn({ at: "idle" })).toMatchObject({ message: "No run was started.", callLog: [] });
  });

  it("cancels the run, so that the post step has nothing to do", async () => {
    const { message, callLog, phase } = await abortIn(following);
    expect([callLog, phase]).toEqual([["cancel 7 @0"], "left"]);
    expect(message).toMatch(/cancelled too: https:\/\/x\/7/);
  });

  it("tries twice to cancel the run, and then leaves it to the post step", async () => {
    const once = await abortIn(following, { cancel: [lost, undefined] });
    expect([once.callLog.length, once.phase]).toEqual([2, "left"]);
    const never = await abortIn(following, { cancel: [lost] });
    expect([never.callLog.length, never.phase]).toEqual([2, "following"]);
    expect(never.message).toMatch(/could not be cancelled yet \(the connection was lost\)/);
  });

  it.each<[RunStatus, string[]]>([
    ["canceling", ["build @1.5"]],
    ["completed", ["build @1.5"]],
    ["inProgress", ["build @1.5", "cancel 7 @1.5"]],
  ])("leaves a run that is %s to the post step if that is active: %j", async (status, calls) => {
    const { callLog, phase } = await abortIn(following, { status }, undefined, true);
    expect([callLog, phase]).toEqual([calls, "left"]);
  });

  it("does not cancel a run that another client started, unless cancel-on-abort is true", async () => {
    const external: Phase = { ...following, isOwn: false };
    expect(await abortIn(external)).toMatchObject({ callLog: [], phase: "left" });
    expect((await abortIn(external, {}, true)).callLog).toEqual(["cancel 7 @0"]);
    expect((await abortIn(following, {}, false)).callLog).toEqual([]);
  });

  it("searches for the run of an unanswered start and cancels it", async () => {
    const { callLog, phase, outputValues, found } = await abortIn(starting, { recent: [[candidate(9)]] });
    expect(found).toMatchObject({ id: 9, url: "https://x/9" });
    expect([callLog, phase]).toEqual([["recent @0", "cancel 9 @0"], "left"]);
    expect(outputValues).toMatchObject({ "run-id": 9 });
  });

  it("cancels both runs of a start that was sent twice", async () => {
    const twice: Phase = { ...starting, attempts: 2 };
    const both = await abortIn(twice, { recent: [[candidate(8), candidate(9)]] });
    expect([both.callLog, both.phase]).toEqual([["recent @0", "cancel 8 @0", "cancel 9 @0"], "left"]);
    const refused = await abortIn(twice, {
      recent: [[candidate(8), candidate(9)]],
      cancel: [new ActionError("forbidden", "no")],
    });
    expect(refused.phase).toBe("starting");
  });

  it.each<[string, Script]>([
    ["no run is found", { recent: [[]] }],
    ["several runs are found", { recent: [[candidate(8), candidate(9)]] }],
    ["a run without parameters is found", { recent: [[candidate(9, { parameters: undefined })]] }],
    ["the search fails", { recent: [new ActionError("unreachable", "away")] }],
  ])("leaves a start to the post step if %s", async (_, script) => {
    const { callLog, phase, message } = await abortIn(starting, script);
    expect([callLog.some((call) => call.startsWith("cancel")), phase]).toEqual([false, "starting"]);
    expect(message).toContain("https://x/pipeline/42");
  });

  const duplicateSearch = {
    pipelineId: 42,
    startedAt: startTimeMs,
    attempts: 2,
    fingerprint: startRequest.fingerprint,
  };

  it("cancels a run and its duplicate, or leaves the search for the duplicate to the post step", async () => {
    const both = await abortIn({ ...following, duplicateSearch }, { recent: [[candidate(7), candidate(9)]] });
    expect([both.callLog.toSorted(), both.phase]).toEqual([
      ["cancel 7 @0", "cancel 9 @0", "recent @0"],
      "left",
    ]);
    const one = await abortIn({ ...following, duplicateSearch }, { recent: [[candidate(7)]] });
    expect([one.callLog.toSorted(), one.phase]).toEqual([["cancel 7 @0", "recent @0"], "following"]);
  });

  it("leaves the search for the second run of a start that was sent twice to the post step", async () => {
    const { callLog, phase } = await abortIn({ ...starting, attempts: 2 }, { recent: [[candidate(9)]] });
    expect([callLog, phase]).toEqual([["recent @0", "cancel 9 @0"], "starting"]);
  });

  it("reports that the run had already ended if it cannot be cancelled any more", async () => {
    const refusal = new ActionError("rejected", "The build is completed.");
    const { callLog, message, phase } = await abortIn(following, { cancel: [refusal], status: "completed" });
    expect([callLog, phase]).toEqual([["cancel 7 @0", "build @0"], "left"]);
    expect(message).toMatch(/had already ended: https:\/\/x\/7/);
  });

  it("returns a message even if the time is up before the post step acts", async () => {
    const harness = createHarness({ status: "inProgress", cancel: [lost] });
    const stepState = createStepState(harness.runner);
    stepState.setPhase(following);
    const outputs = { set: () => true };
    const timeUp = AbortSignal.abort(new Error("timed out after 3 s"));
    const { message } = await cancelOnSignal(
      { ...harness, stepState, outputs, cancelOnAbort: undefined, isPostStepActive: true },
      timeUp,
    );
    expect(message).toMatch(/could not be cancelled yet/);
  });

  it("does not search for the run of a start with cancel-on-abort: false", async () => {
    expect((await abortIn(starting, {}, false)).callLog).toEqual([]);
  });
});

const defaultInputs: Readonly<Record<string, string>> = {
  organization: "contoso",
  project: "web",
  "pipeline-id": "42",
  ref: "main",
  parameters: "env: prod",
  token: "t".repeat(30),
};

/** A sleep of a minute or more, which is a time limit, never ends and does not advance the clock. */
function sleepWithoutTimeLimits(clock: Clock): Clock["sleep"] {
  return (ms, signal) => (ms >= 60_000 ? new Promise(() => {}) : clock.sleep(ms, signal));
}

async function runPostStepIn(
  phase: Phase,
  script: Script = {},
  inputs: Readonly<Record<string, string>> = {},
  reporters: readonly Pick<CommitReporter, "close">[] = [],
) {
  const harness = createHarness(script);
  savePhase(harness.runner, phase);
  const all: Readonly<Record<string, string>> = { ...defaultInputs, ...inputs };
  let shutdownRequests = 0;
  const outside = {
    requestMainShutdown: async () => {
      shutdownRequests += 1;
    },
    runner: { ...harness.runner, mask: () => undefined },
    clock: { now: harness.clock.now, sleep: sleepWithoutTimeLimits(harness.clock) },
    input: (name: string) => all[name] ?? "",
    connect: () => harness,
    workflow: {
      commitReporters: async () =>
        reporters.map((reporter) => ({
          open: async () => undefined,
          update: async () => undefined,
          ...reporter,
        })),
    },
  };
  await runPostStep(outside);
  return { ...harness, shutdownRequests, log: logText(harness.lines) };
}

describe("the post step", () => {
  it.each<Phase>([{ at: "idle" }, { at: "settled" }, { at: "left", runId: 7 }])(
    "does nothing and logs nothing in the phase %j",
    async (phase) => {
      expect(await runPostStepIn(phase)).toMatchObject({ callLog: [], log: "" });
    },
  );

  it("requests the shutdown of the main step, unless that ended by itself", async () => {
    expect((await runPostStepIn({ at: "idle" })).shutdownRequests).toBe(1);
    expect((await runPostStepIn(following, { status: "inProgress" })).shutdownRequests).toBe(1);
    expect((await runPostStepIn({ at: "settled" })).shutdownRequests).toBe(0);
  });

  it("cancels a run that is in progress", async () => {
    const { callLog, log } = await runPostStepIn(following, { status: "inProgress" });
    expect(callLog).toEqual(["build @0", "cancel 7 @0"]);
    expect(log).toMatch(/run-7 was cancelled/);
  });

  it("cancels neither a completed run nor one that is being canceled", async () => {
    expect((await runPostStepIn(following, { status: "completed" })).callLog).toEqual(["build @0"]);
    expect((await runPostStepIn(following, { status: "canceling" })).callLog).toEqual(["build @0"]);
  });

  it("obeys cancel-on-abort", async () => {
    expect((await runPostStepIn(following, {}, { "cancel-on-abort": "false" })).callLog).toEqual([]);
    expect((await runPostStepIn({ ...following, isOwn: false })).callLog).toEqual([]);
    const external = await runPostStepIn(
      { ...following, isOwn: false },
      { status: "inProgress" },
      { "cancel-on-abort": "true" },
    );
    expect(external.callLog).toEqual(["build @0", "cancel 7 @0"]);
  });

  it("searches several times for the run of an interrupted start, and cancels it", async () => {
    const { callLog, log } = await runPostStepIn(starting, { recent: [[], [], [candidate(9)]] });
    expect(callLog.filter((call) => call.startsWith("recent"))).toHaveLength(3);
    expect(callLog.at(-1)).toMatch(/^cancel 9/);
    expect(log).toMatch(/run-9.*cancelled/);
  });

  it("cancels none of several possible runs, and names them", async () => {
    const { callLog, log } = await runPostStepIn(starting, { recent: [[candidate(8), candidate(9)]] });
    expect(callLog).toEqual(["recent @0"]);
    expect(log).toMatch(/https:\/\/x\/8, https:\/\/x\/9/);
  });

  it("cancels both runs of a start that was sent twice, and waits until the second appears", async () => {
    const { callLog } = await runPostStepIn(
      { ...starting, attempts: 2 },
      { recent: [[candidate(8)], [candidate(8), candidate(9)]] },
    );
    expect(callLog.map((call) => call.replace(/ @.*/, ""))).toEqual([
      "recent",
      "cancel 8",
      "recent",
      "cancel 9",
    ]);
  });

  it("searches for the duplicate of the run that it cancels", async () => {
    const duplicateSearch = {
      pipelineId: 42,
      startedAt: startTimeMs,
      attempts: 2,
      fingerprint: startRequest.fingerprint,
    };
    const script: Script = { status: "inProgress", recent: [[candidate(7)], [candidate(7), candidate(9)]] };
    const { callLog, log } = await runPostStepIn({ ...following, duplicateSearch }, script);
    expect(callLog).toEqual(["build @0", "cancel 7 @0", "recent @0", "recent @1", "cancel 9 @1"]);
    expect(log).toMatch(/run-7 was cancelled[\s\S]*run-9.*was cancelled/);
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '{"at":"following"}',
    '{"at":"following","runId":"7","isOwn":true}',
    '{"at":"following","runId":-7,"isOwn":true}',
    '{"at":"left","runId":7.5}',
    '{"at":"starting","pipelineId":42,"startedAt":1,"attempts":1}',
    '{"at":"starting","pipelineId":42,"startedAt":1,"attempts":1,"fingerprint":{"ref":7}}',
    '{"at":"elsewhere","runId":7}',
  ])("ignores a state that the action cannot have written: %s", (text) => {
    const harness = createHarness({});
    harness.runner.saveState("phase", text);
    expect(restorePhase(harness.runner)).toEqual({ at: "idle" });
  });

  it("stores no parameters or variables in the state, however large they are", () => {
    const harness = createHarness({});
    const parameters = { env: '"'.repeat(100_000) };
    savePhase(harness.runner, { ...starting, fingerprint: { ...startRequest.fingerprint, parameters } });
    expect(harness.state.get("phase")?.length).toBeLessThan(500);
  });

  it("cancels no run if the inputs are not those of the main step", async () => {
    const { callLog, log } = await runPostStepIn(
      starting,
      { recent: [[candidate(9, { parameters: { env: "test" } })]] },
      { parameters: "env: test" },
    );
    expect(callLog.filter((call) => call.startsWith("cancel"))).toEqual([]);
    expect(log).toMatch(/may be one of these.*https:\/\/x\/9/);
  });

  it("reports that a check run stays open, and not that the run could not be cancelled", async () => {
    const unreachable = { close: () => Promise.reject(new Error("GitHub is away")) };
    const { callLog, log } = await runPostStepIn(following, { status: "inProgress" }, {}, [unreachable]);
    expect(callLog.slice(0, 2)).toEqual(["build @0", "cancel 7 @0"]);
    expect(log).toMatch(/run-7 was cancelled/);
    expect(log).not.toMatch(/could not be cancelled/);
    expect(log).toMatch(/check run or status may still show it as running/);
  });

  it("reports that no run has appeared", async () => {
    const { log, clock } = await runPostStepIn(starting, { recent: [[]] });
    expect(log).toMatch(/no run was found/);
    expect(clock.now() - startTimeMs).toBeLessThan(60_000);
  });

  it("warns instead of failing if it cannot cancel or the inputs are invalid", async () => {
    const refusal = new ActionError("forbidden", "Stop builds is missing.");
    const { lines } = await runPostStepIn(following, { status: "inProgress", cancel: [refusal] });
    expect(lines).toMatchObject([
      { type: "warning", text: expect.stringContaining("Stop builds is missing.") },
    ]);
    const withInvalidInput = await runPostStepIn(following, {}, { wait: "perhaps" });
    expect(withInvalidInput.lines).toMatchObject([{ type: "warning" }]);
  });
});
