import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { TimelineRecord } from "../../src/core/model.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { pendingChecks, type RunTree } from "../../src/core/run-tree.ts";
import {
  checkpoint,
  failingRun,
  issueOf,
  job,
  phase,
  phaseWithJob,
  recordsOf,
  runOf,
  stage,
  task,
} from "./builders.ts";

function outline(tree: RunTree): string[] {
  return tree.stages.flatMap((one) => [
    `${one.name} (${one.displayName}) ${one.result ?? one.status}`,
    ...one.jobs.map(
      (each) => `  ${each.name} (${each.displayName}) ${each.result ?? each.status}: ${each.tasks.length}`,
    ),
  ]);
}

function shuffled(records: ReadonlyMap<string, TimelineRecord>): Map<string, TimelineRecord> {
  return new Map(
    [...records].sort(([a], [b]) =>
      a.split("").reverse().join("") < b.split("").reverse().join("") ? -1 : 1,
    ),
  );
}

describe("buildRunTree", () => {
  it("sorts records by the run's order, whatever order they come in", () => {
    expect(outline(buildRunTree(shuffled(failingRun())))).toEqual([
      "Build (Build) succeeded",
      "  Compile (Compile) succeeded: 1",
      "  UnitTests (Unit tests) succeeded: 0",
      "Staging (Staging) failed",
      "  Deploy (Deploy) succeeded: 0",
      "  Smoke (Smoke tests) failed: 1",
      "Production (Production) skipped",
      "  Deploy (Deploy) skipped: 0",
    ]);
  });

  it("shows a matrix as several jobs, and a phase without jobs as one pending job", () => {
    const records = recordsOf(
      stage("A", { from: 1 }),
      phase("A.m", { from: 1, order: 1 }),
      job("A.m.windows", { order: 2, name: "M windows" }),
      job("A.m.linux", { order: 1, from: 1, name: "M linux" }),
      phase("A.later", { from: 1, order: 2 }),
    );
    expect(outline(buildRunTree(records))).toEqual([
      "A (A) inProgress",
      "  m.linux (M linux) inProgress: 0",
      "  m.windows (M windows) pending: 0",
      "  later (later) pending: 0",
    ]);
  });

  it("leaves the display name of __default stages and jobs undefined", () => {
    const single = recordsOf(
      stage("__default", { from: 1, to: 9 }),
      phase("Job", { parentId: "s-__default", from: 1, to: 9 }),
      job("Job.__default", { from: 1, to: 9 }),
      stage("B", { from: 1, to: 9 }),
      phase("B.__default", { from: 1, to: 9 }),
      job("B.__default.__default", { from: 1, to: 9, name: "__default" }),
    );
    expect(outline(buildRunTree(single))).toEqual([
      "B (B) succeeded",
      "  __default (undefined) succeeded: 0",
      "__default (undefined) succeeded",
      "  Job (Job) succeeded: 0",
    ]);
  });

  it("puts the jobs of a classic build, which has no stages, into one stage", () => {
    const classic = recordsOf(
      job("Phase_1", {
        id: "j1",
        parentId: null,
        identifier: null,
        name: "Agent job 1",
        order: 1,
        from: 1,
        to: 9,
        result: "failed",
      }),
      job("Phase_2", { id: "j2", parentId: null, identifier: null, name: "Agent job 2", order: 2 }),
      task("Get sources", "x", { parentId: "j1", from: 1, to: 2 }),
    );
    const tree = buildRunTree(classic);
    expect(outline(tree)).toEqual([
      "__default (undefined) inProgress",
      "  Agent job 1 (Agent job 1) failed: 1",
      "  Agent job 2 (Agent job 2) pending: 0",
    ]);
    expect(tree.stages[0]).toMatchObject({ id: "__default", result: null, finishedAt: null });
  });

  it("keeps records whose parents are missing or form a circle", () => {
    const withoutParents = recordsOf(
      stage("__default", { from: 1, to: 9 }),
      job("Job.__default", { parentId: "gone", from: 1, to: 9 }),
      task("a", "nowhere", { from: 1, to: 9, issues: [issueOf("x")] }),
      task("b", "nowhere", { from: 1, to: 9 }),
      phase("P", { id: "one", parentId: "two" }),
      phase("Q", { id: "two", parentId: "one" }),
      { ...task("c", "x", {}), type: "Unknown" },
    );
    expect(outline(buildRunTree(withoutParents))).toEqual([
      "__default (undefined) succeeded",
      "  Job (Job) succeeded: 0",
      "  P (P) pending: 0",
      "  Q (Q) pending: 0",
      "  __default (undefined) succeeded: 2",
    ]);
  });

  it("drops an earlier attempt and everything below it", () => {
    const records = recordsOf(
      stage("A", { from: 1, to: 9, result: "failed" }),
      phaseWithJob("A.x", { from: 1, to: 9, result: "failed" }),
      task("old", "A.x.__default", { from: 1, to: 9 }),
      stage("A", { id: "s2", from: 20, attempt: 2 }),
      phase("A.y", { parentId: "s2" }),
    );
    expect(outline(buildRunTree(records))).toEqual(["A (A) inProgress", "  y (y) pending: 0"]);
  });

  it("derives pending checks from the checks' records, not from the stage's state", () => {
    const records = recordsOf(
      stage("A", { order: 1 }),
      checkpoint("A", "Approval", { from: 1 }),
      stage("B", { order: 2, from: 1 }),
      checkpoint("B", "Authorization", { from: 1 }),
      stage("C", { order: 3, from: 1 }),
      checkpoint("C", "TaskCheck", { from: 1 }),
      stage("D", { order: 4, from: 1 }),
      checkpoint("D", "ExtendsCheck", { from: 1, to: 2 }),
      stage("E", { order: 5, from: 1, to: 3, result: "failed" }),
      checkpoint("E", "Approval", { from: 1 }),
    );
    expect(pendingChecks(buildRunTree(records)).map(({ kind, stage: name }) => `${kind} ${name}`)).toEqual([
      "approval A",
      "authorization B",
      "check C",
    ]);
  });

  it.each([
    ["ManualValidation", "manual-validation"],
    ["ManualIntervention", "manual-validation"],
    ["Delay", "delay"],
    ["InvokeRESTAPI", "check"],
  ])("derives a pending check from a running %s in an agentless job: %s", (taskName, kind) => {
    const records = recordsOf(
      stage("A", { from: 1 }),
      phaseWithJob("A.x", { from: 1, worker: null }),
      task("Ask", "A.x.__default", { from: 1, taskName }),
    );
    expect(pendingChecks(buildRunTree(records))).toMatchObject([{ kind, stage: "A", name: "Ask" }]);
  });

  it("never throws and never loses a task's errors, whatever the parents are", () => {
    const ids = fc.constantFrom("a", "b", "c", "d", "e", "f");
    const type = fc.constantFrom("Stage", "Phase", "Job", "Task", "Checkpoint.Approval", "Unknown");
    const one = fc.tuple(ids, fc.option(ids), type, fc.option(fc.nat(3)), fc.integer({ min: 1, max: 2 }));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (all) => {
        const records = recordsOf(
          all.map(([id, parentId, kind, order, attempt]) => ({
            ...task(id, "x", { id, parentId, order, attempt, issues: kind === "Task" ? [issueOf("e")] : [] }),
            type: kind,
          })),
        );
        const tree = buildRunTree(records);
        const tasks = [...records.values()].filter((record) => record.type === "Task");
        expect(documentOf(runOf(), tree, null).errors).toBe(tasks.length);
      }),
    );
  });
});
