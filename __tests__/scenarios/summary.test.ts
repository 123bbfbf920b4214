import { readFileSync } from "node:fs";
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  happyPath,
  htmlReply,
  pollRoute,
  runJson,
  runUrl,
  startRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { attachInputs } from "../support/external-client.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const markdown = new MarkdownIt({ html: true, linkify: true });

/** The tags and link targets of a page. */
function markupOf(summary: string): string[] {
  return markdown.parse(summary, {}).flatMap((token) => {
    const inside = token.children ?? [];
    return [
      ...(token.type === "html_block" ? [token.content.trim()] : []),
      ...inside.flatMap(({ type, attrs, content }) =>
        type === "html_inline" || type === "image"
          ? [content]
          : (attrs ?? []).map(([, value]) => String(value)),
      ),
    ];
  });
}

const simulator = () => startSimulator({ speed: 20, accepts: () => "yes" });

describe.concurrent("the summary", () => {
  it("of a failed run has the failures first, then all stages", async () => {
    await using azure = await simulator();
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "43" }));
    const { summary } = main;
    const order = [
      "## ❌ web › deploy: failed in *Staging › Smoke tests*",
      "### What went wrong",
      "**Smoke tests › Run curl** · exit code 22 · [line 15 of its log](",
      "<details open><summary>the whole log</summary>",
      "curl: (22) The requested URL returned error: 503",
      "**Tests** 412 passed, 1 failed (1 new)\n\n- `Health ▸ answers within a second`: expected 200 but was 503",
      "| ✅&nbsp;**Build** |",
      "| &nbsp;&nbsp;&nbsp;❌&nbsp;[Smoke tests](",
      "| ⏭️&nbsp;**Production** |  | skipped |",
      "```mermaid\n%%{init:",
      "✘ Smoke tests :crit",
      "**Artifacts** [web-package](",
    ].map((part) => summary.indexOf(part));
    expect(order, summary).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBe(0);
    expect(summary).not.toContain("##[");
    expect(main.summaryDropped).toBe(false);
  });

  it("of a failed run that success-when accepts says so, and has each error once", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed" }) },
      [timelineRoute]: { body: { id: "t", changeId: 1, records: timelineRecords("completed", "failed") } },
    });
    const { main } = await runAction(inputsFor(azure, { "success-when": "status == 'completed'" }));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.summary).toMatch(/^## ✅ web › ci: failed, which success-when accepts\n/);
    expect(main.summary.split("The tests failed.")).toHaveLength(2);
  });

  const timeLimitIssue = { type: "error", message: "The job ran longer than the maximum time of 5 minutes." };

  it.each([
    ["that failed", "failed", []],
    ["that the service ended", "canceled", [timeLimitIssue]],
  ])(
    "of a run %s (%s) names the stage that took longer than in the last run that succeeded",
    async (_, result, issues) => {
      const [stage, ...others] = timelineRecords("completed", "succeeded");
      const faster = { ...stage, finishTime: "2026-06-02T14:42:09Z" };
      const records = timelineRecords("completed", result).map((record) =>
        record["type"] === "Job" ? { ...record, issues } : record,
      );
      await using azure = await scriptedAzure({
        ...happyPath,
        [pollRoute]: { body: buildJson("completed", { result }) },
        [timelineRoute]: { body: { records } },
        "GET build/builds": { body: { value: [buildJson("completed", { id: 340, buildNumber: "before" })] } },
        "GET build/builds/340/timeline": { body: { records: [faster, ...others] } },
      });
      const { main } = await runAction(inputsFor(azure, { summary: "true" }));
      expect(main.summary).toMatch(/\n\*\*Slower\*\* than in \[before]\(http\S+\): Deploy by 4 min 40 s\n/);
    },
  );

  it("of a succeeded run is short", async () => {
    await using azure = await simulator();
    const { main } = await runAction(inputsFor(azure));
    expect(main.summary).toMatch(/^## ✅ web › ci: succeeded\n/);
    expect(main.summary).toContain("**Tests** 412 passed, 3 skipped\n");
    expect(main.summary).not.toContain("What went wrong");
  });

  it("omits tests that the token cannot read", async () => {
    await using azure = await simulator();
    azure.order({ on: { path: /test/i }, fault: { kind: "status", status: 403, body: { message: "no" } } });
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "43" }));
    expect(main.summary).toContain("**Artifacts**");
    expect(main.summary).not.toContain("**Tests**");
    expect(main.annotations.filter(({ level }) => level === "warning")).toHaveLength(2);
  });

  it("is not written with summary: false, and nothing is requested for it", async () => {
    await using azure = await simulator();
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "43", summary: "false" }));
    expect([main.exitCode, main.summary]).toEqual([1, ""]);
    expect(azure.requests.filter(({ path }) => /test|artifacts/.test(path))).toEqual([]);
  });

  it("has another client's run and its URL with wait: false", async () => {
    const body = buildJson("inProgress", { requestedFor: { displayName: "Ada" } });
    await using azure = await scriptedAzure({ ...happyPath, [pollRoute]: { body } });
    const { main } = await runAction(attachInputs(azure, 345, { wait: "false" }));
    expect(main.summary).toBe(
      `## ⏳ web › ci: not waited for\n\n**[20260602.13](${runUrl})** · \`main\` at \`4f2c1e9\` · started by Ada\n`,
    );
  });

  it("keeps what other steps wrote", async () => {
    await using azure = await simulator();
    const { main } = await runAction(inputsFor(azure));
    // The summary is appended to the file.
    expect(main.written.step_summary).toBe(main.summary);
  });

  it("contains no links, HTML or images from names and messages", async () => {
    await using azure = await simulator();
    const ref = "refs/heads/feature/#1&<b>x</b>";
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "48", ref }));
    const markup = markupOf(main.summary);
    const isOurs = (text: string) =>
      /^<details( open)?><summary>(lines|the whole log|\d+ warnings?)[^<]*<\/summary>$|^<\/details>$/.test(
        text,
      ) ||
      text.startsWith(`${azure.url}/`) ||
      /^text-align:(center|right)$/.test(text);
    expect(markup.filter((text) => !isOurs(text))).toEqual([]);
    expect(markup.some((text) => text.startsWith(azure.url))).toBe(true);
  });
});

