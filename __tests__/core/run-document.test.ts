import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { checkpoint, failingRun, issueOf, phaseWithJob, recordsOf, runOf, stage, task } from "./builders.ts";

describe("the run document", () => {
  it("has the contract's keys in the contract's order", () => {
    const run = documentOf(runOf(), buildRunTree(failingRun()), { id: 345 });
    expect(Object.keys(run)).toEqual([
      ...[
        "id",
        "name",
        "status",
        "result",
        "attempt",
        "url",
        "pipeline",
        "source",
        "createdAt",
        "startedAt",
        "finishedAt",
      ],
      ...["queueSeconds", "runSeconds", "stages", "waitingFor", "causes", "errors", "warnings", "raw"],
    ]);
    expect(run).toMatchObject({ queueSeconds: 14, runSeconds: 436, errors: 1, warnings: 2, waitingFor: [] });
    expect(run.raw).toEqual({ run: { id: 345 }, build: { id: 345 } });
    expect(run.stages[1]).toEqual({
      name: "Staging",
      displayName: "Staging",
      status: "completed",
      result: "failed",
      attempt: 1,
      startedAt: "2026-11-22T10:02:41.000Z",
      finishedAt: "2026-11-22T10:06:02.000Z",
      jobs: [
        expect.objectContaining({ name: "Deploy" }),
        {
          name: "Smoke",
          displayName: "Smoke tests",
          status: "completed",
          result: "failed",
          attempt: 1,
          startedAt: "2026-11-22T10:05:09.000Z",
          finishedAt: "2026-11-22T10:06:02.000Z",
          worker: "Azure Pipelines 3",
        },
      ],
    });
  });

  it("has the highest attempt of a stage", () => {
    const retried = recordsOf(stage("A", { from: 1, to: 9 }), stage("B", { from: 1, to: 9, attempt: 2 }));
    expect(documentOf(runOf(), buildRunTree(retried), null).attempt).toBe(2);
  });

  it("has ref and commit from the response to the start if the build of a queued run lacks them", () => {
    const self = { refName: "refs/heads/main", version: "4f2c1e9" };
    const queued = runOf({ source: { ref: null, commit: null } });
    const { source } = documentOf(queued, buildRunTree(new Map()), { resources: { repositories: { self } } });
    expect(source).toEqual({ ref: "refs/heads/main", commit: "4f2c1e9" });
    expect(documentOf(queued, buildRunTree(new Map()), null).source).toEqual({ ref: null, commit: null });
  });

  it("has null for unknown values, and empty lists instead of absent ones", () => {
    const bare = runOf({
      status: "notStarted",
      result: null,
      startedAt: null,
      finishedAt: null,
      raw: undefined,
    });
    expect(documentOf(bare, buildRunTree(new Map()), undefined)).toMatchObject({
      result: null,
      attempt: 1,
      queueSeconds: null,
      runSeconds: null,
      stages: [],
      waitingFor: [],
      raw: { run: null, build: null },
    });
  });

  it("sums the counts of tasks and the issues on stages and jobs, whose own counts are ignored", () => {
    const records = recordsOf(
      stage("A", { from: 1, to: 9, issues: [issueOf("stage")], errors: 50 }),
      phaseWithJob("A.x", {
        from: 1,
        to: 9,
        issues: [issueOf("lost"), issueOf("w", { severity: "warning" })],
        errors: 50,
      }),
      task("t", "A.x.__default", {
        from: 1,
        to: 9,
        issues: [issueOf("one of many")],
        errors: 40,
        warnings: 2,
      }),
    );
    expect(documentOf(runOf(), buildRunTree(records), null)).toMatchObject({ errors: 42, warnings: 3 });
  });

  it("lists pending checks with their ids while the run is in progress", () => {
    const records = recordsOf(
      stage("Deploy", { name: "To production" }),
      checkpoint("Deploy", "Approval", { from: 1 }),
    );
    const inProgress = runOf({ status: "inProgress", result: null });
    expect(documentOf(inProgress, buildRunTree(records), null).waitingFor).toEqual([
      { kind: "approval", id: "c-Deploy-Approval", stage: "Deploy", name: null },
    ]);
    expect(documentOf(runOf(), buildRunTree(records), null).waitingFor).toEqual([]);
  });
});
