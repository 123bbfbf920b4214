import { describe, expect, it } from "vitest";
import { ActionError, PassingError } from "../../src/errors.ts";
import type { FetchToken } from "../../src/sign-in/granted.ts";
import { renewing } from "../../src/sign-in/renewing.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { lost, never } from "./support.ts";

interface Script {
  readonly lifeMs?: number;
  /** What goes wrong at which fetch, from 1. */
  readonly faults?: (count: number) => Error | undefined;
  readonly random?: number;
}

function signingIn({ lifeMs = 3_600_000, faults = () => undefined, random = 1 }: Script = {}) {
  const clock = fakeClock();
  const fetches: number[] = [];
  const fetch: FetchToken = async () => {
    fetches.push(clock.now());
    const fault = faults(fetches.length);
    if (fault) throw fault;
    return { token: `t${fetches.length}`, expiresAt: clock.now() + lifeMs };
  };
  return { clock, fetches, signedIn: renewing(fetch, "as somebody", { clock, random: () => random }) };
}

describe("a token", () => {
  it("is fetched at the first call, and kept until five minutes before its end", async () => {
    const { clock, fetches, signedIn } = signingIn();
    expect(signedIn.description).toBe("Signing in as somebody.");
    expect(await signedIn.authorization(never)).toBe("Bearer t1");
    expect(signedIn.description).toBe("Signed in as somebody; good for 60 min, renewed by itself.");
    clock.advance(3_299_999);
    expect(await signedIn.authorization(never)).toBe("Bearer t1");
    clock.advance(1);
    expect(await signedIn.authorization(never)).toBe("Bearer t2");
    expect(fetches).toEqual([0, 3_300_000]);
  });

  it("of a short life is renewed a tenth of it early", async () => {
    const { clock, signedIn } = signingIn({ lifeMs: 60_000 });
    await signedIn.authorization(never);
    clock.advance(53_999);
    expect(await signedIn.authorization(never)).toBe("Bearer t1");
    clock.advance(1);
    expect(await signedIn.authorization(never)).toBe("Bearer t2");
  });

  it("is fetched once for however many who ask at once", async () => {
    const { fetches, signedIn } = signingIn();
    const all = await Promise.all([1, 2, 3].map(() => signedIn.authorization(never)));
    expect(all).toEqual(["Bearer t1", "Bearer t1", "Bearer t1"]);
    expect(fetches).toHaveLength(1);
  });

  it("that was refused is replaced, once for all who were refused", async () => {
    const { fetches, signedIn } = signingIn();
    await signedIn.authorization(never);
    expect(await Promise.all([signedIn.renew(never), signedIn.renew(never)])).toEqual([true, true]);
    expect(await signedIn.authorization(never)).toBe("Bearer t2");
    expect(fetches).toHaveLength(2);
  });

  it("that comes again from a cache is no new one", async () => {
    const fetch: FetchToken = async () => ({ token: "same", expiresAt: 3_600_000 });
    const signedIn = renewing(fetch, "", { clock: fakeClock(), random: () => 1 });
    await signedIn.authorization(never);
    expect(await signedIn.renew(never)).toBe(false);
  });

  it("that nobody can renew is used to its end, and then said to be over", async () => {
    const clock = fakeClock();
    const fetch: FetchToken = async () => ({ token: "only", expiresAt: 1_000, final: true });
    const signedIn = renewing(fetch, "", { clock, random: () => 1 });
    await signedIn.authorization(never);
    expect(await signedIn.renew(never)).toBe(false);
    clock.advance(999);
    expect(await signedIn.authorization(never)).toBe("Bearer only");
    clock.advance(1);
    await expect(signedIn.authorization(never)).rejects.toMatchObject({ code: "unauthorized" });
  });
});

