import { describe, expect, it } from "vitest";
import { simulateLoad } from "../../scripts/scale/load.ts";
import { loadRow, meanDelay } from "../../scripts/scale/table.ts";
import { textOf } from "../meta/repository.ts";

describe("a thousand waits with one identity", () => {
  it("see the end 1.5 times as late as with a fixed interval at most, with fewer refusals", async () => {
    const fixed = await simulateLoad(1_000, "fixed");
    const adaptive = await simulateLoad(1_000, "adaptive");
    expect(adaptive.failed).toBe(0);
    expect(adaptive.detectionDelays).toHaveLength(1_000);
    expect(meanDelay(adaptive)).toBeLessThan(1.5 * meanDelay(fixed));
    expect(adaptive.blocked).toBeLessThan(fixed.blocked);
    expect(textOf("docs/benchmarks.md").split("\n")).toContain(loadRow(adaptive));
  });
});

describe("docs/benchmarks.md", () => {
  it.each([1, 10, 50])(
    "has the figures that %i waits come to today (npm run scale -- --write)",
    async (waits) => {
      const figures = loadRow(await simulateLoad(waits, "adaptive"));
      expect(textOf("docs/benchmarks.md").split("\n")).toContain(figures);
    },
  );
});
