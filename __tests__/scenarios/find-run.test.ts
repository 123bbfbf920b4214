import { describe, expect, it } from "vitest";
import { defaultSha } from "../../runner-emulator/job.ts";
import { type RunOptions, runAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  errorReply,
  happyPath,
  pollRoute,
  runJson,
  startRoute,
  timelineRoute,
} from "../support/azure-responses.ts";
import { reportInputs, startGitHubServer, withGitHub } from "../support/github-server.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { type Reply, scriptedAzure } from "../support/scripted-azure.ts";

const listRoute = "GET build/builds";

const pipelineRoute = "GET build/definitions/42";

const head = "1111111111111111111111111111111111111111";

const merge = "2222222222222222222222222222222222222222";

const gitHubRepository = { id: "octo/shop", type: "GitHub" };

const definition = { body: { id: 42, name: "ci", repository: gitHubRepository } };

type Fields = Readonly<Record<string, unknown>>;

/** Run 345 in the list: completed and succeeded, of the event's commit. */
function listedBuild(overrides: Fields = {}): Fields {
  const queueTime = new Date(Date.now() - 60_000).toISOString();
  return buildJson("completed", {
    ...{ queueTime, sourceVersion: defaultSha, reason: "individualCI", repository: gitHubRepository },
    ...overrides,
  });
}

function listOf(...builds: readonly Fields[]): Reply {
  return { body: { count: builds.length, value: builds } };
}

/** The run that is followed once it is found. */
const followed = {
  [pollRoute]: { body: listedBuild() },
  [timelineRoute]: { status: 204 },
  "GET pipelines/42/runs/345": { body: runJson() },
  [pipelineRoute]: definition,
};

const inputs = (azure: { readonly organization: string }, overrides: Record<string, string> = {}) =>
  inputsFor(azure, { ref: "", "find-run": "commit", ...overrides });

const pullRequest = (name = "pull_request", number = 7): RunOptions => ({
  event: {
    name,
    payload: {
      pull_request: {
        number,
        head: { ref: "topic", sha: head, repo: { full_name: "stranger/shop" } },
        base: { ref: "main", sha: defaultSha },
      },
    },
  },
  env: { GITHUB_REF: `refs/pull/${number}/merge`, GITHUB_SHA: merge },
});

