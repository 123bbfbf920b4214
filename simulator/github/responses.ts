import type { components } from "@octokit/openapi-types";
import type { StoredCheckRun, StoredStatus } from "./stored.ts";
import type { JsonObject } from "./validation.ts";

// The bodies of GitHub's answers. The types are those of GitHub's own OpenAPI description, so that a missing field does not compile.

type Schemas = components["schemas"];

const actionsAppUrl = "https://github.com/apps/github-actions";

const createdAt = "2018-07-30T09:30:17Z";

export function checkRunBody(check: StoredCheckRun, repositoryUrl: string) {
  const url = `${repositoryUrl}/check-runs/${check.id}`;
  return {
    id: check.id,
    node_id: nodeId("CheckRun", check.id),
    name: check.name,
    head_sha: check.head_sha,
    external_id: check.external_id,
    url,
    html_url: `${htmlUrlOf(repositoryUrl)}/runs/${check.id}`,
    details_url: check.details_url,
    status: check.status as Schemas["check-run"]["status"],
    conclusion: check.conclusion as Schemas["check-run"]["conclusion"],
    started_at: check.started_at,
    completed_at: check.completed_at,
    output: { ...check.output, text: check.text, annotations_url: `${url}/annotations` },
    check_suite: { id: check.suite_id },
    app: checkAppBody(),
    pull_requests: [],
  } satisfies Schemas["check-run"];
}

export function checkAppBody() {
  return {
    id: 15368,
    slug: "github-actions",
    node_id: nodeId("App", 15368),
    owner: userBody("github", 9919),
    name: "GitHub Actions",
    description: "Automate your workflow from idea to production",
    external_url: "https://help.github.com/en/actions",
    html_url: actionsAppUrl,
    created_at: createdAt,
    updated_at: createdAt,
    permissions: { checks: "write", statuses: "write" },
    events: [],
  } satisfies Schemas["check-run"]["app"];
}

export function annotationBody(annotation: JsonObject, sha: string, repositoryUrl: string) {
  const path = String(annotation["path"]);
  return {
    path,
    start_line: Number(annotation["start_line"]),
    end_line: Number(annotation["end_line"]),
    start_column: numberOrNull(annotation["start_column"]),
    end_column: numberOrNull(annotation["end_column"]),
    annotation_level: textOrNull(annotation["annotation_level"]),
    title: textOrNull(annotation["title"]),
    message: textOrNull(annotation["message"]),
    raw_details: textOrNull(annotation["raw_details"]),
    blob_href: `${htmlUrlOf(repositoryUrl)}/blob/${sha}/${path}`,
  } satisfies Schemas["check-annotation"];
}

export function statusBody(status: StoredStatus, repositoryUrl: string) {
  return {
    ...simpleStatusBody(status, repositoryUrl),
    creator: userBody("github-actions[bot]", 41_898_282),
  } satisfies Schemas["status"];
}

export function combinedStatusBody(
  sha: string,
  { all, page }: { readonly all: readonly StoredStatus[]; readonly page: readonly StoredStatus[] },
  repositoryUrl: string,
) {
  return {
    state: combinedState(all.map(({ state }) => state)),
    statuses: page.map((status) => simpleStatusBody(status, repositoryUrl)),
    sha,
    total_count: all.length,
    repository: repositoryBody(repositoryUrl),
    commit_url: `${repositoryUrl}/commits/${sha}`,
    url: `${repositoryUrl}/commits/${sha}/status`,
  } satisfies Schemas["combined-commit-status"];
}

export function commitBody(sha: string, parents: readonly string[], repositoryUrl: string) {
  const person = { name: "Mona", email: "mona@example.com", date: createdAt };
  const url = (commit: string): string => `${repositoryUrl}/commits/${commit}`;
  return {
    sha,
    node_id: nodeId("Commit", sha),
    url: url(sha),
    html_url: `${htmlUrlOf(repositoryUrl)}/commit/${sha}`,
    comments_url: `${url(sha)}/comments`,
    commit: {
      url: `${repositoryUrl}/git/commits/${sha}`,
      author: person,
      committer: person,
      message: "A commit",
      comment_count: 0,
      tree: { sha, url: `${repositoryUrl}/git/trees/${sha}` },
    },
    author: userBody("mona", 583_231),
    committer: userBody("mona", 583_231),
    parents: parents.map((parent) => ({ sha: parent, url: url(parent) })),
  } satisfies Schemas["commit"];
}

export function errorBody(status: number, message: string, errors?: readonly string[]) {
  return {
    message,
    ...(errors && { errors: [...errors] }),
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
  } satisfies Schemas["basic-error"] & { errors?: string[] };
}

/** The latest of each context decide: one failure fails, and without a status all is pending. */
function combinedState(states: readonly string[]): string {
  if (states.some((state) => state === "failure" || state === "error")) return "failure";
  return states.length === 0 || states.includes("pending") ? "pending" : "success";
}

function simpleStatusBody(status: StoredStatus, repositoryUrl: string) {
  return {
    url: `${repositoryUrl}/statuses/${status.sha}`,
    avatar_url: "https://avatars.githubusercontent.com/in/15368?v=4",
    id: status.id,
    node_id: nodeId("StatusContext", status.id),
    state: status.state,
    description: status.description,
    target_url: status.target_url,
    context: status.context,
    created_at: status.created_at,
    updated_at: status.created_at,
  } satisfies Schemas["simple-commit-status"];
}

function userBody(login: string, id: number) {
  const url = `https://api.github.com/users/${login}`;
  return {
    login,
    id,
    node_id: nodeId("User", id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `https://github.com/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: "User",
    site_admin: false,
  } satisfies Schemas["simple-user"];
}

export function repositoryBody(url: string) {
  const [owner = "", name = ""] = url.split("/").slice(-2);
  return {
    id: 1_296_269,
    node_id: nodeId("Repository", 1_296_269),
    name,
    full_name: `${owner}/${name}`,
    owner: userBody(owner, 583_231),
    private: true,
    html_url: htmlUrlOf(url),
    description: null,
    fork: false,
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  } satisfies Schemas["minimal-repository"];
}

function htmlUrlOf(repositoryUrl: string): string {
  return `https://github.com/${repositoryUrl.split("/").slice(-2).join("/")}`;
}

export function nodeId(type: string, id: number | string): string {
  return Buffer.from(`${type}${id}`).toString("base64");
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
