import { describe, expect, it } from "vitest";
import { crowd } from "../../scripts/scale/waits.ts";

describe("five hundred waits with one identity", () => {
  it("slow themselves down before the service refuses them, and each still sees its run end", async () => {
    const fixed = await crowd(500, "fixed");
    const yielding = await crowd(500, "yielding");
    expect(yielding.lost).toBe(0);
    expect(yielding.delays).toHaveLength(500);
    expect(yielding.heldBack + yielding.refused).toBeLessThan(fixed.heldBack / 4);
    expect(Math.max(...yielding.delays)).toBeLessThan(300);
  });
});
