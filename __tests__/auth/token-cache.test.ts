import { describe, expect, it } from "vitest";
import type { TokenSource } from "../../src/auth/access-token.ts";
import { createTokenCache } from "../../src/auth/token-cache.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { connectionLost, neverAborted } from "./harness.ts";

interface Script {
  readonly lifeMs?: number;
  /** What goes wrong at which fetch, from 1. */
  readonly faults?: (count: number) => Error | undefined;
  readonly random?: number;
}

const runner = { write: () => undefined };

/** A renewal goes on beside whoever asks: lets it come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function signingIn({ lifeMs = 3_600_000, faults = () => undefined, random = 1 }: Script = {}) {
  const clock = createFakeClock();
  const fetches: number[] = [];
  const fetch: TokenSource = async () => {
    fetches.push(clock.now());
    const fault = faults(fetches.length);
    if (fault) throw fault;
    return { token: `t${fetches.length}`, expiresAt: clock.now() + lifeMs };
  };
  const lines: string[] = [];
  const telling = { write: (written: Iterable<LogEntry>) => lines.push(...[...written].map(textOf)) };
  const signedIn = createTokenCache(fetch, "as somebody", { clock, random: () => random, runner: telling });
  /** What is in hand now, and after what that may have set going. */
  const ask = async () => {
    const authorization = await signedIn.authorization(neverAborted);
    await settled();
    return authorization;
  };
  return { clock, fetches, lines, signedIn, ask };
}

const textOf = (line: LogEntry): string => ("text" in line ? line.text : "");

describe("a token", () => {
  it("is fetched at the first call, and kept until five minutes before its end", async () => {
    const { clock, fetches, signedIn, ask } = signingIn();
    expect(signedIn.description).toBe("Signing in as somebody.");
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t1");
    expect(signedIn.description).toBe("Signed in as somebody; good for 60 min, renewed by itself.");
    clock.advance(3_299_999);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t1");
    clock.advance(1);
    expect([await ask(), await ask()]).toEqual(["Bearer t1", "Bearer t2"]);
    expect(fetches).toEqual([0, 3_300_000]);
  });

  it("of a short life is renewed a tenth of it early", async () => {
    const { clock, ask } = signingIn({ lifeMs: 60_000 });
    await ask();
    clock.advance(53_999);
    expect([await ask(), await ask()]).toEqual(["Bearer t1", "Bearer t1"]);
    clock.advance(1);
    expect([await ask(), await ask()]).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("is fetched once for however many who ask at once", async () => {
    const { fetches, signedIn } = signingIn();
    const all = await Promise.all([1, 2, 3].map(() => signedIn.authorization(neverAborted)));
    expect(all).toEqual(["Bearer t1", "Bearer t1", "Bearer t1"]);
    expect(fetches).toHaveLength(1);
  });

  it("that was refused is replaced, once for all who were refused", async () => {
    const { fetches, signedIn } = signingIn();
    await signedIn.authorization(neverAborted);
    expect(await Promise.all([signedIn.refresh(neverAborted), signedIn.refresh(neverAborted)])).toEqual([
      true,
      true,
    ]);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t2");
    expect(fetches).toHaveLength(2);
  });

  it("that comes again from a cache is no new one", async () => {
    const fetch: TokenSource = async () => ({ token: "same", expiresAt: 3_600_000 });
    const signedIn = createTokenCache(fetch, "", { clock: createFakeClock(), random: () => 1, runner });
    await signedIn.authorization(neverAborted);
    expect(await signedIn.refresh(neverAborted)).toBe(false);
  });

  it("that nobody can renew is used to its end, and then said to be over", async () => {
    const clock = createFakeClock();
    const fetch: TokenSource = async () => ({ token: "only", expiresAt: 1_000, nonRefreshable: true });
    const signedIn = createTokenCache(fetch, "", { clock, random: () => 1, runner });
    await signedIn.authorization(neverAborted);
    expect(await signedIn.refresh(neverAborted)).toBe(false);
    clock.advance(999);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer only");
    clock.advance(1);
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unauthorized" });
  });
});

describe("before the start", () => {
  it("what may pass is borne with for a minute, with waits that double up to thirty seconds", async () => {
    const { clock, signedIn } = signingIn({ faults: () => connectionLost });
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unreachable",
      cause: connectionLost,
    });
    expect(clock.sleeps).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 29_000]);
  });

  it("each wait is drawn between half and all", async () => {
    const { clock, signedIn } = signingIn({
      random: 0,
      faults: (count) => (count < 4 ? connectionLost : undefined),
    });
    await signedIn.authorization(neverAborted);
    expect(clock.sleeps).toEqual([500, 1_000, 2_000]);
  });

  it("obeys Retry-After, and does not wait for one beyond its minute", async () => {
    const busy = (retryAfterMs: number) => new TransientError("429", { retryAfterMs, throttled: true });
    const obeying = signingIn({ faults: (count) => (count === 1 ? busy(40_000) : undefined) });
    await obeying.signedIn.authorization(neverAborted);
    expect(obeying.clock.sleeps).toEqual([40_000]);
    const beyond = signingIn({ faults: () => busy(61_000) });
    await expect(beyond.signedIn.authorization(neverAborted)).rejects.toMatchObject({ code: "busy" });
    expect(beyond.clock.sleeps).toEqual([]);
  });

  it("a definite no is final, and is not asked again by renew", async () => {
    const no = new ActionError("unauthorized", "no");
    const { fetches, signedIn } = signingIn({ faults: () => no });
    await expect(signedIn.authorization(neverAborted)).rejects.toBe(no);
    expect(await signedIn.refresh(neverAborted)).toBe(false);
    expect(fetches).toHaveLength(1);
  });
});

