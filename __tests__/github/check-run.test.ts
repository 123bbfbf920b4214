import { describe, expect, it } from "vitest";
import { secondaryLimit } from "../../simulator/github/github.ts";
import { createCheckRunReporter } from "../../src/github/check-run.ts";
import type { CommitReport } from "../../src/ports.ts";
import {
  commit,
  createReporterHarness,
  type ReporterHarness,
  runningReport,
  succeededReport,
} from "./reporter-harness.ts";

const checkRunReporter = (
  { reporterDeps }: ReporterHarness,
  more: { isExternalRun?: boolean; name?: string } = {},
) => createCheckRunReporter({ ...reporterDeps, name: "azure", isExternalRun: false, ...more });

const annotated = (count: number): CommitReport["annotations"] =>
  Array.from({ length: count }, (_, n) => ({
    type: "error",
    text: `no ${n}`,
    file: "src/a.ts",
    line: n + 1,
  }));

describe("a check run", () => {
  it("is created in progress, updated, and completed with the run's result", async () => {
    const harness = await createReporterHarness();
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    expect(harness.github.checkRuns[0]).toMatchObject({
      name: "azure",
      head_sha: commit,
      status: "in_progress",
      conclusion: null,
      details_url: runningReport.runUrl,
      external_id: "345",
      started_at: runningReport.startedAt,
      output: { title: "Build is running", summary: "| Stage |\n|---|\n| Build |" },
    });
    harness.clock.advance(30_000);
    await reporter.update({ ...runningReport, title: "Deploy is running" });
    await reporter.close(succeededReport);
    expect(harness.requestLines()).toEqual([
      "POST /check-runs",
      "PATCH /check-runs/1000",
      "PATCH /check-runs/1000",
    ]);
    expect(harness.requestBodies()[1]).toMatchObject({
      status: "in_progress",
      output: { title: "Deploy is running" },
    });
    expect(harness.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "success" }]);
    expect(harness.warnings).toEqual([]);
  });

  it.each<[CommitReport["kind"], string]>([
    ["succeeded", "success"],
    ["failed", "failure"],
    ["canceled", "cancelled"],
    ["timed-out", "timed_out"],
    ["error", "failure"],
  ])("of a run that ended as %s has the conclusion %s", async (kind, conclusion) => {
    const harness = await createReporterHarness();
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    await reporter.close({ ...runningReport, kind });
    expect(harness.github.checkRuns).toMatchObject([{ status: "completed", conclusion }]);
  });

  it("is created with the token and a User-Agent, also on GitHub Enterprise Server", async () => {
    const harness = await createReporterHarness({ basePath: "/api/v3" });
    await checkRunReporter(harness).open(runningReport);
    const [request] = harness.github.requests;
    expect(request?.path).toBe("/api/v3/repos/contoso/web/check-runs");
    expect(request?.headers).toMatchObject({
      authorization: "token ghs_secret",
      "user-agent": expect.stringContaining("run-azure-pipeline"),
    });
  });

  it("is created completed if it was not created before", async () => {
    const harness = await createReporterHarness();
    await checkRunReporter(harness).close(succeededReport);
    expect(harness.requestLines()).toEqual(["POST /check-runs"]);
    expect(harness.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "success" }]);
  });
});

