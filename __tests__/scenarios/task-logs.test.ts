import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultSha } from "../../runner-emulator/job.ts";
import { runAction, type StepResult } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  happyPath,
  pollRoute,
  runId,
  runUrl,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectSingleError, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

/** Groups of the log: title and lines, without colours. */
function groupsOf({ log }: Pick<StepResult, "log">): { title: string; lines: string[] }[] {
  const groups: { title: string; lines: string[] }[] = [];
  let open: { title: string; lines: string[] } | undefined;
  for (const line of log.replaceAll(/\u001B\[\d*m/g, "").split("\n")) {
    if (line.startsWith("##[group]")) {
      expect(open, "groups do not nest").toBeUndefined();
      open = { title: line.slice(9), lines: [] };
      groups.push(open);
    } else if (line === "##[endgroup]") open = undefined;
    else open?.lines.push(line);
  }
  return groups;
}

const simulator = (speed = 12) => startSimulator({ speed, accepts: () => "yes" });

describe.concurrent("logs: failed", () => {
  it("shows the end of the failed task's log once, with a link to its line", async () => {
    await using azure = await simulator();
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "43" }));
    const [group, ...others] = groupsOf(main);
    expect(others).toEqual([]);
    expect(group?.title).toMatch(
      /^✘ Staging › Smoke tests › Run curl: the whole log, also at http.*view=logs&j=[\w-]+&t=[\w-]+&l=15$/,
    );
    expect(group?.lines.slice(-2)).toEqual([
      " │ curl: (22) The requested URL returned error: 503",
      " │ Bash exited with code '22'.",
    ]);
    expect(group?.lines.join("\n")).not.toMatch(/Task {2}|Finishing:/);
    const lines = main.log.replaceAll(/\u001B\[\d*m/g, "").split("\n");
    const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
    expect(at(/▶ Staging/)).toBeLessThan(at(/▶ Smoke tests · Azure/));
    expect(at(/^ .*✘ Smoke tests \d+ s/)).toBeLessThan(at(/^ .* {2}✘ Staging \d+ s/));
    expect(at(/^ .* {2}✘ Staging \d+ s/)).toBeLessThan(at(/⏭ Production skipped/));
    expect(at(/^##\[error\].* failed in Staging/)).toBeGreaterThan(at(/⏭ Production skipped/));
    expect(at(/##\[group]/)).toBeGreaterThan(lines.findLastIndex((line) => line.startsWith("##[error]")));
    expect(lines.filter(Boolean).at(-1)).toMatch(/^✘ .* failed/);
    // Only the logs that are shown are read, each once.
    const logs = azure.requests.filter(({ path }) => /\/logs\/\d+/.test(path));
    expect(logs).toHaveLength(1);
  });

  it("annotates a file that exists in this repository, and writes one error of its own", async () => {
    const workspace = temporaryFolder();
    mkdirSync(join(workspace, "src"));
    writeFileSync(join(workspace, "src", "health.ts"), "");
    await using azure = await simulator();
    const inputs = inputsFor(azure, { "pipeline-id": "43", commit: defaultSha });
    const { main } = await runAction(inputs, { workspace });
    expect(main.annotations.map(({ level, file, line }) => ({ level, file, line }))).toEqual([
      { level: "error", file: undefined, line: undefined },
      { level: "warning", file: undefined, line: undefined },
      { level: "warning", file: "src/health.ts", line: 12 },
      { level: "error", file: undefined, line: undefined },
    ]);
    expect(main.annotations[0]?.message).toMatch(
      /^\S+ failed in Staging › Smoke tests › Run curl: Bash exited with code '22'\. http\S+buildId=\d+$/,
    );
  });

  it("waits for a late log, and shows its new lines", async () => {
    await using azure = await simulator();
    Object.assign(azure.quirks, { lateLogs: 3, growingLogs: 1 });
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "43" }));
    const groups = groupsOf(main);
    const shown = groups.flatMap(({ lines }) => lines);
    expect(
      shown.filter((line) => line.includes("curl: (22)")),
      main.log,
    ).toHaveLength(1);
    expect(shown.filter((line) => line.includes("retry"))).toHaveLength(3);
    expect(groups.at(-1)?.title).toContain("what came later");
    expect(main.summary).toContain("curl: (22)");
    expect(main.exitCode).toBe(1);
  });

  it("waits a few seconds for a log that is missing at the end of the run", async () => {
    const ended = timelineRecords("completed", "failed");
    const withLog = ended.map((record) =>
      record["type"] === "Task" ? { ...record, log: { id: 9 } } : record,
    );
    const now = new Date().toISOString();
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed", finishTime: now }) },
      [timelineRoute]: [{ body: { records: ended } }, { body: { records: withLog } }],
      [`GET build/builds/${runId}/logs/9`]: { body: "2026-06-02T14:41:09.1234567Z the reason\n" },
    });
    const { main } = await runAction(inputsFor(azure));
    expect(groupsOf(main)).toMatchObject([
      { title: expect.stringContaining("the whole log, also at"), lines: [" │ the reason"] },
    ]);
    expect(main.summary).toContain("the reason");
  });

  it("says in its place that a log cannot be read", async () => {
    const ended = timelineRecords("completed", "failed").map((record) => ({ ...record, log: { id: 9 } }));
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed" }) },
      [timelineRoute]: { body: { records: ended } },
      [`GET build/builds/${runId}/logs/9`]: { status: 403, body: { message: "TF400813: not you" } },
    });
    const result = await runAction(inputsFor(azure));
    expect(result.main.log).toMatch(
      /^##\[error\].*The tests failed.*\nThe log of Deploy › Smoke tests › Run the tests could not be read.*TF400813.*\n✘ /m,
    );
    expect(result.main.outputs["error-code"] ?? "").toBe("");
    expect(result.main.annotations.at(-1)?.message).toContain("The tests failed.");
  });
});

