import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { mayBeCommand, splitLines } from "../../runner-emulator/commands.ts";
import { runAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  happyPath,
  pollRoute,
  runId,
  statusReplies,
  timelineRoute,
} from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";
import { describeWithShared, sharedPath } from "../support/shared.ts";

const folder = "azure-devops/recordings";

/** Follows a run with a recorded timeline, of which the first poll shows half the records. */
async function followRecording(name: string, result: string) {
  const recording = JSON.parse(readFileSync(sharedPath(`${folder}/${name}`), "utf8")) as {
    response: { body: { records: Record<string, { id: number }>[] | null; changeId: number } };
  };
  const { body } = recording.response;
  const all = body.records ?? [];
  const logs = all.flatMap((record) => record["log"]?.id ?? []);
  await using azure = await scriptedAzure({
    ...happyPath,
    [pollRoute]: [...statusReplies("inProgress"), { body: buildJson("completed", { result }) }],
    [timelineRoute]: [{ body: { ...body, records: all.slice(0, all.length / 2) } }, { body }],
    ...Object.fromEntries(
      logs.map((id) => [`GET build/builds/${runId}/logs/${id}`, { body: `line one of log ${id}\n` }]),
    ),
  });
  const { main } = await runAction(inputsFor(azure, { logs: "all" }));
  expect(
    splitLines(main.raw).filter((line) => mayBeCommand(line, ["add-path", "set-env", "set-output"])),
  ).toEqual([]);
  return { main, requestLines: azure.requestLines() };
}

describeWithShared(folder, "a recorded timeline", () => {
  it("of a single job is logged with its start and end", async () => {
    const { main, requestLines } = await followRecording("timeline-1.json", "succeeded");
    expect(main.exitCode, main.log).toBe(0);
    expect(main.log).toMatch(/▶ Job · Azure Pipelines 1[\s\S]*✔ Job 22 s\n/);
    expect(main.log).not.toContain("__default");
    expect(requestLines.filter((line) => /logs\/\d/.test(line)).length).toBeGreaterThan(0);
  });

  it("of a failed job without a message is logged without the skipped tasks", async () => {
    const { main } = await followRecording("timeline-6.json", "failed");
    expect(main.exitCode, main.log).toBe(1);
    expect(main.log).toMatch(/✘ Job 2 min 12 s/);
    expect(main.annotations.at(-1)?.message).toMatch(/failed in Job/);
    expect(JSON.parse(main.outputs["stages"] ?? "")).toHaveLength(1);
  });

  it("without records does not fail the step", async () => {
    const { main } = await followRecording("timeline-7.json", "succeeded");
    expect([main.exitCode, main.outputs["stages"]], main.log).toEqual([0, "[]"]);
  });
});
