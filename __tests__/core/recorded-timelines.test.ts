import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { decodeRecords } from "../../src/azure-devops/timeline.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { rootCauses } from "../../src/core/failures.ts";
import { diffSnapshots, emptyEmittedState } from "../../src/core/run-events.ts";
import { renderEvent } from "../../src/render/run-log.ts";
import { describeWithShared, sharedPath } from "../support/shared.ts";
import { runOf } from "./builders.ts";

const folder = "azure-devops/recordings";

/** The log lines for a recorded timeline. */
function logOf(name: string, zero: string): string[] {
  const recording = JSON.parse(readFileSync(sharedPath(`${folder}/${name}`), "utf8")) as {
    response: { body: unknown };
  };
  const records = decodeRecords(recording.response.body);
  const tree = buildRunTree(new Map(records.map((record) => [record.id, record])));
  const { events } = diffSnapshots(emptyEmittedState, runOf({ result: "failed" }), tree, true);
  const context = { elapsedMs: 1e9, waitStartMs: Date.parse(zero), runUrl: "https://dev.azure.com/x" };
  const lines = events.flatMap((event) => renderEvent(event, context));
  const texts = lines.map((line) => ("text" in line ? line.text.replaceAll(/\u001B\[\d+m/g, "") : ""));
  return [...texts, ...rootCauses(tree).map(({ path, message }) => `${path}: ${message}`)];
}

describeWithShared(folder, "recorded timelines", () => {
  it("are shown even if their phases are missing", () => {
    expect(logOf("timeline-1.json", "2026-06-02T12:37:00Z")).toEqual([
      " 0:12  ▶ Job · Azure Pipelines 1",
      " 0:34  ✔ Job 22 s",
    ]);
  });

  it("are shown even if their stage is missing", () => {
    expect(logOf("timeline-6.json", "2020-03-13T14:00:40Z")).toMatchInlineSnapshot(`
      [
        " 0:11  ▶ Job · Hosted Agent",
        " 2:23  ✘ Job 2 min 12 s",
        "Job: undefined",
      ]
    `);
  });

  it("without records show nothing", () => {
    expect(logOf("timeline-7.json", "2020-03-13T14:00:40Z")).toEqual([]);
  });
});