describe("during a wait", () => {
  it("a renewal that fails in passing costs nobody time while the present token lives", async () => {
    const { clock, fetches, lines, ask } = signingIn({
      faults: (count) => (count === 2 || count === 3 ? connectionLost : undefined),
    });
    await ask();
    clock.advance(3_300_000);
    expect([await ask(), await ask()]).toEqual(["Bearer t1", "Bearer t1"]);
    expect(fetches).toHaveLength(2);
    expect(lines).toEqual([]);
    clock.advance(1_000);
    expect(await ask()).toBe("Bearer t1");
    expect(lines).toEqual([
      "The sign-in could not be renewed: the connection was lost (ECONNRESET). The present token is good for 5 min.",
    ]);
    clock.advance(2_000);
    expect([await ask(), await ask()]).toEqual(["Bearer t1", "Bearer t4"]);
    expect(clock.sleeps).toEqual([]);
  });

  it("a renewal that is long in coming keeps nobody whose token is good, and everybody whose is not", async () => {
    const clock = createFakeClock();
    const gate = Promise.withResolvers<void>();
    let count = 0;
    const fetch: TokenSource = async () => {
      count += 1;
      if (count === 2) await gate.promise;
      return { token: `t${count}`, expiresAt: clock.now() + 100_000 };
    };
    const signedIn = createTokenCache(fetch, "", { clock, random: () => 1, runner });
    await signedIn.authorization(neverAborted);
    clock.advance(95_000);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t1");
    clock.advance(5_000);
    const asked = signedIn.authorization(neverAborted);
    gate.resolve();
    expect(await asked).toBe("Bearer t2");
    expect(count).toBe(2);
  });

  it("a token that has died is worth five minutes of trying", async () => {
    const { clock, signedIn } = signingIn({ faults: (count) => (count > 1 ? connectionLost : undefined) });
    await signedIn.authorization(neverAborted);
    clock.advance(3_700_000);
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unreachable" });
    expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBe(300_000);
    expect(Math.max(...clock.sleeps)).toBe(30_000);
  });

  it("so is one that was refused, however long it would have lived", async () => {
    const { clock, signedIn } = signingIn({ faults: (count) => (count > 1 ? connectionLost : undefined) });
    await signedIn.authorization(neverAborted);
    await expect(signedIn.refresh(neverAborted)).rejects.toMatchObject({ code: "unreachable" });
    expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBe(300_000);
  });

  it("a renewal that is refused is told once, and ends it when the present token is spent", async () => {
    const no = new ActionError("unauthorized", "No.\nmore");
    const { clock, fetches, lines, signedIn, ask } = signingIn({
      faults: (count) => (count > 1 ? no : undefined),
    });
    await ask();
    clock.advance(3_400_000);
    expect([await ask(), await ask()]).toEqual(["Bearer t1", "Bearer t1"]);
    clock.advance(199_999);
    expect(await ask()).toBe("Bearer t1");
    expect(lines).toEqual(["The sign-in could not be renewed: No. The present token is good for 3 min."]);
    expect(await signedIn.refresh(neverAborted)).toBe(false);
    clock.advance(1);
    await expect(ask()).rejects.toBe(no);
    expect(fetches).toHaveLength(2);
  });

  it("a renewal that is refused ends it at once where the present token was refused too", async () => {
    const no = new ActionError("unauthorized", "no");
    const { signedIn, ask } = signingIn({ faults: (count) => (count > 1 ? no : undefined) });
    await ask();
    await expect(signedIn.refresh(neverAborted)).rejects.toBe(no);
  });

  it("outlives as many tokens as it takes", async () => {
    const { clock, fetches, ask } = signingIn({ lifeMs: 10_000 });
    for (let second = 0; second < 60; second += 1) {
      await ask();
      clock.advance(1_000);
    }
    expect(fetches).toEqual([0, 9_000, 18_000, 27_000, 36_000, 45_000, 54_000]);
  });
});

describe("a signal", () => {
  it("that is aborted ends the waiting, and not that of others", async () => {
    const clock = createFakeClock();
    const gate = Promise.withResolvers<void>();
    let count = 0;
    const fetch: TokenSource = async (signal) => {
      count += 1;
      const mine = count;
      await Promise.race([
        gate.promise,
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ]);
      return { token: `t${mine}`, expiresAt: 3_600_000 };
    };
    const signedIn = createTokenCache(fetch, "", { clock, random: () => 1, runner });
    const [first, joined] = [new AbortController(), new AbortController()];
    const one = signedIn.authorization(first.signal);
    const two = signedIn.authorization(neverAborted);
    const three = signedIn.authorization(joined.signal);
    joined.abort(new Error("three left"));
    await expect(three).rejects.toThrow("three left");
    first.abort(new Error("one left"));
    await expect(one).rejects.toThrow("one left");
    gate.resolve();
    expect(await two).toBe("Bearer t2");
  });
});
