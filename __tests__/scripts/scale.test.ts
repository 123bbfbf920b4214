import { describe, expect, it } from "vitest";
import { simulateLoad } from "../../scripts/scale/load.ts";
import { loadRow } from "../../scripts/scale/table.ts";
import { textOf } from "../meta/repository.ts";

describe("five hundred waits with one identity", () => {
  it("slow themselves down before the service refuses them, and each still sees its run end", async () => {
    const fixed = await simulateLoad(500, "fixed");
    const yielding = await simulateLoad(500, "adaptive");
    expect(yielding.failed).toBe(0);
    expect(yielding.detectionDelays).toHaveLength(500);
    expect(yielding.delayed + yielding.blocked).toBeLessThan(fixed.delayed / 4);
    expect(Math.max(...yielding.detectionDelays)).toBeLessThan(300);
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
