import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { rootCauses } from "../../src/core/failures.ts";
import type { RunReport } from "../../src/core/run-report.ts";
import { logUrl } from "../../src/core/run-tree.ts";
import { renderSummary } from "../../src/render/summary.ts";
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
  task,
  testsOf,
} from "../core/builders.ts";
import { untrustedText } from "./untrusted-text.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

function failed(parts: Partial<RunReport> = {}): RunReport {
  const tree = buildRunTree(failingRun());
  return {
    run: runOf({ result: "failed", finishedAt: at(376) }),
    tree,
    verdict: { kind: "failed", text: "failed" },
    project: "web",
    pipeline: "deploy",
    causes: rootCauses(tree),
    excerpts: [
      {
        jobId: "j-Staging.Smoke.__default",
        taskId: "t-Staging.Smoke.__default-Run curl",
        task: "Run curl",
        lines: [
          "GET https://staging.contoso.example/health",
          "HTTP/1.1 503 Service Unavailable",
          "retry 1 of 3 in 5 s",
          "curl: (22) The requested URL returned error: 503",
        ],
        lastLine: 41,
        totalLines: 43,
        isWhole: false,
      },
    ],
    ...parts,
  };
}

describe("renderSummary", () => {
  it("shows how long running stages and jobs have taken so far", () => {
    const tree = buildRunTree(recordsOf(stage("A", { from: 5 }), phaseWithJob("A.x", { from: 65 })));
    const run = runOf({ status: "inProgress", result: null, finishedAt: null });
    const verdict = { kind: "timed-out", text: "timed out after 4 min" } as const;
    const text = renderSummary(failed({ run, tree, verdict, causes: [], at: Date.parse(at(245)) }));
    expect(text).toContain("| ⏳&nbsp;**A** | 4&nbsp;min so far |  |");
    expect(text).toContain("| &nbsp;&nbsp;&nbsp;⏳&nbsp;x | 3&nbsp;min so far |  |");
  });

  it("lets a line break between symbol and name only before a long word", () => {
    const times = { from: 5, to: 65 };
    const tree = buildRunTree(
      recordsOf(stage("A", { ...times, name: "Configuration 1" }), phaseWithJob("A.x", times)),
    );
    const text = renderSummary(failed({ tree, causes: [] }));
    expect(text).toContain("| ✅ **Configuration 1** |");
    expect(text).toContain("| &nbsp;&nbsp;&nbsp;✅&nbsp;x |");
  });

  it("counts the errors that the service does not list", () => {
    const times = { from: 5, to: 65, result: "failed" } as const;
    const issues = Array.from({ length: 10 }, (_, index) => issueOf(`error ${index}`));
    const tree = buildRunTree(
      recordsOf(
        stage("A", times),
        phaseWithJob("A.x", times),
        task("Compile", "A.x.__default", { ...times, issues, errors: 15 }),
      ),
    );
    const text = renderSummary(failed({ tree, causes: rootCauses(tree) }));
    expect(text).toContain("- error 4\n- and 10 more\n");
    expect(text).toContain("| 15 errors |");
  });

  it("asks for an approval only if the run is still running", () => {
    const tree = buildRunTree(recordsOf(stage("A"), checkpoint("A", "Approval", { from: 20 })));
    const run = runOf({ status: "inProgress", result: null, finishedAt: null });
    const summaryWith = (isStillRunning: boolean) => {
      const cancelOutcome = { text: "The run was cancelled.", isStillRunning };
      const verdict = { kind: "canceled", text: "the job was cancelled", cancelOutcome } as const;
      return renderSummary(failed({ run, tree, verdict, causes: [] }));
    };
    expect(summaryWith(true)).toContain(
      "The run was cancelled. Still waiting for approval of A. [Approve or reject it in Azure DevOps](",
    );
    expect(summaryWith(true)).toContain("| waits for approval |");
    expect(summaryWith(false)).toContain(
      "The run was cancelled. It was waiting for approval of A at the last poll.\n",
    );
    expect(summaryWith(false)).toContain("| waited for approval |");
    expect(summaryWith(false)).not.toContain("Approve or reject");
  });

  it("has a heading with the first failed job and the number of others", () => {
    const issues = [issueOf("broken")];
    const jobs = ["A.x", "A.y", "A.z"].flatMap((name) => [
      ...phaseWithJob(name, { from: 5, to: 9, result: "failed", issues: [] }),
      task("Build", `${name}.__default`, { from: 5, to: 8, result: "failed", issues }),
    ]);
    const tree = buildRunTree(recordsOf(stage("A", { from: 5, to: 9, result: "failed" }), jobs));
    const text = renderSummary(failed({ tree, causes: rootCauses(tree) }));
    expect(text).toMatch(/^## ❌ web › deploy: failed in \*A › x\* and 2 more\n/);
  });

  it("links to canceled jobs", () => {
    const jobs = phaseWithJob("A.x", { from: 5, to: 9, result: "canceled" });
    const tree = buildRunTree(recordsOf(stage("A", { from: 5, to: 9, result: "canceled" }), jobs));
    const text = renderSummary(failed({ tree, causes: [] }));
    expect(text).toContain(`&nbsp;[x](${logUrl(runOf().url, "j-A.x.__default")}) |`);
  });

  it("shows nothing as running in a completed run", () => {
    const tree = buildRunTree(recordsOf(stage("A", { from: 5 }), phaseWithJob("A.x", { from: 65 })));
    const text = renderSummary(failed({ tree, causes: [] }));
    expect(text).toContain("| ❔&nbsp;**A** |  | end unknown |");
    expect(text).not.toContain("⏳");
  });

  it("shows the failures first, then all stages and jobs", () => {
    const url = `${runOf().url}&view=artifacts`;
    const report = failed({
      tests: testsOf({
        passed: 412,
        newFailures: 1,
        failures: [
          {
            name: "Health ▸ answers within a second",
            message: "expected 200 but was 503",
            location: { file: "/home/vsts/work/1/s/src/health.test.ts", line: 12 },
          },
        ],
      }),
      artifacts: [
        { name: "web-package", bytes: 4_200_000, url },
        { name: "test-report", bytes: 88_000, url },
      ],
    });
    expect(renderSummary(report)).toMatchInlineSnapshot(`
      "## ❌ web › deploy: failed in *Staging › Smoke tests*

      **[20261122.3](https://dev.azure.com/contoso/web/_build/results?buildId=345)** · \`main\` at \`4f2c1e9\` · waited 14 s, ran 6 min 2 s (1 min 21 s of it for approval) · started by Example User

      ### What went wrong

      **Smoke tests › Run curl** · exit code 22 · [line 41 of its log](https://dev.azure.com/contoso/web/_build/results?buildId=345&view=logs&j=j-Staging.Smoke.__default&t=t-Staging.Smoke.__default-Run%20curl&l=41)

      <details open><summary>lines 38–41 of 43</summary>

      \`\`\`text
      GET https://staging.contoso.example/health
      HTTP/1.1 503 Service Unavailable
      retry 1 of 3 in 5 s
      curl: (22) The requested URL returned error: 503
      \`\`\`

      </details>

      **Tests** 412 passed, 1 failed (1 new)

      - \`Health ▸ answers within a second\`: expected 200 but was 503 (\`src/health.test.ts:12\`)

      <details><summary>2 warnings</summary>

      - [Build › Compile › dotnet build](https://dev.azure.com/contoso/web/_build/results?buildId=345&view=logs&j=j-Build.Compile.__default&t=t-Build.Compile.__default-dotnet%20build): warning 0
      - [Build › Compile › dotnet build](https://dev.azure.com/contoso/web/_build/results?buildId=345&view=logs&j=j-Build.Compile.__default&t=t-Build.Compile.__default-dotnet%20build): warning 1

      </details>

      | Stage / job | Duration | Notes |
      |---|--:|---|
      | ✅&nbsp;**Build** | 2&nbsp;min 27&nbsp;s |  |
      | &nbsp;&nbsp;&nbsp;✅&nbsp;[Compile](https://dev.azure.com/contoso/web/_build/results?buildId=345&view=logs&j=j-Build.Compile.__default) | 2&nbsp;min 26&nbsp;s | 2 warnings |
      | &nbsp;&nbsp;&nbsp;✅&nbsp;Unit tests | 1&nbsp;min 58&nbsp;s |  |
      | ❌&nbsp;**Staging** | 3&nbsp;min 21&nbsp;s | waited 1&nbsp;min 21&nbsp;s for approval |
      | &nbsp;&nbsp;&nbsp;✅&nbsp;Deploy | 1&nbsp;min 7&nbsp;s |  |
      | &nbsp;&nbsp;&nbsp;❌&nbsp;[Smoke tests](https://dev.azure.com/contoso/web/_build/results?buildId=345&view=logs&j=j-Staging.Smoke.__default&t=t-Staging.Smoke.__default-Run%20curl) | 53&nbsp;s | 1 error |
      | ⏭️&nbsp;**Production** |  | skipped |

      \`\`\`mermaid
      %%{init: {"themeVariables":{"sectionBkgColor":"transparent","sectionBkgColor2":"transparent","altSectionBkgColor":"transparent"},"gantt":{"rightPadding":25}}}%%
      gantt
        dateFormat YYYY-MM-DD HH:mm:ss
        axisFormat %M:%S
        tickInterval 2minute
        todayMarker off
        section Build
          ✅ Compile :done, 2000-01-01 00:00:14, 2000-01-01 00:02:40
          ✅ Unit tests :done, 2000-01-01 00:00:20, 2000-01-01 00:02:18
        section Staging
          ⏸️ Approval :2000-01-01 00:02:41, 2000-01-01 00:04:02
          ✅ Deploy :done, 2000-01-01 00:04:02, 2000-01-01 00:05:09
          ✘ Smoke tests :crit, 2000-01-01 00:05:09, 2000-01-01 00:06:02
      \`\`\`

      **Artifacts** [web-package](https://dev.azure.com/contoso/web/_build/results?buildId=345&view=artifacts) 4.2 MB, [test-report](https://dev.azure.com/contoso/web/_build/results?buildId=345&view=artifacts) 88 kB
      "
    `);
  });

  it("is short for a run that succeeded", () => {
    const times = { from: 14, to: 30 };
    const only = [
      stage("__default", times),
      phase("Job", { ...times, parentId: "s-__default" }),
      job("Job.__default", times),
    ];
    const tree = buildRunTree(recordsOf(only));
    const report: RunReport = {
      run: runOf({ finishedAt: at(31) }),
      tree,
      verdict: { kind: "succeeded", text: "succeeded" },
      project: "web",
      pipeline: "ci",
      causes: [],
      excerpts: [],
    };
    expect(renderSummary(report)).toMatchInlineSnapshot(`
      "## ✅ web › ci: succeeded

      **[20261122.3](https://dev.azure.com/contoso/web/_build/results?buildId=345)** · \`main\` at \`4f2c1e9\` · waited 14 s, ran 17 s · started by Example User

      <details><summary>1 stage, 1 job</summary>

      | Stage / job | Duration | Notes |
      |---|--:|---|
      | ✅&nbsp;Job | 16&nbsp;s |  |

      \`\`\`mermaid
      %%{init: {"themeVariables":{"sectionBkgColor":"transparent","sectionBkgColor2":"transparent","altSectionBkgColor":"transparent"},"gantt":{"rightPadding":25}}}%%
      gantt
        dateFormat YYYY-MM-DD HH:mm:ss
        axisFormat %M:%S
        tickInterval 10second
        todayMarker off
          ✅ Job :done, 2000-01-01 00:00:14, 2000-01-01 00:00:30
      \`\`\`

      </details>
      "
    `);
  });

  it("omits details to fit the limit, and is never cut off inside a block", () => {
    const names = Array.from({ length: 600 }, (_, index) => `Job number ${index} with a longer name`);
    const records = names.flatMap((name, index) => {
      const isBad = index % 3 === 0;
      const id = `Big.J${index}`;
      const issues = isBad ? [issueOf(`problem ${index} ${"of words ".repeat(60)}`, { logLine: index })] : [];
      const result = isBad ? "failed" : "succeeded";
      return [
        ...phaseWithJob(id, { from: index, to: index + 100, name, result, order: index }),
        task("Do it", `${id}.__default`, { from: index, to: index + 90, issues, result, logId: index }),
      ];
    });
    const tree = buildRunTree(recordsOf(stage("Big", { from: 0, to: 700, result: "failed" }), records));
    const causes = rootCauses(tree);
    const excerpts = causes.map(({ jobId, taskId }) => ({
      jobId: jobId ?? "",
      taskId,
      task: "Do it",
      lines: Array.from({ length: 600 }, (_, line) => `line ${line} — ünïcödé ${"x".repeat(100)}`),
      lastLine: 10_000,
      totalLines: 10_000,
      isWhole: false,
    }));
    const report = failed({ tree, causes, excerpts });
    let last = Number.POSITIVE_INFINITY;
    for (const limit of [1_000_000, 400_000, 200_000, 65_535, 30_000, 8_000, 3_000, 600, 120]) {
      const text = renderSummary(report, limit);
      expect(bytes(text)).toBeLessThanOrEqual(limit);
      expect(text.length).toBeLessThanOrEqual(last);
      expect(text).toContain("web › deploy: failed");
      expect((text.match(/^```/gm) ?? []).length % 2).toBe(0);
      expect((text.match(/<details/g) ?? []).length).toBe((text.match(/<\/details>/g) ?? []).length);
      expect(text.endsWith("\n")).toBe(true);
      last = text.length;
    }
    expect(renderSummary(report, 65_535)).toContain("Job number 0 with a longer name");
    expect(renderSummary(report, 10)).toBe("");
  });

  it("shows the log of the task that hung below its job, and that of a job below its task", () => {
    const lines = ["still waiting for the database"];
    const limit = issueOf("The job ran longer than the maximum time of 60 minutes.");
    const hung = buildRunTree(
      recordsOf(
        stage("A", { from: 1, to: 50, result: "canceled" }),
        phaseWithJob("A.x", { from: 1, to: 50, result: "canceled", issues: [limit] }),
        task("Run tests", "A.x.__default", { id: "t", from: 1, to: 50, result: "canceled" }),
      ),
    );
    const excerpt = { jobId: "j-A.x.__default", lines, lastLine: 1, totalLines: 1, isWhole: true };
    const ofTask = { ...excerpt, taskId: "t", task: "Run tests" };
    const run = runOf({ result: "canceled" });
    const verdict = { kind: "canceled", text: "canceled" } as const;
    const report = failed({ run, verdict, tree: hung, causes: rootCauses(hung), excerpts: [ofTask] });
    const text = renderSummary(report);
    expect(text).toContain("web › deploy: canceled in *A › x*");
    expect(text).toMatch(
      /\*\*x\*\*[\s\S]*maximum time[\s\S]*Log of \[Run tests]\(http\S+&t=t\):\n\n<details open>[\s\S]*database/,
    );

    const silent = buildRunTree(
      recordsOf(
        stage("A", { from: 1, to: 50, result: "failed" }),
        phaseWithJob("A.x", { from: 1, to: 50, result: "failed" }),
        task("Run tests", "A.x.__default", { id: "t", from: 1, to: 50, result: "failed" }),
      ),
    );
    const ofJob = { ...excerpt, taskId: undefined, task: undefined };
    const other = renderSummary(failed({ tree: silent, causes: rootCauses(silent), excerpts: [ofJob] }));
    expect(other).toMatch(/\*\*x › Run tests\*\*[\s\S]*Log of \[the job]\(http\S+&j=[^&]+\):[\s\S]*database/);
  });

  it("links to the line of the log", () => {
    const url = logUrl(runOf().url, "j-Staging.Smoke.__default", "t-Staging.Smoke.__default-Run curl", 41);
    expect(renderSummary(failed())).toContain(`[line 41 of its log](${url})`);
  });
});

const parser = new MarkdownIt({ html: true, linkify: true });

parser.linkify.set({ fuzzyLink: false, fuzzyIP: false });

/** The types of all tokens except texts and code. */
function shape(markdown: string): string[] {
  return parser
    .parse(markdown, {})
    .flatMap((token) => [
      `${token.type} ${token.info}`,
      ...(token.children ?? [])
        .map((child) => child.type)
        .filter((type) => type !== "text" && type !== "text_special" && type !== "code_inline"),
    ]);
}

/** A failed run in which every text from Azure DevOps is this one. */
function reportWithText(name: string): RunReport {
  const issues = [
    issueOf(name, { file: name, line: 3, logLine: 7 }),
    issueOf(name, { file: name, line: 4, severity: "warning" }),
  ];
  const records = recordsOf(
    stage("A", { from: 1, to: 50, name, result: "failed" }),
    phaseWithJob("A.x", { from: 1, to: 50, name, worker: name, result: "failed" }),
    task(name, "A.x.__default", { id: "t", from: 1, to: 50, result: "failed", issues }),
  );
  const tree = buildRunTree(records);
  return {
    run: runOf({ name, result: "failed", source: { ref: `refs/heads/${name}`, commit: "4f2c1e9aa0b1" } }),
    tree,
    verdict: { kind: "failed", text: name },
    project: name,
    pipeline: name,
    causes: rootCauses(tree),
    excerpts: [
      {
        jobId: "j-A.x.__default",
        taskId: "t",
        task: name,
        lines: [name, name],
        lastLine: 9,
        totalLines: 9,
        isWhole: false,
      },
    ],
    tests: testsOf({
      passed: 1,
      others: [{ outcome: name, count: 1 }],
      failures: [{ name, message: name, location: { file: name, line: 3 } }],
    }),
    baseline: {
      lastSuccess: { name, url: "https://dev.azure.com/x" },
      isSameCommit: false,
      commits: {
        first: [{ hash: name, title: name, author: name, url: "https://github.com/o/r" }],
        hasMore: false,
      },
      typicalMs: 60_000,
      tree: buildRunTree(recordsOf(stage("A", { from: 1, to: 9, name }))),
    },
    artifacts: [{ name, bytes: 1, url: "https://dev.azure.com/x" }],
  };
}

/** A run that waits for a check of this name. */
function waitingReportWithText(name: string): RunReport {
  const records = recordsOf(stage("A", { name }), checkpoint("A", "TaskCheck", { from: 20, name }));
  return {
    ...reportWithText(name),
    run: runOf({ name, status: "inProgress", result: null, finishedAt: null }),
    tree: buildRunTree(records),
    verdict: { kind: "timed-out", text: "timed out after 4 min" },
    causes: [],
    excerpts: [],
  };
}

it.each([
  ["failed", reportWithText],
  ["waits for a check", waitingReportWithText],
])(
  "renderSummary of a run that %s yields the same Markdown structure, whatever the names contain",
  (_, reportOf) => {
    const plain = shape(renderSummary(reportOf("xx")));
    fc.assert(
      fc.property(untrustedText, (name) => {
        expect(shape(renderSummary(reportOf(name)))).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  },
);
