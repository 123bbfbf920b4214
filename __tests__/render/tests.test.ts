import { describe, expect, it } from "vitest";
import { testsSection } from "../../src/render/tests.ts";
import { testsOf } from "../core/builders.ts";

const failures = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `test ${index}`,
    message: undefined,
    location: undefined,
  }));

describe("the tests in the summary", () => {
  it("names each failed test with its message in one line and its place in the sources", () => {
    const location = { file: "D:\\a\\1\\s\\src\\Health.cs", line: 12 };
    const failure = {
      name: "Health",
      message: "Assert.Equal() Failure\nExpected: 200\nActual:   503",
      location,
    };
    expect(testsSection(testsOf({ passed: 4, skipped: 2, failures: [failure] }), 100)).toBe(
      "**Tests** 4 passed, 1 failed, 2 skipped\n\n" +
        "- `Health`: Assert.Equal() Failure Expected: 200 Actual: 503 (`src/Health.cs:12`)",
    );
  });

  it.each([
    [2, 7, "7 failed (2 new, 5 known)"],
    [7, 7, "7 failed (7 new)"],
    [0, 7, "7 failed (7 known)"],
    [9, 7, "7 failed (7 new)"],
    [undefined, 7, "7 failed"],
  ])("says that of %s new failures among %i", (newFailures, failed, text) => {
    expect(testsSection(testsOf({ failed, newFailures }), 0)).toBe(`**Tests** ${text}`);
  });

  it("lists ten in the open, folds the next, and counts those beyond the limit", () => {
    const text = testsSection(testsOf({ failed: 70, failures: failures(50) }), 30);
    const [open, folded = ""] = text.split("<details><summary>60 more failed tests</summary>");
    expect(open?.match(/^- `test \d+`$/gm)).toHaveLength(10);
    expect(folded.match(/^- `test \d+`$/gm)).toHaveLength(20);
    expect(folded).toContain("\n- and 40 more\n\n</details>");
  });

  it("counts those beyond the limit below a short list", () => {
    expect(testsSection(testsOf({ failed: 3, failures: failures(3) }), 1)).toMatch(
      /- `test 0`\n- and 2 more$/,
    );
  });
});
