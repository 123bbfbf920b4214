import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { rootCauses } from "../../src/core/failures.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { Records, RunFacts } from "../../src/core/model.ts";
import { progressOf } from "../../src/core/progress.ts";
import { diffSnapshots, emptyEmittedState } from "../../src/core/run-events.ts";
import { errorLine, headerLine, leftLine, startedLine } from "../../src/render/run-lines.ts";
import { type LineContext, renderEvent } from "../../src/render/run-log.ts";
import { failureLine, failureMessage, successLine } from "../../src/render/run-text.ts";
import { activityText, heartbeatLine, outageLine } from "../../src/render/status-text.ts";
import {
  at,
  checkpoint,
  failingRun,
  issueOf,
  job,
  phase,
  phaseWithJob,
  recordsOf,
  runOf,
  stage,
} from "../core/builders.ts";

const waitStartMs = Date.parse(at(0));

function logOf(records: Records, run: RunFacts = runOf(), context: Partial<LineContext> = {}): string[] {
  const { events } = diffSnapshots(emptyEmittedState, run, buildRunTree(records), run.status === "completed");
  const all: LineContext = { elapsedMs: 10_000_000, waitStartMs: waitStartMs, runUrl: run.url, ...context };
  return events.flatMap((event) => renderEvent(event, all)).map(plain);
}

