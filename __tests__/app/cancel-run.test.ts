import { describe, expect, it } from "vitest";
import { cancelOnSignal } from "../../src/app/cancel-run.ts";
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

async function aborted(phase: Phase, script: Script = {}, cancelOnAbort?: boolean, isPostStepActive = false) {
  const stage = createHarness(script);
  const stepState = createStepState(stage.runner);
  if (phase.at !== "idle") stepState.setPhase(phase);
  const told: Record<string, unknown> = {};
  const outputs = { set: (values: object) => Object.assign(told, values) === told };
  const { message: said, found } = await cancelOnSignal(
    { ...stage, stepState, outputs, cancelOnAbort, isPostStepActive },
    neverAborted,
  );
  return { ...stage, said, found, told, phase: restorePhase(stage.runner).at };
}

describe("between the signal and the runner's patience", () => {
  it("nothing was started: nothing is done", async () => {
    expect(await aborted({ at: "idle" })).toMatchObject({ said: "No run was started.", callLog: [] });
  });

  it("the run is cancelled, and the post step has nothing to do", async () => {
    const { said, callLog, phase } = await aborted(following);
    expect([callLog, phase]).toEqual([["cancel 7 @0"], "left"]);
    expect(said).toMatch(/cancelled too: https:\/\/x\/7/);
  });

  it("it is tried twice; then the post step has it", async () => {
    const once = await aborted(following, { cancel: [lost, undefined] });
    expect([once.callLog.length, once.phase]).toEqual([2, "left"]);
    const never = await aborted(following, { cancel: [lost] });
    expect([never.callLog.length, never.phase]).toEqual([2, "following"]);
    expect(never.said).toMatch(/could not be cancelled yet \(the connection was lost\)/);
  });

  it.each<[RunStatus, string[]]>([
    ["canceling", ["build @1.5"]],
    ["completed", ["build @1.5"]],
    ["inProgress", ["build @1.5", "cancel 7 @1.5"]],
  ])(
    "a run that the post step sees to is only cancelled if it has not come to it: %s",
    async (status, calls) => {
      const { callLog, phase } = await aborted(following, { status }, undefined, true);
      expect([callLog, phase]).toEqual([calls, "left"]);
    },
  );

  it("a run that is only followed goes on, unless the workflow says otherwise", async () => {
    const theirs: Phase = { ...following, isOwn: false };
    expect(await aborted(theirs)).toMatchObject({ callLog: [], phase: "left" });
    expect((await aborted(theirs, {}, true)).callLog).toEqual(["cancel 7 @0"]);
    expect((await aborted(following, {}, false)).callLog).toEqual([]);
  });

  it("a start that is still open: its run is looked for and cancelled", async () => {
    const { callLog, phase, told, found } = await aborted(starting, { recent: [[candidate(9)]] });
    expect(found).toMatchObject({ id: 9, url: "https://x/9" });
    expect([callLog, phase]).toEqual([["recent @0", "cancel 9 @0"], "left"]);
    expect(told).toMatchObject({ "run-id": 9 });
  });

  it("a start that had to be asked twice: both of its runs are cancelled", async () => {
    const twice: Phase = { ...starting, attempts: 2 };
    const both = await aborted(twice, { recent: [[candidate(8), candidate(9)]] });
    expect([both.callLog, both.phase]).toEqual([["recent @0", "cancel 8 @0", "cancel 9 @0"], "left"]);
    const refused = await aborted(twice, {
      recent: [[candidate(8), candidate(9)]],
      cancel: [new ActionError("forbidden", "no")],
    });
    expect(refused.phase).toBe("starting");
  });

  it.each<[string, Script]>([
    ["that shows no run", { recent: [[]] }],
    ["that shows several", { recent: [[candidate(8), candidate(9)]] }],
    ["that shows one which says too little", { recent: [[candidate(9, { parameters: undefined })]] }],
    ["that cannot be looked for", { recent: [new ActionError("unreachable", "away")] }],
  ])("a start %s is left to the post step", async (_, script) => {
    const { callLog, phase, said } = await aborted(starting, script);
    expect([callLog.some((call) => call.startsWith("cancel")), phase]).toEqual([false, "starting"]);
    expect(said).toContain("https://x/pipeline/42");
  });

  const duplicateSearch = {
    pipelineId: 42,
    startedAt: startTimeMs,
    attempts: 2,
    fingerprint: startRequest.fingerprint,
  };

  it("a run whose twin was about to be looked for: both are cancelled, or the post step looks again", async () => {
    const both = await aborted({ ...following, duplicateSearch }, { recent: [[candidate(7), candidate(9)]] });
    expect([both.callLog.toSorted(), both.phase]).toEqual([
      ["cancel 7 @0", "cancel 9 @0", "recent @0"],
      "left",
    ]);
    const one = await aborted({ ...following, duplicateSearch }, { recent: [[candidate(7)]] });
    expect([one.callLog.toSorted(), one.phase]).toEqual([["cancel 7 @0", "recent @0"], "following"]);
  });

  it("a start that was asked for twice and shows one run: the post step looks for the other", async () => {
    const { callLog, phase } = await aborted({ ...starting, attempts: 2 }, { recent: [[candidate(9)]] });
    expect([callLog, phase]).toEqual([["recent @0", "cancel 9 @0"], "starting"]);
  });

  it("a run that has ended in the meantime was over already", async () => {
    const refusal = new ActionError("rejected", "The build is completed.");
    const { callLog, said, phase } = await aborted(following, { cancel: [refusal], status: "completed" });
    expect([callLog, phase]).toEqual([["cancel 7 @0", "build @0"], "left"]);
    expect(said).toMatch(/was over already: https:\/\/x\/7/);
  });

  it("answers also where the time is up before the post step had its moment", async () => {
    const stage = createHarness({ status: "inProgress", cancel: [lost] });
    const stepState = createStepState(stage.runner);
    stepState.setPhase(following);
    const outputs = { set: () => true };
    const over = AbortSignal.abort(new Error("3 s were not enough"));
    const { message: said } = await cancelOnSignal(
      { ...stage, stepState, outputs, cancelOnAbort: undefined, isPostStepActive: true },
      over,
    );
    expect(said).toMatch(/could not be cancelled yet/);
  });

  it("a start is not looked for with cancel-on-abort: false", async () => {
    expect((await aborted(starting, {}, false)).callLog).toEqual([]);
  });
});

