import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { RunTree } from "../../src/core/run-tree.ts";
import { slowerNodes } from "../../src/core/slower-nodes.ts";
import { at, checkpoint, phaseWithJob, recordsOf, stage } from "./builders.ts";

/** Stages by name, one after the other, each with one job. Seconds. */
function runWith(durations: Readonly<Record<string, number>>): RunTree {
  let from = 10;
  const records = Object.entries(durations).flatMap(([name, seconds]) => {
    const times = { from, to: from + seconds };
    from += seconds;
    return [stage(name, times), ...phaseWithJob(`${name}.x`, times)];
  });
  return buildRunTree(recordsOf(...records.flat()));
}

describe("slowerNodes", () => {
  it("returns the stages that took longer than in the earlier run, by how much, the most first", () => {
    const today = runWith({ Build: 160, Test: 700, Deploy: 30, New: 500 });
    const before = runWith({ Build: 100, Test: 100, Deploy: 60, Removed: 9 });
    expect(slowerNodes(today, before)).toEqual([
      { name: "Test", byMs: 600_000 },
      { name: "Build", byMs: 60_000 },
    ]);
  });

  it.each([
    [40, 69],
    [200, 249],
  ])("ignores the usual difference between two runs: %d s, then %d s", (before, today) => {
    expect(slowerNodes(runWith({ A: today }), runWith({ A: before }))).toEqual([]);
    expect(slowerNodes(runWith({ A: today + 1 }), runWith({ A: before }))).toHaveLength(1);
  });

  it("does not count the time that a stage waited for an approval", () => {
    const waiting = (seconds: number) =>
      buildRunTree(
        recordsOf(
          stage("A", { from: 10, to: 50 + seconds }),
          ...checkpoint("A", "Approval", { from: 10, to: 10 + seconds }),
          ...phaseWithJob("A.x", { from: 10 + seconds, to: 50 + seconds }),
        ),
      );
    expect(waiting(600).stages[0]?.finishedAt).toBe(at(650));
    expect(slowerNodes(waiting(600), waiting(0))).toEqual([]);
  });

  it("compares the jobs of a stage without a name", () => {
    const jobs = (seconds: number) =>
      buildRunTree(
        recordsOf(
          stage("__default", { from: 10, to: 10 + seconds }),
          ...phaseWithJob("__default.Lint", { from: 10, to: 20 }),
          ...phaseWithJob("__default.Test", { from: 10, to: 10 + seconds }),
        ),
      );
    expect(slowerNodes(jobs(900), jobs(300))).toEqual([{ name: "Test", byMs: 600_000 }]);
  });

  it("ignores stages that did not run, or were retried in the earlier run", () => {
    const retried = buildRunTree(recordsOf(stage("A", { from: 10, to: 20, attempt: 2 })));
    const skipped = buildRunTree(recordsOf(stage("A", { from: 10, to: 900, result: "skipped" })));
    expect(slowerNodes(runWith({ A: 900 }), retried)).toEqual([]);
    expect(slowerNodes(skipped, runWith({ A: 10 }))).toEqual([]);
  });
});
