import { describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  completedReply,
  happyPath,
  pollRoute,
  runUrl,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { attachInputs } from "../support/external-client.ts";
import { reportInputs, startGitHubServer, withGitHub } from "../support/github-server.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const sha = "5f1d0c9a2b7e4d3f8a6c1e0b9d8f7a6b5c4d3e2f";

const inProgress = { ...happyPath, [pollRoute]: statusReplies("inProgress") };

const withIssues = (count: number) => {
  const issues = Array.from({ length: count }, (_, index) => ({
    type: "error",
    message: `no ${index} | <b>`,
    data: { sourcepath: "/home/vsts/work/1/s/src/a.ts", linenumber: String(index + 1) },
  }));
  const failed = timelineRecords("completed", "failed").map((record) =>
    record["type"] === "Task" ? { ...record, issues, errorCount: count } : record,
  );
  return { body: { id: "t", changeId: 1, records: failed } };
};

describe.concurrent("a check run and a commit status", () => {
  it("are created with the run, and completed with its result", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: statusReplies("inProgress", "inProgress", "inProgress", "completed"),
    });
    const ran = runAction(inputsFor(azure, reportInputs), withGitHub(github));
    const options = { timeout: 15_000 };
    await expect.poll(() => github.checkRuns[0]?.status, options).toBe("in_progress");
    await expect.poll(() => github.statuses[0]?.state, options).toBe("pending");
    const { main } = await ran;
    expect([main.exitCode, main.annotations], main.log).toEqual([0, []]);
    expect(github.checkRuns).toMatchObject([
      {
        name: "azure",
        head_sha: sha,
        external_id: "345",
        details_url: runUrl,
        status: "completed",
        conclusion: "success",
        output: { title: "20260602.13 succeeded: waited 12 s, ran 5 min 40 s" },
      },
    ]);
    expect(github.statuses).toMatchObject([
      { sha, context: "azure/ci", state: "pending", target_url: runUrl },
      { state: "success", target_url: runUrl, description: expect.stringMatching(/succeeded/) },
    ]);
    // The run takes less than 30 s: only the first and the last report of each, and the search for a newer run's.
    expect(github.requests).toHaveLength(5);
    expect(
      github.requests.every(({ headers }) => /^(token|bearer) ghs_/i.test(headers["authorization"] ?? "")),
    ).toBe(true);
  });

  it.each<[string, string, string, string, Record<string, string>]>([
    ["failed", "failure", "failure", " failed.", {}],
    [
      ...(["partiallySucceeded", "success", "success"] as const),
      ": partially succeeded, which success-when accepts.",
      { "success-when": "result != 'failed'" },
    ],
    [
      ...(["succeeded", "failure", "failure"] as const),
      " succeeded, and success-when is false.",
      { "success-when": "warnings > `0`" },
    ],
  ])(
    "have the step's verdict for %s: %s, %s, %s (inputs %j)",
    async (result, conclusion, state, text, more) => {
      await using github = await startGitHubServer();
      await using azure = await scriptedAzure({ ...happyPath, [pollRoute]: completedReply(result) });
      const { main } = await runAction(inputsFor(azure, { ...reportInputs, ...more }), withGitHub(github));
      expect(main.exitCode, main.log).toBe(conclusion === "success" ? 0 : 1);
      const title = `20260602.13${text}`;
      expect(github.checkRuns).toMatchObject([{ status: "completed", conclusion, output: { title } }]);
      expect(github.statuses.at(-1)).toMatchObject({ state, description: title });
    },
  );

  it("show a timeout, even if no poll got a response", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure(inProgress);
    await using unavailable = await scriptedAzure({
      ...inProgress,
      [pollRoute]: { status: 503, body: "away" },
    });
    for (const organization of [azure, unavailable]) {
      const result = await runAction(
        inputsFor(organization, { ...reportInputs, timeout: "1s" }),
        withGitHub(github),
      );
      expectFailure(result, "timeout");
    }
    expect(github.checkRuns.map(({ conclusion }) => conclusion)).toEqual(["timed_out", "timed_out"]);
    expect(github.statuses.map(({ state }) => state)).toEqual(["pending", "failure", "pending", "failure"]);
  });

  it("show that the action failed", async () => {
    await using github = await startGitHubServer();
    const signInPage = { status: 203, headers: { "content-type": "text/html" }, body: "<html></html>" };
    await using azure = await scriptedAzure({ ...inProgress, [pollRoute]: signInPage });
    const result = await runAction(inputsFor(azure, reportInputs), withGitHub(github));
    const [reason = ""] = expectFailure(result, "unauthorized").split("\n");
    expect(reason).toBe("Polling the run was answered with a sign-in page (203).");
    const title = `20260602.13: the action failed (unauthorized). ${reason}`;
    expect(github.checkRuns).toMatchObject([{ conclusion: "failure", output: { title } }]);
    expect(result.main.summary).toContain(`\n\n${reason}\n`);
    expect(github.statuses.map(({ state }) => state)).toEqual(["pending", "error"]);
  });

  it("show that the job was cancelled, after the run's cancellation", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure({
      ...inProgress,
      "PATCH build/builds/345": { body: buildJson("cancelling") },
    });
    await using action = startAction(inputsFor(azure, reportInputs), withGitHub(github));
    await azure.waitForRequest(/timeline/);
    action.cancel();
    const { main } = await action.done;
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(github.checkRuns).toMatchObject([{ status: "completed", conclusion: "cancelled" }]);
    expect(github.statuses.at(-1)).toMatchObject({ state: "failure" });
  });

  it.each([
    ["if the main step was killed", "kill", []],
    [
      "if the main step could not cancel the run",
      "cancel",
      [
        { status: 503, body: "away" },
        { status: 503, body: "away" },
      ],
    ],
  ] as const)("are completed once, %s", async (_, act, refusals) => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure({
      ...inProgress,
      "PATCH build/builds/345": [...refusals, { body: buildJson("cancelling") }],
    });
    await using action = startAction(inputsFor(azure, reportInputs), withGitHub(github));
    await azure.waitForRequest(/timeline/);
    const reportCount = () => github.checkRuns.length + github.statuses.length;
    await expect.poll(reportCount, { timeout: 15_000 }).toBe(2);
    action[act]();
    const { post } = await action.done;
    expect(post?.log).toMatch(/cancelled/);
    expect(github.checkRuns).toMatchObject([{ status: "completed", conclusion: "cancelled" }]);
    expect(github.statuses.map(({ state }) => state)).toEqual(["pending", "failure"]);
  });

  it("stay open with wait: false, and a later step that follows the same run closes them", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: completedReply("failed"),
      "GET pipelines/42/runs/345": { status: 404 },
    });
    const first = await runAction(inputsFor(azure, { ...reportInputs, wait: "false" }), withGitHub(github));
    expect(first.main.exitCode, first.main.log).toBe(0);
    expect(github.checkRuns).toMatchObject([{ status: "in_progress", conclusion: null, external_id: "345" }]);
    expect(github.statuses).toMatchObject([{ state: "pending" }]);
    const { main } = await runAction(attachInputs(azure, 345, reportInputs), withGitHub(github));
    expect(main.exitCode, main.log).toBe(1);
    expect(github.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    expect(github.statuses.at(-1)).toMatchObject({ state: "failure", context: "azure/ci" });
  });

  it("stay open with on-timeout: leave, and show what the run waits for", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure(inProgress);
    const inputs = { ...reportInputs, timeout: "1s", "on-timeout": "leave" };
    const { main } = await runAction(inputsFor(azure, inputs), withGitHub(github));
    expect(main.exitCode, main.log).toBe(0);
    expect(github.checkRuns).toMatchObject([{ status: "in_progress", conclusion: null }]);
    expect(github.checkRuns[0]?.output.title).toMatch(/left running after 1 s/);
    expect(github.statuses.at(-1)).toMatchObject({ state: "pending" });
  });

  it("are written on a pull request's head, and on GitHub Enterprise Server", async () => {
    const head = "c".repeat(40);
    await using github = await startGitHubServer({ basePath: "/api/v3" });
    await using azure = await scriptedAzure(happyPath);
    const payload = {
      pull_request: {
        number: 7,
        head: { ref: "fix", sha: head, repo: { full_name: "octo/shop" } },
        base: { ref: "main" },
      },
    };
    const event = { name: "pull_request", payload };
    const { main } = await runAction(inputsFor(azure, reportInputs), withGitHub(github, { event }));
    expect(main.exitCode, main.log).toBe(0);
    expect(github.checkRuns).toMatchObject([{ head_sha: head, conclusion: "success" }]);
    expect(github.statuses.map((status) => status.sha)).toEqual([head, head]);
    expect(github.requests.every(({ path }) => path.startsWith("/api/v3/repos/octo/shop/"))).toBe(true);
  });

  it("annotate files with the run's issues, fifty per request, in escaped Markdown", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: completedReply("failed"),
      [timelineRoute]: withIssues(120),
    });
    const { main } = await runAction(inputsFor(azure, { "check-run": "azure" }), withGitHub(github));
    expect(main.exitCode, main.log).toBe(1);
    const [check] = github.checkRuns;
    expect(check?.annotations).toHaveLength(120);
    expect(check?.annotations[0]).toMatchObject({ path: "src/a.ts", annotation_level: "failure" });
    const sizes = github.requests.map(({ body }) => JSON.parse(body).output.annotations?.length ?? 0);
    expect(sizes).toEqual([0, 50, 50, 20]);
    expect(Buffer.byteLength(check?.output.summary ?? "")).toBeLessThanOrEqual(65_535);
    expect(check?.output.summary).not.toContain("<b>");
    // The job's log has ten errors, one of which is the action's own.
    expect(main.annotations.filter(({ level }) => level === "error")).toHaveLength(10);
  });
});
