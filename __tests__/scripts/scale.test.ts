import { describe, expect, it } from "vitest";
import { simulateLoad } from "../../scripts/scale/load.ts";
import { loadRow, meanDelay } from "../../scripts/scale/table.ts";
import { textOf } from "../meta/repository.ts";

describe.each([20, 1_000])("%i waits with one identity", (waits) => {
  it("see the end at most 1.5 times as late as with a fixed interval, with no more refusals, as in docs/benchmarks.md", async () => {
    const fixed = await simulateLoad(waits, "fixed");
    const adaptive = await simulateLoad(waits, "adaptive");
    expect(adaptive.failed).toBe(0);
    expect(adaptive.detectionDelays).toHaveLength(waits * adaptive.groups);
    expect(meanDelay(adaptive)).toBeLessThan(1.5 * meanDelay(fixed));
    expect(adaptive.blocked).toBeLessThanOrEqual(fixed.blocked);
    // The table is written by `npm run scale -- --write`.
    const rows = textOf("docs/benchmarks.md").split("\n");
    expect(rows).toContain(loadRow(fixed));
    expect(rows).toContain(loadRow(adaptive));
  });
});
