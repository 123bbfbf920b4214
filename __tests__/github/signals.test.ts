import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { shutdownRequested } from "../../src/errors.ts";
import { clock } from "../../src/github/clock.ts";
import {
  abortOnSignals,
  createShutdownRequest,
  isShutdownFilePath,
  shutdownFilePath,
} from "../../src/github/signals.ts";
import { createFakeClock } from "../support/fake-clock.ts";

describe("a cancellation", () => {
  it.each(["SIGINT", "SIGTERM", "SIGBREAK"])("comes by %s, and a second one changes nothing", (name) => {
    const process = new EventEmitter();
    const { signal } = abortOnSignals(process as unknown as NodeJS.Process);
    expect(signal.aborted).toBe(false);
    process.emit(name);
    const { reason } = signal;
    process.emit("SIGTERM");
    expect([signal.aborted, signal.reason]).toEqual([true, reason]);
    expect(String(reason)).toContain(name);
  });

  it("comes by a note of the post step where no signal does, which waits for the main step's end", async () => {
    const note = join(temporaryFolder(), "note");
    const [main, post] = [createShutdownRequest(note), createShutdownRequest(note)];
    const cancelled = new AbortController();
    main.watch(cancelled);
    let isOver = false;
    const left = post.requestShutdown(clock).then(() => {
      isOver = true;
    });
    await new Promise((resolve) => cancelled.signal.addEventListener("abort", resolve));
    expect([cancelled.signal.reason, existsSync(note), isOver]).toEqual([shutdownRequested, false, false]);
    main.confirmShutdown();
    await left;
  });

  it("writes no file but its own", () => {
    const folder = temporaryFolder();
    const path = shutdownFilePath(folder, randomUUID());
    expect(isShutdownFilePath(path, folder)).toBe(true);
    for (const other of ["/", "", join(folder, "notes.txt"), shutdownFilePath("/etc", randomUUID())])
      expect(isShutdownFilePath(other, folder)).toBe(false);
  });

  it("waits for no main step that is gone, or cannot be told", async () => {
    const waits = createFakeClock();
    await createShutdownRequest(join(temporaryFolder(), "note")).requestShutdown(waits);
    expect(waits.sleeps).toEqual([1_300]);
    await createShutdownRequest(join(temporaryFolder(), "gone", "note")).requestShutdown(waits);
    expect(waits.sleeps).toHaveLength(1);
  });
});
