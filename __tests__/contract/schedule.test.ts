import fc from "fast-check";
import { expect, test } from "vitest";
import type { TimelineRecord, TimelineView } from "../../simulator/engine/records.ts";
import { noEvents } from "../../simulator/engine/schedule.ts";
import { scheduleRun } from "../../simulator/engine/schedule-run.ts";
import { timelineOf } from "../../simulator/engine/timeline.ts";
import { createTimelineChanges } from "../../simulator/engine/timeline-changes.ts";
import { demoPipelines } from "../../simulator/index.ts";

const viewAt = (t: number): TimelineView => ({
  planId: "00000000-0000-4000-8000-000000000000",
  atSeconds: t,
  date: (seconds) => new Date(seconds * 1000).toISOString(),
  stageWhileWaiting: "pending",
  rejectedStage: "failed",
  manualStage: "completed",
});

const spec = fc.constantFrom(...demoPipelines.filter(({ id }) => id !== 45));

const time = fc.double({ min: 0, max: 40, noNaN: true });

const cancels = fc.option(time).map((at) => (at === null ? [] : [{ at }]));

const ranks = { pending: 0, inProgress: 1, completed: 2 };

test("a record never returns to an earlier state, and has a result exactly if it is completed", () => {
  fc.assert(
    fc.property(spec, cancels, time, time, (pipeline, cancelled, one, other) => {
      const plan = scheduleRun(pipeline, { ...noEvents, cancels: cancelled });
      const [early, late] = [Math.min(one, other), Math.max(one, other)];
      const before = new Map(timelineOf(plan, viewAt(early)).map(({ record }) => [record.id, record]));
      for (const { record } of timelineOf(plan, viewAt(late))) {
        const was = before.get(record.id);
        expect(ranks[record.state]).toBeGreaterThanOrEqual(was === undefined ? 0 : ranks[was.state]);
        expect(record.result !== null).toBe(record.state === "completed");
        before.delete(record.id);
      }
      expect([...before.keys()]).toEqual([]);
    }),
  );
});

test("every record has a parent in the timeline and a unique id", () => {
  fc.assert(
    fc.property(spec, cancels, time, (pipeline, cancelled, t) => {
      const plan = scheduleRun(pipeline, { ...noEvents, cancels: cancelled });
      const records = timelineOf(plan, viewAt(t)).map(({ record }) => record);
      const ids = new Set(records.map(({ id }) => id));
      expect(ids.size).toBe(records.length);
      for (const { parentId, type } of records) {
        expect(type === "Stage" ? parentId === null : ids.has(parentId ?? "")).toBe(true);
      }
    }),
  );
});

test("a cancelled run ends within the time that its tasks get", () => {
  fc.assert(
    fc.property(spec, time, (pipeline, at) => {
      const plan = scheduleRun(pipeline, { ...noEvents, cancels: [{ at }] });
      expect(plan.end).toBeLessThanOrEqual(Math.max(at, 40) + 10);
      for (const stage of plan.stages) expect(stage.end).toBeLessThanOrEqual(plan.end);
    }),
  );
});

test("the changes add up to the whole timeline, whichever polls are missed", () => {
  fc.assert(
    fc.property(
      spec,
      fc.array(time, { minLength: 1 }),
      fc.func(fc.boolean()),
      (pipeline, pollTimes, isPolled) => {
        const plan = scheduleRun(pipeline, noEvents);
        const log = createTimelineChanges();
        const merged = new Map<string, TimelineRecord>();
        let cursor = 0;
        const times = [...pollTimes].sort((one, other) => one - other);
        for (const t of [...times, 50]) {
          const { records, changeId } = log.assignChangeIds(
            timelineOf(plan, viewAt(t)).map(({ record }) => record),
          );
          if (t < 50 && !isPolled(t)) continue;
          for (const record of records) if (record.changeId > cursor) merged.set(record.id, record);
          cursor = changeId;
          expect([...merged.values()]).toEqual(expect.arrayContaining(records));
        }
      },
    ),
  );
});
