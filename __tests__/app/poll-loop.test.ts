import { describe, expect, it } from "vitest";
import { createHeartbeatTimer } from "../../src/app/progress-log.ts";
import { pollLoop } from "../../src/app/wait-for-run.ts";
import type { PollResponse, RunStatus } from "../../src/core/model.ts";
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

/** Responds with these, then with the last one again and again. */
function createPoll(clock: FakeClock, ...responses: readonly PollScript[]) {
  const asked: RunPollOptions[] = [];
  const poll = async (options: RunPollOptions): Promise<PollResponse> => {
    const now = responses[Math.min(asked.length, responses.length - 1)];
    asked.push(options);
    clock.advance(now?.lateMs ?? 0);
    return {
      run: { status: now?.status } as PollResponse["run"],
      records: new Map(),
      retryAfterMs: now?.retryAfterMs,
      serviceTime: undefined,
    };
  };
  return { poll, asked };
}

async function statusesOf(polls: AsyncIterable<PollResponse>): Promise<RunStatus[]> {
  return (await Array.fromAsync(polls)).map(({ run }) => run.status);
}

const going: PollScript = { status: "inProgress" };

describe("the poll loop", () => {
  it("polls at once, then waits the interval between the end of one poll and the next, until the run completes", async () => {
    const clock = createFakeClock();
    const { poll } = createPoll(
      clock,
      { ...going, lateMs: 700 },
      { status: "canceling" },
      { status: "completed" },
    );
    const seen = await statusesOf(
      pollLoop(poll, { pollIntervalMs: 10_000, deadline: forever }, clock, neverAborted),
    );
    expect(seen).toEqual(["inProgress", "canceling", "completed"]);
    expect(clock.sleeps).toEqual([10_000, 10_000]);
    expect(clock.now()).toBe(20_700);
  });

  it("polls once more where the deadline cut a poll off, and passes on any other error", async () => {
    const cutBy = async (error: Error) => {
      const clock = createFakeClock();
      const { poll, asked } = createPoll(clock, going, { status: "completed" });
      let polls = 0;
      const cut = async (options: RunPollOptions) => {
        polls += 1;
        if (polls !== 2) return await poll(options);
        clock.advance(5_000);
        throw error;
      };
      const seen = await statusesOf(
        pollLoop(cut, { pollIntervalMs: 10_000, deadline: 12_000 }, clock, neverAborted),
      );
      return [seen, asked.map(({ alwaysReadTimeline }) => alwaysReadTimeline)];
    };
    const late = new TransientError("no whole answer within 2 s");
    expect(await cutBy(late)).toEqual([
      ["inProgress", "completed"],
      [false, true],
    ]);
    await expect(cutBy(new ActionError("unauthorized", "no"))).rejects.toThrow("no");
  });

  it("waits as long as Retry-After says", async () => {
    const clock = createFakeClock();
    const { poll } = createPoll(
      clock,
      { ...going, retryAfterMs: 42_000 },
      { ...going, retryAfterMs: 2_000 },
      { status: "completed" },
    );
    await statusesOf(pollLoop(poll, { pollIntervalMs: 10_000, deadline: forever }, clock, neverAborted));
    expect(clock.sleeps).toEqual([42_000, 10_000]);
  });

  it("waits five minutes at most for a Retry-After, and reports it", async () => {
    const clock = createFakeClock();
    const reported: number[] = [];
    const { poll } = createPoll(clock, { ...going, retryAfterMs: 100_000_000 }, { status: "completed" });
    const onRetryAfter = (delayMs: number) => reported.push(delayMs);
    const options = { pollIntervalMs: 10_000, deadline: forever, onRetryAfter };
    await statusesOf(pollLoop(poll, options, clock, neverAborted));
    expect([clock.sleeps, reported]).toEqual([[300_000], [300_000]]);
  });

  it("polls last at the deadline, with the timeline", async () => {
    const clock = createFakeClock();
    const { poll, asked } = createPoll(clock, { ...going, retryAfterMs: 12_000 });
    const seen = await statusesOf(
      pollLoop(poll, { pollIntervalMs: 10_000, deadline: 25_000 }, clock, neverAborted),
    );
    expect(seen).toHaveLength(4);
    expect(clock.sleeps).toEqual([12_000, 12_000, 1_000]);
    expect(asked.map(({ alwaysReadTimeline }) => alwaysReadTimeline)).toEqual([false, false, false, true]);
  });

  it("retries for five minutes, and never beyond the deadline", async () => {
    const clock = createFakeClock();
    const { poll, asked } = createPoll(clock, going, { status: "completed" });
    await statusesOf(pollLoop(poll, { pollIntervalMs: 1_000, deadline: forever }, clock, neverAborted));
    expect(asked.map(({ retryForMs }) => retryForMs)).toEqual([300_000, 300_000]);
    const short = createPoll(clock, going);
    await statusesOf(
      pollLoop(short.poll, { pollIntervalMs: 8_000, deadline: clock.now() + 10_000 }, clock, neverAborted),
    );
    expect(short.asked.map(({ retryForMs }) => retryForMs)).toEqual([10_000, 2_000, 0]);
    for (const { timeoutMs = 0 } of short.asked) expect(timeoutMs).toBeLessThanOrEqual(10_000);
  });

  it("ends with status completed only", async () => {
    const clock = createFakeClock();
    const { poll } = createPoll(
      clock,
      { status: "postponed" },
      { status: "notStarted" },
      { status: "completed" },
      going,
    );
    const seen = await statusesOf(
      pollLoop(poll, { pollIntervalMs: 1_000, deadline: forever }, clock, neverAborted),
    );
    expect(seen.at(-1)).toBe("completed");
    expect(seen).toHaveLength(3);
  });

  it("ends when the signal is aborted", async () => {
    const clock = createFakeClock();
    const reason = new Error("cancelled");
    const { poll } = createPoll(clock, going);
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
