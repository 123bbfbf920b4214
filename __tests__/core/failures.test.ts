import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { annotationsOf, isGenericMessage, rootCauses } from "../../src/core/failures.ts";
import type { Issue, Records, TimelineRecord } from "../../src/core/model.ts";
import { failureMessage } from "../../src/render/run-text.ts";
import { checkpoint, failingRun, issueOf, phaseWithJob, recordsOf, runOf, stage, task } from "./builders.ts";

const said = (records: Records) =>
  rootCauses(buildRunTree(records)).map(({ path, message }) => `${path}: ${message}`);

/** Stage A with one job x that failed at 90, and these tasks in it. */
function failedJob(issues: readonly Issue[], ...tasks: readonly TimelineRecord[]) {
  return recordsOf(
    stage("A", { from: 1, to: 95, result: "failed" }),
    phaseWithJob("A.x", { from: 1, to: 90, result: "failed", issues }),
    ...tasks,
  );
}

const inJob = "A.x.__default";

describe("firstCauses", () => {
  it("knows where, and which line", () => {
    expect(rootCauses(buildRunTree(failingRun()))).toEqual([
      expect.objectContaining({
        stage: "Staging",
        job: "Smoke tests",
        task: "Run curl",
        path: "Staging › Smoke tests › Run curl",
        message: "Bash exited with code '22'.",
        jobId: "j-Staging.Smoke.__default",
        taskId: "t-Staging.Smoke.__default-Run curl",
        logId: 21,
        logLine: 41,
        isConsequence: false,
      }),
    ]);
  });

  it("puts the real error before the exit code, and the task before its job", () => {
    const issues = [issueOf("Bash exited with code '1'."), issueOf("CS1002: ; expected")];
    const failed = task("Build", inJob, { from: 2, to: 50, result: "failed", issues });
    expect(said(failedJob([issueOf("The job failed somehow")], failed))).toEqual([
      "A › x › Build: CS1002: ; expected",
      "A › x › Build: Bash exited with code '1'.",
      "A › x: The job failed somehow",
    ]);
  });

  it("starts with what failed first, and ends with what was only canceled", () => {
    const records = failedJob(
      [],
      task("Publish", inJob, { from: 51, to: 60, result: "failed", order: 1, issues: [issueOf("no file")] }),
      task("Build", inJob, { from: 2, to: 50, result: "failed", order: 2, issues: [issueOf("broken")] }),
      task("Stopped", inJob, {
        from: 2,
        to: 3,
        result: "canceled",
        issues: [issueOf("The operation was canceled.")],
      }),
      task("Lint", inJob, { from: 2, to: 4, result: "succeeded", issues: [issueOf("only said so")] }),
    );
    expect(said(records)).toEqual([
      "A › x › Build: broken",
      "A › x › Publish: no file",
      "A › x › Stopped: The operation was canceled.",
    ]);
    expect(failureMessage(runOf({ result: "failed" }), rootCauses(buildRunTree(records)))).toBe(
      `20261122.3 failed in A › x › Build: broken. Also failed: A › x › Publish. ${runOf().url}`,
    );
  });

  it("is said with the code that a compiler gave it", () => {
    const issues = [issueOf("; expected", { code: "CS1002" })];
    const failed = task("Build", inJob, { from: 2, to: 50, result: "failed", issues });
    expect(failureMessage(runOf({ result: "failed" }), rootCauses(buildRunTree(failedJob([], failed))))).toBe(
      `20261122.3 failed in A › x › Build: CS1002: ; expected. ${runOf().url}`,
    );
  });

  it("says once what a job repeats of its task", () => {
    const issues = [issueOf("The operation was canceled.")];
    const stopped = task("Test", inJob, { from: 2, to: 50, result: "canceled", issues });
    const records = failedJob([...issues, issueOf("and more")], stopped);
    expect(said(records)).toEqual(["A › x: and more", "A › x › Test: The operation was canceled."]);
    const { errors, moreErrors } = annotationsOf(buildRunTree(records), [], { errors: 9, warnings: 10 });
    expect([errors.length, moreErrors]).toEqual([2, 0]);
  });

  it("counts what hangs on a job or a stage itself", () => {
    const lost = failedJob(
      [issueOf("We stopped hearing from agent Azure Pipelines 3.")],
      task("T", inJob, { from: 1, to: 80, result: "abandoned" }),
    );
    expect(said(lost)).toEqual(["A › x: We stopped hearing from agent Azure Pipelines 3."]);
    const invalid = recordsOf(
      stage("A", { from: 1, to: 2, result: "failed", issues: [issueOf("Environment X not found.")] }),
    );
    expect(said(invalid)).toEqual(["A: Environment X not found."]);
  });

  it("names the place where nothing was said", () => {
    expect(said(failedJob([], task("T", inJob, { from: 1, to: 2, result: "failed" })))).toEqual([
      "A › x › T: undefined",
    ]);
    expect(said(failedJob([]))).toEqual(["A › x: undefined"]);
    const refused = recordsOf(
      stage("A", { from: 1, to: 9, result: "failed" }),
      checkpoint("A", "Approval", { from: 1, to: 9, result: "failed" }),
    );
    expect(said(refused)).toEqual(["A: Approval was not given."]);
  });

  it.each([
    "Bash exited with code '1'.",
    "PowerShell exited with code '-1'.",
    "Cmd.exe exited with code '9009'.",
    "The process '/usr/bin/dotnet' failed with exit code 1",
    "Error: The process 'C:\\npm.cmd' failed with exit code 1",
    "Process completed with exit code 2.",
    "Npm failed with return code: 1",
    "Dotnet command failed with non-zero exit code on the following projects : /x.csproj",
    "Script failed with exit code: 3",
  ])("takes %j for an echo", (message) => {
    expect(isGenericMessage(message)).toBe(true);
  });

  it.each([
    "CS1002: ; expected",
    "curl: (22) The requested URL returned error: 503",
    "Tests failed: 3 of 412",
  ])("takes %j for a reason", (message) => {
    expect(isGenericMessage(message)).toBe(false);
  });
});

