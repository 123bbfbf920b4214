import { describe, expect, it } from "vitest";
import { casesFor } from "../../scripts/faults/cases.ts";
import { faultTypes, targets } from "../../scripts/faults/injections.ts";
import { runnerFaults } from "../../scripts/faults/runner-faults.ts";

describe("the cases of the fault campaign", () => {
  const cases = casesFor(1, 360);

  it("strike every request with every fault", () => {
    const struck = new Set(
      cases.flatMap(({ injections }) => injections.map(({ target, faultType }) => `${target}: ${faultType}`)),
    );
    const all = Object.keys(targets).flatMap((target) =>
      Object.keys(faultTypes).map((faultType) => `${target}: ${faultType}`),
    );
    expect(all.filter((one) => !struck.has(one))).toEqual([]);
  });

  it("hold every fault of the runner", () => {
    const drawn = new Set(cases.map(({ runnerFault }) => runnerFault));
    expect(Object.keys(runnerFaults).filter((name) => !drawn.has(name as keyof typeof runnerFaults))).toEqual(
      [],
    );
  });

  it("are the same for the same seed", () => {
    expect(casesFor(1, 20)).toEqual(cases.slice(0, 20));
  });
});
