import { describe, expect, it } from "vitest";
import { createStopCheck, ignoreStaleResult } from "../../src/app/wait-for-attempts.ts";
import { waitForRun } from "../../src/app/wait-for-run.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { compile } from "../../src/core/expression.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { RunFacts } from "../../src/core/model.ts";
import type { RunUpdate } from "../../src/core/run-snapshot.ts";
import { emptyTree } from "../../src/core/run-tree.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import type { RunPollOptions } from "../../src/ports.ts";
import { recordsOf, runOf, stage } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { logText, neverAborted } from "./scripted-pipelines.ts";

const failed = runOf({ result: "failed" });

const going = runOf({ status: "inProgress", result: null, finishedAt: null });

interface Script {
  readonly polls: readonly (RunFacts | Error)[];
  readonly deadline?: number;
  readonly stopWhen?: string;
  readonly staleResult?: RunFacts;
}

/** Waits for a run with these polls, the last of which is repeated. */
async function waitFor({ polls, stopWhen = "status == 'completed'", ...script }: Script) {
  const { staleResult, deadline = Number.POSITIVE_INFINITY } = script;
  const clock = createFakeClock();
  const asked: RunPollOptions[] = [];
  const lines: LogEntry[] = [];
  const updates: RunUpdate[] = [];
  const poll = async (options: RunPollOptions) => {
    const run = polls[Math.min(asked.length, polls.length - 1)];
    asked.push(options);
    if (run instanceof Error) throw run;
    if (run === undefined) throw new Error("no poll in the script");
    return { run, tree: emptyTree, retryAfterMs: undefined, serviceTime: undefined };
  };
  const runner = { write: (more: Iterable<LogEntry>) => void lines.push(...more) };
  const result = await waitForRun(
    { raw: null },
    { isDone: createStopCheck(await compile(stopWhen), runner), pollIntervalMs: 10_000, deadline },
    {
      poll: ignoreStaleResult(
        staleResult === undefined ? {} : { staleResult: { ...staleResult, attempt: 1 } },
        poll,
        clock,
      ),
      clock,
      observers: [{ update: (update) => void updates.push(update) }],
    },
    neverAborted,
  );
  if (result.end === "unpolled") throw result.error;
  return { result, asked, updates, text: logText(lines), seconds: clock.now() / 1_000 };
}

describe("a run that was just retried", () => {
  const done = { from: 0, to: 1 };

  it("is not completed while polls still show the end before the retry", async () => {
    const polls = [failed, failed, going, runOf()];
    const { result, asked, updates } = await waitFor({ polls, staleResult: failed });
    expect([result.run.result, asked.length]).toEqual(["succeeded", 4]);
    expect(updates.map(({ run }) => run.status)).toEqual([
      "inProgress",
      "inProgress",
      "inProgress",
      "completed",
    ]);
  });

  it("is completed if it ends as before, at the same time, once a poll showed it in progress", async () => {
    const { result, asked } = await waitFor({ polls: [going, failed], staleResult: failed });
    expect([result.run.result, asked.length]).toEqual(["failed", 2]);
  });

  it.each([
    ["is", stage("Test", { ...done, attempt: 2, result: "failed" }), "completed"],
    ["is not", stage("Test", { from: 0, attempt: 2 }), "inProgress"],
    ["is not", stage("Test", { ...done, attempt: 2 }), "inProgress"],
    ["is not", stage("Test", { ...done, attempt: 1, result: "failed" }), "inProgress"],
  ])("%s completed with an equal end and these stages", async (_, record, status) => {
    const response = {
      run: failed,
      tree: buildRunTree(recordsOf(record)),
      retryAfterMs: undefined,
      serviceTime: undefined,
    };
    const staleResult = { ...failed, attempt: 1 };
    const poll = ignoreStaleResult({ staleResult }, async () => response, createFakeClock());
    expect((await poll({ retryForMs: 0 }, neverAborted)).run.status).toBe(status);
  });

  it("is completed if nothing has changed for half a minute", async () => {
    const { result, seconds } = await waitFor({ polls: [failed], staleResult: failed });
    expect([result.run.result, seconds]).toEqual(["failed", 30]);
  });
});

describe("the deadline", () => {
  it("is passed to each poll", async () => {
    const { asked, result } = await waitFor({ polls: [going], deadline: 15_000 });
    expect(result.end).toBe("timed-out");
    expect(asked.map(({ deadline }) => deadline)).toEqual([15_000, 15_000, 15_000]);
  });

  it.each([
    ["a poll timed out", new TransientError("lost")],
    ["an outage", new ActionError("unreachable", "away")],
    ["throttling", new ActionError("busy", "too many")],
  ])("ends the wait after %s", async (_, error) => {
    const { result } = await waitFor({ polls: [going, going, error], deadline: 15_000 });
    expect([result.end, result.run.status]).toEqual(["timed-out", "inProgress"]);
  });

  it.each([
    ["a refused token", new ActionError("unauthorized", "refused")],
    ["an internal error", new TypeError("x is undefined")],
  ])("does not hide %s", async (_, error) => {
    await expect(waitFor({ polls: [going, going, error], deadline: 15_000 })).rejects.toBe(error);
  });
});

describe("observers", () => {
  it("are called for each poll, and get whether the wait ends with it", async () => {
    const { updates } = await waitFor({ polls: [going, runOf()] });
    expect(updates.map(({ run, endsWait, isFinal }) => [run.status, endsWait, isFinal])).toEqual([
      ["inProgress", false, false],
      ["completed", true, true],
    ]);
  });

  it("are called with the end of the wait if a condition ends it while the run is running", async () => {
    const { updates, result } = await waitFor({ polls: [going], stopWhen: "status == 'inProgress'" });
    expect(updates.map(({ endsWait, isFinal }) => [endsWait, isFinal])).toEqual([[true, false]]);
    expect(result.end).toBe("reached");
  });
});

describe("stop-when", () => {
  it("that cannot be evaluated causes one warning, and the wait continues to the run's end", async () => {
    const { result, text } = await waitFor({ polls: [going, going, runOf()], stopWhen: "length(result)" });
    expect(result.end).toBe("reached");
    expect(text.match(/stop-when could not be evaluated/g)).toHaveLength(1);
  });
});