describe.concurrent("find-run: commit", () => {
  it("follows the run that Azure's own trigger started, and starts nothing", async () => {
    await using azure = await scriptedAzure({ ...followed, [listRoute]: listOf(listedBuild()) });
    const { main } = await runAction(inputs(azure));
    expect([main.exitCode, main.outputs["run-id"], main.outputs["commit"]], main.log).toEqual([
      0,
      "345",
      defaultSha,
    ]);
    expect(main.log).toMatch(/Found 20260602\.13 \(queued by individualCI\): http/);
    const [list] = azure.requestLines();
    expect(list).toMatch(/^GET build\/builds\?definitions=42&queryOrder=queueTimeDescending&/);
    expect(list).not.toMatch(/branchName/);
    expect(azure.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  it("waits for a run that appears later, and logs the wait", async () => {
    await using azure = await scriptedAzure({ ...followed, [listRoute]: [listOf(), listOf(listedBuild())] });
    const { main } = await runAction(inputs(azure));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(main.log).toMatch(/No run builds commit \S+ yet\. Waiting for up to .+ for one to appear\./);
  });

  it("ignores newer runs of other commits, and follows the newest of the commit", async () => {
    await using azure = await scriptedAzure({
      ...followed,
      [listRoute]: [
        {
          ...listOf(
            listedBuild({ id: 347, sourceVersion: head }),
            listedBuild({ id: 348, definition: { id: 9 } }),
          ),
          headers: { "x-ms-continuationtoken": "2" },
        },
        listOf(listedBuild({ id: 344, queueTime: "2026-06-01T00:00:00Z" }), listedBuild()),
      ],
    });
    const { main } = await runAction(inputs(azure));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
  });

  it("follows a pull request's run of a merge commit only under events of that pull request", async () => {
    const pull = listedBuild({
      sourceBranch: "refs/pull/7/merge",
      sourceVersion: merge,
      reason: "pullRequest",
      triggerInfo: { "pr.number": "7", "pr.sourceSha": head },
    });
    await using azure = await scriptedAzure({ ...followed, [listRoute]: listOf(pull) });
    const [own, other, push] = await Promise.all([
      runAction(inputs(azure), pullRequest()),
      runAction(inputs(azure, { "find-timeout": "0s" }), pullRequest("pull_request", 8)),
      runAction(inputs(azure, { "find-timeout": "0s", commit: head })),
    ]);
    expect([own.main.exitCode, own.main.outputs["run-id"]], own.main.log).toEqual([0, "345"]);
    expectFailure(other, "not-found");
    expectFailure(push, "not-found");
  });

  it("reads the head of a merge commit from GitHub if the run was started through the API", async () => {
    const started = listedBuild({
      sourceBranch: "refs/pull/7/merge",
      sourceVersion: merge,
      reason: "manual",
    });
    await using azure = await scriptedAzure({ ...followed, [listRoute]: listOf(started) });
    await using github = await startGitHubServer({ commits: { [merge]: [defaultSha, head] } });
    await using blind = await startGitHubServer();
    const [withParents, withoutParents] = await Promise.all([
      runAction(inputs(azure), withGitHub(github, pullRequest())),
      runAction(inputs(azure, { "find-timeout": "0s" }), withGitHub(blind, pullRequest())),
    ]);
    expect([withParents.main.exitCode, withParents.main.outputs["run-id"]], withParents.main.log).toEqual([
      0,
      "345",
    ]);
    expectFailure(withoutParents, "not-found");
    expect(withoutParents.main.log).toMatch(/parents of the merge commit 2222.* could not be read/);
  });

  it("requires `commit` under an event without a commit", async () => {
    await using azure = await scriptedAzure({});
    const result = await runAction(inputs(azure), { event: { name: "issue_comment", payload: {} } });
    expect(expectFailure(result, "bad-input")).toMatch(/^commit: is required .*issue_comment/);
    expect(azure.requestLines()).toEqual([]);
  });

  it("fails with a list of the newest runs if there is none of the commit", async () => {
    await using azure = await scriptedAzure({
      ...followed,
      [listRoute]: listOf(listedBuild({ sourceVersion: head, reason: "schedule" })),
    });
    const text = expectFailure(await runAction(inputs(azure, { "find-timeout": "1s" })), "not-found");
    // The time also counts the last search.
    expect(text).toMatch(new RegExp(`No run of pipeline 42 builds commit ${defaultSha} after \\d+ s\\.`));
    expect(text).toMatch(/20260602\.13: 1{40}, refs\/heads\/main, schedule, succeeded: http/);
  });

  it("follows only a run for which find-when holds", async () => {
    await using azure = await scriptedAzure({
      ...followed,
      [listRoute]: listOf(listedBuild({ id: 346, result: "failed" }), listedBuild()),
    });
    const { main } = await runAction(inputs(azure, { "find-when": "result == 'succeeded'" }));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
  });

  it("fails with the names of the runs for which find-when does not hold", async () => {
    await using azure = await scriptedAzure({
      ...followed,
      [listRoute]: listOf(listedBuild({ id: 346, buildNumber: "20260602.14" }), listedBuild()),
    });
    const find = { "find-when": "result == 'failed'", "find-timeout": "0s" };
    const text = expectFailure(await runAction(inputs(azure, find)), "not-found");
    expect(text).toMatch(
      /^No suitable run of pipeline 42 builds commit \w+\. Skipped, since find-when is false: 20260602\.14 and 20260602\.13\.$/m,
    );
  });

  it("fails, and starts nothing, if the list of runs cannot be read", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      ...followed,
      [listRoute]: errorReply(403, "AccessDeniedException", "TF215106: Access denied."),
    });
    const more = { "find-timeout": "0s", "if-not-found": "start" };
    expectFailure(await runAction(inputs(azure, more)), "forbidden");
    // The list of a pipeline that does not exist is empty.
    await using missing = await scriptedAzure({ ...happyPath, [listRoute]: listOf() });
    expectFailure(await runAction(inputs(missing, more)), "not-found");
    expect(missing.requests.some(({ method }) => method === "POST")).toBe(false);
  });
});

describe.concurrent("find-run: ref", () => {
  it("fails with a list of the pipeline's newest runs if there is none of the ref", async () => {
    await using azure = await scriptedAzure({ ...followed, [listRoute]: [listOf(), listOf(listedBuild())] });
    const find = { "find-run": "ref", ref: "mian", "find-timeout": "0s" };
    const text = expectFailure(await runAction(inputs(azure, find)), "not-found");
    expect(text).toMatch(/is of refs\/heads\/mian\.\nThe newest runs of the pipeline:\n20260602\.13: /);
  });

  it("follows the newest run of the ref, and names its commit if it is not the event's", async () => {
    await using azure = await scriptedAzure({
      ...followed,
      [listRoute]: listOf(
        listedBuild({ id: 346, sourceBranch: "refs/heads/topic" }),
        listedBuild({ sourceVersion: head }),
      ),
    });
    const { main } = await runAction(inputs(azure, { "find-run": "ref" }));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(main.annotations).toEqual([
      expect.objectContaining({ level: "notice", message: expect.stringContaining(`builds commit ${head}`) }),
    ]);
  });

  it("requires `ref` if the pipeline builds another repository", async () => {
    await using azure = await scriptedAzure({
      [pipelineRoute]: {
        body: { id: 42, name: "ci", repository: { id: "guid", type: "TfsGit", name: "web" } },
      },
    });
    const text = expectFailure(await runAction(inputs(azure, { "find-run": "ref" })), "bad-input");
    expect(text).toMatch(/^ref: is required/);
  });
});

