import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { ganttChart } from "../../src/render/timeline-chart.ts";
import { at, checkpoint, phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";
import { untrustedText } from "./untrusted-text.ts";

const time = String.raw`20\d\d-\d\d-\d\d \d\d:\d\d:\d\d`;

const bar = new RegExp(
  String.raw`^    (?:✅|⚠️|✘|🚫|⏸️|⏳) [^:\n\x60]+ :(?:(?:done|crit), )?${time}, ${time}$`,
  "u",
);

function treeWith(jobs: number, stages = 1): ReturnType<typeof buildRunTree> {
  const all = Array.from({ length: stages }, (_, s) => [
    stage(`S${s}`, { order: s, from: s, to: s + 100 }),
    ...Array.from({ length: jobs }, (_, j) =>
      phaseWithJob(`S${s}.J${j}`, { from: j, to: j + 10, order: j }),
    ).flat(),
  ]);
  return buildRunTree(recordsOf(...all));
}

describe("ganttChart", () => {
  it("has one bar for simultaneous checks of a stage, and one for each of those that follow each other", () => {
    const [checkpointRecord, first] = checkpoint("A", "TaskCheck", { from: 20, to: 60 });
    const check = (id: string, from: number, to: number) => {
      return first === undefined ? [] : [{ ...first, id, startedAt: at(from), finishedAt: at(to) }];
    };
    const records = recordsOf(
      stage("A", { from: 1 }),
      checkpointRecord === undefined ? [] : [checkpointRecord],
      ...[check("c1", 20, 60), check("c2", 20, 65), check("c3", 80, 90)],
    );
    const bars = ganttChart(runOf(), buildRunTree(records))
      .split("\n")
      .filter((line) => line.includes("Checks"));
    expect(bars.map((line) => line.replaceAll("2000-01-01 ", "").trim())).toEqual([
      "⏸️ Checks :00:00:20, 00:01:05",
      "⏸️ Checks :00:01:20, 00:01:30",
    ]);
  });

  it("is valid Mermaid, whatever the names contain", () => {
    fc.assert(
      fc.property(untrustedText, untrustedText, (stageName, jobName) => {
        const records = recordsOf(
          stage("A", { from: 1, to: 50, name: stageName }),
          phaseWithJob("A.x", { from: 1, to: 50, name: jobName, result: "failed" }),
        );
        const [opening, ...rest] = ganttChart(runOf(), buildRunTree(records)).split("\n");
        const [config = "", ...body] = rest;
        expect(config).toMatch(/^%%\{init: .*\}%%$/);
        const settings = JSON.parse(config.slice("%%{init: ".length, -"}%%".length));
        expect(Object.keys(settings).filter((key) => !["themeVariables", "gantt"].includes(key))).toEqual([]);
        const lines = [opening, ...body];
        expect(lines).toHaveLength(9);
        expect(lines[6]).toMatch(/^ {2}section [^:\n`]+$/);
        expect(lines[7]).toMatch(bar);
        expect(lines.join("\n")).not.toContain("%%");
        expect(lines.at(-1)).toBe("```");
      }),
      { numRuns: 500 },
    );
  });

  it("has one bar per stage for more than 200 jobs, and stays below Mermaid's limit", () => {
    expect(
      ganttChart(runOf(), treeWith(50, 4))
        .split("\n")
        .filter((line) => bar.test(line)),
    ).toHaveLength(200);
    const byStage = ganttChart(runOf(), treeWith(51, 4)).split("\n");
    expect(byStage.filter((line) => bar.test(line))).toHaveLength(4);
    expect(ganttChart(runOf(), treeWith(1, 900)).length).toBeLessThan(50_000);
  });

  it("is blank if nothing ran, and shows what took 0 s as 1 s", () => {
    expect(ganttChart(runOf(), buildRunTree(new Map()))).toBe("");
    const quick = recordsOf(stage("A", { from: 5, to: 5 }), phaseWithJob("A.x", { from: 5, to: 5 }));
    expect(ganttChart(runOf(), buildRunTree(quick))).toContain("00:00:05, 2000-01-01 00:00:06");
  });

  it.each([
    [3, "1second"],
    [9, "2second"],
    [300, "2minute"],
    [3_600, "15minute"],
    [40_000, "3hour"],
    [900_000, "3day"],
  ])("has at most five ticks in %d seconds: one every %s", (seconds, interval) => {
    const chart = (to: number) =>
      ganttChart(
        runOf({ createdAt: at(0) }),
        buildRunTree(recordsOf(stage("A", { from: 1, to }), phaseWithJob("A.x", { from: 1, to }))),
      );
    expect(chart(seconds)).toContain(`\n  tickInterval ${interval}\n`);
  });

  it("shows running jobs up to the last poll, and in a completed run only completed ones", () => {
    const records = recordsOf(
      stage("A", { from: 5 }),
      phaseWithJob("A.x", { from: 5 }),
      stage("B", { from: 20 }),
      checkpoint("B", "Approval", { from: 20 }),
    );
    const polledAt = Date.parse(at(65));
    const inProgress = runOf({ status: "inProgress", result: null, finishedAt: null });
    const chart = ganttChart(inProgress, buildRunTree(records), { at: polledAt }).split("\n");
    expect(chart.filter((line) => bar.test(line)).map((line) => line.trim())).toEqual([
      "⏳ x :2000-01-01 00:00:05, 2000-01-01 00:01:05",
      "⏸️ Approval :2000-01-01 00:00:20, 2000-01-01 00:01:05",
    ]);
    expect(ganttChart(runOf(), buildRunTree(records), { at: polledAt })).toBe("");
  });

  it.each([
    ["in the middle", 40, 60, "Integration tests with all…"],
    ["at the end", 90, 100, "Integration tests with all databases on windows-latest"],
    ["of the whole length", 0, 100, "Integration tests with all databases on windows-latest"],
  ])("truncates a label to its room beside or within a bar %s: %d, %d, %s", (_, from, to, label) => {
    const name = "Integration tests with all databases on windows-latest";
    const records = recordsOf(
      stage("A", { from: 0, to: 100, name: "Deploy to production" }),
      phaseWithJob("A.x", { from: 0, to: 100 }),
      phaseWithJob("A.y", { from, to, name, order: 2 }),
    );
    expect(ganttChart(runOf({ createdAt: at(0) }), buildRunTree(records))).toContain(`✅ ${label} :done`);
  });

  it("shows hours from one hour on, and days", () => {
    const long = (to: number) =>
      buildRunTree(recordsOf(stage("A", { from: 0, to }), phaseWithJob("A.x", { from: 0, to })));
    expect(ganttChart(runOf(), long(3_599))).toContain("axisFormat %M:%S");
    expect(ganttChart(runOf(), long(3_600))).toContain("axisFormat %H:%M");
    expect(ganttChart(runOf(), long(100_000))).toContain("2000-01-02 03:46:40");
  });
});