describe("the updates of a check run", () => {
  it("are sent at most every 30 s, through an hour of changes", async () => {
    const harness = await createReporterHarness();
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    for (let poll = 1; poll <= 360; poll += 1) {
      harness.clock.advance(10_000);
      await reporter.update({ ...runningReport, title: `poll ${poll}` });
    }
    await reporter.close(succeededReport);
    expect(harness.github.requests).toHaveLength(1 + 120 + 1);
  });

  it("are not rendered while none is due", async () => {
    const harness = await createReporterHarness();
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    const rendered: number[] = [];
    const changed = { ...runningReport, summary: (limitBytes: number) => `${rendered.push(limitBytes)}` };
    await reporter.update(changed);
    expect(rendered).toEqual([]);
    harness.clock.advance(30_000);
    await reporter.update(changed);
    expect(new Set(rendered)).toEqual(new Set([65_535]));
    await reporter.close(succeededReport);
  });

  it("are not sent if nothing changed", async () => {
    const harness = await createReporterHarness();
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    harness.clock.advance(60_000);
    await reporter.update({ ...runningReport, description: "not shown by a check" });
    await reporter.close(succeededReport);
    expect(harness.github.requests).toHaveLength(2);
  });

  it("are not sent after its completion", async () => {
    const harness = await createReporterHarness();
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    await reporter.close(succeededReport);
    harness.clock.advance(60_000);
    await reporter.update(runningReport);
    await reporter.close({ ...runningReport, kind: "failed" });
    expect(harness.github.checkRuns).toMatchObject([{ conclusion: "success" }]);
    expect(harness.github.requests).toHaveLength(2);
  });
});

describe("a later step that follows the same run", () => {
  it("completes the open check run of that run, among others of the same name", async () => {
    const harness = await createReporterHarness();
    await checkRunReporter(harness).open({ ...runningReport, runId: 344 });
    await checkRunReporter(harness).open(runningReport);
    await checkRunReporter(harness).open({ ...runningReport, runId: 346 });
    const later = checkRunReporter(harness, { isExternalRun: true });
    await later.open(runningReport);
    await later.close(succeededReport);
    expect(harness.requestLines().slice(3)).toEqual([
      `GET /commits/${commit}/check-runs?check_name=azure&filter=all&per_page=100`,
      "PATCH /check-runs/1001",
      "PATCH /check-runs/1001",
    ]);
    expect(harness.github.checkRuns.map(({ status }) => status)).toEqual([
      "in_progress",
      "completed",
      "in_progress",
    ]);
  });

  it("creates another one if the earlier one is completed, of another run or of another name", async () => {
    const harness = await createReporterHarness();
    const first = checkRunReporter(harness);
    await first.open(runningReport);
    await first.close(succeededReport);
    await checkRunReporter(harness).open({ ...runningReport, runId: 34 });
    await checkRunReporter(harness, { name: "other" }).open(runningReport);
    await checkRunReporter(harness, { isExternalRun: true }).open(runningReport);
    expect(harness.github.checkRuns.map(({ status }) => status)).toEqual([
      "completed",
      "in_progress",
      "in_progress",
      "in_progress",
    ]);
  });
});

describe("the annotations of a check run", () => {
  it("are all sent at its completion, fifty per request, each with the conclusion", async () => {
    const harness = await createReporterHarness();
    const reporter = checkRunReporter(harness);
    await reporter.open({ ...runningReport, annotations: annotated(1) });
    await reporter.close({ ...runningReport, kind: "failed", annotations: annotated(120) });
    const sizes = harness
      .requestBodies()
      .map(({ output }) => (output as { annotations?: unknown[] }).annotations?.length);
    expect(sizes).toEqual([undefined, 50, 50, 20]);
    expect(harness.requestBodies().map(({ conclusion }) => conclusion)).toEqual([
      undefined,
      "failure",
      "failure",
      "failure",
    ]);
    expect(harness.github.checkRuns[0]?.annotations.map(({ message }) => message)).toEqual(
      annotated(120).map(({ text }) => text),
    );
  });

  it("are not sent twice if one of several requests fails", async () => {
    const harness = await createReporterHarness();
    harness.github.order({
      on: { method: "PATCH", path: /check-runs/ },
      nth: 2,
      fault: { kind: "html", status: 502 },
    });
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    await reporter.close({ ...runningReport, kind: "failed", annotations: annotated(120) });
    expect(harness.github.checkRuns[0]?.annotations).toHaveLength(120);
    expect(harness.clock.sleeps).toEqual([1_000]);
    expect(harness.warnings).toEqual([]);
  });

  it("are omitted if GitHub rejects one of them, so that the check run is completed", async () => {
    const harness = await createReporterHarness();
    const refused = { status: 422, body: { message: "Validation Failed" } };
    harness.github.order({
      on: { method: "PATCH", path: /./ },
      nth: 1,
      fault: { kind: "status", ...refused },
    });
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    await reporter.close({ ...runningReport, kind: "failed", annotations: annotated(60) });
    expect(harness.github.checkRuns).toMatchObject([{ conclusion: "failure", annotations: [] }]);
    expect(harness.warnings).toEqual([]);
  });
});

