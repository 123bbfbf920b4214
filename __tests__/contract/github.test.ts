import { getOctokit } from "@actions/github";
import { describe, expect, it } from "vitest";
import { startGitHub } from "../../simulator/github/github.ts";

const sha = "5f1d0c9a2b7e4d3f8a6c1e0b9d8f7a6b5c4d3e2f";
const repository = { owner: "contoso", repo: "web" };

async function startWithClient() {
  const github = await startGitHub({ branches: { main: sha }, commits: { [sha]: [] } });
  return { github, rest: getOctokit("secret", { baseUrl: github.url }).rest };
}

describe("Octokit with the simulated GitHub", () => {
  it("reads a check run and its annotations, by id and by branch", async () => {
    const { github, rest } = await startWithClient();
    await using _closing = github;
    const annotation = { path: "a.yml", start_line: 1, end_line: 1, annotation_level: "failure" as const };
    const { data: created } = await rest.checks.create({
      ...repository,
      name: "azure",
      head_sha: sha,
      conclusion: "failure",
      output: { title: "T", summary: "S", text: "X", annotations: [{ ...annotation, message: "m" }] },
    });
    const read = await rest.checks.get({ ...repository, check_run_id: created.id });
    expect(read.data).toEqual(created);
    expect(read.data.output).toMatchObject({ title: "T", text: "X", annotations_count: 1 });
    const annotations = await rest.checks.listAnnotations({ ...repository, check_run_id: created.id });
    expect(annotations.data).toMatchObject([{ ...annotation, message: "m", start_column: null }]);
    const listed = await rest.checks.listForRef({ ...repository, ref: "heads/main" });
    expect(listed.data).toEqual({ total_count: 1, check_runs: [created] });
  });

  it("finds the check runs of a commit in its suite, which has the worst conclusion", async () => {
    const { github, rest } = await startWithClient();
    await using _closing = github;
    const create = async (head_sha: string, conclusion?: "success" | "failure") =>
      (
        await rest.checks.create({
          ...repository,
          name: "azure",
          head_sha,
          ...(conclusion && { conclusion }),
        })
      ).data;
    const running = await create("0".repeat(40));
    const failed = await create(sha, "failure");
    const passed = await create(sha, "success");
    expect(passed.check_suite?.id).toBe(failed.check_suite?.id);
    expect(running.check_suite?.id).not.toBe(failed.check_suite?.id);
    const { data: suites } = await rest.checks.listSuitesForRef({ ...repository, ref: "main" });
    expect(suites.check_suites).toMatchObject([
      { head_sha: sha, status: "completed", conclusion: "failure" },
    ]);
    const id = suites.check_suites[0]?.id ?? 0;
    expect((await rest.checks.getSuite({ ...repository, check_suite_id: id })).data).toEqual(
      suites.check_suites[0],
    );
    const { data: runs } = await rest.checks.listForSuite({ ...repository, check_suite_id: id });
    expect(runs.check_runs.map((run) => run.id)).toEqual([passed.id, failed.id]);
    const again = await rest.checks.rerequestRun({ ...repository, check_run_id: failed.id });
    expect(again.status).toBe(201);
  });

  it("reads the repository, its branches and the rate limit", async () => {
    const { github, rest } = await startWithClient();
    await using _closing = github;
    const { data } = await rest.repos.get(repository);
    expect(data).toMatchObject({ full_name: "contoso/web", default_branch: "main" });
    const { data: branches } = await rest.repos.listBranches(repository);
    expect(branches.map(({ name, commit }) => [name, commit.sha])).toEqual([["main", sha]]);
    const branch = await rest.repos.getBranch({ ...repository, branch: "main" });
    expect(branch.data.commit.sha).toBe(sha);
    const ref = await rest.git.getRef({ ...repository, ref: "heads/main" });
    expect(ref.data.object.sha).toBe(sha);
    const missing = rest.repos.getBranch({ ...repository, branch: "gone" });
    await expect(missing).rejects.toMatchObject({ status: 404 });
    expect((await rest.pulls.list(repository)).data).toEqual([]);
    const { rate } = (await rest.rateLimit.get()).data;
    expect(rate).toMatchObject({ limit: 1000, used: 6, remaining: 994 });
  });

  it("reads statuses, and the combined status from the newest of each context", async () => {
    const { github, rest } = await startWithClient();
    await using _closing = github;
    const empty = await rest.repos.getCombinedStatusForRef({ ...repository, ref: sha });
    expect(empty.data).toMatchObject({ state: "pending", total_count: 0 });
    for (const state of ["failure", "success"] as const) {
      await rest.repos.createCommitStatus({ ...repository, sha, state, context: "azure" });
    }
    const { data: combined } = await rest.repos.getCombinedStatusForRef({ ...repository, ref: "main" });
    expect(combined).toMatchObject({ state: "success", sha, total_count: 1, repository: { name: "web" } });
    const { data: statuses } = await rest.repos.listCommitStatusesForRef({ ...repository, ref: "main" });
    expect(statuses.map(({ state }) => state)).toEqual(["success", "failure"]);
    const second = await rest.repos.listCommitStatusesForRef({
      ...repository,
      ref: sha,
      per_page: 1,
      page: 2,
    });
    expect(second.data.map(({ state }) => state)).toEqual(["failure"]);
    expect((await rest.repos.getCommit({ ...repository, ref: "main" })).data.sha).toBe(sha);
  });

  it("follows the links to all pages of check runs, annotations and statuses", async () => {
    const { github } = await startWithClient();
    await using _closing = github;
    const octokit = getOctokit("secret", { baseUrl: github.url });
    const { checks, repos } = octokit.rest;
    const annotation = { path: "a.yml", start_line: 1, end_line: 1, annotation_level: "failure" as const };
    const annotations = ["a", "b", "c"].map((message) => ({ ...annotation, message }));
    for (const name of ["one", "two", "three"]) {
      await checks.create({
        ...repository,
        name,
        head_sha: sha,
        output: { title: "T", summary: "S", annotations },
      });
      await repos.createCommitStatus({ ...repository, sha, state: "success", context: name });
    }
    const ofCommit = { ...repository, ref: sha, per_page: 2 };
    const runs = await octokit.paginate(checks.listForRef, ofCommit);
    expect(runs.map(({ name }) => name)).toEqual(["three", "two", "one"]);
    expect(await octokit.paginate(repos.listCommitStatusesForRef, ofCommit)).toHaveLength(3);
    const ofCheck = { ...repository, check_run_id: runs[0]?.id ?? 0, per_page: 1 };
    expect(await octokit.paginate(checks.listAnnotations, ofCheck)).toHaveLength(3);
    const combined = await repos.getCombinedStatusForRef({ ...ofCommit, page: 2 });
    expect(combined.data).toMatchObject({ total_count: 3, statuses: [{ context: "one" }] });
    expect(combined.headers.link).toMatch(/page=1>; rel="prev", <.*page=1>; rel="first"$/);
  });

  it("answers HEAD, refs with a slash, and a body that is not JSON", async () => {
    await using github = await startGitHub({ branches: { "feature/x": sha }, commits: { [sha]: [] } });
    const octokit = getOctokit("secret", { baseUrl: github.url });
    const head = await octokit.request("HEAD /repos/{owner}/{repo}", repository);
    expect([head.status, head.data]).toEqual([200, ""]);
    const raw = await octokit.request("GET /repos/contoso/web/commits/feature/x/status");
    expect(raw.data).toMatchObject({ sha, state: "pending" });
    const malformed = await fetch(`${github.url}/repos/contoso/web/check-runs`, {
      method: "POST",
      headers: { authorization: "token secret" },
      body: "name=azure",
    });
    expect(await malformed.json()).toMatchObject({ message: "Problems parsing JSON", status: "400" });
  });

  it("sends a repository dispatch, and gets a 422 for one without an event type", async () => {
    const { github, rest } = await startWithClient();
    await using _closing = github;
    const accepted = await rest.repos.createDispatchEvent({ ...repository, event_type: "gate" });
    expect(accepted.status).toBe(204);
    await expect(rest.repos.createDispatchEvent({ ...repository, event_type: "" })).rejects.toMatchObject({
      status: 422,
      response: { data: { documentation_url: "https://docs.github.com/rest", status: "422" } },
    });
  });
});
