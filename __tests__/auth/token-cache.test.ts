import { describe, expect, it } from "vitest";
import type { TokenSource } from "../../src/auth/access-token.ts";
import { createTokenCache } from "../../src/auth/token-cache.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { connectionLost, neverAborted } from "./harness.ts";

interface Scenario {
  readonly lifetimeMs?: number;
  /** The error of a fetch, counted from 1. */
  readonly faults?: (count: number) => Error | undefined;
  readonly random?: number;
}

const runner = { write: () => undefined };

/** Waits for a refresh in the background. */
const backgroundRefresh = () => new Promise((resolve) => setImmediate(resolve));

function createCache({ lifetimeMs = 3_600_000, faults = () => undefined, random = 1 }: Scenario = {}) {
  const clock = createFakeClock();
  const fetches: number[] = [];
  const fetch: TokenSource = async () => {
    fetches.push(clock.now());
    const fault = faults(fetches.length);
    if (fault) throw fault;
    return { token: `t${fetches.length}`, expiresAt: clock.now() + lifetimeMs };
  };
  const lines: string[] = [];
  const runner = { write: (written: Iterable<LogEntry>) => lines.push(...[...written].map(textOf)) };
  const signIn = createTokenCache(fetch, "as the test user", { clock, random: () => random, runner });
  /** The current token; waits for the refresh that the call may have started. */
  const getToken = async () => {
    const authorization = await signIn.authorization(neverAborted);
    await backgroundRefresh();
    return authorization;
  };
  return { clock, fetches, lines, signIn, getToken };
}

const textOf = (line: LogEntry): string => ("text" in line ? line.text : "");

describe("a token", () => {
  it("is fetched by the first call, and cached until five minutes before it expires", async () => {
    const { clock, fetches, signIn, getToken } = createCache();
    expect(signIn.description).toBe("Signing in as the test user.");
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t1");
    expect(signIn.description).toBe("Signed in as the test user; valid for 1 h, renewed automatically.");
    clock.advance(3_299_999);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t1");
    clock.advance(1);
    expect([await getToken(), await getToken()]).toEqual(["Bearer t1", "Bearer t2"]);
    expect(fetches).toEqual([0, 3_300_000]);
  });

  it("with a lifetime of 60 s is refreshed 6 s before it expires", async () => {
    const { clock, getToken } = createCache({ lifetimeMs: 60_000 });
    await getToken();
    clock.advance(53_999);
    expect([await getToken(), await getToken()]).toEqual(["Bearer t1", "Bearer t1"]);
    clock.advance(1);
    expect([await getToken(), await getToken()]).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("is fetched once for several concurrent calls", async () => {
    const { fetches, signIn } = createCache();
    const all = await Promise.all([1, 2, 3].map(() => signIn.authorization(neverAborted)));
    expect(all).toEqual(["Bearer t1", "Bearer t1", "Bearer t1"]);
    expect(fetches).toHaveLength(1);
  });

  it("that was rejected is refreshed once for several concurrent calls", async () => {
    const { fetches, signIn } = createCache();
    await signIn.authorization(neverAborted);
    expect(await Promise.all([signIn.refresh(neverAborted), signIn.refresh(neverAborted)])).toEqual([
      true,
      true,
    ]);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t2");
    expect(fetches).toHaveLength(2);
  });

  it("that a refresh returns again does not count as refreshed", async () => {
    const fetch: TokenSource = async () => ({ token: "same", expiresAt: 3_600_000 });
    const signIn = createTokenCache(fetch, "", { clock: createFakeClock(), random: () => 1, runner });
    await signIn.authorization(neverAborted);
    expect(await signIn.refresh(neverAborted)).toBe(false);
  });

  it("that is not refreshable is used until it expires, and then causes unauthorized", async () => {
    const clock = createFakeClock();
    const fetch: TokenSource = async () => ({ token: "only", expiresAt: 1_000, nonRefreshable: true });
    const signIn = createTokenCache(fetch, "", { clock, random: () => 1, runner });
    await signIn.authorization(neverAborted);
    expect(await signIn.refresh(neverAborted)).toBe(false);
    clock.advance(999);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer only");
    clock.advance(1);
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unauthorized" });
  });
});

describe("the first fetch of a token", () => {
  it("is retried after transient errors for a minute, with delays that double up to 30 s", async () => {
    const { clock, signIn } = createCache({ faults: () => connectionLost });
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unreachable",
      cause: connectionLost,
    });
    expect(clock.sleeps).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 29_000]);
  });

  it("is retried with jitter down to half the delay", async () => {
    const { clock, signIn } = createCache({
      random: 0,
      faults: (count) => (count < 4 ? connectionLost : undefined),
    });
    await signIn.authorization(neverAborted);
    expect(clock.sleeps).toEqual([500, 1_000, 2_000]);
  });

  it("waits for Retry-After: 40, but not for one beyond a minute", async () => {
    const busy = (retryAfterMs: number) => new TransientError("429", { retryAfterMs, throttled: true });
    const waiting = createCache({ faults: (count) => (count === 1 ? busy(40_000) : undefined) });
    await waiting.signIn.authorization(neverAborted);
    expect(waiting.clock.sleeps).toEqual([40_000]);
    const beyond = createCache({ faults: () => busy(61_000) });
    await expect(beyond.signIn.authorization(neverAborted)).rejects.toMatchObject({ code: "busy" });
    expect(beyond.clock.sleeps).toEqual([]);
  });

  it("is not retried after a permanent error, and neither by refresh", async () => {
    const refusal = new ActionError("unauthorized", "no");
    const { fetches, signIn } = createCache({ faults: () => refusal });
    await expect(signIn.authorization(neverAborted)).rejects.toBe(refusal);
    expect(await signIn.refresh(neverAborted)).toBe(false);
    expect(fetches).toHaveLength(1);
  });
});