const most = { errors: 9, warnings: 10 };

describe("what kept a run from being run at all", () => {
  const mute = recordsOf(stage("A", { from: 1, to: 2, result: "failed" }));

  it("explains what no record does", () => {
    expect(rootCauses(buildRunTree(mute), ["bad YAML"]).map(({ message }) => message)).toEqual([
      "bad YAML",
      undefined,
    ]);
    expect(
      annotationsOf(buildRunTree(mute), ["bad YAML"], most).errors.map(({ message }) => message),
    ).toEqual(["bad YAML"]);
  });

  it("is left out where a record says more", () => {
    const tree = buildRunTree(failingRun());
    expect(rootCauses(tree, ["bad YAML"])).toEqual(rootCauses(tree));
    expect(annotationsOf(tree, ["bad YAML"], most)).toEqual(annotationsOf(tree, [], most));
  });
});

describe("annotationsOf", () => {
  const many = (severity: Issue["severity"], count: number) =>
    Array.from({ length: count }, (_, index) => issueOf(`${severity} ${index}`, { severity }));

  it("shows so many errors and warnings, and counts the rest, those that the agent no longer listed too", () => {
    const issues = [...many("error", 10), ...many("warning", 10)];
    const records = failedJob(
      [],
      task("a", inJob, { from: 1, to: 2, result: "failed", issues, errors: 120, warnings: 10 }),
      task("b", inJob, { from: 1, to: 3, issues: many("warning", 3) }),
    );
    const shown = annotationsOf(buildRunTree(records), [], most);
    expect(shown.errors.map((cause) => cause.message)).toEqual(
      many("error", 9).map((issue) => issue.message),
    );
    expect(shown.warnings).toHaveLength(10);
    expect(shown).toMatchObject({ moreErrors: 111, moreWarnings: 3 });
  });

  it("shows the first error of each place that failed before the others of any", () => {
    const issues = many("error", 9);
    const records = failedJob(
      [],
      task("a", inJob, { from: 1, to: 2, result: "failed", issues }),
      task("b", inJob, { from: 1, to: 3, result: "failed", issues: [issueOf("b broke")] }),
      task("c", inJob, { from: 1, to: 1, issues: [issueOf("c only grumbled")] }),
    );
    const said = annotationsOf(buildRunTree(records), [], { errors: 20, warnings: 0 }).errors.map(
      ({ message }) => message,
    );
    const [first, ...others] = issues.map(({ message }) => message);
    expect(said).toEqual([first, "b broke", ...others, "c only grumbled"]);
  });

  it("says the same only once", () => {
    const issues = [
      issueOf("CS1", { file: "a.cs", line: 1 }),
      issueOf("CS1", { file: "a.cs", line: 1 }),
      issueOf("CS1", { file: "b.cs" }),
    ];
    const shown = annotationsOf(
      buildRunTree(failedJob([], task("a", inJob, { from: 1, to: 2, result: "failed", issues }))),
      [],
      most,
    );
    expect(shown.errors.map((cause) => cause.issue?.file)).toEqual(["a.cs", "b.cs"]);
  });
});