describe("a failure to write a check run", () => {
  it("causes one warning that names a missing permission, and no further request", async () => {
    const harness = await createReporterHarness({ denied: ["checks"] });
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    harness.clock.advance(60_000);
    await reporter.update({ ...runningReport, title: "changed" });
    await reporter.close(succeededReport);
    expect(harness.github.requests).toHaveLength(1);
    expect(harness.warnings).toEqual([
      'The check run "azure" could not be written: GitHub answered 403: Resource not accessible by integration. ' +
        "The token needs `permissions: checks: write`, which a pull request from a fork does not get. " +
        "The step continues without it.",
    ]);
  });

  it.each(["ghp_x", "github_pat_x"])("names the personal access token %s as the reason", async (token) => {
    const harness = await createReporterHarness();
    const { reporterDeps } = harness;
    const reporter = checkRunReporter({ ...harness, reporterDeps: { ...reporterDeps, token } });
    await reporter.open(runningReport);
    expect(harness.warnings).toEqual([
      'The check run "azure" could not be written: GitHub answered 403: You must authenticate via a GitHub App. ' +
        "The personal access token in `github-token` cannot do this: remove it, and give the job `permissions: checks: write`. " +
        "The step continues without it.",
    ]);
  });

  it.each<[string, Parameters<typeof createReporterHarness>[0], string, string]>([
    ["a repository that it cannot see", { repository: "contoso/other" }, "404: Not Found", "checks: write"],
    ["an invalid token", { accepts: () => false }, "401: Bad credentials", "Set `github-token` to a valid"],
  ])("causes one warning for %s: %j, %s, %s", async (_, options, words, advice) => {
    const harness = await createReporterHarness(options);
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    await reporter.close(succeededReport);
    expect(harness.warnings).toEqual([expect.stringContaining(words)]);
    expect(harness.warnings[0]).toContain(advice);
    expect(harness.warnings[0]?.includes("permissions")).toBe(advice === "checks: write");
    expect(harness.warnings[0]).not.toContain("ghs_secret");
  });

  it.each(["html", "reset-before", "cut-body", "stall", "garbage"] as const)(
    "causes one warning during an outage of GitHub (%s), and its completion is tried twice",
    async (kind) => {
      const harness = await createReporterHarness();
      harness.github.order({ on: { path: /./ }, fault: kind === "html" ? { kind, status: 503 } : { kind } });
      const reporter = checkRunReporter(harness);
      await reporter.open(runningReport);
      harness.clock.advance(60_000);
      await reporter.update({ ...runningReport, title: "changed" });
      await reporter.close(succeededReport);
      expect(harness.warnings).toHaveLength(1);
      expect(harness.warnings[0]).not.toContain("permissions");
      expect(harness.requestLines().filter((line) => line.startsWith("POST"))).toHaveLength(1);
      expect(harness.github.requests).toHaveLength(4);
    },
  );

  it("causes no warning if a later update succeeds", async () => {
    const harness = await createReporterHarness();
    harness.github.order({
      on: { method: "PATCH", path: /./ },
      nth: 1,
      fault: { kind: "html", status: 502 },
    });
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    harness.clock.advance(30_000);
    await reporter.update({ ...runningReport, title: "changed" });
    await reporter.close(succeededReport);
    expect(harness.warnings).toEqual([]);
    expect(harness.github.checkRuns).toMatchObject([{ conclusion: "success" }]);
  });

  it("never causes a second check run if the response to the first is lost", async () => {
    const harness = await createReporterHarness();
    harness.github.order({ on: { method: "POST", path: /./ }, nth: 1, fault: { kind: "reset-after" } });
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    await reporter.close(succeededReport);
    expect(harness.github.checkRuns).toMatchObject([{ conclusion: "success" }]);
    expect(harness.warnings).toEqual([]);
  });

  it("causes a warning at the start only if there is no later report", async () => {
    for (const reportsStartOnly of [false, true]) {
      const harness = await createReporterHarness();
      harness.github.order({ on: { path: /./ }, fault: { kind: "html", status: 503 } });
      await createCheckRunReporter({
        ...harness.reporterDeps,
        name: "azure",
        isExternalRun: false,
        reportsStartOnly,
      }).open(runningReport);
      const warning = expect.stringMatching(/GitHub answered 503\. The step continues without it\.$/);
      expect(harness.warnings).toEqual(reportsStartOnly ? [warning] : []);
    }
  });

  it("leaves the completion pending if its request was lost, but not if it was refused", async () => {
    const results: boolean[] = [];
    for (const options of [{}, { denied: ["checks"] as const }]) {
      const harness = await createReporterHarness(options);
      harness.github.order({ on: { method: "PATCH", path: /./ }, fault: { kind: "html", status: 503 } });
      const reporter = checkRunReporter(harness);
      await reporter.open(runningReport);
      results.push(await reporter.close(succeededReport));
    }
    expect(results).toEqual([false, true]);
  });

  it("does not lead to a second check run when the completion is repeated", async () => {
    const harness = await createReporterHarness();
    await checkRunReporter(harness).close({ ...runningReport, kind: "failed" });
    const again = createCheckRunReporter({
      ...harness.reporterDeps,
      name: "azure",
      isExternalRun: true,
      isLastAttempt: true,
    });
    expect(await again.close({ ...runningReport, kind: "failed" })).toBe(true);
    expect(harness.github.checkRuns).toMatchObject([{ conclusion: "failure" }]);
  });

  it("by a rate limit stops the updates until it ends, and the completion is tried once", async () => {
    const harness = await createReporterHarness({ budget: 1, now: () => Date.UTC(2026, 10, 22, 10, 50) });
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    const updateAfter = async (ms: number) => {
      harness.clock.advance(ms);
      await reporter.update({ ...runningReport, title: `${harness.clock.now()}` });
    };
    await updateAfter(30_000);
    await expect.poll(() => harness.github.requests.length).toBe(2);
    await updateAfter(60_000);
    await reporter.close(succeededReport);
    expect(harness.github.requests).toHaveLength(3);
    expect(harness.warnings).toEqual([expect.stringContaining("rate limit")]);
    expect(harness.warnings[0]).not.toContain("permissions");
    expect(harness.clock.sleeps).toEqual([]);
  });

  it("by a short rate limit delays the completion", async () => {
    const harness = await createReporterHarness();
    harness.github.order({ on: { method: "PATCH", path: /./ }, nth: 1, fault: secondaryLimit(3) });
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    await reporter.close(succeededReport);
    expect(harness.clock.sleeps).toEqual([3_000]);
    expect(harness.github.checkRuns).toMatchObject([{ conclusion: "success" }]);
  });

  it("by a redirect does not send the token to its target", async () => {
    const harness = await createReporterHarness();
    const elsewhere = { location: `${harness.github.url}/elsewhere` };
    harness.github.order({
      on: { path: /check-runs/ },
      fault: { kind: "status", status: 307, headers: elsewhere },
    });
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    expect(harness.requestLines()).toEqual(["POST /check-runs"]);
    expect(await reporter.close(succeededReport)).toBe(false);
    expect(harness.warnings).toEqual([expect.stringContaining("redirect (307)")]);
  });

  it("ends as soon as the signal is aborted", async () => {
    const harness = await createReporterHarness();
    harness.github.order({ on: { method: "PATCH", path: /./ }, fault: { kind: "stall" } });
    const reporter = checkRunReporter(harness);
    await reporter.open(runningReport);
    const jobEnd = new AbortController();
    const end = reporter.close({ ...runningReport, kind: "canceled" }, jobEnd.signal);
    jobEnd.abort(new Error("the job is ending"));
    await end;
    expect(harness.warnings).toEqual([
      expect.stringContaining("the job was cancelled in the meantime. The post step"),
    ]);
    expect(harness.clock.sleeps).toEqual([]);
  });

  it("without a token causes one warning", async () => {
    const harness = await createReporterHarness();
    const reporter = createCheckRunReporter({
      ...harness.reporterDeps,
      token: "",
      name: "azure",
      isExternalRun: false,
    });
    await reporter.open(runningReport);
    await reporter.close(succeededReport);
    expect(harness.warnings).toEqual([
      'The check run "azure" could not be written: the input `github-token` is blank. Set `github-token` to a valid token, or remove it to use the job\'s own. The step continues without it.',
    ]);
    expect(harness.github.requests).toEqual([]);
  });
});

