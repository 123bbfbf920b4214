import { describe, expect, it } from "vitest";
import type { StartDeps } from "../../src/app/find-started-run.ts";
import { startOnce } from "../../src/app/start-once.ts";
import { type StartPlan, startRun } from "../../src/app/start-run.ts";
import { createStepState } from "../../src/app/step-state.ts";
import type { Candidate } from "../../src/core/run-matching.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import type { JobRuns, Runner, StartRequest } from "../../src/ports.ts";
import {
  candidate,
  createHarness,
  logText,
  neverAborted,
  type Script,
  startedRun,
  startRequest,
  startTimeMs,
} from "./scripted-pipelines.ts";

const lost = new TransientError("the connection was lost");

const unsent = new TransientError("the connection was refused", { unsent: true });

const throttled = (seconds?: number) =>
  new TransientError("too many requests", {
    throttled: true,
    retryAfterMs: seconds === undefined ? undefined : seconds * 1_000,
  });

const inputs = { projectRef: { organization: { base: "https://x", name: "contoso" }, project: "web" } };

const outputs = { set: () => true };

/** A start with all that may have to follow it. */
async function whole(
  stage: StartDeps & { readonly jobRuns: JobRuns },
  prepared: Partial<StartPlan> = {},
  saveState: Runner["saveState"] = () => undefined,
) {
  const deps = { ...stage, outputs, stepState: createStepState({ saveState }) };
  return await startRun(
    {
      ...startRequest,
      pipelineName: null,
      source: { ref: null, commit: null },
      defaultRef: null,
      ...prepared,
    },
    inputs,
    deps,
    neverAborted,
  );
}

async function outcome(script: Script, prepared?: Partial<StartPlan>) {
  const stage = createHarness(script);
  const run = await whole(stage, prepared).catch((error: unknown) => error);
  return { ...stage, run, error: run instanceof ActionError ? run : undefined };
}

