import { EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { calledOff } from "../../src/errors.ts";
import { clock } from "../../src/github/clock.ts";
import { readTrigger } from "../../src/github/event.ts";
import { jobIdentity } from "../../src/github/identity.ts";
import { interruption, notes } from "../../src/github/signals.ts";
import type { HttpAnswer, HttpRequest } from "../../src/ports.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { temporaryFolder } from "../support/temporary.ts";

const never = new AbortController().signal;

describe("the clock", () => {
  it("tells the time, and only goes forward", () => {
    const first = clock.now();
    expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
    expect(clock.now()).toBeGreaterThanOrEqual(first);
  });

  it("wakes up at once when the signal comes, with its reason", async () => {
    const reason = new Error("cancelled");
    const cancelled = new AbortController();
    const slept = clock.sleep(60_000, cancelled.signal);
    cancelled.abort(reason);
    await expect(slept).rejects.toBe(reason);
    await expect(clock.sleep(1, cancelled.signal)).rejects.toBe(reason);
  });

  it("never ends a sleep before its time, not by a fraction", async () => {
    const early = Array.from({ length: 100 }, async (_, index) => {
      const from = clock.now();
      await clock.sleep(1 + index / 17, never);
      return clock.now() - from < 1 + index / 17;
    });
    expect(await Promise.all(early)).not.toContain(true);
  });

  it("sleeps for ever when it is to, instead of not at all", async () => {
    const soon = clock.sleep(5, never).then(() => "short");
    const long = clock.sleep(Number.POSITIVE_INFINITY, AbortSignal.timeout(30)).then(
      () => "woke",
      () => "slept",
    );
    expect(await Promise.all([soon, long])).toEqual(["short", "slept"]);
  });
});

describe("a cancellation", () => {
  it.each(["SIGINT", "SIGTERM", "SIGBREAK"])("comes by %s, and a second one changes nothing", (name) => {
    const process = new EventEmitter();
    const { signal } = interruption(process as unknown as NodeJS.Process);
    expect(signal.aborted).toBe(false);
    process.emit(name);
    const { reason } = signal;
    process.emit("SIGTERM");
    expect([signal.aborted, signal.reason]).toEqual([true, reason]);
    expect(String(reason)).toContain(name);
  });

  it("comes by a note of the post step where no signal does, which waits for the main step's end", async () => {
    const note = join(temporaryFolder(), "note");
    const [main, post] = [notes(note), notes(note)];
    const cancelled = new AbortController();
    main.watch(cancelled);
    let isOver = false;
    const left = post.leave(clock).then(() => {
      isOver = true;
    });
    await new Promise((resolve) => cancelled.signal.addEventListener("abort", resolve));
    expect([cancelled.signal.reason, existsSync(note), isOver]).toEqual([calledOff, false, false]);
    main.answer();
    await left;
  });

  it("waits for no main step that is gone, or cannot be told", async () => {
    const waits = fakeClock();
    await notes(join(temporaryFolder(), "note")).leave(waits);
    expect(waits.sleeps).toEqual([400]);
    await notes(join(temporaryFolder(), "gone", "note")).leave(waits);
    expect(waits.sleeps).toHaveLength(1);
  });
});

describe("the job's identity token", () => {
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example/_apis?api-version=2.0",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
  };

  function asking(answers: readonly Partial<HttpAnswer>[], over: object = env) {
    const requests: HttpRequest[] = [];
    const masks: string[] = [];
    const identity = jobIdentity({
      env: over as Record<string, string>,
      clock: fakeClock(),
      mask: (secret) => void masks.push(secret),
      trigger: async () => readTrigger({}, () => ""),
      transport: {
        ask: async (request) => {
          requests.push(request);
          const answer = answers[Math.min(requests.length, answers.length) - 1];
          return { status: 200, headers: {}, body: "", ...answer };
        },
        open: () => Promise.reject(new Error("not here")),
      },
    });
    return { identity: identity("api://AzureADTokenExchange", never), requests, masks };
  }

  it("is asked for an audience, and masked", async () => {
    const { identity, requests, masks } = asking([{ body: '{"value":"jwt","count":3}' }]);
    expect(await identity).toBe("jwt");
    expect(masks).toEqual(["jwt"]);
    expect(requests).toMatchObject([
      {
        method: "GET",
        url: "https://token.example/_apis?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
        headers: { authorization: "Bearer request-token" },
      },
    ]);
  });

  it.each([{}, { ACTIONS_ID_TOKEN_REQUEST_URL: "https://x" }])(
    "may not be had without the permission",
    async (over) => {
      const { identity } = asking([], over);
      await expect(identity).rejects.toMatchObject({
        code: "unauthorized",
        hint: expect.stringContaining("id-token: write"),
      });
    },
  );

  it("is not asked for again when it is refused", async () => {
    const { identity, requests } = asking([{ status: 403 }]);
    await expect(identity).rejects.toMatchObject({ code: "unauthorized" });
    expect(requests).toHaveLength(1);
  });
});
