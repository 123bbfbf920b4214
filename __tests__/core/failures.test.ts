import { describe, expect, it } from "vitest";
import { annotationsOf } from "../../src/core/annotations.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { isGenericMessage, type RootCause, rootCauses } from "../../src/core/failures.ts";
import type { Issue, Records, RunFacts, TimelineRecord } from "../../src/core/model.ts";
import { failureMessage } from "../../src/render/run-text.ts";
import { checkpoint, failingRun, issueOf, phaseWithJob, recordsOf, runOf, stage, task } from "./builders.ts";

const causesOf = (records: Records) =>
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

describe("rootCauses", () => {
  it("has the stage, job, task and log line of an error", () => {
    expect(rootCauses(buildRunTree(failingRun()))).toEqual([
      expect.objectContaining({
        stageName: "Staging",
        jobName: "Smoke",
        stage: "Staging",
        job: "Smoke tests",
        task: "Run curl",
        path: "Staging › Smoke tests › Run curl",
        message: "Bash exited with code '22'.",
        jobId: "j-Staging.Smoke.__default",
        taskId: "t-Staging.Smoke.__default-Run curl",
        logId: 21,
        logLine: 41,
        result: "failed",
        isConsequence: false,
      }),
    ]);
  });

  it("lists the real error before the exit code, and the task before its job", () => {
    const issues = [issueOf("Bash exited with code '1'."), issueOf("CS1002: ; expected")];
    const failed = task("Build", inJob, { from: 2, to: 50, result: "failed", issues });
    expect(causesOf(failedJob([issueOf("The job failed somehow")], failed))).toEqual([
      "A › x › Build: CS1002: ; expected",
      "A › x › Build: Bash exited with code '1'.",
      "A › x: The job failed somehow",
    ]);
  });

  it("lists what failed first, and omits a task that was only canceled", () => {
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
    expect(causesOf(records)).toEqual(["A › x › Build: broken", "A › x › Publish: no file"]);
    expect(failureMessage(runOf({ result: "failed" }), rootCauses(buildRunTree(records)))).toBe(
      `20261122.3 failed in A › x › Build: broken. Also failed: A › x › Publish. ${runOf().url}`,
    );
  });

  it("is shown with the compiler's error code", () => {
    const issues = [issueOf("; expected", { code: "CS1002" })];
    const failed = task("Build", inJob, { from: 2, to: 50, result: "failed", issues });
    expect(failureMessage(runOf({ result: "failed" }), rootCauses(buildRunTree(failedJob([], failed))))).toBe(
      `20261122.3 failed in A › x › Build: CS1002: ; expected. ${runOf().url}`,
    );
  });

  it("omits a job's message that repeats its task's", () => {
    const issues = [issueOf("The operation was canceled.")];
    const stopped = task("Test", inJob, { from: 2, to: 50, result: "canceled", issues });
    const records = failedJob([...issues, issueOf("and more")], stopped);
    expect(causesOf(records)).toEqual(["A › x: and more"]);
    const { errors, moreErrors } = annotationsOf(buildRunTree(records), {}, { errors: 9, warnings: 10 });
    expect([errors.length, moreErrors]).toEqual([2, 0]);
  });

  it("includes issues on a job or stage itself", () => {
    const lostAgent = failedJob(
      [issueOf("We stopped hearing from agent Azure Pipelines 3.")],
      task("T", inJob, { from: 1, to: 80, result: "abandoned" }),
    );
    expect(causesOf(lostAgent)).toEqual(["A › x: We stopped hearing from agent Azure Pipelines 3."]);
    const invalid = recordsOf(
      stage("A", { from: 1, to: 2, result: "failed", issues: [issueOf("Environment X not found.")] }),
    );
    expect(causesOf(invalid)).toEqual(["A: Environment X not found."]);
    const issues = [issueOf("It broke.")];
    const unknown = { ...stage("U", { from: 1, to: 2, result: "failed", issues }), type: "Vision" };
    const failedStage = stage("A", { from: 1, to: 2, result: "failed" });
    expect(causesOf(recordsOf(failedStage, { ...unknown, parentId: "s-A" }))).toEqual(["A: It broke."]);
  });

  it("has the path of what failed without a message", () => {
    expect(causesOf(failedJob([], task("T", inJob, { from: 1, to: 2, result: "failed" })))).toEqual([
      "A › x › T: undefined",
    ]);
    expect(causesOf(failedJob([]))).toEqual(["A › x: undefined"]);
    const refused = recordsOf(
      stage("A", { from: 1, to: 9, result: "failed" }),
      checkpoint("A", "Approval", { from: 1, to: 9, result: "failed" }),
    );
    expect(causesOf(refused)).toEqual(["A: Approval was not given."]);
  });

  describe("for a job that the service ended", () => {
    const limit =
      "The job running on agent Azure Pipelines 3 ran longer than the maximum time of 60 minutes.";
    const canceled = issueOf("The operation was canceled.");
    const endedJob = (fields: Parameters<typeof phaseWithJob>[1], ...tasks: readonly TimelineRecord[]) =>
      recordsOf(
        stage("A", { from: 1, to: 95, result: "failed" }),
        phaseWithJob("A.x", { from: 1, to: 90, result: "canceled", ...fields }),
        ...tasks,
      );

    it("has the job's own error, before that of a later clean-up task, and none of its canceled task", () => {
      const records = endedJob(
        { issues: [issueOf(limit), canceled] },
        task("Test", inJob, { from: 2, to: 80, result: "canceled", issues: [canceled] }),
        task("Publish", inJob, { from: 80, to: 81, result: "failed", issues: [issueOf("Not found Pathto")] }),
      );
      expect(causesOf(records)).toEqual([`A › x: ${limit}`, "A › x › Publish: Not found Pathto"]);
      expect(rootCauses(buildRunTree(records)).map(({ isConsequence }) => isConsequence)).toEqual([
        false,
        false,
      ]);
    });

    it("has the job's error after that of a task that failed earlier", () => {
      const records = endedJob(
        { issues: [issueOf(limit)] },
        task("Build", inJob, { from: 2, to: 10, result: "failed", issues: [issueOf("broken")] }),
        task("Test", inJob, { from: 10, to: 80, result: "canceled", issues: [canceled] }),
      );
      expect(causesOf(records)).toEqual(["A › x › Build: broken", `A › x: ${limit}`]);
    });

    it.each(["failed", "canceled", "abandoned"] as const)(
      "has the job's own error if its result is %s",
      (result) => {
        const lost = issueOf("The agent did not renew the lock.");
        const unfinished = task("T", inJob, { from: 1, to: 80, result: "abandoned" });
        expect(causesOf(endedJob({ result, issues: [lost] }, unfinished))).toEqual([
          `A › x: ${lost.message}`,
        ]);
      },
    );

    it("has the job's warnings if it has no error", () => {
      const warning = (message: string) => issueOf(message, { severity: "warning" });
      const taken = warning("Received request to deprovision: The request was cancelled.");
      const oldImage = warning("The image windows-2019 is deprecated.");
      const unfinished = task("T", inJob, { from: 1, to: 80, result: "abandoned" });
      for (const result of ["failed", "canceled", "abandoned"] as const) {
        expect(causesOf(endedJob({ result, issues: [oldImage, taken] }, unfinished))).toEqual([
          `A › x: ${taken.message}`,
        ]);
      }
      expect(causesOf(endedJob({ result: "failed", issues: [oldImage] }))).toEqual([
        `A › x: ${oldImage.message}`,
      ]);
      // A person canceled this run, so the warning about the image is not the cause.
      const stopped = task("T", inJob, { from: 1, to: 80, result: "canceled", issues: [canceled] });
      const byPerson = endedJob({ issues: [oldImage] }, stopped);
      expect(rootCauses(buildRunTree(byPerson), { result: "canceled" })).toMatchObject([
        { path: "A", message: undefined },
      ]);
    });

    it("has a message of its own if the job was abandoned without one", () => {
      expect(causesOf(endedJob({ result: "abandoned" }))).toEqual(["A › x: The job was abandoned."]);
    });
  });

  it("includes a job that got no machine as well as a failed one", () => {
    const noMachine = issueOf("An error occurred while provisioning resources.");
    const records = recordsOf(
      stage("A", { from: 1, to: 95, result: "failed" }),
      phaseWithJob("A.x", { from: 1, to: 90, result: "failed" }),
      task("Build", inJob, { from: 2, to: 50, result: "failed", issues: [issueOf("broken")] }),
      phaseWithJob("A.y", { from: 1, to: 60, result: "canceled", issues: [noMachine] }),
    );
    expect(causesOf(records)).toEqual(["A › x › Build: broken", `A › y: ${noMachine.message}`]);
  });

  it("omits what continueOnError ignored, on a task, a job or a stage", () => {
    const ignored = issueOf("only a style error");
    const records = recordsOf(
      stage("A", { from: 1, to: 95, result: "failed" }),
      phaseWithJob("A.x", { from: 1, to: 90, result: "failed" }),
      task("Lint", inJob, { from: 2, to: 4, result: "succeededWithIssues", issues: [ignored] }),
      task("Build", inJob, { from: 4, to: 50, result: "failed", issues: [issueOf("broken")] }),
      phaseWithJob("A.y", { from: 1, to: 9, result: "succeededWithIssues", issues: [ignored] }),
      task("T", "A.y.__default", { from: 2, to: 9, result: "failed", issues: [ignored] }),
      stage("B", { from: 1, to: 9, result: "succeededWithIssues" }),
      phaseWithJob("B.z", { from: 1, to: 9, result: "failed", issues: [ignored] }),
    );
    expect(causesOf(records)).toEqual(["A › x › Build: broken"]);
    const { errors, warnings } = annotationsOf(buildRunTree(records), { result: "failed" }, limits);
    expect([errors.length, warnings.length]).toEqual([1, 3]);
  });

  it("includes what continueOnError ignored if the run is partially succeeded", () => {
    const records = recordsOf(
      stage("A", { from: 1, to: 95, result: "succeededWithIssues" }),
      phaseWithJob("A.x", { from: 1, to: 90, result: "succeededWithIssues" }),
      task("Lint", inJob, { from: 2, to: 4, result: "succeededWithIssues", issues: [issueOf("style")] }),
      task("Flaky", inJob, { from: 4, to: 9, issues: [issueOf("first try failed")] }),
    );
    const tree = buildRunTree(records);
    const messages = (result: RunFacts["result"]) =>
      rootCauses(tree, { result }).map(({ message }) => message);
    expect(messages("partiallySucceeded")).toEqual(["style"]);
    expect([messages("succeeded"), messages(null)]).toEqual([[], []]);
    expect(annotationsOf(tree, { result: "partiallySucceeded" }, limits)).toMatchObject({
      errors: [{ message: "style" }],
      warnings: [{ message: "first try failed" }],
    });
    expect(
      annotationsOf(tree, { result: "partiallySucceeded" }, { ...limits, isSuccess: true }),
    ).toMatchObject({
      errors: [],
      warnings: [{ message: "style" }, { message: "first try failed" }],
    });
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
  ])("treats %j as a generic message", (message) => {
    expect(isGenericMessage(message)).toBe(true);
  });

  it.each([
    "CS1002: ; expected",
    "curl: (22) The requested URL returned error: 503",
    "Tests failed: 3 of 412",
  ])("treats %j as a reason", (message) => {
    expect(isGenericMessage(message)).toBe(false);
  });
});