describe.concurrent("the summary of a run that is still running when the step ends", () => {
  const routes = {
    ...happyPath,
    [pollRoute]: statusReplies("inProgress"),
    [timelineRoute]: { body: { id: "t", changeId: 3, records: timelineRecords("inProgress") } },
    "PATCH build/builds/345": { body: buildJson("cancelling") },
  };

  it("shows a cancellation, and the outputs are set", async () => {
    await using azure = await scriptedAzure(routes);
    const { main } = await runAction(inputsFor(azure), { cancelWhen: /▶ Smoke tests/ });
    expect(main.result).toBe("cancelled");
    expect(main.summary).toMatch(/^## 🚫 web › ci: the step was cancelled/);
    expect(JSON.parse(main.outputs["run"] ?? "")).toMatchObject({ id: 345, status: "inProgress" });
    expect(JSON.parse(main.outputs["stages"] ?? "")).toHaveLength(1);
  });

  it("shows a rejected token during the wait", async () => {
    await using azure = await scriptedAzure({
      ...routes,
      [pollRoute]: [...statusReplies("inProgress", "inProgress"), htmlReply(203, "Sign in")],
    });
    const result = await runAction(inputsFor(azure));
    expectFailure(result, "unauthorized");
    expect(result.main.summary).toMatch(/^## ❗ web › ci: /);
    expect(JSON.parse(result.main.outputs["run"] ?? "")).toMatchObject({ id: 345 });
  });
});

describe.concurrent("the outputs stages and run", () => {
  it("contain the run document", async () => {
    await using azure = await simulator();
    const { main } = await runAction(inputsFor(azure, { "pipeline-id": "43", logs: "none" }));
    const run = JSON.parse(main.outputs["run"] ?? "") as Record<string, unknown>;
    expect(run).toMatchObject({
      name: main.outputs["run-name"],
      status: "completed",
      result: "failed",
      pipeline: { id: 43, name: "deploy", folder: "\\release" },
      source: { ref: "refs/heads/main", commit: main.outputs["commit"] },
      waitingFor: [],
      errors: 1,
      warnings: 2,
    });
    expect(run["stages"]).toEqual(JSON.parse(main.outputs["stages"] ?? ""));
    expect(run["stages"]).toMatchObject([
      {
        name: "Build",
        result: "succeeded",
        jobs: [{ name: "Compile" }, { name: "UnitTests", displayName: "Unit tests" }],
      },
      { name: "Staging", result: "failed", attempt: 1 },
      { name: "Production", status: "completed", result: "skipped" },
    ]);
    expect(Object.keys(run)).toEqual([
      "id",
      "name",
      "status",
      "result",
      "attempt",
      "url",
      "pipeline",
      "source",
      "createdAt",
      "startedAt",
      "finishedAt",
      "queueSeconds",
      "runSeconds",
      "stages",
      "waitingFor",
      "causes",
      "errors",
      "warnings",
      "raw",
    ]);
    expect(Object.keys(run["raw"] as object)).toEqual(["run", "build"]);
  });

  it("contain the pending checks", async () => {
    const waiting = [
      ...timelineRecords("pending").slice(0, 1),
      { id: "c", parentId: "s", type: "Checkpoint", name: "Checkpoint", state: "inProgress" },
      {
        id: "a",
        parentId: "c",
        type: "Checkpoint.Approval",
        name: "Checkpoint.Approval",
        state: "inProgress",
      },
    ];
    await using azure = await scriptedAzure({
      ...happyPath,
      [startRoute]: { body: runJson() },
      [pollRoute]: statusReplies("inProgress"),
      [timelineRoute]: { body: { id: "t", changeId: 3, records: waiting } },
    });
    const { main } = await runAction(inputsFor(azure, { "stop-when": "length(waitingFor) > `0`" }));
    expect(main.exitCode, main.log).toBe(0);
    expect(JSON.parse(main.outputs["run"] ?? "")).toMatchObject({
      waitingFor: [{ kind: "approval", id: "a", stage: "Deploy" }],
    });
    expect(main.summary).toContain("waits for approval");
    expect(main.summary).toMatch(
      /Still waiting for approval of Deploy\. \[Approve or reject it in Azure DevOps]\(https/,
    );
  });
});

describe.concurrent("summary-file", () => {
  it("is the path of the summary, also with summary: false", async () => {
    await using azure = await scriptedAzure({ ...happyPath, [pollRoute]: { body: buildJson("completed") } });
    const { main } = await runAction(inputsFor(azure, { summary: "false" }));
    expect(main.exitCode, main.log).toBe(0);
    const markdown = readFileSync(main.outputs["summary-file"] ?? "", "utf8");
    expect(markdown).toContain("## ✅ web › ci: succeeded");
    expect(markdown.length).toBeLessThanOrEqual(65_536);
  });
});
