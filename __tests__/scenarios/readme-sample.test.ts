import { describe, expect, it } from "vitest";
import { logSample, runSample, summaryPage, withoutTimes } from "../../scripts/readme/sample.ts";
import { withSection } from "../../scripts/section.ts";
import { textOf } from "../meta/repository.ts";

describe("npm run readme", () => {
  // A slow machine can miss the queued state; then the demo runs again.
  it("does not change the samples, except their times", {
    retry: 2,
  }, async () => {
    const sample = await runSample();
    const readme = textOf("README.md");
    expect(withoutTimes(withSection(readme, "log", logSample(sample)))).toBe(withoutTimes(readme));
    expect(withoutTimes(summaryPage(sample))).toBe(withoutTimes(textOf("docs/sample-summary.md")));
  });
});
