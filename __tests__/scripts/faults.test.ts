import { describe, expect, it } from "vitest";
import { casesFor } from "../../scripts/faults/cases.ts";
import { faultTypes, targets } from "../../scripts/faults/injections.ts";
import { growthViolations } from "../../scripts/faults/resource-trends.ts";
import { runnerFaults } from "../../scripts/faults/runner-faults.ts";

describe("the cases of the fault campaign", () => {
  const cases = casesFor(1, 360);

  it("combine every request with every fault", () => {
    const injected = new Set(
      cases.flatMap(({ injections }) => injections.map(({ target, faultType }) => `${target}: ${faultType}`)),
    );
    const all = Object.keys(targets).flatMap((target) =>
      Object.keys(faultTypes).map((faultType) => `${target}: ${faultType}`),
    );
    expect(all.filter((one) => !injected.has(one))).toEqual([]);
  });

  it("contain every fault of the runner", () => {
    const drawn = new Set(cases.map(({ runnerFault }) => runnerFault));
    expect(Object.keys(runnerFaults).filter((name) => !drawn.has(name as keyof typeof runnerFaults))).toEqual(
      [],
    );
  });

  it("are the same for the same seed", () => {
    expect(casesFor(1, 20)).toEqual(cases.slice(0, 20));
  });
});

describe("the soak", () => {
  const flat = Array.from({ length: 60 }, () => ({
    heapBytes: 15_000_000,
    handles: 5,
    sockets: 1,
    files: 24,
  }));

  it("accepts a process whose resources do not grow", () => {
    expect(growthViolations(flat)).toEqual([]);
  });

  it("allows growth while code and the first timeline are loaded", () => {
    const samples = flat.map((sample, index) => (index < 6 ? { ...sample, heapBytes: 5_000_000 } : sample));
    expect(growthViolations(samples)).toEqual([]);
  });

  it("names each resource that grows", () => {
    const samples = flat.map((sample, index) => ({
      ...sample,
      sockets: index / 10,
      heapBytes: index * 1_000_000,
    }));
    expect(growthViolations(samples)).toEqual([
      "heap after a garbage collection, MB: from 14.5 to 50.5",
      "sockets: from 1.5 to 5.1",
    ]);
  });

  it("fails without samples", () => {
    expect(growthViolations([])).toHaveLength(4);
  });
});