describe("a refresh during a wait", () => {
  it("that fails with a transient error delays no call while the current token is valid", async () => {
    const { clock, fetches, lines, getToken } = createCache({
      faults: (count) => (count === 2 || count === 3 ? connectionLost : undefined),
    });
    await getToken();
    clock.advance(3_300_000);
    expect([await getToken(), await getToken()]).toEqual(["Bearer t1", "Bearer t1"]);
    expect(fetches).toHaveLength(2);
    expect(lines).toEqual([]);
    clock.advance(1_000);
    expect(await getToken()).toBe("Bearer t1");
    expect(lines).toEqual([
      "The access token could not be renewed: the connection was lost (ECONNRESET). The current token is valid for 5 min.",
    ]);
    clock.advance(2_000);
    expect([await getToken(), await getToken()]).toEqual(["Bearer t1", "Bearer t4"]);
    expect(clock.sleeps).toEqual([]);
  });

  it("that is slow delays calls only once the current token has expired", async () => {
    const clock = createFakeClock();
    const gate = Promise.withResolvers<void>();
    let count = 0;
    const fetch: TokenSource = async () => {
      count += 1;
      if (count === 2) await gate.promise;
      return { token: `t${count}`, expiresAt: clock.now() + 100_000 };
    };
    const signIn = createTokenCache(fetch, "", { clock, random: () => 1, runner });
    await signIn.authorization(neverAborted);
    clock.advance(95_000);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t1");
    clock.advance(5_000);
    const pending = signIn.authorization(neverAborted);
    gate.resolve();
    expect(await pending).toBe("Bearer t2");
    expect(count).toBe(2);
  });

  it("of an expired token is retried for five minutes", async () => {
    const { clock, signIn } = createCache({ faults: (count) => (count > 1 ? connectionLost : undefined) });
    await signIn.authorization(neverAborted);
    clock.advance(3_700_000);
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unreachable" });
    expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBe(300_000);
    expect(Math.max(...clock.sleeps)).toBe(30_000);
  });

  it("of a rejected token is retried for five minutes", async () => {
    const { clock, signIn } = createCache({ faults: (count) => (count > 1 ? connectionLost : undefined) });
    await signIn.authorization(neverAborted);
    await expect(signIn.refresh(neverAborted)).rejects.toMatchObject({ code: "unreachable" });
    expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBe(300_000);
  });

  it("that is refused is logged once, and fails once the current token has expired", async () => {
    const refusal = new ActionError("unauthorized", "No.\nmore");
    const { clock, fetches, lines, signIn, getToken } = createCache({
      faults: (count) => (count > 1 ? refusal : undefined),
    });
    await getToken();
    clock.advance(3_400_000);
    expect([await getToken(), await getToken()]).toEqual(["Bearer t1", "Bearer t1"]);
    clock.advance(199_999);
    expect(await getToken()).toBe("Bearer t1");
    expect(lines).toEqual([
      "The access token could not be renewed: No. The current token is valid for 3 min.",
    ]);
    expect(await signIn.refresh(neverAborted)).toBe(false);
    clock.advance(1);
    await expect(getToken()).rejects.toBe(refusal);
    expect(fetches).toHaveLength(2);
  });

  it("that is refused fails at once if the current token was rejected too", async () => {
    const refusal = new ActionError("unauthorized", "no");
    const { signIn, getToken } = createCache({ faults: (count) => (count > 1 ? refusal : undefined) });
    await getToken();
    await expect(signIn.refresh(neverAborted)).rejects.toBe(refusal);
  });

  it("happens every 9 s with a lifetime of 10 s", async () => {
    const { clock, fetches, getToken } = createCache({ lifetimeMs: 10_000 });
    for (let second = 0; second < 60; second += 1) {
      await getToken();
      clock.advance(1_000);
    }
    expect(fetches).toEqual([0, 9_000, 18_000, 27_000, 36_000, 45_000, 54_000]);
  });
});

describe("an aborted signal", () => {
  it("ends only its own call", async () => {
    const clock = createFakeClock();
    const gate = Promise.withResolvers<void>();
    let count = 0;
    const fetch: TokenSource = async (signal) => {
      count += 1;
      const number = count;
      await Promise.race([
        gate.promise,
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ]);
      return { token: `t${number}`, expiresAt: 3_600_000 };
    };
    const signIn = createTokenCache(fetch, "", { clock, random: () => 1, runner });
    const [first, joined] = [new AbortController(), new AbortController()];
    const one = signIn.authorization(first.signal);
    const two = signIn.authorization(neverAborted);
    const three = signIn.authorization(joined.signal);
    joined.abort(new Error("three left"));
    await expect(three).rejects.toThrow("three left");
    first.abort(new Error("one left"));
    await expect(one).rejects.toThrow("one left");
    gate.resolve();
    expect(await two).toBe("Bearer t2");
  });
});
