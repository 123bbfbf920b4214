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

const check = ({ reporterDeps }: ReporterHarness, more: { isExternalRun?: boolean; name?: string } = {}) =>
  createCheckRunReporter({ ...reporterDeps, name: "azure", isExternalRun: false, ...more });

const annotated = (count: number): CommitReport["annotations"] =>
  Array.from({ length: count }, (_, n) => ({
    type: "error",
    text: `no ${n}`,
    file: "src/a.ts",
    line: n + 1,
  }));

describe("the life of a check run", () => {
  it("is open from the start, follows the run, and ends as it ended", async () => {
    const scene = await createReporterHarness();
    const sign = check(scene);
    await sign.open(runningReport);
    expect(scene.github.checkRuns[0]).toMatchObject({
      name: "azure",
      head_sha: commit,
      status: "in_progress",
      conclusion: null,
      details_url: runningReport.runUrl,
      external_id: "345",
      started_at: runningReport.startedAt,
      output: { title: "Build is running", summary: "| Stage |\n|---|\n| Build |" },
    });
    scene.clock.advance(30_000);
    await sign.update({ ...runningReport, title: "Deploy is running" });
    await sign.close(succeededReport);
    expect(scene.requestLines()).toEqual([
      "POST /check-runs",
      "PATCH /check-runs/1000",
      "PATCH /check-runs/1000",
    ]);
    expect(scene.requestBodies()[1]).toMatchObject({
      status: "in_progress",
      output: { title: "Deploy is running" },
    });
    expect(scene.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "success" }]);
    expect(scene.warnings).toEqual([]);
  });

  it.each<[CommitReport["kind"], string]>([
    ["succeeded", "success"],
    ["failed", "failure"],
    ["canceled", "cancelled"],
    ["timed-out", "timed_out"],
    ["error", "failure"],
  ])("ends after %s as %s", async (kind, conclusion) => {
    const scene = await createReporterHarness();
    const sign = check(scene);
    await sign.open(runningReport);
    await sign.close({ ...runningReport, kind });
    expect(scene.github.checkRuns).toMatchObject([{ status: "completed", conclusion }]);
  });

  it("signs with the token, names itself, and finds GitHub Enterprise Server", async () => {
    const scene = await createReporterHarness({ basePath: "/api/v3" });
    await check(scene).open(runningReport);
    const [request] = scene.github.requests;
    expect(request?.path).toBe("/api/v3/repos/contoso/web/check-runs");
    expect(request?.headers).toMatchObject({
      authorization: "token ghs_secret",
      "user-agent": expect.stringContaining("run-azure-pipeline"),
    });
  });

  it("is written by its end where it never began", async () => {
    const scene = await createReporterHarness();
    await check(scene).close(succeededReport);
    expect(scene.requestLines()).toEqual(["POST /check-runs"]);
    expect(scene.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "success" }]);
  });
});

describe("its pace", () => {
  it("is one update in 30 s at most, in an hour of news", async () => {
    const scene = await createReporterHarness();
    const sign = check(scene);
    await sign.open(runningReport);
    for (let look = 1; look <= 360; look += 1) {
      scene.clock.advance(10_000);
      await sign.update({ ...runningReport, title: `look ${look}` });
    }
    await sign.close(succeededReport);
    expect(scene.github.requests).toHaveLength(1 + 120 + 1);
  });

  it("costs nothing while none is due", async () => {
    const scene = await createReporterHarness();
    const sign = check(scene);
    await sign.open(runningReport);
    const rendered: number[] = [];
    const news = { ...runningReport, summary: (limitBytes: number) => `${rendered.push(limitBytes)}` };
    await sign.update(news);
    expect(rendered).toEqual([]);
    scene.clock.advance(30_000);
    await sign.update(news);
    expect(new Set(rendered)).toEqual(new Set([65_535]));
    await sign.close(succeededReport);
  });

  it("is none where nothing changed", async () => {
    const scene = await createReporterHarness();
    const sign = check(scene);
    await sign.open(runningReport);
    scene.clock.advance(60_000);
    await sign.update({ ...runningReport, description: "not shown by a check" });
    await sign.close(succeededReport);
    expect(scene.github.requests).toHaveLength(2);
  });

  it("says nothing after its end", async () => {
    const scene = await createReporterHarness();
    const sign = check(scene);
    await sign.open(runningReport);
    await sign.close(succeededReport);
    scene.clock.advance(60_000);
    await sign.update(runningReport);
    await sign.close({ ...runningReport, kind: "failed" });
    expect(scene.github.checkRuns).toMatchObject([{ conclusion: "success" }]);
    expect(scene.github.requests).toHaveLength(2);
  });
});

