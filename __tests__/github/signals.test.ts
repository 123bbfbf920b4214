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

const neverAborted = new AbortController().signal;

describe("a cancellation", () => {
  it.each(["SIGINT", "SIGTERM", "SIGBREAK"])(
    "is caused by %s, and a second signal changes nothing",
    (name) => {
      const process = new EventEmitter();
      const { signal } = abortOnSignals(process);
      expect(signal.aborted).toBe(false);
      process.emit(name);
      const { reason } = signal;
      process.emit("SIGTERM");
      expect([signal.aborted, signal.reason]).toEqual([true, reason]);
      expect(String(reason)).toContain(name);
    },
  );

  it("is requested by the post step with a file if there was no signal, and the post step waits for the main step", async () => {
    const file = join(temporaryFolder(), "request");
    const [main, post] = [createShutdownRequest(file), createShutdownRequest(file)];
    const cancelled = new AbortController();
    main.watch(cancelled);
    let isOver = false;
    const waiting = post.requestShutdown(clock, neverAborted).then(() => {
      isOver = true;
    });
    await new Promise((resolve) => cancelled.signal.addEventListener("abort", resolve));
    expect([cancelled.signal.reason, existsSync(file), isOver]).toEqual([shutdownRequested, false, false]);
    main.confirmShutdown();
    await waiting;
  });

  it("is only requested through the action's own file", () => {
    const folder = temporaryFolder();
    const path = shutdownFilePath(folder, randomUUID());
    expect(isShutdownFilePath(path, folder)).toBe(true);
    for (const other of ["/", "", join(folder, "notes.txt"), shutdownFilePath("/etc", randomUUID())])
      expect(isShutdownFilePath(other, folder)).toBe(false);
  });

  it("is not waited for if the main step has ended or the file cannot be written", async () => {
    const fakeClock = createFakeClock();
    await createShutdownRequest(join(temporaryFolder(), "note")).requestShutdown(fakeClock, neverAborted);
    expect(fakeClock.sleeps).toEqual([1_300]);
    await createShutdownRequest(join(temporaryFolder(), "gone", "note")).requestShutdown(
      fakeClock,
      neverAborted,
    );
    expect(fakeClock.sleeps).toHaveLength(1);
  });
});
