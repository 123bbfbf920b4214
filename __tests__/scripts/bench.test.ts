import { describe, expect, it } from "vitest";
import { ratioRow, rowText } from "../../scripts/bench/rows.ts";

describe("a row of the benchmarks", () => {
  const aim = { atMost: 2, reason: "it does more" };

  it("has no note if its aim is met", () => {
    expect(rowText(ratioRow("a poll", [3, 2], aim))).toBe("| a poll | 1.50 × | 2 × |  |");
  });

  it("has the reason if its aim is missed, or cannot be compared", () => {
    const missed = rowText(ratioRow("a poll", [6, 2], { ...aim, unit: "ms" }));
    expect(missed).toBe("| a poll | 3.00 × (6.0 to 2.0 ms) | 2 × | misses its aim because it does more |");
    expect(rowText(ratioRow("a poll", [Number.NaN, 2], aim))).toMatch(/misses its aim/);
  });
});