describe("a later step that follows the same run", () => {
  it("closes the check run that was left open, among many of the same name", async () => {
    const scene = await createReporterHarness();
    await check(scene).open({ ...runningReport, runId: 344 });
    await check(scene).open(runningReport);
    await check(scene).open({ ...runningReport, runId: 346 });
    const later = check(scene, { isExternalRun: true });
    await later.open(runningReport);
    await later.close(succeededReport);
    expect(scene.requestLines().slice(3)).toEqual([
      `GET /commits/${commit}/check-runs?check_name=azure&filter=all&per_page=100`,
      "PATCH /check-runs/1001",
      "PATCH /check-runs/1001",
    ]);
    expect(scene.github.checkRuns.map(({ status }) => status)).toEqual([
      "in_progress",
      "completed",
      "in_progress",
    ]);
  });

  it("opens another where the earlier one is closed, of another run or of another name", async () => {
    const scene = await createReporterHarness();
    const first = check(scene);
    await first.open(runningReport);
    await first.close(succeededReport);
    await check(scene).open({ ...runningReport, runId: 34 });
    await check(scene, { name: "other" }).open(runningReport);
    await check(scene, { isExternalRun: true }).open(runningReport);
    expect(scene.github.checkRuns.map(({ status }) => status)).toEqual([
      "completed",
      "in_progress",
      "in_progress",
      "in_progress",
    ]);
  });
});

describe("annotations", () => {
  it("travel fifty a request, all of them, at the end, each with the verdict", async () => {
    const scene = await createReporterHarness();
    const sign = check(scene);
    await sign.open({ ...runningReport, annotations: annotated(1) });
    await sign.close({ ...runningReport, kind: "failed", annotations: annotated(120) });
    const sizes = scene
      .requestBodies()
      .map(({ output }) => (output as { annotations?: unknown[] }).annotations?.length);
    expect(sizes).toEqual([undefined, 50, 50, 20]);
    expect(scene.requestBodies().map(({ conclusion }) => conclusion)).toEqual([
      undefined,
      "failure",
      "failure",
      "failure",
    ]);
    expect(scene.github.checkRuns[0]?.annotations.map(({ message }) => message)).toEqual(
      annotated(120).map(({ text }) => text),
    );
  });

  it("are not written twice when one request of several fails", async () => {
    const scene = await createReporterHarness();
    scene.github.order({
      on: { method: "PATCH", path: /check-runs/ },
      nth: 2,
      fault: { kind: "html", status: 502 },
    });
    const sign = check(scene);
    await sign.open(runningReport);
    await sign.close({ ...runningReport, kind: "failed", annotations: annotated(120) });
    expect(scene.github.checkRuns[0]?.annotations).toHaveLength(120);
    expect(scene.clock.sleeps).toEqual([1_000]);
    expect(scene.warnings).toEqual([]);
  });

  it("give way to the verdict when GitHub refuses one of them", async () => {
    const scene = await createReporterHarness();
    const refused = { status: 422, body: { message: "Validation Failed" } };
    scene.github.order({ on: { method: "PATCH", path: /./ }, nth: 1, fault: { kind: "status", ...refused } });
    const sign = check(scene);
    await sign.open(runningReport);
    await sign.close({ ...runningReport, kind: "failed", annotations: annotated(60) });
    expect(scene.github.checkRuns).toMatchObject([{ conclusion: "failure", annotations: [] }]);
    expect(scene.warnings).toEqual([]);
  });
});

