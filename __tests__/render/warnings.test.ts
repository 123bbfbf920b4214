import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { RunReport } from "../../src/core/run-report.ts";
import { warningsSection } from "../../src/render/warnings.ts";
import { issueOf, phaseWithJob, recordsOf, runOf, stage, task } from "../core/builders.ts";

function reportWith(
  kind: RunReport["verdict"]["kind"],
  issues: readonly ReturnType<typeof issueOf>[],
): RunReport {
  const times = { from: 1, to: 9 };
  const tree = buildRunTree(
    recordsOf(
      stage("A", times),
      phaseWithJob("A.x", times),
      task("Lint", "A.x.__default", { ...times, issues }),
    ),
  );
  const verdict = { kind, text: kind };
  return { run: runOf(), tree, verdict, project: "web", pipeline: "ci", causes: [], excerpts: [] };
}

const warning = (message: string) => issueOf(message, { severity: "warning" });

describe("warnings in the summary", () => {
  it("have their place with a link to the log, file and code", () => {
    const issue = issueOf("unused", { severity: "warning", file: "src/a.ts", line: 3, code: "TS6133" });
    expect(warningsSection(reportWith("failed", [issue]), 20)).toMatch(
      /^<details><summary>1 warning<\/summary>\n\n- \[A › x › Lint\]\(https:\S+&t=\S+\): `src\/a\.ts:3` TS6133: unused\n\n<\/details>$/,
    );
  });

  it("are cut to the limit, and counted", () => {
    const text = warningsSection(reportWith("failed", ["a", "b", "c"].map(warning)), 2);
    expect(text).toContain("<summary>3 warnings</summary>");
    expect(text.match(/^- .*$/gm)?.at(-1)).toBe("- and 1 more");
    expect(warningsSection(reportWith("failed", [warning("a")]), 0)).toBe("1 warning.");
  });

  it("include the errors of a run that passed", () => {
    expect(warningsSection(reportWith("succeeded", [issueOf("first try failed")]), 20)).toContain(
      "first try failed",
    );
  });

  it("are left out where there are none", () => {
    expect(warningsSection(reportWith("succeeded", []), 20)).toBe("");
  });
});