describe("a start", () => {
  it("that is answered is asked once, and nothing else is", async () => {
    const { run, callLog } = await outcome({ start: [startedRun(7)] });
    expect([run, callLog]).toMatchObject([{ id: 7 }, ["start @0"]]);
  });

  it("that is refused is not asked again", async () => {
    const refusal = new ActionError("forbidden", "no");
    const { run, callLog } = await outcome({ start: [refusal] });
    expect([run, callLog]).toEqual([refusal, ["start @0"]]);
  });

  it("whose answer is lost is looked for 1, 3 and 9 seconds later, and the one match is ours", async () => {
    const { run, callLog, lines } = await outcome({ start: [lost], recent: [[], [], [candidate(7)]] });
    expect(run).toMatchObject({ id: 7 });
    expect(callLog).toEqual(["start @0", "recent @1", "recent @3", "recent @9"]);
    expect(logText(lines)).toMatch(
      /^The answer to the start was lost \(the connection was lost\)\. Looking .*\nFound it: .* run-7\.\n/,
    );
  });

  it("is looked for from when the answer was lost, however long that took", async () => {
    const stage = createHarness({ start: [lost], recent: [[candidate(7)]] });
    const slow = {
      ...stage.runs,
      start: async (_: number, { onSend }: StartRequest) => {
        onSend();
        stage.clock.advance(30_000);
        throw lost;
      },
    };
    await whole({ ...stage, runs: slow });
    expect(stage.callLog).toEqual(["recent @31"]);
  });

  it("that is in no list is asked again, with one more look for a late twin, which is cancelled", async () => {
    const { run, callLog, lines } = await outcome({
      start: [lost, startedRun(8)],
      recent: [[], [], [], [candidate(7), candidate(8)]],
    });
    expect(run).toMatchObject({ id: 8 });
    expect(callLog).toEqual([
      "start @0",
      "recent @1",
      "recent @3",
      "recent @9",
      "start @9",
      "recent @10",
      "cancel 7 @10",
    ]);
    expect(logText(lines)).toMatch(/run-7.*cancelled/);
  });

  it("leaves a late stranger and a finished twin alone", async () => {
    const { callLog, lines } = await outcome({
      start: [lost, startedRun(8)],
      recent: [
        [],
        [],
        [],
        [candidate(6, { parameters: { env: "test" } }), candidate(7, { status: "completed" }), candidate(8)],
      ],
    });
    expect(callLog.filter((call) => call.startsWith("cancel"))).toEqual([]);
    expect(logText(lines)).toMatch(/had started run-7 after all; it has ended/);
  });

  it("is not lost because the look for twins fails", async () => {
    const away = new ActionError("unreachable", "away");
    const { run } = await outcome({ start: [lost, startedRun(8)], recent: [[], [], [], away] });
    expect(run).toMatchObject({ id: 8 });
  });

  it("is not lost because a twin cannot be cancelled", async () => {
    const { run, lines } = await outcome({
      start: [lost, startedRun(8)],
      recent: [[], [], [], [candidate(7), candidate(8)]],
      cancel: [new ActionError("forbidden", "no")],
    });
    expect(run).toMatchObject({ id: 8 });
    expect(lines.at(-1)).toEqual({
      type: "warning",
      text: "An earlier request had started run-7 after all; it could not be cancelled (no): https://x/7",
    });
  });

  it("has no twin to look for where nothing was sent before", async () => {
    const { callLog } = await outcome({ start: [unsent, startedRun(7)] });
    expect(callLog).toEqual(["start @0", "start @1"]);
  });

  it("is given up after three times: unreachable", async () => {
    const { error, callLog } = await outcome({ start: [lost], recent: [[]] });
    expect(error).toMatchObject({ code: "unreachable" });
    expect(callLog.filter((call) => call.startsWith("start"))).toEqual(["start @0", "start @9", "start @18"]);
    expect(callLog.filter((call) => call.startsWith("recent"))).toHaveLength(9);
  });

  it("is given up after a gateway's page came three times: unexpected-response", async () => {
    const page = new TransientError('a gateway answered 403: "The request is blocked."', {
      fromGateway: true,
    });
    const { error, callLog } = await outcome({ start: [page], recent: [[]] });
    expect(error).toMatchObject({
      code: "unexpected-response",
      message: expect.stringContaining("The request is blocked."),
    });
    expect(callLog.filter((call) => call.startsWith("start"))).toEqual(["start @0", "start @9", "start @18"]);
    expect(callLog.filter((call) => call.startsWith("recent"))).toHaveLength(9);
  });

  it("that cannot have arrived is asked again without a look", async () => {
    const { error, callLog } = await outcome({ start: [unsent] });
    expect(error).toMatchObject({ code: "unreachable" });
    expect(callLog).toEqual(["start @0", "start @1", "start @3"]);
  });

  it("of which several runs may come is unknown: they are named, and nothing is started", async () => {
    const { error, callLog } = await outcome({ start: [lost], recent: [[], [candidate(7), candidate(8)]] });
    expect(error).toMatchObject({
      code: "start-unknown",
      message: expect.stringMatching(/https:\/\/x\/7[\s\S]*https:\/\/x\/8/),
    });
    expect(callLog).toEqual(["start @0", "recent @1", "recent @3"]);
  });

  it("of which a run may come that does not say enough is unknown too", async () => {
    const { error } = await outcome({ start: [lost], recent: [[candidate(7, { parameters: undefined })]] });
    expect(error).toMatchObject({ code: "start-unknown" });
  });

  it("is taken for its own only where nothing else could be", async () => {
    const doubtful = [candidate(7), candidate(8, { parameters: undefined })];
    const { error } = await outcome({ start: [lost, lost], recent: [[], [], [], doubtful] });
    expect(error).toMatchObject({ code: "start-unknown" });
    const other = await outcome({ start: [lost, startedRun(9)], recent: [[], [], [], doubtful.slice(1)] });
    expect(other.callLog.filter((call) => call.startsWith("cancel"))).toEqual([]);
  });

  it("is gone on with though nothing more can be read of it", async () => {
    const stage = createHarness({ start: [lost], recent: [[candidate(7)]] });
    const silent = {
      ...stage.runs,
      getStarted: () => Promise.reject(new ActionError("unreachable", "away")),
    };
    expect(await whole({ ...stage, runs: silent })).toMatchObject({
      id: 7,
      name: "run-7",
      url: "https://x/7",
    });
  });

  it("of which the list says too little is asked itself at the last look", async () => {
    const recent = [[candidate(7, { parameters: undefined })]];
    const { run, callLog } = await outcome({
      start: [lost],
      recent,
      run: { templateParameters: { env: "prod" } },
    });
    expect([run, callLog.length]).toMatchObject([{ id: 7 }, 4]);
    const other = await outcome({ start: [lost], recent, run: { templateParameters: { env: "test" } } });
    expect(other.callLog.filter((call) => call.startsWith("start"))).toHaveLength(3);
    const silent = await outcome({ start: [lost], recent, run: new ActionError("unreachable", "away") });
    expect(silent.error).toMatchObject({ code: "start-unknown" });
  });

  it("of which the list says too little of two is unknown, whatever they would say themselves", async () => {
    const two = [candidate(7, { parameters: undefined }), candidate(8, { parameters: undefined })];
    const run = { templateParameters: { env: "prod" } };
    const { error } = await outcome({ start: [lost], recent: [[], [], two], run });
    expect(error).toMatchObject({ code: "start-unknown" });
  });

  it("that shows both of its runs at once is followed in one, and the other is cancelled", async () => {
    const both = [candidate(7), candidate(8)];
    const { run, callLog } = await outcome({ start: [lost], recent: [[], [], [], both] });
    expect(run).toMatchObject({ id: 7 });
    expect(callLog.slice(-3)).toEqual(["recent @10", "recent @11", "cancel 8 @11"]);
  });

  it("that is refused the second time is looked for again: the first may have been heard", async () => {
    const refusal = new ActionError("rejected", "no", { hint: "Mend it." });
    const late = await outcome({ start: [lost, refusal], recent: [[], [], [], [], [candidate(7)]] });
    expect([late.run, late.callLog.slice(-2)]).toMatchObject([{ id: 7 }, ["recent @10", "recent @12"]]);
    const away = await outcome({ start: [lost, refusal], recent: [[], [], [], new Error("away")] });
    expect(away.error).toMatchObject({ code: "rejected" });
    const never = await outcome({ start: [lost, refusal], recent: [[]] });
    expect(never.error).toMatchObject({
      code: "rejected",
      message: "no",
      hint: expect.stringMatching(/Mend it\.\nAn earlier request may have started a run.*pipeline\/42/),
    });
  });

  it("is looked for only after the rest that the lost answer asked for", async () => {
    const resting = new TransientError("503", { retryAfterMs: 5_000 });
    const { callLog } = await outcome({ start: [resting], recent: [[], [], [candidate(7)]] });
    expect(callLog).toEqual(["start @0", "recent @5", "recent @5", "recent @9"]);
  });

  it("that cannot be looked for is unknown", async () => {
    const { error, callLog } = await outcome({
      start: [lost],
      recent: [new ActionError("unreachable", "away")],
    });
    expect(error).toMatchObject({
      code: "start-unknown",
      hint: expect.stringContaining("https://x/pipeline/42"),
    });
    expect(callLog).toHaveLength(2);
  });

  it("that leaves its branch to the pipeline asks only now which one that is, to tell runs apart", async () => {
    const bare = { body: {}, defaultRef: undefined };
    const plain = { parameters: undefined };
    const script = {
      start: [lost],
      recent: [[candidate(6, { ...plain, ref: "refs/heads/other" }), candidate(7, plain)]],
    };
    const told = await outcome({ ...script, defaultRef: "refs/heads/main" }, bare);
    expect([told.run, told.callLog]).toMatchObject([{ id: 7 }, ["start @0", "recent @1", "definition @1"]]);
    const untold = await outcome({ ...script, defaultRef: new Error("403") }, bare);
    expect(untold.error).toMatchObject({ code: "start-unknown" });
    const answered = await outcome({ start: [startedRun(7)] }, bare);
    expect(answered.callLog).toEqual(["start @0"]);
  });

  it("that may be beyond what the list shows is unknown, and not asked for again", async () => {
    const full = { start: [lost, startedRun(8)], isListTruncated: true };
    const { error, callLog } = await outcome({
      ...full,
      recent: [[candidate(6, { requesterIds: ["you"] })]],
    });
    expect(error).toMatchObject({ code: "start-unknown" });
    expect(callLog).toEqual(["start @0", "recent @1"]);
    const older = await outcome({
      ...full,
      recent: [[candidate(7), candidate(1, { queuedAt: startTimeMs - 600_000 })]],
    });
    expect(older.run).toMatchObject({ id: 7 });
  });

  it("takes no run for its own that was there before, or is another's", async () => {
    const { run } = await outcome({
      start: [lost],
      recent: [
        [
          candidate(1, { queuedAt: startTimeMs - 600_000 }),
          candidate(2, { requesterIds: ["you"] }),
          candidate(3, { ref: "refs/heads/other" }),
          candidate(4, { parameters: { env: "test" } }),
          candidate(5, { tags: ["run-azure-pipeline:another"] }),
          candidate(7),
        ],
      ],
    });
    expect(run).toMatchObject({ id: 7 });
  });

  it("is in doubt where the clocks disagree, whichever is wrong", async () => {
    const hour = 3_600_000;
    const withServiceTime = async (serviceTime: number | undefined, candidates: readonly Candidate[]) => {
      const stage = createHarness({ start: [lost], recent: [[]] });
      const listRecent = async () => ({
        serviceTime,
        callerId: "me",
        isComplete: true,
        candidates,
      });
      const started = whole({ ...stage, runLists: { listRecent } });
      return await started.catch((error: unknown) => error);
    };
    const ours = candidate(7, { queuedAt: startTimeMs + 100 });
    const old = candidate(6, { queuedAt: startTimeMs - hour / 2 });
    expect(await withServiceTime(startTimeMs - hour, [ours])).toMatchObject({ id: 7 });
    for (const [serviceTime, run] of [
      [startTimeMs - hour, old],
      [startTimeMs + hour, ours],
      [startTimeMs + 20_000, ours],
      [undefined, ours],
    ] as const)
      expect(await withServiceTime(serviceTime, [run])).toMatchObject({ code: "start-unknown" });
  });

  it("never takes a run that another step of this job has received", async () => {
    const { run } = await outcome({
      start: [lost],
      recent: [[candidate(6), candidate(7)]],
      receivedIds: [6],
    });
    expect(run).toMatchObject({ id: 7 });
  });

  it("warns of more late runs than requests were left open, and cancels none", async () => {
    const { run, callLog, lines } = await outcome({
      start: [lost, startedRun(8)],
      recent: [[], [], [], [candidate(6), candidate(7), candidate(8)]],
    });
    expect([run, callLog.filter((call) => call.startsWith("cancel"))]).toMatchObject([{ id: 8 }, []]);
    expect(lines.at(-1)).toMatchObject({
      type: "warning",
      text: expect.stringMatching(/None was cancelled.*\nrun-6: https:\/\/x\/6\nrun-7: https:\/\/x\/7$/),
    });
  });
});

