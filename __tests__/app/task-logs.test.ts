import { describe, expect, it } from "vitest";
import { createTaskLogs } from "../../src/app/task-logs.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { RunFacts, TimelineRecord } from "../../src/core/model.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import type { LogRequest } from "../../src/ports.ts";
import { issueOf, phaseWithJob, recordsOf, runOf, stage, task } from "../core/builders.ts";
import { neverAborted } from "./scripted-pipelines.ts";

/** Time stands still, so no limit is ever reached. */
const clock = { now: () => 0, sleep: () => new Promise<void>(() => undefined) };

interface Script {
  readonly mode?: "failed" | "all";
  readonly run?: Partial<RunFacts>;
  readonly job?: Partial<Pick<TimelineRecord, "result" | "logId" | "issues">>;
  readonly isSuccess?: boolean;
  readonly tasks: readonly TimelineRecord[];
  /** The lines of each log at the first and the next reading; without a log, there is no response. */
  readonly logs?: Readonly<Record<number, readonly (readonly string[])[]>>;
  readonly sizes?: ReadonlyMap<number, number>;
  /** The errors of the first readings. */
  readonly failures?: readonly Error[];
  /** The records are final. */
  readonly hasLastRecords?: boolean;
}

/** Shows the logs of one job's tasks, all of which have ended. */
async function shownOf({
  mode = "failed",
  run,
  job = {},
  isSuccess = false,
  tasks,
  logs = {},
  sizes,
  failures = [],
  hasLastRecords = false,
}: Script) {
  const lines: LogEntry[] = [];
  const read: number[] = [];
  const calls: string[] = [];
  const tree = buildRunTree(
    recordsOf(
      stage("A", { from: 1, to: 9, result: job.result ?? "succeeded" }),
      phaseWithJob("A.x", { from: 1, to: 9, ...job }),
      [...tasks],
    ),
  );
  const refusal = new ActionError("forbidden", "Reading the log was refused.");
  const logPort = {
    async *readLines({ logId, linesRead = 0 }: LogRequest) {
      read.push(logId);
      calls.push(`log ${logId}`);
      const visit = read.filter((id) => id === logId).length - 1;
      const log = logs[logId]?.[visit] ?? logs[logId]?.at(-1);
      const failure = failures[read.length - 1];
      if (failure !== undefined) throw failure;
      if (log === undefined) throw refusal;
      const newLines = log.slice(linesRead);
      yield { text: newLines.map((line) => `${line}\n`).join(""), count: newLines.length };
    },
    getLineCounts: async () => {
      calls.push("sizes");
      return sizes ?? Promise.reject(refusal);
    },
  };
  const runner = {
    write: (more: Iterable<LogEntry>) => void lines.push(...more),
    flush: async () => undefined,
  };
  const deps = { logs: logPort, runner, clock };
  const taskLogs = createTaskLogs({ mode, runId: 345, runUrl: "https://x/345", deadline: Infinity }, deps);
  if (hasLastRecords) taskLogs.onLastRecords(neverAborted);
  for (const home of tree.stages) {
    for (const job of home.jobs) {
      for (const ended of job.tasks.filter(({ status }) => status === "completed")) {
        const event = { type: "task-finished", at: undefined, stage: home, job, task: ended } as const;
        await taskLogs.onFinished(event, neverAborted);
      }
    }
  }
  await taskLogs.finish({ run: runOf({ result: "failed", ...run }), tree, isSuccess }, neverAborted);
  taskLogs.writeExcerpts();
  const text = lines.map(lineText);
  return { text, read, calls, excerpts: taskLogs.excerpts() };
}

function lineText(line: LogEntry): string {
  if (line.type === "group") return line.title;
  return line.type !== "lines" && "text" in line ? line.text : line.type;
}

function failing(name: string, logId: number | null): TimelineRecord {
  return task(name, "A.x.__default", { from: 1, to: 5, result: "failed", logId });
}

describe("of hundreds of failed tasks", () => {
  const count = 53;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const logs = Object.fromEntries(numbers.map((id) => [id, [[`it broke in ${id}`]]]));
  const tasks = numbers.map((id) => ({ ...failing(`t${id}`, id), order: id }));

  it("the first fifty have their logs shown, the others are counted", async () => {
    const { text, read, excerpts } = await shownOf({ tasks, logs, sizes: new Map() });
    expect(read).toHaveLength(50);
    expect(excerpts).toHaveLength(50);
    expect(text.at(-1)).toBe("3 more logs, only at https://x/345");
  });

  it("all logs are shown with `logs: all`, and only the ends of fifty are kept", async () => {
    const { text, read, excerpts } = await shownOf({ mode: "all", tasks, logs, sizes: new Map() });
    expect(read).toHaveLength(count);
    expect(excerpts).toHaveLength(50);
    expect(text.at(-1)).toBe("end-group");
  });
});

