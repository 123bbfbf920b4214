import { describe, expect, it } from "vitest";
import { createQueueLimit } from "../../src/app/wait-for-attempts.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { Records, RunFacts } from "../../src/core/model.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { checkpoint, phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { neverAborted } from "./scripted-pipelines.ts";

const minute = 60_000;

const inProgress: Partial<RunFacts> = { status: "inProgress", result: null, finishedAt: null };

const noRecords: Records = new Map();

const pendingJob = recordsOf(stage("A", { from: 1 }), phaseWithJob("A.x", {}));

const runningJob = recordsOf(stage("A", { from: 1 }), phaseWithJob("A.x", { from: 2 }));

const pendingApproval = recordsOf(stage("A", { from: 1 }), ...checkpoint("A", "Approval", { from: 1 }));

const approved = recordsOf(
  stage("A", { from: 1 }),
  ...checkpoint("A", "Approval", { from: 1, to: 300 }),
  phaseWithJob("A.x", {}),
);

/** The deadline after polls that are a minute apart, in minutes. */
async function deadlineAfter(...polls: readonly (readonly [Partial<RunFacts>, Records])[]) {
  const clock = createFakeClock();
  const limit = createQueueLimit({ timeoutMs: 10 * minute, stages: [] }, clock);
  for (const [facts, records] of polls) {
    const run = runOf(facts);
    const tree = buildRunTree(records);
    const document = documentOf(run, tree, null);
    const update = { run, tree, document, at: 0, serviceTime: undefined, endsWait: false, isFinal: false };
    await limit.update(update, neverAborted);
    clock.advance(minute);
  }
  return limit.deadline() / minute;
}

describe("queue-timeout", () => {
  it("counts from the start of the wait while the run is queued", async () => {
    const queued = [{ ...inProgress, status: "notStarted" }, noRecords] as const;
    expect(await deadlineAfter()).toBe(10);
    expect(await deadlineAfter(queued, queued, queued)).toBe(10);
  });

  it("counts while a job of a run in progress waits for an agent", async () => {
    expect(await deadlineAfter([inProgress, pendingJob], [inProgress, pendingJob])).toBe(10);
  });

  it("ends with the first job that runs, and does not start again", async () => {
    expect(await deadlineAfter([inProgress, runningJob])).toBe(Number.POSITIVE_INFINITY);
    expect(await deadlineAfter([inProgress, runningJob], [inProgress, pendingJob])).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it("does not count the time that approvals take", async () => {
    expect(await deadlineAfter([inProgress, pendingApproval])).toBe(Number.POSITIVE_INFINITY);
    expect(
      await deadlineAfter(
        [inProgress, pendingApproval],
        [inProgress, pendingApproval],
        [inProgress, approved],
      ),
    ).toBe(12);
  });

  it("counts while a job waits for an agent, even if another stage waits for an approval", async () => {
    const both = recordsOf(
      stage("A", { from: 1 }),
      ...checkpoint("A", "Approval", { from: 1 }),
      stage("B", { from: 1 }),
      phaseWithJob("B.x", {}),
    );
    expect(await deadlineAfter([inProgress, both])).toBe(10);
  });

  it("does not count while a run in progress has no timeline", async () => {
    expect(await deadlineAfter([inProgress, noRecords])).toBe(Number.POSITIVE_INFINITY);
  });
});
