import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../scripts/scale/virtual-clock.ts";
import { createHeartbeatLog } from "../../src/app/progress-log.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { PollResponse, RunFacts } from "../../src/core/model.ts";
import { phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";
import { neverAborted } from "./scripted-pipelines.ts";

const minute = 60_000;

/** Silence for as many minutes, with nothing but these things happening in it. */
async function silent(
  minutes: number,
  happening: (silence: ReturnType<typeof createHeartbeatLog>) => void = () => undefined,
  { isHeld = (_now: number): boolean => false, deadline = Number.POSITIVE_INFINITY } = {},
) {
  const clock = createVirtualClock();
  const said: { readonly at: number; readonly text: string }[] = [];
  const asked: number[] = [];
  const write = (lines: Iterable<LogEntry>) => {
    for (const line of lines) said.push({ at: clock.now() / 1_000, text: "text" in line ? line.text : "" });
  };
  const pastDurations = async (id: number) => {
    asked.push(id);
    return [10 * minute];
  };
  const deps = { clock, runner: { write }, pipelines: { getPastDurations: pastDurations } } as never;
  const silence = createHeartbeatLog({ startedAt: 0, deadline, isPaused: () => isHeld(clock.now()) }, deps);
  const over = new AbortController();
  happening(silence);
  const telling = silence.runHeartbeat(over.signal);
  const ending = clock.sleep(minutes * minute, neverAborted).then(() => over.abort());
  await clock.runUntilIdle();
  await Promise.all([telling, ending]);
  return { said, asked, silence, at: said.map(({ at }) => at) };
}

function lookAt(over: Partial<RunFacts> = {}): PollResponse {
  const run = runOf({ status: "inProgress", result: null, finishedAt: null, ...over });
  const records = recordsOf(stage("A", { from: 1 }), phaseWithJob("A.x", { from: 1 }));
  return { run, records, retryAfterMs: undefined, serviceTime: undefined };
}

describe("silence", () => {
  it("is broken at the heartbeat's pace, whatever the step rests for", async () => {
    expect((await silent(13)).at).toEqual([70, 200, 450, 760]);
  });

  it("says so where no look was answered yet", async () => {
    const { said } = await silent(2);
    expect(said[0]?.text).toMatch(/no look was answered yet; still waiting$/);
  });

  it("says how the run stood last", async () => {
    const look = lookAt();
    const { said } = await silent(2, (silence) => silence.setLastResponse(look, buildRunTree(look.records)));
    expect(said[0]?.text).toMatch(/still running/);
    const over = await silent(2, (silence) =>
      silence.setLastResponse(lookAt({ status: "completed" }), buildRunTree(new Map())),
    );
    expect(over.said[0]?.text).toMatch(/over; still reading what it left behind$/);
  });

  it("says why nothing is heard, and for how long", async () => {
    const { said } = await silent(2, (silence) => silence.onPollError("the service answered 503", 10_000));
    expect(said[0]?.text).toMatch(/no good answer for 1 min 20 s \(the service answered 503\)/);
  });

  it("is borne while something else is shown", async () => {
    const { at } = await silent(3, undefined, { isHeld: (now) => now < 100_000 });
    expect(at).toEqual([100]);
  });

  it("that was broken between two looks wants the next one to be thorough, and asks for the past runs once", async () => {
    const look = lookAt();
    const { silence, asked, said } = await silent(2, (quiet) =>
      quiet.setLastResponse(look, buildRunTree(look.records)),
    );
    expect([silence.isIdle(), asked, said.length]).toEqual([true, [], 1]);
    await silence.writeIfDue(neverAborted);
    await silence.writeIfDue(neverAborted);
    expect([silence.isIdle(), asked, said.length]).toEqual([false, [42], 2]);
    expect([said[0]?.text, said[1]?.text]).toEqual([
      expect.not.stringMatching(/about|usual/),
      expect.stringMatching(/about|usual/),
    ]);
  });
});