describe("a clean-up", () => {
  /** What is told of each request: its time and how many there are, or `rest`. */
  async function told(script: Script): Promise<string[]> {
    const stage = createHarness(script);
    const log: string[] = [];
    const onAttempt = (startedAt: number, attempts: number) =>
      void log.push(`${(startedAt - startTimeMs) / 1_000} s, ${attempts}`);
    await startOnce(
      startRequest,
      { ...stage, onAttempt, onBackoff: () => void log.push("rest") },
      neverAborted,
    ).catch(() => undefined);
    return log;
  }

  it("hears of each request that may have started a run, and of the first one's time", async () => {
    expect(await told({ start: [lost, startedRun(7)], recent: [[]] })).toEqual(["0 s, 1", "0 s, 2"]);
  });

  it("hears when it is certain that none has", async () => {
    expect(await told({ start: [throttled(30), startedRun(7)] })).toEqual(["0 s, 1", "rest", "30 s, 1"]);
    expect(await told({ start: [unsent, startedRun(7)] })).toEqual(["0 s, 1", "rest", "1 s, 1"]);
    expect(await told({ start: [new ActionError("rejected", "no")] })).toEqual(["0 s, 1", "rest"]);
  });

  it("does not hear so of a later request, whose forerunner may have been heard", async () => {
    const refusals = { start: [lost, throttled(30), startedRun(7)], recent: [[]] };
    expect(await told(refusals)).toEqual(["0 s, 1", "0 s, 2", "0 s, 2"]);
  });
});

