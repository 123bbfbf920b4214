import { describe, expect, it } from "vitest";
import { simulateLoad } from "../../scripts/scale/load.ts";
import { loadRow, meanDelay } from "../../scripts/scale/table.ts";
import { textOf } from "../meta/repository.ts";

describe.each([
  [20, 1.5],
  // Before the last timeline, the action obeys the Retry-After of a delayed response, which the script ignores.
  [1_000, 2],
])("%i waits with one identity", (waits, maxRatio) => {
  it(`see the end at most ${maxRatio} times as late as with a fixed interval, with no more refusals, as in docs/benchmarks.md`, async () => {
    const fixed = await simulateLoad(waits, "fixed");
    const adaptive = await simulateLoad(waits, "adaptive");
    expect(adaptive.failed).toBe(0);
    expect(adaptive.detectionDelays).toHaveLength(waits * adaptive.crowds);
    expect(meanDelay(adaptive)).toBeLessThan(maxRatio * meanDelay(fixed));
    expect(adaptive.blocked).toBeLessThanOrEqual(fixed.blocked);
    // The table is written by `npm run scale -- --write`.
    const rows = textOf("docs/benchmarks.md").split("\n");
    expect(rows).toContain(loadRow(fixed));
    expect(rows).toContain(loadRow(adaptive));
  });
});
