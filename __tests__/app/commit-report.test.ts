import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import {
  createCommitReports,
  type PendingReport,
  restorePendingReport,
  savePendingReport,
} from "../../src/app/commit-report.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { createCommitReporters } from "../../src/github/commit-reporters.ts";
import type { CommitReport, CommitReporter, HttpRequest, Transport } from "../../src/ports.ts";
import { failingRun, phaseWithJob, recordsOf, runOf, stage, testsOf } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const common = { pipelineName: "ci", source: runOf().source, requestedBy: null };

const started = { id: 345, name: "20261122.3", url: runOf().url, ...common, raw: null, isExternal: false };

const nothing = () => undefined;

/** A push of the commit that `runOf` builds. */
const trigger = async () => ({
  event: "push",
  repository: "contoso/web",
  serverUrl: "https://github.com",
  ref: "refs/heads/main",
  sha: runOf().source.commit ?? "",
});

const web = { project: "web", trigger };

const noCallbacks = { onClosed: nothing, onPending: nothing };

function snapshotAt(seconds: number) {
  const run = runOf({ status: "inProgress", result: null, finishedAt: null });
  const records = recordsOf(
    stage("Build", { from: 14 }),
    phaseWithJob("Build.Compile", { from: 14, name: `Compile ${seconds}` }),
  );
  return { run, tree: buildRunTree(records), document: documentOf(run, buildRunTree(records), null), at: 0 };
}

const finalReport = (kind: "succeeded" | "running") => ({
  run: runOf(),
  tree: buildRunTree(failingRun()),
  verdict: { kind, text: kind },
  project: "web",
  pipeline: "ci",
  causes: [],
  excerpts: [],
});

/** A transport to a GitHub that accepts every request, and the seconds of the requests. */
function acceptingGitHub(clock: { now(): number }) {
  const times: number[] = [];
  const send = async (_: HttpRequest) => {
    times.push(clock.now() / 1_000);
    return { status: 201, headers: { "content-type": "application/json" }, body: '{"id": 1}' };
  };
  const stream = () => Promise.reject(new Error("the reporters do not stream"));
  return { times, transport: { send, stream } satisfies Transport };
}

