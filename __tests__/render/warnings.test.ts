import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { RunResult } from "../../src/core/model.ts";
import { warningsSection } from "../../src/render/warnings.ts";
import { issueOf, phaseWithJob, recordsOf, runOf, stage, task } from "../core/builders.ts";

function snapshotWith(result: RunResult, issues: readonly ReturnType<typeof issueOf>[]) {
  const times = { from: 1, to: 9 };
  const tree = buildRunTree(
    recordsOf(
      stage("A", times),
      phaseWithJob("A.x", times),
      task("Lint", "A.x.__default", { ...times, issues }),
    ),
  );
  return { run: runOf({ result }), tree };
}

const warning = (message: string) => issueOf(message, { severity: "warning" });

describe("warnings in the summary", () => {
  it("have their place with a link to the log, file and code", () => {
    const issue = issueOf("unused", { severity: "warning", file: "src/a.ts", line: 3, code: "TS6133" });
    expect(warningsSection(snapshotWith("failed", [issue]), 20)).toMatch(
      /^<details><summary>1 warning<\/summary>\n\n- \[A › x › Lint\]\(https:\S+&t=\S+\): `src\/a\.ts:3` TS6133: unused\n\n<\/details>$/,
    );
  });

  it("are cut to the limit, and counted", () => {
    const text = warningsSection(snapshotWith("failed", ["a", "b", "c"].map(warning)), 2);
    expect(text).toContain("<summary>3 warnings</summary>");
    expect(text.match(/^- .*$/gm)?.at(-1)).toBe("- and 1 more");
    expect(warningsSection(snapshotWith("failed", [warning("a")]), 0)).toBe("1 warning.");
  });

  it.each<[RunResult, number]>([
    ["succeeded", 1],
    ["partiallySucceeded", 0],
    ["failed", 0],
  ])("include the errors of a run unless they are its causes: %s: %i", (result, count) => {
    const times = { from: 1, to: 9, result: result === "failed" ? "failed" : "succeededWithIssues" } as const;
    const issues = [issueOf("it broke")];
    const records = recordsOf(stage("A", times), phaseWithJob("A.x", { ...times, issues }));
    const text = warningsSection({ run: runOf({ result }), tree: buildRunTree(records) }, 20);
    expect(text.split("it broke")).toHaveLength(count + 1);
  });

  it("are left out where there are none", () => {
    expect(warningsSection(snapshotWith("succeeded", []), 20)).toBe("");
  });
});
