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

/** Plays a recorded timeline, half of its records first, as the real thing would come. */
async function played(name: string, result: string) {
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
  return { main, asked: azure.requestLines() };
}

describeWithShared(folder, "a recorded timeline", () => {
  it("of a single job is told whole", async () => {
    const { main, asked } = await played("timeline-1.json", "succeeded");
    expect(main.exitCode, main.log).toBe(0);
    expect(main.log).toMatch(/▶ Job · Azure Pipelines 1[\s\S]*✔ Job 22 s\n/);
    expect(main.log).not.toContain("__default");
    expect(asked.filter((line) => /logs\/\d/.test(line)).length).toBeGreaterThan(0);
  });

  it("of a failed job without a word is told, skipped tasks left out", async () => {
    const { main } = await played("timeline-6.json", "failed");
    expect(main.exitCode, main.log).toBe(1);
    expect(main.log).toMatch(/✘ Job 2 min 12 s/);
    expect(main.annotations.at(-1)?.message).toMatch(/failed in Job/);
    expect(JSON.parse(main.outputs["stages"] ?? "")).toHaveLength(1);
  });

  it("without records is no timeline", async () => {
    const { main } = await played("timeline-7.json", "succeeded");
    expect([main.exitCode, main.outputs["stages"]], main.log).toEqual([0, "[]"]);
  });
});
