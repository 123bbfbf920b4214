import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  happyPath,
  htmlReply,
  pollRoute,
  runId,
  runJson,
  runUrl,
  startRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

describe.concurrent("a timeout", () => {
  const waiting = {
    ...happyPath,
    [pollRoute]: statusReplies("inProgress"),
    [timelineRoute]: { body: { id: "t", changeId: 3, records: timelineRecords("inProgress") } },
    "PATCH build/builds/345": { body: buildJson("cancelling") },
  };
  const patches = (lines: readonly string[]) => lines.filter((line) => line.startsWith("PATCH"));

  it("fails the step with what the run waits for, and the run continues", async () => {
    await using azure = await scriptedAzure(waiting);
    const result = await runAction(inputsFor(azure, { timeout: "2s" }));
    const text = expectFailure(result, "timeout");
    expect(text).toContain("Smoke tests");
    expect(text).toContain(runUrl);
    expect(result.main.outputs).toMatchObject({ status: "inProgress", result: "", "run-id": "345" });
    expect(JSON.parse(result.main.outputs["run"] ?? "")).toMatchObject({ status: "inProgress" });
    expect(patches(azure.requestLines())).toEqual([]);
    expect(result.post?.log.trim()).toBe("");
    expect(result.main.summary).toMatch(/^## ⏱️ web › ci: timed out after 2 s\n/);
    expect(result.main.summary).toContain("\n\nThe run was left running. Still running Smoke tests.\n\n");
    expect(result.main.summary).toContain("| &nbsp;&nbsp;&nbsp;⏳&nbsp;Smoke tests |");
    expect(result.main.summary).toContain(runUrl);
  });

  it("cancels the run and fails the step with on-timeout: cancel", async () => {
    await using azure = await scriptedAzure(waiting);
    const result = await runAction(inputsFor(azure, { timeout: "1s", "on-timeout": "cancel" }));
    expect(expectFailure(result, "timeout")).toMatch(/cancelled/);
    expect(patches(azure.requestLines())).toHaveLength(1);
    const { summary } = result.main;
    expect(summary).toContain(
      "The run was cancelled (on-timeout: cancel). It was running Smoke tests at the last poll.",
    );
    expect(summary).toContain("| ❔&nbsp;**Deploy** |");
    expect(summary).not.toMatch(/Still|⏳/);
  });

  it("shows the run's own issues and logs as far as they are known, and its verdict again in the last line", async () => {
    const [stage, phase, job, task] = timelineRecords("inProgress");
    const [, , , failed] = timelineRecords("completed", "failed");
    const other = { ...failed, id: "t2", log: { id: 9 } };
    const body = { id: "t", changeId: 3, records: [stage, phase, job, task, other] };
    await using azure = await scriptedAzure({
      ...waiting,
      [timelineRoute]: { body },
      [`GET build/builds/${runId}/logs/9`]: { body: "the reason\n" },
    });
    const { main } = await runAction(inputsFor(azure, { timeout: "1s" }));
    const lines = main.log.trimEnd().split("\n");
    expect(lines.at(-3)).toBe(" │ the reason");
    expect(lines.at(-1)).toMatch(/^✘ 20260602\.13 was not completed after 1 s: .*http\S+buildId=\d+$/);
    expect(main.annotations.map(({ level, message }) => [level, message.split(":")[0]])).toEqual([
      ["error", "Deploy › Smoke tests › Run the tests"],
      ["error", "20260602.13 was not completed after 1 s"],
    ]);
  });

  it("causes a warning with on-timeout: leave, and the step succeeds", async () => {
    await using azure = await scriptedAzure(waiting);
    const { main } = await runAction(inputsFor(azure, { timeout: "1s", "on-timeout": "leave" }));
    expect([main.exitCode, main.outputs["error-code"] ?? ""], main.log).toEqual([0, ""]);
    expect(main.annotations.map(({ level }) => level)).toEqual(["warning"]);
    expect(main.log.trimEnd()).toMatch(/\n■ 20260602\.13 was left running after 1 s\. http\S+$/);
    expect(main.summary).toMatch(/^## ⏳ web › ci: left running after 1 s\n/);
    expect(patches(azure.requestLines())).toEqual([]);
  });

  it("during an outage is reported as a timeout", async () => {
    await using azure = await scriptedAzure({
      ...waiting,
      [pollRoute]: [...statusReplies("inProgress"), htmlReply(503)],
    });
    const result = await runAction(inputsFor(azure, { timeout: "3s" }));
    expectFailure(result, "timeout");
  });

  it("does not wait for the Retry-After of the start or of a poll", async () => {
    const delayed = { headers: { "retry-after": "20" } };
    await using started = await scriptedAzure({ ...waiting, [startRoute]: { body: runJson(), ...delayed } });
    await using polled = await scriptedAzure({
      ...waiting,
      [pollRoute]: { body: buildJson("inProgress"), ...delayed },
    });
    const inputs = { timeout: "2s", "on-timeout": "cancel" };
    for (const azure of [started, polled]) {
      const text = expectFailure(await runAction(inputsFor(azure, inputs)), "timeout");
      expect(text).toContain("Smoke tests");
      const [first, ...others] = azure.requests;
      expect((others.at(-1)?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(10_000);
      expect(patches(azure.requestLines())).toHaveLength(1);
    }
  });

  it("does not wait for a response that does not come", async () => {
    await using azure = await scriptedAzure({
      ...waiting,
      [pollRoute]: [...statusReplies("inProgress"), { body: buildJson("inProgress"), fault: "stall" }],
    });
    // A request may take thirty seconds; a step that takes more than fifteen has waited for one.
    const result = await runAction(inputsFor(azure, { timeout: "3s" }), { timeoutMs: 15_000 });
    expectFailure(result, "timeout");
  });
});
