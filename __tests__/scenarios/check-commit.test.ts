import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { buildJson, commit as built, happyPath, pollRoute } from "../support/azure-responses.ts";
import { startGitHubServer, withGitHub } from "../support/github-server.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const head = "c".repeat(40);
const inputs = { "check-run": "azure", "commit-status": "azure/ci" };

/** A run of the repository that the workflow runs in. */
const ownRun = (fields: Readonly<Record<string, unknown>> = {}) => ({
  ...happyPath,
  [pollRoute]: {
    body: {
      ...buildJson("completed"),
      repository: { id: "octo/shop", type: "GitHub", url: "https://github.com/octo/shop.git" },
      ...fields,
    },
  },
});

const pullRequestTarget = {
  name: "pull_request_target",
  payload: {
    pull_request: {
      number: 7,
      head: { ref: "fix", sha: head, repo: { full_name: "fork/shop" } },
      base: { ref: "main" },
    },
  },
};

describe.concurrent("a check run under pull_request_target", () => {
  it("is not written if the run built the default branch, and one warning says what to set", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure(ownRun());
    const { main } = await runAction(
      inputsFor(azure, inputs),
      withGitHub(github, { event: pullRequestTarget }),
    );
    expect(main.exitCode, main.log).toBe(0);
    expect([github.checkRuns, github.statuses]).toEqual([[], []]);
    const warnings = main.annotations.filter(({ level }) => level === "warning");
    expect(warnings.map(({ message }) => message)).toEqual([
      `No check run or commit status was written: the run built ${built.slice(0, 12)}, not ${head.slice(0, 12)}, which this workflow runs for. Set \`check-commit\` to \`run\` (the commit that was built) or to a hash.`,
    ]);
  });

  it("is written on the built commit with check-commit: run", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure(ownRun());
    const { main } = await runAction(
      inputsFor(azure, { ...inputs, "check-commit": "run" }),
      withGitHub(github, { event: pullRequestTarget }),
    );
    expect(main.exitCode, main.log).toBe(0);
    expect(github.checkRuns).toMatchObject([{ head_sha: built, conclusion: "success" }]);
    expect(github.statuses.map(({ sha }) => sha)).toEqual([built, built]);
  });

  it("is not written with check-commit: run if the pipeline builds another repository", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure(
      ownRun({ repository: { id: "9f2e", type: "TfsGit", name: "web" } }),
    );
    const { main } = await runAction(
      inputsFor(azure, { ...inputs, "check-commit": "run" }),
      withGitHub(github, { event: pullRequestTarget }),
    );
    expect([github.checkRuns, github.statuses]).toEqual([[], []]);
    expect(main.annotations.map(({ message }) => message)).toEqual([
      "No check run or commit status was written: `check-commit: run` is set, but the pipeline builds another repository. Set `check-commit` to a hash.",
    ]);
  });

  it("is written on the head if Azure DevOps built the merge commit", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure(
      ownRun({ sourceBranch: "refs/pull/7/merge", triggerInfo: { "pr.number": "7", "pr.sourceSha": head } }),
    );
    const { main } = await runAction(
      inputsFor(azure, { "check-run": "azure" }),
      withGitHub(github, { event: pullRequestTarget }),
    );
    expect(github.checkRuns, main.log).toMatchObject([{ head_sha: head, conclusion: "success" }]);
  });
});

describe.concurrent("a followed run with wait: false", () => {
  it("closes its check run at once if it has completed", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed", { result: "failed" }) },
    });
    const { main } = await runAction(
      inputsFor(azure, { "pipeline-id": "", ref: "", "run-id": "345", wait: "false", "check-run": "azure" }),
      withGitHub(github),
    );
    expect(main.exitCode, main.log).toBe(0);
    expect(github.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
  });
});
