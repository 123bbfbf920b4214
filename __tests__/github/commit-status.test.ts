import { expect, it } from "vitest";
import { createCheckRunReporter } from "../../src/github/check-run.ts";
import { createCommitStatusReporter } from "../../src/github/commit-status.ts";
import { createUpdateLimiter } from "../../src/github/report-queue.ts";
import type { CommitReport } from "../../src/ports.ts";
import { commit, createReporterHarness, runningReport, succeededReport } from "./reporter-harness.ts";

it("a commit status is written from the start of the run to its end", async () => {
  const { github, clock, reporterDeps, requestLines, warnings } = await createReporterHarness();
  const reporter = createCommitStatusReporter({ ...reporterDeps, name: "azure/deploy" });
  await reporter.open(runningReport);
  clock.advance(30_000);
  await reporter.update({ ...runningReport, title: "not shown by a status", summary: () => "nor this" });
  await reporter.update({ ...runningReport, description: "Deploy is running" });
  await reporter.close(succeededReport);
  expect(requestLines()).toEqual([
    `POST /statuses/${commit}`,
    `POST /statuses/${commit}`,
    `GET /commits/${commit}/statuses?per_page=100`,
    `POST /statuses/${commit}`,
  ]);
  const target_url = runningReport.runUrl;
  expect(github.statuses).toMatchObject([
    { state: "pending", context: "azure/deploy", description: "Build is running", target_url },
    { state: "pending", context: "azure/deploy", description: "Deploy is running", target_url },
    { state: "success", context: "azure/deploy", description: "Succeeded", target_url },
  ]);
  expect(warnings).toEqual([]);
});

it.each<[CommitReport["kind"], string]>([
  ["succeeded", "success"],
  ["failed", "failure"],
  ["canceled", "failure"],
  ["timed-out", "failure"],
  ["error", "error"],
])("a commit status of a run that ended as %s has the state %s", async (kind, state) => {
  const { github, reporterDeps } = await createReporterHarness();
  await createCommitStatusReporter({ ...reporterDeps, name: "azure" }).close({ ...runningReport, kind });
  expect(github.statuses).toMatchObject([{ state }]);
});

it.each<[string, string]>([
  ["🐛 fix\nthe\u001b[31m bug ⚙️", "fix the bug ⚙️"],
  ["ü".repeat(141), `${"ü".repeat(139)}…`],
  ["🐛", ""],
])("a commit status with the description %j is written with %j", async (description, expected) => {
  const { github, reporterDeps, warnings } = await createReporterHarness();
  await createCommitStatusReporter({ ...reporterDeps, name: "azure" }).open({
    ...runningReport,
    description,
  });
  expect(warnings).toEqual([]);
  expect(github.statuses).toMatchObject([{ description: expected }]);
});

it("a commit status causes one warning that names a missing permission", async () => {
  const { reporterDeps, warnings, github } = await createReporterHarness({ denied: ["statuses"] });
  const reporter = createCommitStatusReporter({ ...reporterDeps, name: "azure" });
  await reporter.open(runningReport);
  await reporter.close(succeededReport);
  expect(warnings).toEqual([
    expect.stringMatching(/^The commit status "azure" .*`permissions: statuses: write`/),
  ]);
  expect(github.requests).toHaveLength(1);
});

it("a commit status is written again at the end if GitHub responded with 500", async () => {
  const { github, reporterDeps, warnings } = await createReporterHarness();
  github.order({ on: { path: /statuses/ }, nth: 2, fault: { kind: "html", status: 500 } });
  const reporter = createCommitStatusReporter({ ...reporterDeps, name: "azure" });
  await reporter.open(runningReport);
  await reporter.close(succeededReport);
  expect(github.statuses.map(({ state }) => state)).toEqual(["pending", "success"]);
  expect(warnings).toEqual([]);
});

it("a commit status and a check run together send one update in 30 s", async () => {
  const { clock, reporterDeps, requestLines } = await createReporterHarness();
  const shared = { ...reporterDeps, limiter: createUpdateLimiter(clock) };
  const reporters = [
    createCheckRunReporter({ ...shared, name: "azure", isExternalRun: false }),
    createCommitStatusReporter({ ...shared, name: "azure" }),
  ];
  for (const reporter of reporters) await reporter.open(runningReport);
  for (let poll = 1; poll <= 18; poll += 1) {
    clock.advance(10_000);
    const changed = { ...runningReport, title: `${poll}`, description: `${poll}` };
    for (const reporter of reporters) await reporter.update(changed);
  }
  for (const reporter of reporters) await reporter.close(succeededReport);
  const updates = requestLines().slice(2, -3);
  expect(updates.filter((one) => one.startsWith("PATCH"))).toHaveLength(3);
  expect(updates.filter((one) => one.startsWith("POST"))).toHaveLength(3);
});

it.each([true, false])(
  "a commit status of a newer run is not replaced (external run: %s)",
  async (isExternalRun) => {
    const { github, reporterDeps, warnings } = await createReporterHarness();
    const older = createCommitStatusReporter({ ...reporterDeps, name: "azure", isExternalRun });
    const newer = createCommitStatusReporter({ ...reporterDeps, name: "azure" });
    const newerReport = {
      ...succeededReport,
      runId: 346,
      runUrl: runningReport.runUrl.replace("345", "346"),
    };
    if (!isExternalRun) await older.open(runningReport);
    await newer.close(newerReport);
    if (isExternalRun) await older.open(runningReport);
    await older.close({ ...succeededReport, kind: "failed" });
    expect(github.statuses.at(-1)).toMatchObject({ state: "success", target_url: newerReport.runUrl });
    expect(warnings).toEqual([
      'The commit status "azure" was not written: the newer run 346 has reported on this commit under the same name.',
    ]);
  },
);
