import { beforeAll, describe, expect, it } from "vitest";
import { logSample, runSample, type Sample, summaryPage, withoutTimes } from "../../scripts/readme/sample.ts";
import { withSection } from "../../scripts/section.ts";
import { textOf } from "../meta/repository.ts";

let sample: Sample;
beforeAll(async () => {
  sample = await runSample();
});

describe("npm run readme", () => {
  it("leaves the log in README.md as it is: it is what the action prints today, times apart", () => {
    const readme = textOf("README.md");
    expect(withoutTimes(withSection(readme, "log", logSample(sample)))).toBe(withoutTimes(readme));
  });

  it("leaves docs/sample-summary.md as it is: it is the summary that the action writes today, times apart", () => {
    expect(withoutTimes(summaryPage(sample))).toBe(withoutTimes(textOf("docs/sample-summary.md")));
  });
});
