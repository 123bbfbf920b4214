import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { rootCauses } from "../../src/core/failures.ts";
import type { NodeResult, Records, TimelineRecord } from "../../src/core/model.ts";
import { mergeRecords } from "../../src/core/records.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { diffSnapshots, emptyEmittedState } from "../../src/core/run-events.ts";
import { createRunTimeline, type RunTimeline } from "../../src/core/update-run-tree.ts";
import {
  at,
  checkpoint,
  issueOf,
  job,
  phase,
  phaseWithJob,
  recordsOf,
  runOf,
  stage,
  task,
} from "./builders.ts";

const results: readonly (NodeResult | null)[] = [
  null,
  "succeeded",
  "failed",
  "canceled",
  "skipped",
  "manual",
];

/** What a record becomes: most often it only goes on, as in a real run. */
const change: fc.Arbitrary<Partial<TimelineRecord>> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      {
        status: fc.constantFrom("pending" as const, "inProgress" as const, "completed" as const),
        result: fc.constantFrom(...results),
        startedAt: fc.option(fc.nat(9).map(at)),
        finishedAt: fc.option(fc.nat(9).map(at)),
        logId: fc.option(fc.nat(9)),
        errors: fc.nat(2),
        warnings: fc.nat(2),
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ worker: fc.constantFrom(null, "one", "two") }) },
  {
    weight: 1,
    arbitrary: fc.record({ issues: fc.array(fc.constantFrom("x", "y").map((text) => issueOf(text))) }),
  },
  { weight: 1, arbitrary: fc.record({ order: fc.constantFrom(null, 1, 2) }) },
  { weight: 1, arbitrary: fc.record({ attempt: fc.constantFrom(1, 2) }) },
  {
    weight: 1,
    arbitrary: fc.record({ name: fc.constantFrom("a", "__default"), refName: fc.constantFrom(null, "r") }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ parentId: fc.constantFrom(null, "s-A", "p-A.x", "j-A.x.__default", "gone") }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom("Stage", "Phase", "Job", "Task", "Sorcery") }) },
  { weight: 1, arbitrary: fc.record({ identifier: fc.constantFrom(null, "A", "B", "A.x") }) },
  { weight: 1, arbitrary: fc.record({ taskName: fc.constantFrom(null, "Delay") }) },
);

const regular: Records = recordsOf(
  stage("A", { order: 1 }),
  stage("B", { order: 2 }),
  phaseWithJob("A.x", { order: 1 }),
  phaseWithJob("A.y", { order: 2, worker: null }),
  phaseWithJob("B.z", { order: 1 }),
  phase("B.placeholder", { order: 2 }),
  job("A.x.second", { order: 2 }),
  task("one", "A.x.__default", { order: 1 }),
  task("two", "A.x.__default", { order: 2 }),
  task("tied", "A.x.__default", { order: 2 }),
  task("wait", "A.y.__default", { order: 1, taskName: "Delay" }),
  task("unordered", "B.z.__default"),
  task("other", "B.z.__default"),
  checkpoint("B", "Approval"),
);

const irregular: Records = recordsOf(
  [...regular.values()],
  task("lost", "B.gone"),
  { ...task("odd", "A.x.__default", {}), type: "Sorcery" },
  phase("gone.adopted", { order: 1 }),
);

const ids = [...irregular.keys()];

/** Records that come and go, and changes to those that stay, by poll. */
const polls = fc.array(
  fc.record({
    changes: fc.array(fc.tuple(fc.constantFrom(...ids), change), { maxLength: 4 }),
    removed: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...ids), { maxLength: 2 }) },
    ),
  }),
  { minLength: 1, maxLength: 8 },
);

const pollSequence = fc.record({ start: fc.constantFrom(regular, irregular), polls });

type PollSequence = typeof pollSequence extends fc.Arbitrary<infer S> ? S : never;

/** The response of each poll: changed records, or all of them where some are gone. */
interface Answer {
  readonly changes: readonly TimelineRecord[];
  readonly isComplete: boolean;
}

/** Each response, and the records after it. */
function* recordsByPoll({
  start,
  polls: all,
}: PollSequence): Generator<Answer & { readonly records: Records }> {
  const records = new Map<string, TimelineRecord>();
  const answer = (changes: readonly TimelineRecord[], isComplete: boolean) => {
    mergeRecords(records, changes, { isComplete });
    return { changes, isComplete, records: new Map(records) };
  };
  yield answer([...start.values()], true);
  for (const { changes, removed } of all) {
    const changed = changes.flatMap(([id, fields]) => {
      const record = records.get(id) ?? irregular.get(id);
      return record === undefined ? [] : [{ ...record, ...fields }];
    });
    const next = new Map([...records, ...changed.map((record) => [record.id, record] as const)]);
    for (const id of removed) next.delete(id);
    yield removed.length === 0 ? answer(changed, false) : answer([...next.values()].toReversed(), true);
  }
}

function timelineOf(records: Records): RunTimeline {
  const timeline = createRunTimeline();
  timeline.merge([...records.values()], { isComplete: true });
  return timeline;
}

describe("the tree of a poll", () => {
  it("is the one that is built from its records alone, whatever has changed since the last poll", () => {
    fc.assert(
      fc.property(pollSequence, (all) => {
        const timeline = createRunTimeline();
        for (const { changes, isComplete, records } of recordsByPoll(all)) {
          timeline.merge(changes, { isComplete });
          expect(timeline.tree()).toEqual(buildRunTree(records));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("brings the same causes, document and events as one that is built from its records alone", () => {
    fc.assert(
      fc.property(pollSequence, fc.constantFrom("failed" as const, null), (all, result) => {
        const timeline = createRunTimeline();
        const run = runOf({ status: "inProgress", result });
        let [updated, rebuilt] = [emptyEmittedState, emptyEmittedState];
        for (const { changes, isComplete, records } of recordsByPoll(all)) {
          timeline.merge(changes, { isComplete });
          const [tree, fresh] = [timeline.tree(), structuredClone(buildRunTree(records))];
          expect(rootCauses(tree, run)).toEqual(rootCauses(fresh, run));
          expect(documentOf(run, tree, null)).toEqual(documentOf(run, fresh, null));
          const isLast = result !== null;
          const [a, b] = [
            diffSnapshots(updated, run, tree, isLast),
            diffSnapshots(rebuilt, run, fresh, isLast),
          ];
          expect(a.events).toEqual(b.events);
          [updated, rebuilt] = [a.seen, b.seen];
        }
      }),
    );
  });

  it("keeps the nodes that no change concerns", () => {
    const timeline = timelineOf(regular);
    const before = timeline.tree();
    timeline.merge([task("one", "A.x.__default", { order: 1, from: 1 })]);
    const after = timeline.tree();
    expect(after.stages.map((node, index) => node === before.stages[index])).toEqual([false, true]);
    const [jobBefore, jobAfter] = [before.stages[0]?.jobs[0], after.stages[0]?.jobs[0]];
    expect(jobAfter?.tasks.map((node, index) => node === jobBefore?.tasks[index])).toEqual([
      false,
      true,
      true,
    ]);
    expect(after.stages[0]?.jobs[1]).toBe(before.stages[0]?.jobs[1]);
  });

  it("is the same object where no record has changed, also if all of them are repeated in another order", () => {
    const timeline = timelineOf(regular);
    const before = timeline.tree();
    timeline.merge([]);
    timeline.merge(structuredClone([...regular.values()]).toReversed(), { isComplete: true });
    expect(timeline.tree()).toBe(before);
  });
});