it("commit reports send an update at most every 30 s through an hour of changes", async () => {
  const clock = createFakeClock();
  const { times, transport } = acceptingGitHub(clock);
  const access = { token: "ghs_x", apiUrl: "https://ghe.example/api/v3", transport, warn: nothing };
  const inputs = { checkRun: "azure", commitStatus: "azure/ci", checkCommit: undefined };
  const reporters = createCommitReporters(inputs, {
    ...access,
    repository: "octo/shop",
    clock,
    isExternalRun: false,
    readSource: undefined,
    trigger: await trigger(),
  });
  const commitReports = createCommitReports(reporters, web, noCallbacks);
  await commitReports.open(started);
  for (let poll = 1; poll <= 360; poll += 1) {
    clock.advance(10_000);
    commitReports.update(snapshotAt(clock.now() / 1_000));
    await setImmediate();
  }
  await commitReports.close(finalReport("succeeded"));
  expect(times.slice(0, 2)).toEqual([0, 0]);
  // The check run, the search for a newer run's report, the status.
  expect(times.slice(-3)).toEqual([3_600, 3_600, 3_600]);
  const updates = times.slice(1, -3);
  const pauses = updates.slice(1).map((at, index) => at - (updates[index] ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(30);
  expect(updates.length).toBeGreaterThan(100);
});

/** A reporter that records its reports. */
function recordingReporter() {
  const reports: [string, CommitReport][] = [];
  const reporter: CommitReporter = {
    open: async (report) => void reports.push(["open", report]),
    update: async (report) => void reports.push(["update", report]),
    close: async (report, signal) => {
      reports.push(["close", report]);
      return signal?.aborted !== true;
    },
  };
  return { reports, reporter };
}

it("commit reports show the run's activity, and at the end its result, within the limit", async () => {
  const { reports, reporter } = recordingReporter();
  const commitReports = createCommitReports([reporter], web, noCallbacks);
  await commitReports.open(started);
  commitReports.update(snapshotAt(7));
  await commitReports.close(finalReport("succeeded"));
  expect(reports.map(([call, { kind, title }]) => [call, kind, title])).toEqual([
    ["open", "running", "20261122.3 is started"],
    ["update", "running", "running Compile 7"],
    ["close", "succeeded", expect.stringMatching(/^20261122\.3 succeeded: waited 14 s/)],
  ]);
  expect(Buffer.byteLength(reports[2]?.[1].summary(5_000) ?? "")).toBeLessThanOrEqual(5_000);
});

it("commit reports annotate failed tests at the line of their frame, unless the run builds another repository", async () => {
  const location = { file: "/home/vsts/work/1/s/src/health.test.ts", line: 12 };
  const java = { file: "HealthTest.java", line: 3 };
  const tests = testsOf({
    failures: [
      { name: "Health", message: "expected 200\nbut was 503", location },
      { name: "Java", message: "no", location: java },
    ],
  });
  const ownRun = runOf({ result: "failed" });
  const otherSource = { source: { ref: "refs/heads/main", commit: "b".repeat(40) } };
  const repository = { kind: "github", fullName: "contoso/infra", host: undefined } as const;
  const annotations = [];
  for (const run of [ownRun, { ...ownRun, ...otherSource, repository }]) {
    const { reports, reporter } = recordingReporter();
    const verdict = { kind: "failed", text: "failed" } as const;
    await createCommitReports([reporter], web, noCallbacks).close({
      ...finalReport("succeeded"),
      verdict,
      run,
      tests,
    });
    annotations.push(reports[0]?.[1].annotations.filter(({ title }) => title === "Failed test"));
  }
  const title = "Failed test";
  const text = "Health (src/health.test.ts:12): expected 200\nbut was 503";
  expect(annotations).toEqual([
    [
      { type: "error", title, text, file: "src/health.test.ts", line: 12 },
      { type: "error", title, text: "Java (HealthTest.java:3): no" },
    ],
    [],
  ]);
});

it("commit reports stay open for a run that keeps running, and are closed for one that was never polled", async () => {
  const { reports, reporter } = recordingReporter();
  const closed: string[] = [];
  const left = createCommitReports([reporter], web, {
    ...noCallbacks,
    onClosed: () => closed.push("left"),
  });
  await left.open({ ...started, isExternal: true });
  const inProgress = { ...snapshotAt(1), ...finalReport("running"), run: snapshotAt(1).run };
  await left.close(inProgress);
  const unpolled = createCommitReports([reporter], web, {
    ...noCallbacks,
    onClosed: () => closed.push("unpolled"),
  });
  await unpolled.open(started);
  await unpolled.closeUnpolled({ kind: "timed-out", text: "timed out after 1 h" });
  expect(reports.map(([call, { kind, title, runId }]) => [call, kind, title, runId])).toEqual([
    ["open", "running", "20261122.3 is followed", 345],
    ["close", "running", "20261122.3: running. Still in progress.", 345],
    ["open", "running", "20261122.3 is started", 345],
    ["close", "timed-out", "20261122.3: timed out after 1 h.", 345],
  ]);
  expect(closed).toEqual(["left", "unpolled"]);
});

it("commit reports store the final report before they send it, and then the reporters that could not send it", async () => {
  const { reports, reporter } = recordingReporter();
  const failing: CommitReporter = { ...reporter, close: async () => false };
  const stored: (readonly number[] | string)[] = [];
  const commitReports = createCommitReports([reporter, failing], web, {
    onClosed: () => stored.push("closed"),
    onPending: ({ reporters, report }) => {
      stored.push(reporters);
      expect(report).toMatchObject({ kind: "canceled", title: "20261122.3: cut off.", annotations: [] });
      expect(reports).toHaveLength(reporters.length === 2 ? 2 : 3);
    },
  });
  await commitReports.open(started);
  await commitReports.closeUnpolled({ kind: "canceled", text: "cut off" });
  expect([stored, commitReports.hasPending()]).toEqual([[[0, 1], [1]], true]);
});

it("commit reports store a summary of at most 4,000 bytes, since a step's state is passed in the environment", async () => {
  const { reporter } = recordingReporter();
  const state: string[] = [];
  const runner = {
    redactRendered: (text: string) => text,
    saveState: (_: string, value: string) => void state.push(value),
  };
  const onPending = (pending: PendingReport) => savePendingReport(runner, pending);
  const commitReports = createCommitReports([reporter], web, { ...noCallbacks, onPending });
  await commitReports.open(started);
  const jobs = Array.from({ length: 200 }, (_, index) =>
    phaseWithJob(`Build.Job${index}`, { from: 1, to: 99 }),
  );
  const tree = buildRunTree(recordsOf(stage("Build", { from: 1, to: 99 }), ...jobs));
  await commitReports.close({ ...finalReport("succeeded"), tree });
  const [summary] = state.map(
    (text) => restorePendingReport({ getState: () => text })?.report.summary(65_535) ?? "",
  );
  expect(summary).toMatch(/^.{100}/s);
  expect(Buffer.byteLength(summary ?? "")).toBeLessThanOrEqual(4_000);
});
