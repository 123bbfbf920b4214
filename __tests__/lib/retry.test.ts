import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RetryableFailure, type RetryOptions, retry, retryAfterMs } from "../../src/lib/retry.ts";
import { createFakeClock } from "../support/fake-clock.ts";

/** A failure that takes some time to come and may carry a `Retry-After`. */
class Failure extends Error {
  readonly afterMs: number;
  readonly retryAfterMs: number | undefined;

  constructor(afterMs: number, retryAfterMs?: number) {
    super(`after ${afterMs} ms`);
    this.afterMs = afterMs;
    this.retryAfterMs = retryAfterMs;
  }
}

const asFailure = (error: unknown) => (error instanceof Failure ? error : undefined);

/** Runs `retry` over work that fails as given, and then succeeds. */
async function attempts(
  failures: readonly Error[],
  options: Partial<RetryOptions<string, Failure>> = {},
  signal = new AbortController().signal,
) {
  const clock = createFakeClock();
  const startedAt: number[] = [];
  const work = async () => {
    startedAt.push(clock.now());
    const failure = failures[startedAt.length - 1];
    if (failure === undefined) return "done";
    clock.advance(asFailure(failure)?.afterMs ?? 0);
    throw failure;
  };
  const outcome = await retry(work, { retryError: asFailure, clock, signal, ...options }).catch(
    (error: unknown) => error,
  );
  return { outcome, startedAt, waits: clock.sleeps, endedAt: clock.now() };
}

const anyFailures = fc.array(
  fc
    .tuple(
      fc.integer({ min: 0, max: 20_000 }),
      fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined }),
    )
    .map(([afterMs, retryAfterMs]) => new Failure(afterMs, retryAfterMs)),
  { maxLength: 12 },
);

const anyRandom = fc.double({ min: 0, max: 1, noNaN: true });

describe("retry", () => {
  it("never waits past the deadline, and starts its last attempt at it", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFailures,
        fc.integer({ min: 0, max: 120_000 }),
        anyRandom,
        async (failures, deadline, random) => {
          const { outcome, startedAt } = await attempts(failures, {
            deadline,
            random: () => random,
            clampRetryAfter: true,
          });
          for (const time of startedAt.slice(1)) expect(time).toBeLessThanOrEqual(deadline);
          const last = failures[startedAt.length - 1];
          expect(outcome).toBe(last ?? "done");
          if (last === undefined) return;
          expect((startedAt.at(-1) ?? 0) + last.afterMs).toBeGreaterThanOrEqual(deadline);
        },
      ),
    );
  });

  it("waits at least for Retry-After, and fails at once if it exceeds the cap", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFailures,
        fc.integer({ min: 0, max: 90_000 }),
        async (failures, maxRetryAfterMs) => {
          const { outcome, waits } = await attempts(failures, { maxRetryAfterMs });
          const tooLong = failures.findIndex(({ retryAfterMs = 0 }) => retryAfterMs > maxRetryAfterMs);
          expect(outcome).toBe(tooLong === -1 ? "done" : failures[tooLong]);
          expect(waits).toHaveLength(tooLong === -1 ? failures.length : tooLong);
          for (const [index, waitMs] of waits.entries())
            expect(waitMs).toBeGreaterThanOrEqual(failures[index]?.retryAfterMs ?? 0);
        },
      ),
    );
  });

  it("fails at once on a Retry-After past the deadline", async () => {
    const { outcome, waits } = await attempts([new Failure(100, 901)], { deadline: 1_000 });
    expect(outcome).toBeInstanceOf(Failure);
    expect(waits).toEqual([]);
  });

  it("makes at most maxAttempts attempts", async () => {
    await fc.assert(
      fc.asyncProperty(anyFailures, fc.integer({ min: 1, max: 12 }), async (failures, maxAttempts) => {
        const { startedAt } = await attempts(failures, { maxAttempts });
        expect(startedAt).toHaveLength(Math.min(maxAttempts, failures.length + 1));
      }),
    );
  });

  it("doubles its delays from 1 s to 30 s, with jitter down to half", async () => {
    const failures = Array.from({ length: 7 }, () => new Failure(0));
    expect((await attempts(failures)).waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    const { waits } = await attempts(failures, { random: () => 0 });
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it("ends after the last of its delays", async () => {
    const failures = Array.from({ length: 5 }, () => new Failure(0));
    const { outcome, waits } = await attempts(failures, { delayMs: (attempt) => [3, 5][attempt - 1] });
    expect(waits).toEqual([3, 5]);
    expect(outcome).toBe(failures[2]);
  });

  it("throws an error that is not transient at once", async () => {
    const mistake = new Error("a mistake");
    const { outcome, startedAt } = await attempts([new Failure(0), mistake]);
    expect(outcome).toBe(mistake);
    expect(startedAt).toHaveLength(2);
  });

  it("makes no attempt after an abort, and rejects with its reason", async () => {
    const controller = new AbortController();
    const reason = new Error("cancelled");
    const onRetry = () => controller.abort(reason);
    const { outcome, startedAt } = await attempts([new Failure(0)], { onRetry }, controller.signal);
    expect(outcome).toBe(reason);
    expect(startedAt).toHaveLength(1);
  });

  it("reports each wait, and the end with its reason", async () => {
    const reported: unknown[] = [];
    const options: Partial<RetryOptions<string, Failure>> = {
      onRetry: ({ message }, waitMs) => reported.push([message, waitMs]),
      toFinalError: ({ message }, end) => ({ message, ...end }),
      maxRetryAfterMs: 5_000,
    };
    const { outcome } = await attempts([new Failure(10, 4_000), new Failure(20, 6_000)], options);
    expect(reported).toEqual([["after 10 ms", 4_000]]);
    expect(outcome).toEqual({ message: "after 20 ms", attempts: 2, elapsedMs: 4_030, tooLongMs: 6_000 });
  });

  it("returns the last result after the last attempt", async () => {
    const clock = createFakeClock();
    const { signal } = new AbortController();
    let count = 0;
    const retryResult = (result: number): RetryableFailure | undefined => (result < 5 ? {} : undefined);
    const work = async () => ++count;
    expect(await retry(work, { retryResult, maxAttempts: 3, clock, signal })).toBe(3);
    expect(await retry(work, { retryResult, maxAttempts: 3, clock, signal })).toBe(5);
  });
});

describe("retryAfterMs", () => {
  it.each([
    ["30", 30_000],
    ["2.5", 2_500],
    ["0", 0],
    [" 4 ", 4_000],
    ["Thu, 01 Jan 1970 00:01:40 GMT", 90_000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
    ["0.25", 250],
    ["soon", undefined],
    ["5 or so", undefined],
  ])("reads Retry-After: %s as %s ms", (value, expected) => {
    expect(retryAfterMs({ "retry-after": value }, 10_000)).toBe(expected);
  });

  it("returns undefined without the header", () => {
    expect(retryAfterMs({}, 10_000)).toBeUndefined();
  });

  it("compares a date with the response's Date header, or with the runner's clock without one", () => {
    const headers = { date: "Thu, 01 Jan 1970 01:00:00 GMT", "retry-after": "Thu, 01 Jan 1970 01:00:03 GMT" };
    expect(retryAfterMs(headers, 10_000)).toBe(3_000);
    expect(retryAfterMs({ ...headers, date: "never" }, 10_000)).toBe(3_593_000);
  });
});
