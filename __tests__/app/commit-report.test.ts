import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import {
  createCommitReports,
  type PendingReport,
  restorePendingReport,
  savePendingReport,
} from "../../src/app/commit-report.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { createCommitReporters } from "../../src/github/commit-reporters.ts";
import type { CommitReport, CommitReporter, HttpRequest, Transport } from "../../src/ports.ts";
import { failingRun, phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const what = { pipelineName: "ci", source: runOf().source, requestedBy: null };

const started = { id: 345, name: "20261122.3", url: runOf().url, ...what, raw: null, isExternal: false };

const nothing = () => undefined;

const unkept = { onClosed: nothing, onPending: nothing };

function sightAt(seconds: number) {
  const run = runOf({ status: "inProgress", result: null, finishedAt: null });
  const records = recordsOf(
    stage("Build", { from: 14 }),
    phaseWithJob("Build.Compile", { from: 14, name: `Compile ${seconds}` }),
  );
  return { run, tree: buildRunTree(records), document: {} as never, at: 0 };
}

const endOf = (kind: "succeeded" | "running") => ({
  run: runOf(),
  tree: buildRunTree(failingRun()),
  verdict: { kind, text: kind },
  project: "web",
  pipeline: "ci",
  causes: [],
  excerpts: [],
});

/** A GitHub that says yes at once, and the seconds in which it was asked. */
function yes(clock: { now(): number }) {
  const times: number[] = [];
  const ask = async (_: HttpRequest) => {
    times.push(clock.now() / 1_000);
    return { status: 201, headers: { "content-type": "application/json" }, body: '{"id": 1}' };
  };
  return { times, transport: { send: ask } as unknown as Transport };
}

it("asks GitHub at most once in 30 s through an hour of news, besides the first and the last words", async () => {
  const clock = createFakeClock();
  const { times, transport } = yes(clock);
  const access = { token: "ghs_x", apiUrl: "https://ghe.example/api/v3", transport, warn: nothing };
  const wanted = { checkRun: "azure", commitStatus: "azure/ci", checkCommit: undefined };
  const trigger = { sha: "a".repeat(40) } as never;
  const posts = createCommitReporters(wanted, {
    ...access,
    repository: "octo/shop",
    clock,
    isExternalRun: false,
    readSource: undefined,
    trigger,
  });
  const signs = createCommitReports(posts, "web", unkept);
  await signs.open(started);
  for (let look = 1; look <= 360; look += 1) {
    clock.advance(10_000);
    signs.update(sightAt(clock.now() / 1_000));
    await setImmediate();
  }
  await signs.close(endOf("succeeded"));
  expect(times.slice(0, 2)).toEqual([0, 0]);
  // The check run, the question whether a newer run has reported, the status.
  expect(times.slice(-3)).toEqual([3_600, 3_600, 3_600]);
  const updates = times.slice(1, -3);
  const pauses = updates.slice(1).map((at, index) => at - (updates[index] ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(30);
  expect(updates.length).toBeGreaterThan(100);
});

/** Remembers what it is told. */
function recorder() {
  const told: [string, CommitReport][] = [];
  const post: CommitReporter = {
    open: async (report) => void told.push(["begin", report]),
    update: async (report) => void told.push(["update", report]),
    close: async (report, signal) => {
      told.push(["end", report]);
      return signal?.aborted !== true;
    },
  };
  return { told, post };
}

it("says of a run what it is doing, and at the end how it ended, within a limit", async () => {
  const { told, post } = recorder();
  const signs = createCommitReports([post], "web", unkept);
  await signs.open(started);
  signs.update(sightAt(7));
  await signs.close(endOf("succeeded"));
  expect(told.map(([moment, { kind, title }]) => [moment, kind, title])).toEqual([
    ["begin", "running", "20261122.3 is started"],
    ["update", "running", "running Compile 7"],
    ["end", "succeeded", expect.stringMatching(/^20261122\.3 succeeded: waited 14 s/)],
  ]);
  expect(Buffer.byteLength(told[2]?.[1].summary(5_000) ?? "")).toBeLessThanOrEqual(5_000);
});

it("leaves a run that is left alone open, and closes one that no look has shown", async () => {
  const { told, post } = recorder();
  const ended: string[] = [];
  const left = createCommitReports([post], "web", { ...unkept, onClosed: () => ended.push("left") });
  await left.open({ ...started, isExternal: true });
  const going = { ...sightAt(1), ...endOf("running"), run: sightAt(1).run };
  await left.close(going);
  const unseen = createCommitReports([post], "web", { ...unkept, onClosed: () => ended.push("unseen") });
  await unseen.open(started);
  await unseen.closeUnpolled({ kind: "timed-out", text: "timed out after 1 h" });
  expect(told.map(([moment, { kind, title, runId }]) => [moment, kind, title, runId])).toEqual([
    ["begin", "running", "20261122.3 is followed", 345],
    ["end", "running", "20261122.3: running. Still under way.", 345],
    ["begin", "running", "20261122.3 is started", 345],
    ["end", "timed-out", "20261122.3: timed out after 1 h.", 345],
  ]);
  expect(ended).toEqual(["left", "unseen"]);
});

it("keeps for the post step, before it is said, a last word, and then who has not heard it", async () => {
  const { told, post } = recorder();
  const deaf: CommitReporter = { ...post, close: async () => false };
  const kept: (readonly number[] | string)[] = [];
  const signs = createCommitReports([post, deaf], "web", {
    onClosed: () => kept.push("ended"),
    onPending: ({ reporters, report }) => {
      kept.push(reporters);
      expect(report).toMatchObject({ kind: "canceled", title: "20261122.3: cut off.", annotations: [] });
      expect(told).toHaveLength(reporters.length === 2 ? 2 : 3);
    },
  });
  await signs.open(started);
  await signs.closeUnpolled({ kind: "canceled", text: "cut off" });
  expect([kept, signs.hasPending()]).toEqual([[[0, 1], [1]], true]);
});

it("keeps a short summary, since a step's state travels in the environment", async () => {
  const { post } = recorder();
  const state: string[] = [];
  const runner = {
    redactRendered: (text: string) => text,
    saveState: (_: string, value: string) => void state.push(value),
  };
  const onPending = (owed: PendingReport) => savePendingReport(runner, owed);
  const signs = createCommitReports([post], "web", { ...unkept, onPending });
  await signs.open(started);
  const jobs = Array.from({ length: 200 }, (_, index) =>
    phaseWithJob(`Build.Job${index}`, { from: 1, to: 99 }),
  );
  const tree = buildRunTree(recordsOf(stage("Build", { from: 1, to: 99 }), ...jobs));
  await signs.close({ ...endOf("succeeded"), tree });
  const [summary] = state.map(
    (text) => restorePendingReport({ getState: () => text })?.report.summary(65_535) ?? "",
  );
  expect(summary).toMatch(/^.{100}/s);
  expect(Buffer.byteLength(summary ?? "")).toBeLessThanOrEqual(4_000);
});