const limits = { errors: 9, warnings: 10 };

describe("the problems of a run that could not be run", () => {
  const withoutMessage = recordsOf(stage("A", { from: 1, to: 2, result: "failed" }));

  it("are root causes if no record has an error", () => {
    expect(
      rootCauses(buildRunTree(withoutMessage), { problems: ["bad YAML"] }).map(({ message }) => message),
    ).toEqual(["bad YAML", undefined]);
    expect(
      annotationsOf(buildRunTree(withoutMessage), { problems: ["bad YAML"] }, limits).errors.map(
        ({ message }) => message,
      ),
    ).toEqual(["bad YAML"]);
  });

  it("are omitted if a record has an error", () => {
    const tree = buildRunTree(failingRun());
    expect(rootCauses(tree, { problems: ["bad YAML"] })).toEqual(rootCauses(tree));
    expect(annotationsOf(tree, { problems: ["bad YAML"] }, limits)).toEqual(annotationsOf(tree, {}, limits));
  });
});

describe("annotationsOf", () => {
  const many = (severity: Issue["severity"], count: number) =>
    Array.from({ length: count }, (_, index) => issueOf(`${severity} ${index}`, { severity }));

  it("returns as many errors and warnings as the limits allow, and counts all others", () => {
    const issues = [...many("error", 10), ...many("warning", 10)];
    const records = failedJob(
      [],
      task("a", inJob, { from: 1, to: 2, result: "failed", issues, errors: 120, warnings: 10 }),
      task("b", inJob, { from: 1, to: 3, issues: many("warning", 3) }),
    );
    const shown = annotationsOf(buildRunTree(records), {}, limits);
    expect(shown.errors.map((cause) => cause.message)).toEqual(
      many("error", 9).map((issue) => issue.message),
    );
    expect(shown.warnings).toHaveLength(10);
    expect(shown).toMatchObject({ moreErrors: 111, moreWarnings: 3 });
  });

  it("returns that a task was canceled only if nothing says why", () => {
    const canceled = { from: 1, to: 2, result: "canceled" } as const;
    const echo = task("a", inJob, {
      ...canceled,
      issues: [issueOf("The operation was canceled.")],
      errors: 1,
    });
    const annotated = (limit: readonly Issue[]) => {
      const records = recordsOf(
        stage("A", canceled),
        phaseWithJob("A.x", { ...canceled, issues: limit, errors: limit.length + 1 }),
        echo,
      );
      const { errors, moreErrors } = annotationsOf(buildRunTree(records), { result: "canceled" }, limits);
      return [...errors.map(({ message }) => message), moreErrors];
    };
    expect(annotated([])).toEqual(["The operation was canceled.", 0]);
    expect(annotated([issueOf("The job ran too long.")])).toEqual(["The job ran too long.", 0]);
  });

  it("omits that a rejected approval aborted the checks of its stage", () => {
    const times = { from: 1, to: 2, result: "failed" } as const;
    const aborted = issueOf("Check aborted. This could be because the run was canceled.");
    const records = recordsOf(
      stage("A", { ...times, issues: [aborted], errors: 1 }),
      checkpoint("A", "Approval", times),
    );
    expect(annotationsOf(buildRunTree(records), { result: "failed" }, limits)).toMatchObject({
      errors: [],
      moreErrors: 0,
    });
  });

  it("neither returns nor counts the cause that is written elsewhere", () => {
    const issues = [...many("error", 3), ...many("warning", 1)];
    const records = failedJob(
      [],
      task("a", inJob, { from: 1, to: 2, result: "failed", issues, errors: 12, warnings: 1 }),
    );
    const tree = buildRunTree(records);
    const [writtenCause] = rootCauses(tree);
    const shown = annotationsOf(tree, {}, { ...limits, writtenCause });
    expect(shown.errors.map(({ message }) => message)).toEqual(["error 1", "error 2"]);
    expect(shown).toMatchObject({ moreErrors: 9, moreWarnings: 0 });
  });

  it("returns the first error of each failed task before any second error", () => {
    const issues = many("error", 9);
    const records = failedJob(
      [],
      task("a", inJob, { from: 1, to: 2, result: "failed", issues }),
      task("b", inJob, { from: 1, to: 3, result: "failed", issues: [issueOf("b broke")] }),
      task("c", inJob, { from: 1, to: 1, issues: [issueOf("c is only a warning")] }),
    );
    const shown = annotationsOf(buildRunTree(records), {}, { errors: 20, warnings: 9 });
    const messagesOf = (causes: readonly RootCause[]) => causes.map(({ message }) => message);
    const [first, ...others] = issues.map(({ message }) => message);
    expect(messagesOf(shown.errors)).toEqual([first, "b broke", ...others]);
    // A task that succeeded in the end did not fail the run.
    expect(messagesOf(shown.warnings)).toEqual(["c is only a warning"]);
  });

  it("returns the same message at the same place only once", () => {
    const issues = [
      issueOf("CS1", { file: "a.cs", line: 1 }),
      issueOf("CS1", { file: "a.cs", line: 1 }),
      issueOf("CS1", { file: "b.cs" }),
    ];
    const shown = annotationsOf(
      buildRunTree(failedJob([], task("a", inJob, { from: 1, to: 2, result: "failed", issues }))),
      {},
      limits,
    );
    expect(shown.errors.map((cause) => cause.issue?.file)).toEqual(["a.cs", "b.cs"]);
  });
});
