import { describe, expect, it } from "vitest";
import { createHeartbeatTimer } from "../../src/app/progress-log.ts";
import { pollLoop } from "../../src/app/wait-for-run.ts";
import type { PollResponse, RunStatus } from "../../src/core/model.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import type { RunPollOptions } from "../../src/ports.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";

const never = new AbortController().signal;

const forever = Number.POSITIVE_INFINITY;

interface Shown {
  readonly status: RunStatus;
  readonly retryAfterMs?: number;
  /** How long the answer takes. */
  readonly lateMs?: number;
}

/** Shows these, the last one again and again. */
function eyes(clock: FakeClock, ...shown: readonly Shown[]) {
  const asked: RunPollOptions[] = [];
  const look = async (options: RunPollOptions): Promise<PollResponse> => {
    const now = shown[Math.min(asked.length, shown.length - 1)];
    asked.push(options);
    clock.advance(now?.lateMs ?? 0);
    return {
      run: { status: now?.status } as PollResponse["run"],
      records: new Map(),
      retryAfterMs: now?.retryAfterMs,
      serviceTime: undefined,
    };
  };
  return { look, asked };
}

async function statusesOf(looks: AsyncIterable<PollResponse>): Promise<RunStatus[]> {
  return (await Array.fromAsync(looks)).map(({ run }) => run.status);
}

const going: Shown = { status: "inProgress" };

describe("watching", () => {
  it("looks at once, then with a pause between the end of one look and the next, to the end", async () => {
    const clock = createFakeClock();
    const { look } = eyes(clock, { ...going, lateMs: 700 }, { status: "canceling" }, { status: "completed" });
    const seen = await statusesOf(
      pollLoop(look, { pollIntervalMs: 10_000, deadline: forever }, clock, never),
    );
    expect(seen).toEqual(["inProgress", "canceling", "completed"]);
    expect(clock.sleeps).toEqual([10_000, 10_000]);
    expect(clock.now()).toBe(20_700);
  });

  it("looks once more where the deadline cut a look off, and lets nothing else pass", async () => {
    const cutBy = async (error: Error) => {
      const clock = createFakeClock();
      const { look, asked } = eyes(clock, going, { status: "completed" });
      let looks = 0;
      const cut = async (options: RunPollOptions) => {
        looks += 1;
        if (looks !== 2) return await look(options);
        clock.advance(5_000);
        throw error;
      };
      const seen = await statusesOf(
        pollLoop(cut, { pollIntervalMs: 10_000, deadline: 12_000 }, clock, never),
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

  it("gives the server the rest it wants", async () => {
    const clock = createFakeClock();
    const { look } = eyes(
      clock,
      { ...going, retryAfterMs: 42_000 },
      { ...going, retryAfterMs: 2_000 },
      { status: "completed" },
    );
    await statusesOf(pollLoop(look, { pollIntervalMs: 10_000, deadline: forever }, clock, never));
    expect(clock.sleeps).toEqual([42_000, 10_000]);
  });

  it("makes its last look at the deadline, not after it, and a thorough one", async () => {
    const clock = createFakeClock();
    const { look, asked } = eyes(clock, { ...going, retryAfterMs: 12_000 });
    const seen = await statusesOf(pollLoop(look, { pollIntervalMs: 10_000, deadline: 25_000 }, clock, never));
    expect(seen).toHaveLength(4);
    expect(clock.sleeps).toEqual([12_000, 12_000, 1_000]);
    expect(asked.map(({ alwaysReadTimeline }) => alwaysReadTimeline)).toEqual([false, false, false, true]);
  });

  it("has patience for five minutes, and never beyond the deadline", async () => {
    const clock = createFakeClock();
    const { look, asked } = eyes(clock, going, { status: "completed" });
    await statusesOf(pollLoop(look, { pollIntervalMs: 1_000, deadline: forever }, clock, never));
    expect(asked.map(({ retryForMs }) => retryForMs)).toEqual([300_000, 300_000]);
    const short = eyes(clock, going);
    await statusesOf(
      pollLoop(short.look, { pollIntervalMs: 8_000, deadline: clock.now() + 10_000 }, clock, never),
    );
    expect(short.asked.map(({ retryForMs }) => retryForMs)).toEqual([10_000, 2_000, 0]);
    for (const { timeoutMs = 0 } of short.asked) expect(timeoutMs).toBeLessThanOrEqual(10_000);
  });

  it("takes completed for the only end", async () => {
    const clock = createFakeClock();
    const { look } = eyes(
      clock,
      { status: "postponed" },
      { status: "notStarted" },
      { status: "completed" },
      going,
    );
    const seen = await statusesOf(pollLoop(look, { pollIntervalMs: 1_000, deadline: forever }, clock, never));
    expect(seen.at(-1)).toBe("completed");
    expect(seen).toHaveLength(3);
  });

  it("ends with the signal", async () => {
    const clock = createFakeClock();
    const reason = new Error("cancelled");
    const { look } = eyes(clock, going);
    const cancelled = new AbortController();
    const looks = pollLoop(look, { pollIntervalMs: 1_000, deadline: forever }, clock, cancelled.signal);
    await looks.next();
    cancelled.abort(reason);
    await expect(looks.next()).rejects.toBe(reason);
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

  it("starts anew when something is told", () => {
    const heartbeat = createHeartbeatTimer(0);
    heartbeat.beat(60_000);
    heartbeat.reset(70_000);
    expect([heartbeat.isDue(129_999), heartbeat.isDue(130_000)]).toEqual([false, true]);
  });
});