it("leaves word of what may still have to be cancelled, for as long as that is so", async () => {
  const stage = createHarness({
    start: [lost, startedRun(8)],
    recent: [[], [], [], [candidate(7), candidate(8)]],
  });
  const phases: string[] = [];
  const remember = (_: string, phase: string) =>
    void phases.push(phase.replace(/"startedAt.*("attempts":\d).*/, "$1"));
  await whole(stage, startRequest, remember);
  expect(phases).toEqual([
    '{"at":"starting","pipelineId":42,"attempts":1',
    '{"at":"starting","pipelineId":42,"attempts":2',
    '{"at":"following","runId":8,"isOwn":true,"duplicateSearch":{"pipelineId":42,"attempts":2',
    '{"at":"following","runId":8,"isOwn":true}',
  ]);
});

describe("a throttled start", () => {
  it("waits as long as the service wants, and doubles where it does not say", async () => {
    const turns = [throttled(30), throttled(), throttled(), startedRun(7)];
    const { run, callLog, lines } = await outcome({ start: turns });
    expect(run).toMatchObject({ id: 7 });
    expect(logText(lines)).toMatch(/^Azure DevOps is throttling this identity\. Starting again in 30 s\.$/m);
    expect(callLog).toEqual(["start @0", "start @30", "start @32", "start @36"]);
  });

  it("takes no time, or a time that is past, for no wish", async () => {
    const { callLog, error } = await outcome({ start: [throttled(0)] });
    expect(callLog.slice(0, 5)).toEqual(["start @0", "start @1", "start @3", "start @7", "start @15"]);
    expect(error).toMatchObject({ code: "busy" });
  });

  it("does not wait for more than five minutes", async () => {
    const { error, callLog } = await outcome({ start: [throttled(301)] });
    expect(error).toMatchObject({ code: "busy" });
    expect(callLog).toEqual(["start @0"]);
    const last = await outcome({ start: [throttled(300), startedRun(7)] });
    expect(last.callLog).toEqual(["start @0", "start @300"]);
    const patient = await outcome({ start: [throttled(120)] });
    expect(patient.error).toMatchObject({ code: "busy" });
    expect(patient.callLog).toEqual(["start @0", "start @120", "start @240"]);
  });
});

it("is asked for no more once the signal has come, though it rests", async () => {
  const stage = createHarness({ start: [throttled(30), startedRun(7)] });
  const cancelled = new AbortController();
  const clock = {
    now: stage.clock.now,
    sleep: async (ms: number, signal: AbortSignal) => {
      if (ms === 30_000) cancelled.abort(new Error("cancelled"));
      await stage.clock.sleep(ms, signal);
    },
  };
  await expect(startOnce(startRequest, { ...stage, clock }, cancelled.signal)).rejects.toThrow("cancelled");
  expect(stage.callLog).toEqual(["start @0"]);
});

it("ends with the signal, also while it looks", async () => {
  const stage = createHarness({ start: [lost], recent: [[]] });
  const reason = new Error("cancelled");
  const cancelled = new AbortController();
  const runs = {
    ...stage.runs,
    start: async (_: number, { onSend }: StartRequest) => {
      onSend();
      cancelled.abort(reason);
      throw lost;
    },
  };
  await expect(startOnce(startRequest, { ...stage, runs }, cancelled.signal)).rejects.toBe(reason);
});