function plain(line: LogEntry): string {
  return "text" in line ? line.text.replaceAll(/\u001B\[\d+m/g, "") : "";
}

describe("renderEvent", () => {
  it("shows the events of a run in chronological order", () => {
    expect(logOf(failingRun(), runOf({ result: "failed" }))).toMatchInlineSnapshot(`
      [
        " 0:14  ▶ Build",
        " 0:14    ▶ Compile · Azure Pipelines 3",
        " 0:20    ▶ Unit tests · Azure Pipelines 7",
        " 2:18    ✔ Unit tests 1 min 58 s",
        " 2:40    ✔ Compile 2 min 26 s, 2 warnings",
        " 2:41  ✔ Build 2 min 27 s",
        " 2:41  ⏸ Staging waited for approval",
        " 4:02  ▶ Staging, approved after 1 min 21 s",
        " 4:02    ▶ Deploy · Azure Pipelines 3",
        " 5:09    ✔ Deploy 1 min 7 s",
        " 5:09    ▶ Smoke tests · Azure Pipelines 3",
        " 6:02    ✘ Smoke tests 53 s",
        " 6:02  ✘ Staging 3 min 21 s",
        " 6:02  ⏭ Production skipped",
      ]
    `);
  });
});

describe("the first and the last lines of the log", () => {
  it("show what runs, and how it ended", () => {
    const tree = buildRunTree(failingRun());
    const run = runOf({ result: "failed", finishedAt: at(376) });
    const words = [
      plain(
        headerLine({
          organization: "contoso",
          project: "web",
          pipeline: "deploy",
          pipelineId: 42,
          ...run.source,
        }),
      ),
      plain(startedLine(run, {})),
      plain(
        startedLine(run, {
          templateParameters: { environment: "x", version: "y" },
          variables: { debug: {} },
        }),
      ),
      successLine(runOf({ finishedAt: at(450) }), tree),
      failureMessage(run, rootCauses(tree)),
    ];
    expect(words).toMatchInlineSnapshot(`
      [
        "contoso / web · deploy (42) · main at 4f2c1e9",
        "Started 20261122.3: https://dev.azure.com/contoso/web/_build/results?buildId=345",
        "Started 20261122.3 (parameters: environment, version; variables: debug): https://dev.azure.com/contoso/web/_build/results?buildId=345",
        "✔ 20261122.3 succeeded: waited 14 s, ran 7 min 16 s (1 min 21 s of it for approval). https://dev.azure.com/contoso/web/_build/results?buildId=345",
        "20261122.3 failed in Staging › Smoke tests › Run curl: Bash exited with code '22'. https://dev.azure.com/contoso/web/_build/results?buildId=345",
      ]
    `);
  });
});

describe("heartbeatLine", () => {
  it("shows the pending check, and for how long it has been pending", () => {
    const records = recordsOf(
      stage("Staging", { from: 100 }),
      checkpoint("Staging", "Approval", { from: 161 }),
      phase("Staging.Deploy"),
    );
    const run = runOf({ status: "inProgress", result: null, finishedAt: null });
    const context = { elapsedMs: 221_000, waitStartMs, runUrl: run.url };
    const tree = buildRunTree(records);
    expect(plain(heartbeatLine(progressOf(tree, run, [600_000], 200_000), context))).toMatchInlineSnapshot(
      `" 3:41    still waiting for approval of Staging (1 min)"`,
    );
    expect(activityText(run, tree)).toMatchInlineSnapshot(`"waiting for approval of Staging"`);
  });
  it("shows the running jobs, how many are done, and the estimate", () => {
    const records = recordsOf(
      stage("Build", { from: 14 }),
      phaseWithJob("Build.A", { from: 14, to: 20 }),
      phaseWithJob("Build.B", { from: 20 }),
      job("Build.C.linux", { from: 30 }),
    );
    const run = runOf({ status: "inProgress", result: null, finishedAt: null });
    const context = { elapsedMs: 60_000, waitStartMs, runUrl: run.url };
    const tree = buildRunTree(records);
    expect(plain(heartbeatLine(progressOf(tree, run, [200_000], 46_000), context))).toMatchInlineSnapshot(
      `" 1:00    still running B (40 s) and C (30 s) · 1 of 3 jobs done · usually 3 min, about 3 min left"`,
    );
    expect(plain(heartbeatLine(progressOf(tree, run, [20_000], 46_000), context))).toMatchInlineSnapshot(
      `" 1:00    still running B (40 s) and C (30 s) · 1 of 3 jobs done · longer than the usual 20 s"`,
    );
    expect(activityText(run, tree)).toMatchInlineSnapshot(`"running B and C"`);
    expect(
      activityText(runOf({ status: "notStarted", result: null }), buildRunTree(new Map())),
    ).toMatchInlineSnapshot(`"in the queue, waiting for an agent"`);
  });
});

describe("outageLine", () => {
  it("shows the duration and the reason of an outage", () => {
    const outage = { reason: "the service answered 503:\naway", sinceMs: 130_000 };
    expect(plain(outageLine(outage, { elapsedMs: 200_000, waitStartMs: undefined }))).toBe(
      " 3:20    no successful poll for 2 min 10 s (the service answered 503: away); retrying",
    );
  });
});

describe("the last line of a step", () => {
  const tree = buildRunTree(new Map());
  const running = { status: "inProgress", result: null, startedAt: null } as const;

  it.each([
    [runOf({ startedAt: null, result: "failed" }), [], "✔ 20261122.3 failed, which success-when accepts. "],
    [runOf(running), [], "✔ 20261122.3 is still running, which success-when accepts. "],
    [runOf(running), ["Deploy"], "✔ Deploy succeeded. 20261122.3 is still running. "],
  ])("names what success-when accepts (case %#)", (run, stages, start) => {
    expect(successLine(run, tree, stages)).toBe(start + run.url);
  });

  it.each([
    [runOf(), "✘ 20261122.3 succeeded, and success-when is false. "],
    [runOf(running), "✘ 20261122.3 is still running, and success-when is false. "],
    [runOf({ result: "canceled" }), "✘ 20261122.3 was canceled. "],
  ])("says why the step fails (case %#)", (run, start) => {
    expect(failureLine(run, [])).toBe(start + run.url);
  });

  it("counts the other jobs that failed", () => {
    const inJob = (name: string) =>
      phaseWithJob(`A.${name}`, { from: 1, to: 9, result: "failed", issues: [issueOf(`${name} broke`)] });
    const tree = buildRunTree(
      recordsOf(stage("A", { from: 1, to: 9, result: "failed" }), inJob("x"), inJob("y"), inJob("z")),
    );
    const run = runOf({ result: "failed" });
    expect(failureLine(run, rootCauses(tree, run))).toBe(
      `✘ 20261122.3 failed in A › x and 2 more. ${run.url}`,
    );
  });

  it("does not say that a run was canceled where something had failed before", () => {
    const endsOf = (result: "failed" | "canceled") => {
      const times = { from: 1, to: 9, result };
      const tree = buildRunTree(
        recordsOf(stage("A", times), phaseWithJob("A.x", { ...times, issues: [issueOf("it broke")] })),
      );
      const run = runOf({ result: "canceled" });
      const causes = rootCauses(tree, run);
      return [failureMessage(run, causes), failureLine(run, causes)].map((text) => text.replace(run.url, ""));
    };
    expect(endsOf("failed")).toEqual([
      "20261122.3 was canceled, with errors in A › x: it broke. ",
      "✘ 20261122.3 was canceled, with errors in A › x. ",
    ]);
    expect(endsOf("canceled")).toEqual([
      "20261122.3 was canceled in A › x: it broke. ",
      "✘ 20261122.3 was canceled in A › x. ",
    ]);
  });

  it("repeats the action's own error in one line, and names a run that was left running", () => {
    expect(errorLine("x was not completed\nafter 1 s.", false)).toBe("✘ x was not completed after 1 s.");
    expect(errorLine("The step was cancelled.", true)).toBe("⊘ The step was cancelled.");
    expect(leftLine(runOf(), "45 min")).toBe(`■ 20261122.3 was left running after 45 min. ${runOf().url}`);
  });
});