describe("trouble", () => {
  it("is one warning without permission, which it names, and no further request", async () => {
    const scene = await createReporterHarness({ denied: ["checks"] });
    const sign = check(scene);
    await sign.open(runningReport);
    scene.clock.advance(60_000);
    await sign.update({ ...runningReport, title: "news" });
    await sign.close(succeededReport);
    expect(scene.github.requests).toHaveLength(1);
    expect(scene.warnings).toEqual([
      'The check run "azure" could not be written: GitHub answered 403: Resource not accessible by integration. ' +
        "The token needs `permissions: checks: write`, which a pull request from a fork does not get. " +
        "The step goes on without it.",
    ]);
  });

  it.each<[string, Parameters<typeof createReporterHarness>[0], string, string]>([
    ["a repository that it may not see", { repository: "contoso/other" }, "404: Not Found", "checks: write"],
    ["a token that is no good", { accepts: () => false }, "401: Bad credentials", "Give `github-token` a"],
  ])("is one warning for %s", async (_, options, words, advice) => {
    const scene = await createReporterHarness(options);
    const sign = check(scene);
    await sign.open(runningReport);
    await sign.close(succeededReport);
    expect(scene.warnings).toEqual([expect.stringContaining(words)]);
    expect(scene.warnings[0]).toContain(advice);
    expect(scene.warnings[0]?.includes("permissions")).toBe(advice === "checks: write");
    expect(scene.warnings[0]).not.toContain("ghs_secret");
  });

  it.each(["html", "reset-before", "cut-body", "stall", "garbage"] as const)(
    "is one warning while GitHub is down (%s), and the last word is said twice",
    async (kind) => {
      const scene = await createReporterHarness();
      scene.github.order({ on: { path: /./ }, fault: kind === "html" ? { kind, status: 503 } : { kind } });
      const sign = check(scene);
      await sign.open(runningReport);
      scene.clock.advance(60_000);
      await sign.update({ ...runningReport, title: "news" });
      await sign.close(succeededReport);
      expect(scene.warnings).toHaveLength(1);
      expect(scene.warnings[0]).not.toContain("permissions");
      expect(scene.requestLines().filter((asked) => asked.startsWith("POST"))).toHaveLength(1);
      expect(scene.github.requests).toHaveLength(4);
    },
  );

  it("passes unseen when it is over before the end", async () => {
    const scene = await createReporterHarness();
    scene.github.order({ on: { method: "PATCH", path: /./ }, nth: 1, fault: { kind: "html", status: 502 } });
    const sign = check(scene);
    await sign.open(runningReport);
    scene.clock.advance(30_000);
    await sign.update({ ...runningReport, title: "news" });
    await sign.close(succeededReport);
    expect(scene.warnings).toEqual([]);
    expect(scene.github.checkRuns).toMatchObject([{ conclusion: "success" }]);
  });

  it("never makes a second check run when the answer to the first got lost", async () => {
    const scene = await createReporterHarness();
    scene.github.order({ on: { method: "POST", path: /./ }, nth: 1, fault: { kind: "reset-after" } });
    const sign = check(scene);
    await sign.open(runningReport);
    await sign.close(succeededReport);
    expect(scene.github.checkRuns).toMatchObject([{ conclusion: "success" }]);
    expect(scene.warnings).toEqual([]);
  });

  it("is told at the beginning only where nothing more comes", async () => {
    for (const reportsStartOnly of [false, true]) {
      const scene = await createReporterHarness();
      scene.github.order({ on: { path: /./ }, fault: { kind: "html", status: 503 } });
      await createCheckRunReporter({
        ...scene.reporterDeps,
        name: "azure",
        isExternalRun: false,
        reportsStartOnly,
      }).open(runningReport);
      const passing = expect.stringMatching(/GitHub answered 503\. The step goes on without it\.$/);
      expect(scene.warnings).toEqual(reportsStartOnly ? [passing] : []);
    }
  });

  it("leaves a last word that got lost, not one that was refused, to be said once more", async () => {
    const answers: boolean[] = [];
    for (const options of [{}, { denied: ["checks"] as const }]) {
      const scene = await createReporterHarness(options);
      scene.github.order({ on: { method: "PATCH", path: /./ }, fault: { kind: "html", status: 503 } });
      const sign = check(scene);
      await sign.open(runningReport);
      answers.push(await sign.close(succeededReport));
    }
    expect(answers).toEqual([false, true]);
  });

  it("is not doubled by one who says the last word once more", async () => {
    const scene = await createReporterHarness();
    await check(scene).close({ ...runningReport, kind: "failed" });
    const again = createCheckRunReporter({
      ...scene.reporterDeps,
      name: "azure",
      isExternalRun: true,
      isLastAttempt: true,
    });
    expect(await again.close({ ...runningReport, kind: "failed" })).toBe(true);
    expect(scene.github.checkRuns).toMatchObject([{ conclusion: "failure" }]);
  });

  it("keeps quiet for as long as a rate limit asks, and tries once at the end", async () => {
    const scene = await createReporterHarness({ budget: 1, now: () => Date.UTC(2026, 10, 22, 10, 50) });
    const sign = check(scene);
    await sign.open(runningReport);
    const tell = async (ms: number) => {
      scene.clock.advance(ms);
      await sign.update({ ...runningReport, title: `${scene.clock.now()}` });
    };
    await tell(30_000);
    await expect.poll(() => scene.github.requests.length).toBe(2);
    await tell(60_000);
    await sign.close(succeededReport);
    expect(scene.github.requests).toHaveLength(3);
    expect(scene.warnings).toEqual([expect.stringContaining("rate limit")]);
    expect(scene.warnings[0]).not.toContain("permissions");
    expect(scene.clock.sleeps).toEqual([]);
  });

  it("waits with its last word where the wait is short", async () => {
    const scene = await createReporterHarness();
    scene.github.order({ on: { method: "PATCH", path: /./ }, nth: 1, fault: secondaryLimit(3) });
    const sign = check(scene);
    await sign.open(runningReport);
    await sign.close(succeededReport);
    expect(scene.clock.sleeps).toEqual([3_000]);
    expect(scene.github.checkRuns).toMatchObject([{ conclusion: "success" }]);
  });

  it("follows no redirect with its token", async () => {
    const scene = await createReporterHarness();
    const elsewhere = { location: `${scene.github.url}/elsewhere` };
    scene.github.order({
      on: { path: /check-runs/ },
      fault: { kind: "status", status: 307, headers: elsewhere },
    });
    const sign = check(scene);
    await sign.open(runningReport);
    expect(scene.requestLines()).toEqual(["POST /check-runs"]);
    expect(await sign.close(succeededReport)).toBe(false);
    expect(scene.warnings).toEqual([expect.stringContaining("redirect (307)")]);
  });

  it("is given up as soon as the signal says so", async () => {
    const scene = await createReporterHarness();
    scene.github.order({ on: { method: "PATCH", path: /./ }, fault: { kind: "stall" } });
    const sign = check(scene);
    await sign.open(runningReport);
    const hurry = new AbortController();
    const end = sign.close({ ...runningReport, kind: "canceled" }, hurry.signal);
    hurry.abort(new Error("the job is ending"));
    await end;
    expect(scene.warnings).toEqual([expect.stringContaining("the job was cancelled meanwhile. It is tried")]);
    expect(scene.clock.sleeps).toEqual([]);
  });

  it("without a token is one warning", async () => {
    const scene = await createReporterHarness();
    const sign = createCheckRunReporter({
      ...scene.reporterDeps,
      token: "",
      name: "azure",
      isExternalRun: false,
    });
    await sign.open(runningReport);
    await sign.close(succeededReport);
    expect(scene.warnings).toEqual([
      'The check run "azure" could not be written: the input `github-token` is blank. Give `github-token` a token that is valid, or leave it out for the job\'s own. The step goes on without it.',
    ]);
    expect(scene.github.requests).toEqual([]);
  });
});

