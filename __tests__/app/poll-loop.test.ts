import { describe, expect, it } from "vitest";
import { createHeartbeatTimer } from "../../src/app/progress-log.ts";
import { pollLoop } from "../../src/app/wait-for-run.ts";
import type { RunStatus } from "../../src/core/model.ts";
import type { PollResponse } from "../../src/core/run-snapshot.ts";
import { emptyTree } from "../../src/core/run-tree.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import type { RunPollOptions } from "../../src/ports.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";

const neverAborted = new AbortController().signal;

const forever = Number.POSITIVE_INFINITY;

interface PollScript {
  readonly status: RunStatus;
  readonly retryAfterMs?: number;
  /** How long the response takes. */
  readonly lateMs?: number;
}

/** A poll that returns these responses and repeats the last one. */
function createPoll(clock: FakeClock, ...responses: readonly PollScript[]) {
  const calls: RunPollOptions[] = [];
  const poll = async (options: RunPollOptions): Promise<PollResponse> => {
    const now = responses[Math.min(calls.length, responses.length - 1)];
    calls.push(options);
    clock.advance(now?.lateMs ?? 0);
    return {
      run: { status: now?.status } as PollResponse["run"],
      tree: emptyTree,
      retryAfterMs: now?.retryAfterMs,
      serviceTime: undefined,
    };
  };
  return { poll, calls };
}

async function statusesOf(polls: AsyncIterable<PollResponse>): Promise<RunStatus[]> {
  return (await Array.fromAsync(polls)).map(({ run }) => run.status);
}

const inProgress: PollScript = { status: "inProgress" };

describe("the poll loop", () => {
  it("polls at once, then waits the interval between the end of one poll and the next, until the run completes", async () => {
    const clock = createFakeClock();
    const { poll } = createPoll(
      clock,
      { ...inProgress, lateMs: 700 },
      { status: "canceling" },
      { status: "completed" },
    );
    const statuses = await statusesOf(
      pollLoop(poll, { pollIntervalMs: 10_000, deadline: forever }, clock, neverAborted),
    );
    expect(statuses).toEqual(["inProgress", "canceling", "completed"]);
    expect(clock.sleeps).toEqual([10_000, 10_000]);
    expect(clock.now()).toBe(20_700);
  });

  it("polls once more if the deadline aborted a poll, and rejects with any other error", async () => {
    const failSecondPollWith = async (error: Error) => {
      const clock = createFakeClock();
      const { poll, calls } = createPoll(clock, inProgress, { status: "completed" });
      let polls = 0;
      const failingPoll = async (options: RunPollOptions) => {
        polls += 1;
        if (polls !== 2) return await poll(options);
        clock.advance(5_000);
        throw error;
      };
      const statuses = await statusesOf(
        pollLoop(failingPoll, { pollIntervalMs: 10_000, deadline: 12_000 }, clock, neverAborted),
      );
      return [statuses, calls.map(({ alwaysReadTimeline }) => alwaysReadTimeline)];
    };
    const timeout = new TransientError("no complete response within 2 s");
    expect(await failSecondPollWith(timeout)).toEqual([
      ["inProgress", "completed"],
      [false, true],
    ]);
    await expect(failSecondPollWith(new ActionError("unauthorized", "no"))).rejects.toThrow("no");
  });

  it("waits as long as Retry-After says", async () => {
    const clock = createFakeClock();
    const { poll } = createPoll(
      clock,
      { ...inProgress, retryAfterMs: 42_000 },
      { ...inProgress, retryAfterMs: 2_000 },
      { status: "completed" },
    );
    await statusesOf(pollLoop(poll, { pollIntervalMs: 10_000, deadline: forever }, clock, neverAborted));
    expect(clock.sleeps).toEqual([42_000, 10_000]);
  });

  it("waits five minutes at most for a Retry-After, and reports it", async () => {
    const clock = createFakeClock();
    const reported: number[] = [];
    const { poll } = createPoll(clock, { ...inProgress, retryAfterMs: 100_000_000 }, { status: "completed" });
    const onRetryAfter = (delayMs: number) => reported.push(delayMs);
    const options = { pollIntervalMs: 10_000, deadline: forever, onRetryAfter };
    await statusesOf(pollLoop(poll, options, clock, neverAborted));
    expect([clock.sleeps, reported]).toEqual([[300_000], [300_000]]);
  });

  it("polls for the last time at the deadline, with the timeline", async () => {
    const clock = createFakeClock();
    const { poll, calls } = createPoll(clock, { ...inProgress, retryAfterMs: 12_000 });
    const statuses = await statusesOf(
      pollLoop(poll, { pollIntervalMs: 10_000, deadline: 25_000 }, clock, neverAborted),
    );
    expect(statuses).toHaveLength(4);
    expect(clock.sleeps).toEqual([12_000, 12_000, 1_000]);
    expect(calls.map(({ alwaysReadTimeline }) => alwaysReadTimeline)).toEqual([false, false, false, true]);
  });

  it("retries for five minutes, and never beyond the deadline", async () => {
    const clock = createFakeClock();
    const { poll, calls } = createPoll(clock, inProgress, { status: "completed" });
    await statusesOf(pollLoop(poll, { pollIntervalMs: 1_000, deadline: forever }, clock, neverAborted));
    expect(calls.map(({ retryForMs }) => retryForMs)).toEqual([300_000, 300_000]);
    const short = createPoll(clock, inProgress);
    await statusesOf(
      pollLoop(short.poll, { pollIntervalMs: 8_000, deadline: clock.now() + 10_000 }, clock, neverAborted),
    );
    expect(short.calls.map(({ retryForMs }) => retryForMs)).toEqual([10_000, 2_000, 0]);
    for (const { timeoutMs = 0 } of short.calls) expect(timeoutMs).toBeLessThanOrEqual(10_000);
  });

  it("ends only with the status completed", async () => {
    const clock = createFakeClock();
    const { poll } = createPoll(
      clock,
      { status: "postponed" },
      { status: "notStarted" },
      { status: "completed" },
      inProgress,
    );
    const statuses = await statusesOf(
      pollLoop(poll, { pollIntervalMs: 1_000, deadline: forever }, clock, neverAborted),
    );
    expect(statuses.at(-1)).toBe("completed");
    expect(statuses).toHaveLength(3);
  });

  it("ends when the signal is aborted", async () => {
    const clock = createFakeClock();
    const reason = new Error("cancelled");
    const { poll } = createPoll(clock, inProgress);
    const cancelled = new AbortController();
    const polls = pollLoop(poll, { pollIntervalMs: 1_000, deadline: forever }, clock, cancelled.signal);
    await polls.next();
    cancelled.abort(reason);
    await expect(polls.next()).rejects.toBe(reason);
  });
});

describe("the heartbeat", () => {
  it("backs off: 1, 2, 4, then every 5 minutes of silence", () => {
    const minute = 60_000;
    const heartbeat = createHeartbeatTimer(0);
    const beats: number[] = [];
    for (let now = 0; now <= 30 * minute; now += minute) {
      if (!heartbeat.isDue(now)) continue;
      heartbeat.beat(now);
      beats.push(now / minute);
    }
    expect(beats).toEqual([1, 3, 7, 12, 17, 22, 27]);
  });

  it("starts again when something is logged", () => {
    const heartbeat = createHeartbeatTimer(0);
    heartbeat.beat(60_000);
    heartbeat.reset(70_000);
    expect([heartbeat.isDue(129_999), heartbeat.isDue(130_000)]).toEqual([false, true]);
  });
});
