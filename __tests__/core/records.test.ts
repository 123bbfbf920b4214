import { describe, expect, it } from "vitest";
import { decodeRecords } from "../../src/azure-devops/timeline.ts";
import type { Records } from "../../src/core/model.ts";
import { mergeRecords } from "../../src/core/records.ts";
import { timelineRecords } from "../support/azure-responses.ts";

const none: Records = new Map();

const decode = (list: readonly object[]) => decodeRecords({ records: list });

describe("a run's records", () => {
  it("stay the same object if nothing has changed", () => {
    const known = mergeRecords(none, decode(timelineRecords("inProgress")));
    expect(mergeRecords(known, [])).toBe(known);
  });

  it("stay the same object if a full response repeats them in another order", () => {
    const known = mergeRecords(none, decode(timelineRecords("inProgress")));
    const again = decode(timelineRecords("inProgress")).toReversed();
    expect(mergeRecords(known, again, { isComplete: true })).toBe(known);
  });

  it("keep the object of each record that a full response repeats, and lose those that it lacks", () => {
    const ended = timelineRecords("completed", "failed");
    const known = mergeRecords(none, decode(ended));
    const [stage, phase, job] = timelineRecords("completed", "failed");
    const next = mergeRecords(known, decode([{ ...stage }, { ...phase, result: "canceled" }, { ...job }]), {
      isComplete: true,
    });
    expect([...next].map(([id, record]) => [id, record === known.get(id)])).toEqual([
      ["s", true],
      ["p", false],
      ["j", true],
    ]);
  });

  it("include the changed records", () => {
    const known = mergeRecords(none, decode(timelineRecords("inProgress")));
    const next = mergeRecords(known, decode(timelineRecords("completed", "succeeded").slice(2)));
    expect([...next.values()].map(({ id, status }) => `${id} ${status}`)).toEqual([
      "s inProgress",
      "p inProgress",
      "j completed",
      "t completed",
    ]);
    expect(known.get("j")?.status).toBe("inProgress");
  });

  it("no longer include the attempt that a retry replaced", () => {
    const known = mergeRecords(none, decode(timelineRecords("completed", "failed")));
    const [stage] = timelineRecords("inProgress");
    const next = mergeRecords(known, decode([{ ...stage, id: "s2", attempt: 2 }]));
    expect([...next.keys()]).toEqual(["p", "j", "t", "s2"]);
  });
});