describe("texts", () => {
  it("fit, whatever they hold", async () => {
    const scene = await createReporterHarness();
    const sign = check(scene);
    const message = `\u001b[31m${"é".repeat(50_000)}\ud800`;
    await sign.close({
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
    expect(scene.warnings).toEqual([]);
    const [body] = scene.requestBodies() as [{ output: { title: string; summary: string } }];
    expect(body.output.title).toMatch(/^A (🐛)+…$/u);
    expect(body.output.summary).toMatch(/\n- ünïcode 🐛\n\n…$/u);
    expect(scene.github.checkRuns[0]?.annotations).toMatchObject([
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
    const scene = await createReporterHarness();
    await check(scene).open({ ...runningReport, title: "", summary: () => "" });
    expect(scene.github.checkRuns[0]?.output).toMatchObject({ title: "Run 345", summary: "Run 345" });
  });
});

it("writes no check run where a newer run has reported under the same name", async () => {
  const scene = await createReporterHarness();
  await check(scene).close({ ...succeededReport, runId: 346 });
  const older = check(scene, { isExternalRun: true });
  await older.open(runningReport);
  await older.close({ ...succeededReport, kind: "failed" });
  expect(scene.github.checkRuns).toMatchObject([{ external_id: "346", conclusion: "success" }]);
  expect(scene.warnings).toEqual([
    'The check run "azure" was not written: the newer run 346 has reported on this commit under the same name.',
  ]);
});
