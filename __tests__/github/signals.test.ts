import { EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { calledOff } from "../../src/errors.ts";
import { clock } from "../../src/github/clock.ts";
import { interruption, notes } from "../../src/github/signals.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { temporaryFolder } from "../support/temporary.ts";

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