describe("the texts of a check run", () => {
  it("fit GitHub's limits, whatever they contain", async () => {
    const harness = await createReporterHarness();
    const reporter = checkRunReporter(harness);
    const message = `\u001b[31m${"é".repeat(50_000)}\ud800`;
    await reporter.close({
      ...runningReport,
      kind: "failed",
      title: `\u001b[1m\u202EA\u001b[0m\n${"🐛".repeat(300)}`,
      summary: () => `${"- ünïcode 🐛\n".repeat(6_000)}\ud83d`,
      annotations: [
        { type: "warning", text: message, title: "t".repeat(300), file: ".\\src\\a.ts", line: 3, column: 7 },
        { type: "notice", text: " ", file: "README.md", line: 0 },
        { type: "error", text: "spaced", file: "/home/vsts/work/1/s/two  spaces.ts" },
        { type: "error", text: "nowhere" },
        { type: "error", text: "elsewhere", file: "/home/vsts/a.ts" },
        { type: "error", text: "elsewhere", file: "D:\\a.ts" },
        { type: "error", text: "elsewhere", file: "../a.ts" },
      ],
    });
    expect(harness.warnings).toEqual([]);
    const [body] = harness.requestBodies() as [{ output: { title: string; summary: string } }];
    expect(body.output.title).toMatch(/^A (🐛)+…$/u);
    expect(body.output.summary).toMatch(/\n- ünïcode 🐛\n\n…$/u);
    expect(harness.github.checkRuns[0]?.annotations).toMatchObject([
      {
        path: "src/a.ts",
        start_line: 3,
        end_line: 3,
        start_column: 7,
        end_column: 7,
        annotation_level: "warning",
      },
      { path: "README.md", start_line: 1, message: "README.md", annotation_level: "notice" },
      { path: "two  spaces.ts", message: "spaced" },
    ]);
  });

  it("are never blank", async () => {
    const harness = await createReporterHarness();
    await checkRunReporter(harness).open({ ...runningReport, title: "", summary: () => "" });
    expect(harness.github.checkRuns[0]?.output).toMatchObject({ title: "Run 345", summary: "Run 345" });
  });
});

it("a check run is not written if a newer run has reported under the same name", async () => {
  const harness = await createReporterHarness();
  await checkRunReporter(harness).close({ ...succeededReport, runId: 346 });
  const older = checkRunReporter(harness, { isExternalRun: true });
  await older.open(runningReport);
  await older.close({ ...succeededReport, kind: "failed" });
  expect(harness.github.checkRuns).toMatchObject([{ external_id: "346", conclusion: "success" }]);
  expect(harness.warnings).toEqual([
    'The check run "azure" was not written: the newer run 346 has reported on this commit under the same name.',
  ]);
});
