import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../scripts/scale/virtual-clock.ts";
import { createHeartbeatLog } from "../../src/app/progress-log.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { RunFacts } from "../../src/core/model.ts";
import type { PollResponse } from "../../src/core/run-snapshot.ts";
import { emptyTree } from "../../src/core/run-tree.ts";
import { phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";
import { neverAborted } from "./scripted-pipelines.ts";

const minute = 60_000;

/** Runs the heartbeat for this many minutes without any other log line. */
async function runHeartbeat(
  minutes: number,
  setUp: (heartbeat: ReturnType<typeof createHeartbeatLog>) => void = () => undefined,
  { isPaused = (_now: number): boolean => false, deadline = Number.POSITIVE_INFINITY } = {},
) {
  const clock = createVirtualClock();
  const lines: { readonly at: number; readonly text: string }[] = [];
  const requestedIds: number[] = [];
  const write = (entries: Iterable<LogEntry>) => {
    for (const line of entries)
      lines.push({ at: clock.now() / 1_000, text: "text" in line ? line.text : "" });
  };
  const pastDurations = async (id: number) => {
    requestedIds.push(id);
    return [10 * minute];
  };
  const deps = { clock, runner: { write }, pipelines: { getPastDurations: pastDurations } };
  const heartbeat = createHeartbeatLog(
    { startedAt: 0, deadline, isPaused: () => isPaused(clock.now()) },
    deps,
  );
  const end = new AbortController();
  setUp(heartbeat);
  const running = heartbeat.runHeartbeat(end.signal);
  const ending = clock.sleep(minutes * minute, neverAborted).then(() => end.abort());
  await clock.runUntilIdle();
  await Promise.all([running, ending]);
  return { lines, requestedIds, heartbeat, at: lines.map(({ at }) => at) };
}

function responseOf(over: Partial<RunFacts> = {}): PollResponse {
  const run = runOf({ status: "inProgress", result: null, finishedAt: null, ...over });
  const records = recordsOf(stage("A", { from: 1 }), phaseWithJob("A.x", { from: 1 }));
  return { run, tree: buildRunTree(records), retryAfterMs: undefined, serviceTime: undefined };
}

describe("the heartbeat log", () => {
  it("writes lines at growing intervals, no matter what the step waits for", async () => {
    expect((await runHeartbeat(13)).at).toEqual([70, 200, 450, 760]);
  });

  it("reports that no poll has succeeded yet", async () => {
    const { lines } = await runHeartbeat(2);
    expect(lines[0]?.text).toMatch(/no successful poll yet; still waiting$/);
  });

  it("shows the run's state at the last response", async () => {
    const response = responseOf();
    const { lines } = await runHeartbeat(2, (heartbeat) =>
      heartbeat.setLastResponse(response, response.tree),
    );
    expect(lines[0]?.text).toMatch(/still running/);
    const completed = await runHeartbeat(2, (heartbeat) =>
      heartbeat.setLastResponse(responseOf({ status: "completed" }), emptyTree),
    );
    expect(completed.lines[0]?.text).toMatch(/completed; still reading its records and logs$/);
  });

  it("shows the reason and the duration of an outage", async () => {
    const { lines } = await runHeartbeat(2, (heartbeat) =>
      heartbeat.onPollError("the service answered 503", 10_000),
    );
    expect(lines[0]?.text).toMatch(/no successful poll for 1 min 20 s \(the service answered 503\)/);
  });

  it("writes nothing while it is paused", async () => {
    const { at } = await runHeartbeat(3, undefined, { isPaused: (now) => now < 100_000 });
    expect(at).toEqual([100]);
  });

  it("is idle after a line between two polls, and requests the past durations once", async () => {
    const response = responseOf();
    const { heartbeat, requestedIds, lines } = await runHeartbeat(2, (log) =>
      log.setLastResponse(response, response.tree),
    );
    expect([heartbeat.isIdle(), requestedIds, lines.length]).toEqual([true, [], 1]);
    await heartbeat.writeIfDue(neverAborted);
    await heartbeat.writeIfDue(neverAborted);
    expect([heartbeat.isIdle(), requestedIds, lines.length]).toEqual([false, [42], 2]);
    expect([lines[0]?.text, lines[1]?.text]).toEqual([
      expect.not.stringMatching(/about|usual/),
      expect.stringMatching(/about|usual/),
    ]);
  });

  it("requests no past durations while requests are saved", async () => {
    const response = responseOf();
    const { heartbeat, requestedIds, lines } = await runHeartbeat(2, (log) =>
      log.setLastResponse({ ...response, savesRequests: true }, response.tree),
    );
    await heartbeat.writeIfDue(neverAborted);
    expect([requestedIds, lines.length]).toEqual([[], 2]);
  });
});