describe.concurrent("logs", () => {
  it("with all shows every task's log when the task ends, and the failed one in the summary too", async () => {
    await using azure = await simulator(6);
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "43", logs: "all" }));
    const groups = groupsOf(main);
    const titles = groups.map(({ title }) => title.replace(/: http.*/, ""));
    expect(titles).toContain("✔ Build › Compile › npm ci");
    expect(titles).toContain("✘ Staging › Smoke tests › Run curl");
    expect(titles).not.toContain("⏭ Staging › Smoke tests › Record the version");
    expect(new Set(titles).size).toBe(titles.length);
    expect(groups.every(({ lines }) => lines.every((line) => line.startsWith(" │ ")))).toBe(true);
    expect(main.log).toContain(" │ \u001B[36m/usr/bin/bash smoke.sh");
    // During the run, not after it.
    expect(main.log.indexOf("Compile › npm ci")).toBeLessThan(main.log.indexOf("▶ Staging"));
    expect(main.summary).toContain("curl: (22)");
  });

  it("with none shows and requests no log", async () => {
    await using azure = await simulator();
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "43", logs: "none" }));
    expect(groupsOf(main)).toEqual([]);
    expect(azure.requests.filter(({ path }) => path.includes("/logs"))).toEqual([]);
    expect(main.summary).not.toContain("curl: (22)");
    expect(main.summary).toContain("Run curl");
  });

  it("of a classic build are shown without a stage", async () => {
    const [, , job, task] = timelineRecords("completed", "failed");
    const classic = [
      { ...job, parentId: null, identifier: null },
      { ...task, identifier: null, log: { id: 9 } },
    ];
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [...statusReplies("inProgress"), { body: buildJson("completed", { result: "failed" }) }],
      [timelineRoute]: { body: { records: classic } },
      [`GET build/builds/${runId}/logs/9`]: { body: "one\ntwo\n" },
    });
    const result = await runAction(inputsFor(azure, { summary: "true" }));
    expect(groupsOf(result.main)[0]).toEqual({
      title: `✘ Smoke tests › Run the tests: the whole log, also at ${runUrl}&view=logs&j=j&t=t&l=2`,
      lines: [" │ one", " │ two"],
    });
    expect(JSON.parse(result.main.outputs["stages"] ?? "")).toMatchObject([{ jobs: [{ result: "failed" }] }]);
    expect(result.main.log).toContain("✘ Smoke tests 5 min 40 s");
    expect(result.main.log).not.toContain("__default");
  });
});

