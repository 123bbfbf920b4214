import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRecords } from "../../src/azure-devops/timeline.ts";
import type { TimelineRecord } from "../../src/core/model.ts";
import { mergeRecords } from "../../src/core/records.ts";
import { timelineRecords } from "../support/azure-responses.ts";

const decode = (list: readonly object[]) => decodeRecords({ records: list });

function merged(...responses: readonly (readonly object[])[]): Map<string, TimelineRecord> {
  const records = new Map<string, TimelineRecord>();
  for (const response of responses) mergeRecords(records, decode(response));
  return records;
}

const unchanged = { previous: new Map(), hasOtherIds: false };

describe("a run's records", () => {
  it("stay as they are if a full response repeats them, in another order", () => {
    const records = merged(timelineRecords("inProgress"));
    const before = [...records];
    const again = decode(timelineRecords("inProgress")).toReversed();
    expect(mergeRecords(records, again, { isComplete: true })).toEqual(unchanged);
    expect(
      [...records].every(([id, record], index) => id === before[index]?.[0] && record === before[index]?.[1]),
    ).toBe(true);
  });

  it("keep the object of each record that a full response repeats, and lose those that it lacks", () => {
    const records = merged(timelineRecords("completed", "failed"));
    const known = new Map(records);
    const [stage, phase, job] = timelineRecords("completed", "failed");
    const result = mergeRecords(
      records,
      decode([{ ...stage }, { ...phase, result: "canceled" }, { ...job }]),
      {
        isComplete: true,
      },
    );
    expect([...records].map(([id, record]) => [id, record === known.get(id)])).toEqual([
      ["s", true],
      ["p", false],
      ["j", true],
    ]);
    expect(result).toEqual({ previous: new Map([["p", known.get("p")]]), hasOtherIds: true });
  });

  it("are kept where a full response has none", () => {
    const records = merged(timelineRecords("inProgress"));
    expect(mergeRecords(records, [], { isComplete: true })).toEqual(unchanged);
    expect(records.size).toBe(4);
  });

  it("include the changed records", () => {
    const records = merged(timelineRecords("inProgress"), timelineRecords("completed", "succeeded").slice(2));
    expect([...records.values()].map(({ id, status }) => `${id} ${status}`)).toEqual([
      "s inProgress",
      "p inProgress",
      "j completed",
      "t completed",
    ]);
  });

  it("no longer include the attempt that a retry replaced, even if a response repeats it", () => {
    const [stage] = timelineRecords("inProgress");
    const failed = timelineRecords("completed", "failed");
    const second = { ...stage, id: "s2", attempt: 2 };
    const records = merged(failed, [second]);
    expect([...records.keys()]).toEqual(["p", "j", "t", "s2"]);
    expect(mergeRecords(records, decode([...failed, second]))).toEqual(unchanged);
  });

  it("are what a map has in which each response is set, whatever the responses", () => {
    const record = fc.record({ id: fc.constantFrom("a", "b", "c", "d"), name: fc.constantFrom("x", "y") });
    const response = fc.record({ list: fc.array(record, { maxLength: 5 }), isComplete: fc.boolean() });
    fc.assert(
      fc.property(fc.array(response, { maxLength: 6 }), (responses) => {
        const records = new Map<string, TimelineRecord>();
        const plain = new Map<string, string>();
        for (const { list, isComplete } of responses) {
          const before = new Map(records);
          const { previous, hasOtherIds } = mergeRecords(records, decode(list), { isComplete });
          if (isComplete && list.length > 0) plain.clear();
          for (const { id, name } of list) plain.set(id, name);
          expect(new Map([...records].map(([id, { name }]) => [id, name]))).toEqual(plain);
          const common = [...records.keys()].filter((id) => before.has(id)).length;
          expect(hasOtherIds).toBe(common < before.size || common < records.size);
          for (const [id, known] of before)
            if (records.get(id) !== known && records.has(id)) expect(previous.get(id)).toBe(known);
        }
      }),
    );
  });
});
