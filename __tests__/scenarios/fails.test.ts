import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  happyPath,
  pollRequestLine,
  pollRoute,
  runUrl,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectSingleError, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const endingAs = (result: string | undefined) =>
  scriptedAzure({ ...happyPath, [pollRoute]: [{ body: buildJson("completed", { result }) }] });

describe.concurrent("a run that does not succeed", () => {
  it("fails the step with one error that has the result, the first cause and the URL, and no error code", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [
        { body: buildJson("inProgress") },
        { body: buildJson("completed", { result: "failed" }) },
      ],
      [timelineRoute]: [
        { body: { id: "t", changeId: 3, records: timelineRecords("inProgress") } },
        { body: { id: "t", changeId: 9, records: timelineRecords("completed", "failed") } },
      ],
    });
    const result = await runAction(inputsFor(azure, { logs: "none" }));
    const { main, post } = result;
    expect([main.exitCode, post?.exitCode], main.log).toEqual([1, 0]);
    expect(main.outputs).toMatchObject({ status: "completed", result: "failed", "run-id": "345" });
    expect(main.outputs["error-code"] ?? "").toBe("");
    expect(main.annotations.map(({ level, message }) => [level, message])).toEqual([
      ["error", `20260602.13 failed in Deploy › Smoke tests › Run the tests: The tests failed. ${runUrl}`],
    ]);
    expect(JSON.parse(main.outputs["stages"] ?? "")).toMatchObject([
      { name: "Deploy", result: "failed", jobs: [{ name: "smoke", displayName: "Smoke tests" }] },
    ]);
  });

  it("fails the step with the result canceled", async () => {
    await using azure = await endingAs("canceled");
    const result = await runAction(inputsFor(azure));
    expect(result.main.exitCode, result.main.log).toBe(1);
    expect(result.main.outputs["result"]).toBe("canceled");
    expect(result.main.outputs["error-code"] ?? "").toBe("");
    const message = expectSingleError(result);
    expect(message).toContain(runUrl);
    expect(message).not.toContain("To accept such a run, set `success-when:");
  });

  it("fails the step with an unknown result, which is shown", async () => {
    await using azure = await endingAs("mostlyFine");
    const result = await runAction(inputsFor(azure));
    expect([result.main.exitCode, result.main.outputs["result"]]).toEqual([1, "failed"]);
    expect(expectSingleError(result)).toContain("mostlyFine");
    expect(result.main.summary).toMatch(/^## ❌ web › ci: ended as "mostlyFine", treated as failed/);
  });

  it("fails the step with the reason why the run could not be run", async () => {
    const validationResults = [
      { result: "warning", message: "An agent pool is old." },
      { result: "error", message: "/ci.yml (Line: 3, Col: 1): Unexpected value 'stepz'" },
    ];
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed", validationResults }) },
    });
    const { main } = await runAction(inputsFor(azure));
    const why = "/ci.yml (Line: 3, Col: 1): Unexpected value 'stepz'";
    expect(main.annotations.map(({ level, message }) => [level, message])).toEqual([
      ["error", `20260602.13 failed: ${why}. ${runUrl}`],
    ]);
    expect(main.summary).toMatch(/What went wrong[^#]+\/ci\.yml/);
    expect(main.summary).not.toContain("agent pool");
  });

  it("has an error on the line of its first cause, and one for each other cause", async () => {
    const workspace = temporaryFolder();
    writeFileSync(join(workspace, "a.ts"), "");
    const [stage, phase, job, task] = timelineRecords("completed", "failed");
    const issues = [3, 4].map((line) => ({
      type: "error",
      message: `Cannot find name on line ${line}.`,
      data: { sourcepath: "a.ts", linenumber: String(line) },
    }));
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed" }) },
      [timelineRoute]: { body: { records: [stage, phase, job, { ...task, issues, errorCount: 2 }] } },
    });
    const inputs = inputsFor(azure, { logs: "none" });
    const { main } = await runAction(inputs, { workspace });
    const path = "Deploy › Smoke tests › Run the tests";
    expect(main.annotations.map(({ message, file, line }) => [message, file, line])).toEqual([
      [`20260602.13 failed in ${path} (a.ts:3): Cannot find name on line 3. ${runUrl}`, "a.ts", 3],
      [`${path} (a.ts:4): Cannot find name on line 4.`, "a.ts", 4],
    ]);
  });

  it("has the whole message of a long first cause in an error of its own", async () => {
    const [stage, phase, job, task] = timelineRecords("completed", "failed");
    const message = `${"word ".repeat(80)}end`;
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed" }) },
      [timelineRoute]: {
        body: { records: [stage, phase, job, { ...task, issues: [{ type: "error", message }] }] },
      },
    });
    const { main } = await runAction(inputsFor(azure, { logs: "none" }));
    expect(main.annotations.map(({ message: text }) => text)).toEqual([
      expect.stringMatching(/ failed in Deploy › Smoke tests › Run the tests: (?:word )+(?:word)?…/),
      `Deploy › Smoke tests › Run the tests: ${message}`,
    ]);
  });

  it("has no empty list item for an invisible message", async () => {
    const [stage, phase, job, task] = timelineRecords("completed", "failed");
    const issues = [{ type: "error", message: "\u200B\uFEFF" }];
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed" }) },
      [timelineRoute]: { body: { records: [{ ...stage, name: " " }, phase, job, { ...task, issues }] } },
    });
    const { main } = await runAction(inputsFor(azure, { logs: "none" }));
    expect(main.summary).toMatch(/What went wrong\n\n\*\*Smoke tests › Run the tests\*\*/);
    expect(main.summary).not.toMatch(/^- *$/m);
    // A stage with an invisible name gets a visible one.
    expect(main.log).toMatch(/▶ Deploy\n/);
  });

  it("fails the step if the completed run has no result", async () => {
    await using azure = await endingAs(undefined);
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["result"]]).toEqual([1, "failed"]);
  });

  it("is polled further with an unknown status", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [{ body: buildJson("meditating") }, { body: buildJson("completed") }],
    });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
    expect(azure.requestLines().filter((line) => line === pollRequestLine)).toHaveLength(2);
  });

  it("has the build's result, since only the build has partiallySucceeded", async () => {
    await using azure = await startSimulator({ speed: 40, accepts: () => "yes" });
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "44" }));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([1, "partiallySucceeded"]);
    expect(main.outputs["error-code"] ?? "").toBe("");
  });
});
