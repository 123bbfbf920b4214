import { describe, expect, it } from "vitest";
import { createFindingsReader, type FindingsReader } from "../../src/app/run-findings.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { emptyTree } from "../../src/core/run-tree.ts";
import { issueOf, phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { neverAborted } from "./scripted-pipelines.ts";

function setUp(isReported: boolean) {
  const calls: string[] = [];
  const signals: AbortSignal[] = [];
  const testResults = {
    getCounts: async (_: unknown, signal: AbortSignal) => {
      calls.push("tests");
      signals.push(signal);
      return undefined;
    },
  };
  const artifacts = {
    list: async () => {
      calls.push("artifacts");
      return [];
    },
  };
  const runLists = {
    getBaseline: async () => {
      calls.push("baseline");
      return undefined;
    },
  };
  const inputs = { summary: isReported, checkRun: undefined };
  return {
    calls,
    signals,
    findings: createFindingsReader(inputs, { testResults, artifacts, runLists, clock: createFakeClock() }),
  };
}

const completed = { run: runOf(), tree: emptyTree, at: 0 };

describe("the findings of a run", () => {
  it("include what a failed run is compared with", async () => {
    const { calls, findings } = setUp(true);
    await findings.read({ ...completed, run: runOf({ result: "failed" }) }, neverAborted);
    expect(calls).toEqual(["tests", "artifacts", "baseline"]);
  });

  it.each([
    ["the service ended", [issueOf("ran longer than the maximum time of 60 minutes")], ["baseline"]],
    ["somebody cancelled", [], []],
  ])("of a canceled run that %s include, once its jobs are known: %j, %j", async (_, issues, compared) => {
    const { calls, findings } = setUp(true);
    const canceled = { result: "canceled" } as const;
    const tree = buildRunTree(
      recordsOf(stage("Test", canceled), phaseWithJob("Test.Work", { ...canceled, issues })),
    );
    findings.prefetch({ run: runOf(canceled), at: 0 }, neverAborted);
    expect(calls).toEqual([]);
    await findings.read({ run: runOf(canceled), tree, at: 0 }, neverAborted);
    expect(calls).toEqual(["tests", "artifacts", ...compared]);
  });

  it("are requested once, while its last records are being read", async () => {
    const { calls, findings } = setUp(true);
    findings.prefetch(completed, neverAborted);
    expect(calls).toEqual(["tests", "artifacts"]);
    const read = () => findings.read(completed, neverAborted);
    expect([await read(), await read()]).toEqual(Array(2).fill({ tests: undefined, artifacts: [] }));
    expect(calls).toHaveLength(2);
  });

  it.each([
    ["the run goes on", (findings: FindingsReader) => findings.discard()],
    [
      "the wait ends before the run",
      (findings: FindingsReader) =>
        findings.read({ ...completed, run: runOf({ status: "inProgress" }) }, neverAborted),
    ],
  ])("are no longer requested if %s", async (_, end) => {
    const { signals, findings } = setUp(true);
    findings.prefetch(completed, neverAborted);
    await end(findings);
    await findings.read(completed, neverAborted);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it("are requested once more, however many polls the last records take", async () => {
    const { calls, findings } = setUp(true);
    for (let poll = 0; poll < 3; poll += 1) {
      findings.prefetch(completed, neverAborted);
      findings.discard();
    }
    await findings.read(completed, neverAborted);
    expect(calls).toEqual(["tests", "artifacts", "tests", "artifacts"]);
  });

  it("of a run that succeeded are not requested while requests are saved", async () => {
    const { calls, findings } = setUp(true);
    findings.prefetch({ ...completed, savesRequests: true }, neverAborted);
    expect(await findings.read({ ...completed, savesRequests: true }, neverAborted)).toEqual({
      ...{ tests: undefined, artifacts: undefined, baseline: undefined },
      areSkipped: true,
    });
    expect(calls).toEqual([]);
    await findings.read(
      { ...completed, run: runOf({ result: "failed" }), savesRequests: true },
      neverAborted,
    );
    expect(calls).toEqual(["tests", "artifacts", "baseline"]);
  });

  it("are not requested before the run's end, or if they are not reported", async () => {
    const running = setUp(true);
    await running.findings.read({ ...completed, run: runOf({ status: "inProgress" }) }, neverAborted);
    const unreported = setUp(false);
    unreported.findings.prefetch(completed, neverAborted);
    await unreported.findings.read(completed, neverAborted);
    expect([...running.calls, ...unreported.calls]).toEqual([]);
  });
});
