import { describe, expect, it } from "vitest";
import { createOutputs } from "../../src/app/outputs.ts";
import { createStepState } from "../../src/app/step-state.ts";
import { waitForRun } from "../../src/app/wait-for-run.ts";
import { compile } from "../../src/core/expression.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { RunFacts } from "../../src/core/model.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import type { RunPollOptions } from "../../src/ports.ts";
import { runOf } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { logText, neverAborted } from "./scripted-pipelines.ts";

const failed = runOf({ result: "failed" });

const going = runOf({ status: "inProgress", result: null, finishedAt: null });

interface Script {
  readonly looks: readonly (RunFacts | Error)[];
  readonly timeoutMs?: number;
  readonly stopWhen?: string;
  readonly staleResult?: RunFacts;
}

/** Follows a run that shows these, the last one again and again. */
async function followed({ looks, stopWhen = "status == 'completed'", staleResult, timeoutMs }: Script) {
  const clock = createFakeClock();
  const asked: RunPollOptions[] = [];
  const lines: LogEntry[] = [];
  const told: string[] = [];
  const look = async (options: RunPollOptions) => {
    const run = looks[Math.min(asked.length, looks.length - 1)];
    asked.push(options);
    if (run instanceof Error) throw run;
    return { run, records: new Map(), retryAfterMs: undefined, serviceTime: undefined };
  };
  const what = { pipelineName: null, source: { ref: null, commit: null }, requestedBy: null };
  const run = { id: 345, name: "run", url: "https://x", ...what, raw: null, isExternal: true };
  const deps = {
    clock,
    pipelines: { createRunPoller: () => look },
    outputs: createOutputs({ setOutput: (name, value) => void told.push(`${name}=${value}`) }),
    runner: { write: (more: Iterable<LogEntry>) => void lines.push(...more) },
  };
  const company = {
    deps,
    stepState: createStepState({ saveState: () => undefined }),
    progressLog: { update: async () => undefined, isIdle: () => false, hasPendingLogs: () => false },
    reports: { update: () => undefined },
    onIdle: () => undefined,
  };
  const end = await waitForRun(
    {
      run: { ...run, ...(staleResult && { staleResult }) },
      stopWhen: await compile(stopWhen),
      mapOutputs: [],
      pollIntervalMs: 10_000,
      timeoutMs,
    },
    company as never,
    neverAborted,
  );
  const statuses = told.filter((output) => output.startsWith("status="));
  return { end, asked, text: logText(lines), statuses, seconds: clock.now() / 1_000 };
}

describe("a run that was just retried", () => {
  it("is not over while the end before the retry is still shown", async () => {
    const looks = [failed, failed, going, runOf()];
    const { end, asked, statuses } = await followed({ looks, staleResult: failed });
    expect([end?.run.result, asked.length]).toEqual(["succeeded", 4]);
    expect(statuses).toEqual(["status=inProgress", "status=completed"]);
  });

  it("is over when it ends like before, at the very same time, once it was seen under way", async () => {
    const { end, asked } = await followed({ looks: [going, failed], staleResult: failed });
    expect([end?.run.result, asked.length]).toEqual(["failed", 2]);
  });

  it("is over when nothing has changed for half a minute", async () => {
    const { end, seconds } = await followed({ looks: [failed], staleResult: failed });
    expect([end?.run.result, seconds]).toEqual(["failed", 30]);
  });
});

describe("the deadline", () => {
  it("is known to each look", async () => {
    const { asked, end } = await followed({ looks: [going], timeoutMs: 15_000 });
    expect(end?.end).toBe("timed-out");
    expect(asked.map(({ deadline }) => deadline)).toEqual([15_000, 15_000, 15_000]);
  });

  it.each([
    ["nothing came in time", new TransientError("lost")],
    ["the service was away", new ActionError("unreachable", "away")],
    ["it was throttled", new ActionError("busy", "too many")],
  ])("is what ends the wait where %s", async (_, error) => {
    const { end } = await followed({ looks: [going, going, error], timeoutMs: 15_000 });
    expect([end?.end, end?.run.status]).toEqual(["timed-out", "inProgress"]);
  });

  it.each([
    ["a refused token", new ActionError("unauthorized", "refused")],
    ["a mistake of our own", new TypeError("x is undefined")],
  ])("hides nothing that is no matter of time: %s", async (_, error) => {
    await expect(followed({ looks: [going, going, error], timeoutMs: 15_000 })).rejects.toBe(error);
  });
});

describe("stop-when", () => {
  it("looks at the timeline of a queued run where it may ask for it", async () => {
    const looks = [runOf({ status: "notStarted", result: null }), runOf()];
    const thorough = async (stopWhen?: string) =>
      (await followed({ looks, ...(stopWhen && { stopWhen }) })).asked.map(
        (options) => options.alwaysReadTimeline,
      );
    expect(await thorough()).toEqual([false, false]);
    expect(await thorough("waitingFor")).toEqual([true, true]);
  });

  it("that cannot be evaluated says so once, and the run is followed to its end", async () => {
    const { end, text } = await followed({ looks: [going, going, runOf()], stopWhen: "length(result)" });
    expect(end?.end).toBe("reached");
    expect(text.match(/stop-when could not be evaluated/g)).toHaveLength(1);
  });
});