it("keeps the last twenty lines of a failed task's log, without the lines of the agent", async () => {
  const output = Array.from({ length: 30 }, (_, line) => `line ${line}`);
  const log = ["##[section]Starting: t", ...output, "##[section]Finishing: t"];
  const { excerpts } = await shownOf({ tasks: [failing("t", 1)], logs: { 1: [log] }, sizes: new Map() });
  expect(excerpts).toEqual([
    {
      jobId: "j-A.x.__default",
      taskId: "t-A.x.__default-t",
      task: "t",
      lines: Array.from({ length: 20 }, (_, line) => `line ${line + 10}`),
      lastLine: 31,
      totalLines: 32,
      isWhole: false,
    },
  ]);
});

it("logs the failed tasks without a log", async () => {
  const { text } = await shownOf({ tasks: [failing("t", null), failing("u", null)] });
  expect(text).toEqual(["No log was found for A › x › t and A › x › u."]);
});

it("reads the logs once more if it is unknown which have grown", async () => {
  const logs = { 1: [["first"], ["first", "the reason"]], 2: [["whole"]] };
  const { text, read, excerpts } = await shownOf({ tasks: [failing("t", 1), failing("u", 2)], logs });
  expect(read).toEqual([1, 2, 1, 2]);
  expect(text.filter((line) => line.startsWith(" │"))).toEqual([" │ first", " │ whole", " │ the reason"]);
  expect(excerpts[0]?.lines).toEqual(["first", "the reason"]);
});

it("requests the sizes after the last records while a log is being read, and once", async () => {
  const logs = { 1: [["first"], ["first", "the reason"]] };
  const script = { tasks: [failing("t", 1)], logs, sizes: new Map([[1, 2]]), hasLastRecords: true };
  const { text, calls } = await shownOf(script);
  expect(calls).toEqual(["sizes", "log 1", "log 1"]);
  expect(text.filter((line) => line.startsWith(" │"))).toEqual([" │ first", " │ the reason"]);
});

it("leaves no empty group for a log that cannot be read", async () => {
  const { text } = await shownOf({ mode: "all", tasks: [failing("t", 1)], sizes: new Map() });
  expect(text).toEqual(["The log of A › x › t could not be read: Reading the log was refused."]);
});

it("logs: failed reads a log again after a gateway's page", async () => {
  const gateway = new TransientError("a gateway responded with 403", { fromGateway: true });
  const blocked = new ActionError("unexpected-response", "Reading the log failed.", { cause: gateway });
  const { text, read } = await shownOf({
    tasks: [failing("t", 1)],
    logs: { 1: [["the reason"]] },
    sizes: new Map(),
    failures: [blocked],
  });
  expect(read).toEqual([1, 1]);
  expect(text).toContain(" │ the reason");
});

describe("the end of a run that fails the step", () => {
  const logs = { 1: [["of the task"]], 2: [["of the job"]] };
  const limit = issueOf("The job ran longer than the maximum time of 60 minutes.");
  const hung = (logId: number | null) =>
    task("t", "A.x.__default", { from: 1, to: 9, result: "canceled", logId });
  const partial = task("t", "A.x.__default", { from: 1, to: 5, result: "succeededWithIssues", logId: 1 });

  it.each<readonly [string, Script, readonly string[]]>([
    [
      "shows the log of a task with issues when partiallySucceeded is why",
      { run: { result: "partiallySucceeded" }, job: { result: "succeededWithIssues" }, tasks: [partial] },
      ["⚠ A › x › t"],
    ],
    [
      "shows no log of a task with issues beside a failed one",
      { tasks: [partial, failing("u", 2)] },
      ["✘ A › x › u"],
    ],
    [
      "shows the log of a task that hung in a job that the service ended",
      { job: { result: "canceled", issues: [limit] }, tasks: [hung(1)] },
      ["⊘ A › x › t"],
    ],
    [
      "shows the log of a task whose end was never reported",
      { job: { result: "abandoned", logId: 2 }, tasks: [task("t", "A.x.__default", { from: 1, logId: 1 })] },
      ["■ A › x › t"],
    ],
    ["shows no log of a task that a person canceled", { job: { result: "canceled" }, tasks: [hung(1)] }, []],
    [
      "shows the job's own log for a failed task that has none",
      { job: { result: "failed", logId: 2 }, tasks: [failing("t", null)] },
      ["✘ A › x"],
    ],
    [
      "shows the job's own log where no task failed",
      { job: { result: "failed", logId: 2 }, tasks: [] },
      ["✘ A › x"],
    ],
    [
      "shows it in mode all too",
      { mode: "all", job: { result: "failed", logId: 2 }, tasks: [failing("t", null)] },
      ["✘ A › x"],
    ],
  ])("%s", async (_, script, titles) => {
    const { text } = await shownOf({ logs, sizes: new Map(), ...script });
    const shown = text.filter((line) => line.includes("view=logs"));
    expect(shown.map((line) => line.split(":")[0])).toEqual(titles);
    expect(text.join()).not.toContain("No log was found");
  });

  it("shows nothing more when the step succeeds", async () => {
    const run = { result: "partiallySucceeded" } as const;
    const script = { run, isSuccess: true, logs, sizes: new Map(), tasks: [partial] };
    expect((await shownOf(script)).read).toEqual([]);
  });
});