describe("before the start", () => {
  it("what may pass is borne with for a minute, with waits that double up to thirty seconds", async () => {
    const { clock, signedIn } = signingIn({ faults: () => lost });
    await expect(signedIn.authorization(never)).rejects.toMatchObject({ code: "unreachable", cause: lost });
    expect(clock.sleeps).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 29_000]);
  });

  it("each wait is drawn between half and all", async () => {
    const { clock, signedIn } = signingIn({ random: 0, faults: (count) => (count < 4 ? lost : undefined) });
    await signedIn.authorization(never);
    expect(clock.sleeps).toEqual([500, 1_000, 2_000]);
  });

  it("obeys Retry-After, and does not wait for one beyond its minute", async () => {
    const busy = (retryAfterMs: number) => new PassingError("429", { retryAfterMs, throttled: true });
    const obeying = signingIn({ faults: (count) => (count === 1 ? busy(40_000) : undefined) });
    await obeying.signedIn.authorization(never);
    expect(obeying.clock.sleeps).toEqual([40_000]);
    const beyond = signingIn({ faults: () => busy(61_000) });
    await expect(beyond.signedIn.authorization(never)).rejects.toMatchObject({ code: "busy" });
    expect(beyond.clock.sleeps).toEqual([]);
  });

  it("a definite no is final, and is not asked again by renew", async () => {
    const no = new ActionError("unauthorized", "no");
    const { fetches, signedIn } = signingIn({ faults: () => no });
    await expect(signedIn.authorization(never)).rejects.toBe(no);
    expect(await signedIn.renew(never)).toBe(false);
    expect(fetches).toHaveLength(1);
  });
});

describe("during a wait", () => {
  it("a renewal that fails in passing costs nobody time while the present token lives", async () => {
    const { clock, fetches, signedIn } = signingIn({
      faults: (count) => (count === 2 || count === 3 ? lost : undefined),
    });
    await signedIn.authorization(never);
    clock.advance(3_300_000);
    expect(await signedIn.authorization(never)).toBe("Bearer t1");
    expect(await signedIn.authorization(never)).toBe("Bearer t1");
    expect(fetches).toHaveLength(2);
    clock.advance(1_000);
    expect(await signedIn.authorization(never)).toBe("Bearer t1");
    clock.advance(2_000);
    expect(await signedIn.authorization(never)).toBe("Bearer t4");
    expect(clock.sleeps).toEqual([]);
  });

  it("a token that has died is worth five minutes of trying", async () => {
    const { clock, signedIn } = signingIn({ faults: (count) => (count > 1 ? lost : undefined) });
    await signedIn.authorization(never);
    clock.advance(3_700_000);
    await expect(signedIn.authorization(never)).rejects.toMatchObject({ code: "unreachable" });
    expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBe(300_000);
    expect(Math.max(...clock.sleeps)).toBe(30_000);
  });

  it("so is one that was refused, however long it would have lived", async () => {
    const { clock, signedIn } = signingIn({ faults: (count) => (count > 1 ? lost : undefined) });
    await signedIn.authorization(never);
    await expect(signedIn.renew(never)).rejects.toMatchObject({ code: "unreachable" });
    expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBe(300_000);
  });

  it("a renewal that is refused ends it at once", async () => {
    const no = new ActionError("unauthorized", "no");
    const { clock, signedIn } = signingIn({ faults: (count) => (count > 1 ? no : undefined) });
    await signedIn.authorization(never);
    clock.advance(3_400_000);
    await expect(signedIn.authorization(never)).rejects.toBe(no);
    expect(await signedIn.renew(never)).toBe(false);
  });

  it("outlives as many tokens as it takes", async () => {
    const { clock, fetches, signedIn } = signingIn({ lifeMs: 10_000 });
    for (let second = 0; second < 60; second += 1) {
      await signedIn.authorization(never);
      clock.advance(1_000);
    }
    expect(fetches).toEqual([0, 9_000, 18_000, 27_000, 36_000, 45_000, 54_000]);
  });
});

describe("a signal", () => {
  it("that is aborted ends the waiting, and not that of others", async () => {
    const clock = fakeClock();
    const gate = Promise.withResolvers<void>();
    let count = 0;
    const fetch: FetchToken = async (signal) => {
      count += 1;
      const mine = count;
      await Promise.race([
        gate.promise,
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ]);
      return { token: `t${mine}`, expiresAt: 3_600_000 };
    };
    const signedIn = renewing(fetch, "", { clock, random: () => 1 });
    const [first, joined] = [new AbortController(), new AbortController()];
    const one = signedIn.authorization(first.signal);
    const two = signedIn.authorization(never);
    const three = signedIn.authorization(joined.signal);
    joined.abort(new Error("three left"));
    await expect(three).rejects.toThrow("three left");
    first.abort(new Error("one left"));
    await expect(one).rejects.toThrow("one left");
    gate.resolve();
    expect(await two).toBe("Bearer t2");
  });
});