describe.concurrent("if-not-found: start", () => {
  const startInputs = { "if-not-found": "start", parameters: "env: prod", ref: "main", commit: defaultSha };

  const prod = listedBuild({ templateParameters: { env: "prod" } });

  it("follows a run with the same parameters, no matter who started it", async () => {
    await using azure = await scriptedAzure({ ...happyPath, ...followed, [listRoute]: listOf(prod) });
    const { main } = await runAction(inputs(azure, startInputs));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(azure.requests.some(({ method }) => method === "POST")).toBe(false);
  });

  it("starts a run if others differ in parameters, variables, refs or commits", async () => {
    const differences: readonly Fields[] = [
      { templateParameters: { env: "test" } },
      { parameters: '{"level":"full"}' },
      { sourceBranch: "refs/heads/topic" },
      { sourceVersion: head },
    ];
    const others = differences.map((difference, index) => ({ ...prod, id: 300 + index, ...difference }));
    await using azure = await scriptedAzure({ ...happyPath, [listRoute]: listOf(...others) });
    const { main } = await runAction(inputs(azure, startInputs));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    const start = azure.requests.find(({ method }) => method === "POST");
    expect(JSON.parse(start?.body ?? "")).toEqual({
      resources: { repositories: { self: { refName: "refs/heads/main", version: defaultSha } } },
      templateParameters: { env: "prod" },
    });
  });

  it("reuses no run with secret-variables, which can't be compared, and logs it", async () => {
    await using azure = await scriptedAzure({ ...happyPath, [listRoute]: listOf(prod) });
    const { main } = await runAction(
      inputs(azure, { ...startInputs, "secret-variables": "key: correct-horse" }),
    );
    expect(main.exitCode, main.log).toBe(0);
    expect(main.log).toMatch(/No existing run is reused, since `secret-variables` cannot be compared/);
    expect(azure.requestLines().some((line) => line.startsWith(startRoute))).toBe(true);
  });

  it("does not reuse a failed run when the workflow is re-run", async () => {
    const failed = { ...prod, id: 300, result: "failed" };
    await using azure = await scriptedAzure({
      ...happyPath,
      [listRoute]: listOf(failed),
      "GET build/builds/300": { body: failed },
      "GET build/builds/300/timeline": { status: 204 },
      "GET pipelines/42/runs/300": { body: runJson({ id: 300 }) },
    });
    const rerun = await runAction(inputs(azure, startInputs), { env: { GITHUB_RUN_ATTEMPT: "2" } });
    expect([rerun.main.exitCode, rerun.main.outputs["run-id"]], rerun.main.log).toEqual([0, "345"]);
    const first = await runAction(inputs(azure, startInputs));
    expect([first.main.exitCode, first.main.outputs["run-id"]], first.main.log).toEqual([1, "300"]);
  });

  it("starts the merge ref of a fork's pull request", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pipelineRoute]: definition,
      [listRoute]: listOf(),
    });
    const { main } = await runAction(inputs(azure, { "if-not-found": "start" }), pullRequest());
    expect(main.exitCode, main.log).toBe(0);
    const start = azure.requests.find(({ method }) => method === "POST");
    expect(JSON.parse(start?.body ?? "").resources.repositories.self).toEqual({
      refName: "refs/pull/7/merge",
      version: merge,
    });
  });
});

describe.concurrent("if-not-found: succeed", () => {
  it("succeeds without a run: blank outputs, a notice, a skipped check, a successful status", async () => {
    await using azure = await scriptedAzure({ [pipelineRoute]: definition, [listRoute]: listOf() });
    await using github = await startGitHubServer();
    const more = { "find-timeout": "0s", "if-not-found": "succeed", ...reportInputs };
    const { main } = await runAction(inputs(azure, more), withGitHub(github));
    expect([main.exitCode, main.outputs["run-id"], main.outputs["error-code"]], main.log).toEqual([
      0,
      "",
      undefined,
    ]);
    expect(main.annotations.map(({ level }) => level)).toEqual(["notice"]);
    expect(github.checkRuns).toEqual([
      expect.objectContaining({ status: "completed", conclusion: "skipped" }),
    ]);
    expect(github.statuses.at(-1)).toMatchObject({ state: "success" });
  });
});
