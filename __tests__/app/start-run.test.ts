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

const unsent = new TransientError("the proxy could not be used", { unsent: true, hint: "Check the proxy." });

const throttled = (seconds?: number) =>
  new TransientError("too many requests", {
    throttled: true,
    retryAfterMs: seconds === undefined ? undefined : seconds * 1_000,
  });

const inputs = { projectRef: { organization: { base: "https://x", name: "contoso" }, project: "web" } };

const outputs = { set: () => true };

/** Starts a run, including everything that may follow the request. */
async function runWholeStart(
  harness: StartDeps & { readonly jobRuns: JobRuns },
  prepared: Partial<StartPlan> = {},
  saveState: Runner["saveState"] = () => undefined,
) {
  const deps = { ...harness, outputs, stepState: createStepState({ saveState }) };
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
  const harness = createHarness(script);
  const run = await runWholeStart(harness, prepared).catch((error: unknown) => error);
  return { ...harness, run, error: run instanceof ActionError ? run : undefined };
}

describe("a start", () => {
  it("that gets a response is sent once, without further requests", async () => {
    const { run, callLog } = await outcome({ start: [startedRun(7)] });
    expect([run, callLog]).toMatchObject([{ id: 7 }, ["start @0"]]);
  });

  it("that is refused is not sent again", async () => {
    const refusal = new ActionError("forbidden", "no");
    const { run, callLog } = await outcome({ start: [refusal] });
    expect([run, callLog]).toEqual([refusal, ["start @0"]]);
  });

  it("whose response is lost is searched for 1, 3 and 9 seconds later, and the only match is followed", async () => {
    const { run, callLog, lines } = await outcome({ start: [lost], recent: [[], [], [candidate(7)]] });
    expect(run).toMatchObject({ id: 7 });
    expect(callLog).toEqual(["start @0", "recent @1", "recent @3", "recent @9"]);
    expect(logText(lines)).toMatch(
      /^The response to the start was lost \(the connection was lost\)\. Searching .*\nFound it: .* run-7\.\n/,
    );
  });

  it("is searched for from the loss of the response, even if that took long", async () => {
    const harness = createHarness({ start: [lost], recent: [[candidate(7)]] });
    const slow = {
      ...harness.runs,
      start: async (_: number, { onSend }: StartRequest) => {
        onSend();
        harness.clock.advance(30_000);
        throw lost;
      },
    };
    await runWholeStart({ ...harness, runs: slow });
    expect(harness.callLog).toEqual(["recent @31"]);
  });

  it("that is in no list is sent again, and a duplicate that is found later is cancelled", async () => {
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

  it("does not cancel an unrelated run and a completed duplicate that are found later", async () => {
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
    expect(logText(lines)).toMatch(/had also started run-7; it has ended/);
  });

  it("succeeds if the search for duplicates fails", async () => {
    const away = new ActionError("unreachable", "away");
    const { run } = await outcome({ start: [lost, startedRun(8)], recent: [[], [], [], away] });
    expect(run).toMatchObject({ id: 8 });
  });

  it("succeeds if a duplicate cannot be cancelled", async () => {
    const { run, lines } = await outcome({
      start: [lost, startedRun(8)],
      recent: [[], [], [], [candidate(7), candidate(8)]],
      cancel: [new ActionError("forbidden", "no")],
    });
    expect(run).toMatchObject({ id: 8 });
    expect(lines.at(-1)).toEqual({
      type: "warning",
      text: "An earlier request had also started run-7; it could not be cancelled (no): https://x/7",
    });
  });

  it("is followed by no search for duplicates if the first request was not sent", async () => {
    const { callLog, lines } = await outcome({ start: [unsent, startedRun(7)] });
    expect(callLog).toEqual(["start @0", "start @1"]);
    expect(logText(lines)).toMatch(/^The start was not sent \(.+\)\. Retrying the start\.$/m);
  });

  it("is unreachable after three requests", async () => {
    const { error, callLog } = await outcome({ start: [lost], recent: [[]] });
    expect(error).toMatchObject({
      code: "unreachable",
      hint: expect.stringContaining("No run was found at"),
    });
    expect(callLog.filter((call) => call.startsWith("start"))).toEqual(["start @0", "start @9", "start @18"]);
    expect(callLog.filter((call) => call.startsWith("recent"))).toHaveLength(9);
  });

  it("is unexpected-response after three responses with a gateway's page", async () => {
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

  it("that was not sent is repeated without a search", async () => {
    const { error, callLog } = await outcome({ start: [unsent] });
    expect(error).toMatchObject({ code: "unreachable", hint: unsent.hint });
    expect(callLog).toEqual(["start @0", "start @1", "start @3"]);
  });

  it("is start-unknown if several runs match: they are named, and nothing is started", async () => {
    const { error, callLog } = await outcome({ start: [lost], recent: [[], [candidate(7), candidate(8)]] });
    expect(error).toMatchObject({
      code: "start-unknown",
      message: expect.stringMatching(/https:\/\/x\/7[\s\S]*https:\/\/x\/8/),
    });
    expect(callLog).toEqual(["start @0", "recent @1", "recent @3"]);
  });

  it("is start-unknown if the only candidate has unknown parameters", async () => {
    const { error } = await outcome({ start: [lost], recent: [[candidate(7, { parameters: undefined })]] });
    expect(error).toMatchObject({ code: "start-unknown" });
  });

  it("is start-unknown if there are a match and a possible match", async () => {
    const doubtful = [candidate(7), candidate(8, { parameters: undefined })];
    const { error } = await outcome({ start: [lost, lost], recent: [[], [], [], doubtful] });
    expect(error).toMatchObject({ code: "start-unknown" });
    const other = await outcome({ start: [lost, startedRun(9)], recent: [[], [], [], doubtful.slice(1)] });
    expect(other.callLog.filter((call) => call.startsWith("cancel"))).toEqual([]);
  });

  it("returns the run from the list if Get Run fails", async () => {
    const harness = createHarness({ start: [lost], recent: [[candidate(7)]] });
    const silent = {
      ...harness.runs,
      getStarted: () => Promise.reject(new ActionError("unreachable", "away")),
    };
    expect(await runWholeStart({ ...harness, runs: silent })).toMatchObject({
      id: 7,
      name: "run-7",
      url: "https://x/7",
    });
  });

  it("whose candidate has too little data in the list is read with Get Run at the last search", async () => {
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

  it("is start-unknown if two candidates have too little data in the list", async () => {
    const two = [candidate(7, { parameters: undefined }), candidate(8, { parameters: undefined })];
    const run = { templateParameters: { env: "prod" } };
    const { error } = await outcome({ start: [lost], recent: [[], [], two], run });
    expect(error).toMatchObject({ code: "start-unknown" });
  });

  it("with two runs in one list follows one of them, and cancels the other", async () => {
    const both = [candidate(7), candidate(8)];
    const { run, callLog } = await outcome({ start: [lost], recent: [[], [], [], both] });
    expect(run).toMatchObject({ id: 7 });
    expect(callLog.slice(-3)).toEqual(["recent @10", "recent @11", "cancel 8 @11"]);
  });

  it("that is refused the second time is searched for again, since the first request may have started a run", async () => {
    const refusal = new ActionError("rejected", "no", { hint: "Mend it." });
    const late = await outcome({ start: [lost, refusal], recent: [[], [], [], [], [candidate(7)]] });
    expect([late.run, late.callLog.slice(-2)]).toMatchObject([{ id: 7 }, ["recent @10", "recent @12"]]);
    const away = await outcome({ start: [lost, refusal], recent: [[], [], [], new Error("away")] });
    expect(away.error).toMatchObject({ code: "rejected" });
    const never = await outcome({ start: [lost, refusal], recent: [[]] });
    expect(never.error).toMatchObject({
      code: "rejected",
      message: "no",
      hint: expect.stringMatching(/Mend it\.\nAn earlier request may still have started a run.*pipeline\/42/),
    });
  });

  it("is searched for only after the Retry-After of an inconclusive response", async () => {
    const throttled = new TransientError("503", { retryAfterMs: 5_000 });
    const { callLog } = await outcome({ start: [throttled], recent: [[], [], [candidate(7)]] });
    expect(callLog).toEqual(["start @0", "recent @5", "recent @5", "recent @9"]);
  });

  it("is start-unknown if the search fails", async () => {
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

  it("without a ref reads the pipeline's default branch only for the search", async () => {
    const bare = { body: {}, defaultRef: undefined };
    const plain = { parameters: undefined };
    const script = {
      start: [lost],
      recent: [[candidate(6, { ...plain, ref: "refs/heads/other" }), candidate(7, plain)]],
    };
    const withDefaultRef = await outcome({ ...script, defaultRef: "refs/heads/main" }, bare);
    expect([withDefaultRef.run, withDefaultRef.callLog]).toMatchObject([
      { id: 7 },
      ["start @0", "recent @1", "definition @1"],
    ]);
    const withoutDefaultRef = await outcome({ ...script, defaultRef: new Error("403") }, bare);
    expect(withoutDefaultRef.error).toMatchObject({ code: "start-unknown" });
    const withResponse = await outcome({ start: [startedRun(7)] }, bare);
    expect(withResponse.callLog).toEqual(["start @0"]);
  });

  it("is start-unknown, and not sent again, if its run may be beyond the end of the list", async () => {
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

  it("does not adopt an older run, or one of somebody else", async () => {
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

  it("is start-unknown if the clocks disagree, no matter which is wrong", async () => {
    const hour = 3_600_000;
    const withServiceTime = async (serviceTime: number | undefined, candidates: readonly Candidate[]) => {
      const harness = createHarness({ start: [lost], recent: [[]] });
      const listRecent = async () => ({
        serviceTime,
        callerId: "me",
        isComplete: true,
        candidates,
      });
      const started = runWholeStart({ ...harness, runLists: { listRecent } });
      return await started.catch((error: unknown) => error);
    };
    const newer = candidate(7, { queuedAt: startTimeMs + 100 });
    const old = candidate(6, { queuedAt: startTimeMs - hour / 2 });
    expect(await withServiceTime(startTimeMs - hour, [newer])).toMatchObject({ id: 7 });
    for (const [serviceTime, run] of [
      [startTimeMs - hour, old],
      [startTimeMs + hour, newer],
      [startTimeMs + 20_000, newer],
      [undefined, newer],
    ] as const)
      expect(await withServiceTime(serviceTime, [run])).toMatchObject({ code: "start-unknown" });
  });

  it("never adopts a run that another step of this job has received", async () => {
    const { run } = await outcome({
      start: [lost],
      recent: [[candidate(6), candidate(7)]],
      receivedIds: [6],
    });
    expect(run).toMatchObject({ id: 7 });
  });

  it("warns about more late runs than inconclusive requests, and cancels none", async () => {
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
  /** The calls for each request: the time of the first one and their number, or `backoff`. */
  async function attemptLog(script: Script): Promise<string[]> {
    const harness = createHarness(script);
    const log: string[] = [];
    const onAttempt = (startedAt: number, attempts: number) =>
      void log.push(`${(startedAt - startTimeMs) / 1_000} s, ${attempts}`);
    await startOnce(
      startRequest,
      { ...harness, onAttempt, onBackoff: () => void log.push("backoff") },
      neverAborted,
    ).catch(() => undefined);
    return log;
  }

  it("gets the time of the first request that may have started a run, and the number of requests", async () => {
    expect(await attemptLog({ start: [lost, startedRun(7)], recent: [[]] })).toEqual(["0 s, 1", "0 s, 2"]);
  });

  it("is called when it is certain that no run was started", async () => {
    expect(await attemptLog({ start: [throttled(30), startedRun(7)] })).toEqual([
      "0 s, 1",
      "backoff",
      "30 s, 1",
    ]);
    expect(await attemptLog({ start: [unsent, startedRun(7)] })).toEqual(["0 s, 1", "backoff", "1 s, 1"]);
    expect(await attemptLog({ start: [new ActionError("rejected", "no")] })).toEqual(["0 s, 1", "backoff"]);
  });

  it("is not called if an earlier request may have started a run", async () => {
    const refusals = { start: [lost, throttled(30), startedRun(7)], recent: [[]] };
    expect(await attemptLog(refusals)).toEqual(["0 s, 1", "0 s, 2", "0 s, 2"]);
  });
});

it("a start saves what may have to be cancelled, as long as that is so", async () => {
  const harness = createHarness({
    start: [lost, startedRun(8)],
    recent: [[], [], [], [candidate(7), candidate(8)]],
  });
  const phases: string[] = [];
  const recordPhase = (_: string, phase: string) =>
    void phases.push(phase.replace(/"startedAt.*("attempts":\d).*/, "$1"));
  await runWholeStart(harness, startRequest, recordPhase);
  expect(phases).toEqual([
    '{"at":"starting","pipelineId":42,"attempts":1',
    '{"at":"starting","pipelineId":42,"attempts":2',
    '{"at":"following","runId":8,"isOwn":true,"duplicateSearch":{"pipelineId":42,"attempts":2',
    '{"at":"following","runId":8,"isOwn":true}',
  ]);
});

describe("a throttled start", () => {
  it("waits for Retry-After, and without it for doubling delays", async () => {
    const turns = [throttled(30), throttled(), throttled(), startedRun(7)];
    const { run, callLog, lines } = await outcome({ start: turns });
    expect(run).toMatchObject({ id: 7 });
    expect(logText(lines)).toMatch(
      /^Azure DevOps is throttling this identity\. Retrying the start in 30 s\.$/m,
    );
    expect(callLog).toEqual(["start @0", "start @30", "start @32", "start @36"]);
  });

  it("ignores a Retry-After of zero or in the past", async () => {
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
    const repeated = await outcome({ start: [throttled(120)] });
    expect(repeated.error).toMatchObject({ code: "busy" });
    expect(repeated.callLog).toEqual(["start @0", "start @120", "start @240"]);
  });
});

it("a throttled start is not sent again after the signal", async () => {
  const harness = createHarness({ start: [throttled(30), startedRun(7)] });
  const cancelled = new AbortController();
  const clock = {
    now: harness.clock.now,
    sleep: async (ms: number, signal: AbortSignal) => {
      if (ms === 30_000) cancelled.abort(new Error("cancelled"));
      await harness.clock.sleep(ms, signal);
    },
  };
  await expect(startOnce(startRequest, { ...harness, clock }, cancelled.signal)).rejects.toThrow("cancelled");
  expect(harness.callLog).toEqual(["start @0"]);
});

it("the search for a started run ends with the signal", async () => {
  const harness = createHarness({ start: [lost], recent: [[]] });
  const reason = new Error("cancelled");
  const cancelled = new AbortController();
  const runs = {
    ...harness.runs,
    start: async (_: number, { onSend }: StartRequest) => {
      onSend();
      cancelled.abort(reason);
      throw lost;
    },
  };
  await expect(startOnce(startRequest, { ...harness, runs }, cancelled.signal)).rejects.toBe(reason);
});
