import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { checkpoint, failingRun, issueOf, phaseWithJob, recordsOf, runOf, stage, task } from "./builders.ts";

describe("documentOf", () => {
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

  it("says what the start's answer said where the build of a queued run says less", () => {
    const self = { refName: "refs/heads/main", version: "4f2c1e9" };
    const queued = runOf({ source: { ref: null, commit: null } });
    const { source } = documentOf(queued, buildRunTree(new Map()), { resources: { repositories: { self } } });
    expect(source).toEqual({ ref: "refs/heads/main", commit: "4f2c1e9" });
    expect(documentOf(queued, buildRunTree(new Map()), null).source).toEqual({ ref: null, commit: null });
  });

  it("has null for what is unknown, and no list is absent", () => {
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

  it("adds up what tasks count and what hangs on stages and jobs, which count nothing themselves", () => {
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

  it("says what is waited for, by whose id it can be given", () => {
    const records = recordsOf(
      stage("Deploy", { name: "To production" }),
      checkpoint("Deploy", "Approval", { from: 1 }),
    );
    const going = runOf({ status: "inProgress", result: null });
    expect(documentOf(going, buildRunTree(records), null).waitingFor).toEqual([
      { kind: "approval", id: "c-Deploy-Approval", stage: "Deploy", name: null },
    ]);
    expect(documentOf(runOf(), buildRunTree(records), null).waitingFor).toEqual([]);
  });
});