describe.concurrent("the log of a run's progress", () => {
  it("shows where to give an approval, and how long it took", async () => {
    await using azure = await simulator(8);
    const running = runAction(inputsFor(azure, { "pipeline-id": "45" }), {
      onLine: (line) => {
        const [run] = azure.runs;
        if (!line.includes("waits for approval") || !run) return;
        azure.advance(90);
        azure.approve(run.id, "Production");
      },
    });
    const { main } = await running;
    expect(main.exitCode, main.log).toBe(0);
    const plain = main.log.replaceAll(/\u001B\[\d*m/g, "");
    expect(plain).toMatch(
      / {2}⏸ Deploy to production waits for approval by Release managers\. Approve or reject it at http\S+buildId=\d+\n/,
    );
    expect(plain).toMatch(/▶ Deploy to production, approved after 1 min [3-5]\d s\n/);
    expect(plain).toMatch(/ran .*\(1 min [3-5]\d s of it for approval\)/);
    expect(main.summary).toMatch(/⏸️ Approval :2000-01-01 /);
    expect(main.summary).toMatch(/waited 1&nbsp;min [3-5]\d&nbsp;s for approval/);
  });

  it("shows skipped jobs, which have no Job record", async () => {
    await using azure = await simulator(20);
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "44" }));
    expect(main.log).toMatch(/ {4}⏭ Fuzz skipped/);
    expect(main.outputs["result"]).toBe("partiallySucceeded");
    expect(main.annotations[0]?.message).toContain("partially succeeded, with errors in Audit › Licences");
  });

  it("shows the next attempt of a stage after the first", async () => {
    await using azure = await simulator(12);
    const first = await runAction(inputsFor(azure, { "pipeline-id": "50", "on-rerun": "retry-failed" }));
    expect(first.main.exitCode, first.main.log).toBe(1);
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "50", "on-rerun": "retry-failed" }), {
      attempt: 2,
    });
    expect(main.exitCode, main.log).toBe(0);
    expect(main.log).toMatch(/▶ Test \(attempt 2\)/);
    expect(main.log).toMatch(/✔ Browser \(attempt 2\)/);
    expect(main.summary).toContain("attempt 2");
  });

  it("of a pipeline with thousands of records stays within GitHub's limits", async () => {
    const many = manyRecords(800);
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [
        ...statusReplies("inProgress", "inProgress"),
        { body: buildJson("completed", { result: "failed" }) },
      ],
      [timelineRoute]: { body: { id: "t", changeId: 4, records: many } },
    });
    const result = await runAction(inputsFor(azure, { logs: "none" }));
    expect(many.length).toBeGreaterThan(5_000);
    expect(
      expectSingleError({ main: { ...result.main, annotations: result.main.annotations.slice(0, 1) } }),
    ).toContain("Stage 0");
    expect(result.main.annotations.filter(({ level }) => level === "error")).toHaveLength(10);
    expect(result.main.log).toMatch(/And \d+ more errors in the run/);
    expect(result.main.summaryDropped).toBe(false);
    expect(result.main.peakRssKb).toBeLessThan(250_000);
  });
});

/** Ten stages with this many jobs in total and six tasks per job. Every fiftieth job fails. */
function manyRecords(jobs: number): Record<string, unknown>[] {
  const [stage, phase, job, task] = timelineRecords("completed", "succeeded");
  return Array.from({ length: 10 }, (_, s) => [
    { ...stage, id: `s${s}`, name: `Stage ${s}`, identifier: `S${s}`, order: s, result: "failed" },
    ...Array.from({ length: jobs / 10 }, (_, j) => {
      const identifier = `S${s}.J${j}`;
      const isBad = j % 50 === 0;
      const result = isBad ? "failed" : "succeeded";
      const issues = isBad ? [{ type: "error", message: `It broke in ${identifier}.` }] : [];
      return [
        { ...phase, id: `p${s}-${j}`, parentId: `s${s}`, name: `J${j}`, identifier, order: j, result },
        {
          ...job,
          id: `j${s}-${j}`,
          parentId: `p${s}-${j}`,
          name: `Job ${j}`,
          identifier: `${identifier}.__default`,
          result,
        },
        ...Array.from({ length: 6 }, (_, t) => ({
          ...task,
          id: `t${s}-${j}-${t}`,
          parentId: `j${s}-${j}`,
          name: `Task ${t}`,
          identifier: `${identifier}.__default.t${t}`,
          order: t,
          ...(t === 5 && { result, issues, errorCount: issues.length }),
        })),
      ];
    }).flat(),
  ]).flat();
}