const given: Readonly<Record<string, string>> = {
  organization: "contoso",
  project: "web",
  "pipeline-id": "42",
  ref: "main",
  parameters: "env: prod",
  token: "t".repeat(30),
};

/** The time limit's own sleep takes time beside everything else: it must not move the clock. */
function patientSleep(clock: Clock): Clock["sleep"] {
  return (ms, signal) => (ms >= 60_000 ? new Promise(() => {}) : clock.sleep(ms, signal));
}

async function cleaned(
  phase: Phase,
  script: Script = {},
  inputs: Readonly<Record<string, string>> = {},
  posts: readonly Pick<CommitReporter, "close">[] = [],
) {
  const stage = createHarness(script);
  savePhase(stage.runner, phase);
  const all: Readonly<Record<string, string>> = { ...given, ...inputs };
  let notes = 0;
  const outside = {
    requestMainShutdown: async () => {
      notes += 1;
    },
    runner: { ...stage.runner, mask: () => undefined },
    clock: { now: stage.clock.now, sleep: patientSleep(stage.clock) },
    input: (name: string) => all[name] ?? "",
    connect: () => ({ pipelines: stage.pipelines, jobRuns: stage.jobRuns }),
    workflow: { commitReporters: async () => posts },
  };
  // Only what the clean-up speaks to.
  await runPostStep(outside as unknown as Parameters<typeof runPostStep>[0]);
  return { ...stage, notes, said: logText(stage.lines) };
}

