import type { components } from "@octokit/openapi-types";
import type { ApiResponse } from "../http/response.ts";
import { pageOf } from "./pages.ts";
import { checkAppBody, nodeId, repositoryBody } from "./responses.ts";
import { checkRunPage, type GitHubStore } from "./store.ts";
import type { StoredCheckRun } from "./stored.ts";

type CheckSuite = components["schemas"]["check-suite"];

/** The suite of a commit: GitHub puts the check runs of one app on a commit into one. */
export function listSuites(store: GitHubStore, sha: string, url: URL): ApiResponse {
  const checks = store.checkRuns.filter((check) => check.head_sha === sha);
  const suites = checks.length === 0 ? [] : [suiteBody(checks, store.repositoryUrl())];
  const { items, headers } = pageOf(suites, url);
  return { status: 200, headers, json: { total_count: suites.length, check_suites: items } };
}

export function readSuite(store: GitHubStore, id: number): ApiResponse | undefined {
  const checks = store.checkRuns.filter((check) => check.suite_id === id);
  return checks.length === 0 ? undefined : { status: 200, json: suiteBody(checks, store.repositoryUrl()) };
}

export function listSuiteCheckRuns(store: GitHubStore, id: number, url: URL): ApiResponse | undefined {
  const checks = store.checkRuns.filter((check) => check.suite_id === id).toReversed();
  return checks.length === 0 ? undefined : checkRunPage(checks, store, url);
}

/** The app that created it gets an event, of which nothing is seen here. */
export function rerequestCheckRun(store: GitHubStore, id: number): ApiResponse | undefined {
  return store.checkRuns.some((check) => check.id === id) ? { status: 201, json: {} } : undefined;
}

function suiteBody(checks: readonly StoredCheckRun[], repositoryUrl: string) {
  const [first] = checks;
  const { suite_id: id = 0, head_sha: sha = "", started_at: createdAt = "" } = first ?? {};
  const url = `${repositoryUrl}/check-suites/${id}`;
  const person = { name: "Mona", email: "mona@example.com" };
  return {
    id,
    node_id: nodeId("CheckSuite", id),
    head_branch: null,
    head_sha: sha,
    ...suiteState(checks),
    url,
    before: null,
    after: sha,
    pull_requests: [],
    app: checkAppBody(),
    repository: repositoryBody(repositoryUrl),
    created_at: createdAt,
    updated_at: createdAt,
    head_commit: {
      id: sha,
      tree_id: sha,
      message: "A commit",
      timestamp: createdAt,
      author: person,
      committer: person,
    },
    latest_check_runs_count: checks.length,
    check_runs_url: `${url}/check-runs`,
  } satisfies CheckSuite;
}

/** The worst conclusion, once all are completed. */
function suiteState(checks: readonly StoredCheckRun[]): Pick<CheckSuite, "status" | "conclusion"> {
  if (checks.some(({ status }) => status !== "completed"))
    return {
      status: checks.every(({ status }) => status === "queued") ? "queued" : "in_progress",
      conclusion: null,
    };
  const order = [
    "action_required",
    "timed_out",
    "cancelled",
    "failure",
    "success",
    "neutral",
    "skipped",
  ] as const;
  const conclusion = order.find((one) => checks.some((check) => check.conclusion === one)) ?? null;
  return { status: "completed", conclusion };
}
