import { describe, expect, it } from "vitest";
import { simulateLoad } from "../../scripts/scale/load.ts";

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