describe("the post step", () => {
  it.each<Phase>([{ at: "idle" }, { at: "settled" }, { at: "left", runId: 7 }])(
    "%j: nothing to do, nothing to say",
    async (phase) => {
      expect(await cleaned(phase)).toMatchObject({ callLog: [], said: "" });
    },
  );

  it("calls off a main step that may still live, unless that came to its own end", async () => {
    expect((await cleaned({ at: "idle" })).notes).toBe(1);
    expect((await cleaned(following, { status: "inProgress" })).notes).toBe(1);
    expect((await cleaned({ at: "settled" })).notes).toBe(0);
  });

  it("cancels a run that still goes", async () => {
    const { callLog, said } = await cleaned(following, { status: "inProgress" });
    expect(callLog).toEqual(["build @0", "cancel 7 @0"]);
    expect(said).toMatch(/run-7 was cancelled/);
  });

  it("never touches a finished one, nor cancels twice", async () => {
    expect((await cleaned(following, { status: "completed" })).callLog).toEqual(["build @0"]);
    expect((await cleaned(following, { status: "canceling" })).callLog).toEqual(["build @0"]);
  });

  it("does as cancel-on-abort says", async () => {
    expect((await cleaned(following, {}, { "cancel-on-abort": "false" })).callLog).toEqual([]);
    expect((await cleaned({ ...following, isOwn: false })).callLog).toEqual([]);
    const theirs = await cleaned(
      { ...following, isOwn: false },
      { status: "inProgress" },
      { "cancel-on-abort": "true" },
    );
    expect(theirs.callLog).toEqual(["build @0", "cancel 7 @0"]);
  });

  it("finds the run of a start that was cut off, looking more than once", async () => {
    const { callLog, said } = await cleaned(starting, { recent: [[], [], [candidate(9)]] });
    expect(callLog.filter((call) => call.startsWith("recent"))).toHaveLength(3);
    expect(callLog.at(-1)).toMatch(/^cancel 9/);
    expect(said).toMatch(/run-9.*cancelled/);
  });

  it("cancels none of several, and names them", async () => {
    const { callLog, said } = await cleaned(starting, { recent: [[candidate(8), candidate(9)]] });
    expect(callLog).toEqual(["recent @0"]);
    expect(said).toMatch(/https:\/\/x\/8, https:\/\/x\/9/);
  });

  it("cancels both runs of a start that was asked for twice, and waits for the second to show up", async () => {
    const { callLog } = await cleaned(
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

  it("looks for the twin of the run that it cancels", async () => {
    const duplicateSearch = {
      pipelineId: 42,
      startedAt: startTimeMs,
      attempts: 2,
      fingerprint: startRequest.fingerprint,
    };
    const script: Script = { status: "inProgress", recent: [[candidate(7)], [candidate(7), candidate(9)]] };
    const { callLog, said } = await cleaned({ ...following, duplicateSearch }, script);
    expect(callLog).toEqual(["build @0", "cancel 7 @0", "recent @0", "recent @1", "cancel 9 @1"]);
    expect(said).toMatch(/run-7 was cancelled[\s\S]*run-9.*was cancelled/);
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
  ])("takes a state that this action cannot have written for none: %s", (text) => {
    const stage = createHarness({});
    stage.runner.saveState("phase", text);
    expect(restorePhase(stage.runner)).toEqual({ at: "idle" });
  });

  it("keeps no parameter or variable in the state, however large they are", () => {
    const stage = createHarness({});
    const parameters = { env: '"'.repeat(100_000) };
    savePhase(stage.runner, { ...starting, fingerprint: { ...startRequest.fingerprint, parameters } });
    expect(stage.state.get("phase")?.length).toBeLessThan(500);
  });

  it("cancels no run if the inputs are not those of the main step", async () => {
    const { callLog, said } = await cleaned(
      starting,
      { recent: [[candidate(9, { parameters: { env: "test" } })]] },
      { parameters: "env: test" },
    );
    expect(callLog.filter((call) => call.startsWith("cancel"))).toEqual([]);
    expect(said).toMatch(/may be one of these.*https:\/\/x\/9/);
  });

  it("tells a sign that stays open from a run that goes on", async () => {
    const away = { close: () => Promise.reject(new Error("GitHub is away")) };
    const { callLog, said } = await cleaned(following, { status: "inProgress" }, {}, [away]);
    expect(callLog.slice(0, 2)).toEqual(["build @0", "cancel 7 @0"]);
    expect(said).toMatch(/run-7 was cancelled/);
    expect(said).not.toMatch(/could not be cancelled/);
    expect(said).toMatch(/check run or status may still say that it goes on/);
  });

  it("says that none has shown up", async () => {
    const { said, clock } = await cleaned(starting, { recent: [[]] });
    expect(said).toMatch(/none has shown up/);
    expect(clock.now() - startTimeMs).toBeLessThan(60_000);
  });

  it("warns, and does not fail, when it cannot", async () => {
    const refusal = new ActionError("forbidden", "Stop builds is missing.");
    const { lines } = await cleaned(following, { status: "inProgress", cancel: [refusal] });
    expect(lines).toMatchObject([
      { type: "warning", text: expect.stringContaining("Stop builds is missing.") },
    ]);
    const mistaken = await cleaned(following, {}, { wait: "perhaps" });
    expect(mistaken.lines).toMatchObject([{ type: "warning" }]);
  });
});
