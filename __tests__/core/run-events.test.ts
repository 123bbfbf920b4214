import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { NodeResult, Records, RunFacts, TimelineRecord } from "../../src/core/model.ts";
import { diffSnapshots, emptyEmittedState, type RunEvent } from "../../src/core/run-events.ts";
import {
  at,
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

type Poll = readonly [RunFacts, Records];

function replay(polls: readonly Poll[]): RunEvent[] {
  let seen = emptyEmittedState;
  const all: RunEvent[] = [];
  for (const [run, records] of polls) {
    const step = diffSnapshots(seen, run, buildRunTree(records), run.status === "completed");
    seen = step.seen;
    all.push(...step.events);
  }
  return all;
}

/** An event without its node, whose fields depend on the poll. */
function summaryOf(event: RunEvent): string {
  const node = [
    "stage" in event ? event.stage?.id : "",
    "job" in event ? `${event.job?.id}#${event.job?.attempt}` : "",
    "task" in event ? event.task?.id : "",
    "check" in event ? event.check.id : "",
    "issue" in event ? event.issue.message : "",
    "status" in event ? event.status : "",
    "durationMs" in event ? event.durationMs : "",
  ];
  return [event.type, event.at, ...node].join(" ");
}

/** The records that the service returns `seconds` after the start, derived from the final records. */
function recordsAt(seconds: number, end: Records): Records {
  const now = Date.parse(at(seconds));
  const view = [...end.values()].map((record): TimelineRecord => {
    const isStarted = record.startedAt !== null && Date.parse(record.startedAt) <= now;
    const isFinished = record.finishedAt !== null && Date.parse(record.finishedAt) <= now;
    if (isFinished) return record;
    const bare = { ...record, result: null, finishedAt: null, issues: [], errors: 0, warnings: 0 };
    if (isStarted) return { ...bare, status: "inProgress" };
    return { ...bare, status: "pending", startedAt: null };
  });
  return new Map(view.map((record) => [record.id, record]));
}

const results = fc.constantFrom<NodeResult>(
  "succeeded",
  "failed",
  "canceled",
  "succeededWithIssues",
  "abandoned",
);

const seconds = fc.nat(60);

const jobs = fc.record({
  queue: seconds,
  work: fc.array(fc.tuple(seconds, results, fc.nat(2)), { maxLength: 3 }),
});

const stages = fc.record({
  isSkipped: fc.boolean(),
  after: seconds,
  approval: fc.option(seconds),
  jobs: fc.array(jobs, { minLength: 1, maxLength: 3 }),
});

type Plan = Parameters<Parameters<typeof stages.map>[0]>[0];

function runFrom(plans: readonly Plan[]): { records: Records; end: number } {
  let end = 0;
  const records = plans.flatMap(({ isSkipped, after, approval, jobs: own }, index) => {
    const name = `S${index}`;
    if (isSkipped) {
      const skip = { from: after, to: after, result: "skipped" as const };
      return [stage(name, { ...skip, order: index }), phase(`${name}.J0`, skip)];
    }
    const begin = after + (approval ?? 0);
    const inner = own.map(({ queue, work }, place) => jobFrom(`${name}.J${place}`, begin + queue, work));
    const finish = Math.max(...inner.map((one) => one.end));
    end = Math.max(end, finish);
    return [
      stage(name, { order: index, from: after, to: finish }),
      ...(approval === null ? [] : checkpoint(name, "Approval", { from: after, to: begin })),
      ...inner.flatMap((one) => one.records),
    ];
  });
  return { records: recordsOf(records), end: end + 60 };
}

function jobFrom(name: string, from: number, work: readonly [number, NodeResult, number][]) {
  let now = from;
  const tasks = work.map(([took, result, issues], index) => {
    const facts = {
      from: now,
      to: now + took,
      result,
      issues: Array.from({ length: issues }, (_, n) => issueOf(`${n}`)),
    };
    now += took;
    return task(`T${index}`, `${name}.__default`, facts);
  });
  return { end: now, records: [...phaseWithJob(name, { from, to: now }), ...tasks] };
}

describe("diffSnapshots", () => {
  it("emits the same events whichever polls were missed", () => {
    const pollPlans = fc.array(fc.tuple(fc.nat(400), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(stages, { minLength: 1, maxLength: 4 }), pollPlans, (plans, planned) => {
        const { records, end } = runFrom(plans);
        const inProgress = runOf({ status: "inProgress", result: null, finishedAt: null });
        const all = planned.toSorted(([a], [b]) => a - b);
        const poll = (second: number): Poll => [inProgress, recordsAt(second, records)];
        const last: Poll = [runOf({ finishedAt: at(end) }), records];
        const eventsOf = (polls: readonly Poll[]) =>
          replay(polls)
            .filter((event) => event.type !== "run-status" || event.status === "completed")
            .map(summaryOf);
        const whole = eventsOf([...all.map(([second]) => poll(second)), last]);
        const partial = eventsOf([...all.filter(([, kept]) => kept).map(([second]) => poll(second)), last]);
        expect(partial.toSorted()).toEqual(whole.toSorted());
        expect(eventsOf([last]).toSorted()).toEqual(whole.toSorted());
      }),
      { numRuns: 200 },
    );
  });

  it("emits the start of a stage before those of its jobs, and its end after theirs", () => {
    fc.assert(
      fc.property(
        fc.array(stages, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(400)),
        (plans, pollTimes) => {
          const { records } = runFrom(plans);
          const inProgress = runOf({ status: "inProgress", result: null, finishedAt: null });
          const polls = pollTimes
            .sort((a, b) => a - b)
            .map((second): Poll => [inProgress, recordsAt(second, records)]);
          const events = replay([...polls, [runOf(), records]]);
          const open = new Set<string>();
          for (const event of events) {
            if (event.type === "stage-started") open.add(event.stage.id);
            if (event.type === "job-started") expect(open).toContain(event.stage.id);
            if (event.type === "job-started") open.add(event.job.id);
            if (event.type === "task-finished") expect(open).toContain(event.job.id);
            if (event.type === "job-finished") expect(open.delete(event.job.id)).toBe(true);
            if (event.type !== "stage-finished") continue;
            expect(open.delete(event.stage.id)).toBe(true);
            for (const one of event.stage.jobs) expect(open).not.toContain(one.id);
          }
          expect(open).toEqual(new Set());
        },
      ),
    );
  });

  it("emits nothing if nothing has changed or the response is older than the previous one", () => {
    const run = runOf({ status: "inProgress", result: null });
    const late = diffSnapshots(emptyEmittedState, run, buildRunTree(recordsAt(300, failingRun())), false);
    expect(diffSnapshots(late.seen, run, buildRunTree(recordsAt(300, failingRun())), false).events).toEqual(
      [],
    );
    expect(diffSnapshots(late.seen, run, buildRunTree(recordsAt(100, failingRun())), false).events).toEqual(
      [],
    );
    expect(
      diffSnapshots(late.seen, { ...run, status: "notStarted" }, buildRunTree(new Map()), false).events,
    ).toEqual([]);
  });

  it("emits events for a retried attempt, but not for the jobs that it kept", () => {
    const first = recordsOf(
      stage("A", { from: 1, to: 30, result: "failed" }),
      phaseWithJob("A.kept", { from: 1, to: 10 }),
      phaseWithJob("A.bad", { from: 1, to: 30, result: "failed" }),
    );
    const second = recordsOf(
      stage("A", { id: "s2", from: 40, attempt: 2 }),
      phase("A.kept", { id: "p2a", parentId: "s2", from: 40, to: 40, attempt: 2 }),
      job("A.kept.__default", { parentId: "p2a", from: 1, to: 10 }),
      phase("A.bad", { id: "p2b", parentId: "s2", from: 40, attempt: 2 }),
      job("A.bad.__default", { id: "j2b", parentId: "p2b", from: 42, attempt: 2 }),
    );
    const inProgress = runOf({ status: "inProgress", result: null });
    const events = replay([
      [runOf({ result: "failed" }), first],
      // Polls that only return changes leave old records next to the new ones.
      [inProgress, new Map([...first, ...second])],
    ]);
    expect(events.slice(-3).map(summaryOf)).toEqual(
      [
        `run-status ${Date.parse(at(14))}     inProgress `,
        `stage-started ${Date.parse(at(42))} s2     `,
        `job-started ${Date.parse(at(42))} s2 j2b#2    `,
      ].map((text) => expect.stringMatching(new RegExp(`^${text.trim().replaceAll(/\s+/g, "\\s+")}\\s*$`))),
    );
  });

  it("starts a retried stage before the jobs that it kept if they were not reported before", () => {
    const records = recordsOf(
      stage("A", { from: 40, attempt: 2 }),
      phase("A.kept", { order: 1, from: 40, to: 40, attempt: 2 }),
      job("A.kept.__default", { from: 1, to: 10 }),
      phase("A.bad", { order: 2, from: 40, attempt: 2 }),
      job("A.bad.__default", { from: 42, attempt: 2 }),
    );
    const events = replay([[runOf({ status: "inProgress", result: null, startedAt: at(0) }), records]]);
    expect(events.slice(1).map(({ type, at: time }) => [type, time])).toEqual(
      ["stage-started", "job-started", "job-finished", "job-started"].map((type) => [
        type,
        Date.parse(at(42)),
      ]),
    );
  });

  it("delays a stage's start while it waits for an approval, whatever the stage's own state", () => {
    const waiting = [
      stage("A", { from: 1 }),
      checkpoint("A", "Approval", { from: 1 }),
      phase("A.x", { from: 1 }),
    ];
    const events = replay([[runOf({ status: "inProgress", result: null }), recordsOf(...waiting)]]);
    expect(events.map((event) => event.type)).toEqual(["run-status", "check-started"]);
  });

  it("reports a cancellation after what ended before it, and before the jobs that it ended", () => {
    const endsOf = (result?: NodeResult) => {
      const records = recordsOf(
        stage("A", { from: 1 }),
        phaseWithJob("A.x", { from: 1, to: 5 }),
        phaseWithJob("A.y", { from: 1, ...(result && { to: 8, result }) }),
      );
      return replay([[runOf({ status: "canceling", result: null, startedAt: at(0) }), records]])
        .filter(({ type }) => type === "job-finished" || type === "run-status")
        .map((event) => [event.type, event.at]);
    };
    const ended = ["job-finished", Date.parse(at(5))];
    const canceledAt = Date.parse(at(8));
    expect(endsOf()).toEqual([ended, ["run-status", undefined]]);
    expect(endsOf("canceled")).toEqual([ended, ["run-status", canceledAt], ["job-finished", canceledAt]]);
  });

  it("marks the first event of another stage that runs in parallel", () => {
    const parallel = recordsOf(
      stage("A", { order: 1, from: 1 }),
      phaseWithJob("A.x", { from: 1, to: 5 }),
      stage("B", { order: 2, from: 2 }),
      phaseWithJob("B.y", { from: 2 }),
    );
    const events = replay([[runOf({ status: "inProgress", result: null }), parallel]]);
    const switches = events.filter((event) => "isStageSwitch" in event).map((event) => event.type);
    expect(switches).toEqual(["job-finished"]);
  });
});

it("a stage and a job that were skipped before a retry start and end when they run after it", () => {
  const skipped = { from: 9, to: 9, result: "skipped" } as const;
  const poll = (times: object, outcome: object): Records =>
    recordsOf(
      stage("Test", { from: 1, to: 9, ...outcome }),
      phaseWithJob("Test.Unit", { from: 1, to: 9, ...outcome }),
      phaseWithJob("Test.Report", { order: 2, ...times }),
      stage("Publish", { order: 2, ...times }),
      phaseWithJob("Publish.Pack", times),
    );
  const failed = poll(skipped, { result: "failed" });
  const retried = poll({ from: 20, to: 30 }, {});
  const types = replay([
    [runOf({ result: "failed" }), failed],
    [runOf(), retried],
  ])
    .filter((event) => "stage" in event && (event.stage?.id === "s-Publish" || "job" in event))
    .map((event) => `${event.type} ${"job" in event ? event.job?.id : ""}`.trim());
  expect(types.toSorted()).toEqual(
    [
      "job-finished j-Publish.Pack.__default",
      "job-finished j-Test.Report.__default",
      "job-finished j-Test.Unit.__default",
      "job-skipped j-Test.Report.__default",
      "job-started j-Publish.Pack.__default",
      "job-started j-Test.Report.__default",
      "job-started j-Test.Unit.__default",
      "stage-finished",
      "stage-skipped",
      "stage-started",
    ].toSorted(),
  );
});
