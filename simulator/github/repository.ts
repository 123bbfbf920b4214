import type { components } from "@octokit/openapi-types";
import type { ApiResponse } from "../http/response.ts";
import { pageOf } from "./pages.ts";
import { commitBody, nodeId, repositoryBody } from "./responses.ts";

type Schemas = components["schemas"];

/** Commits by branch. */
export type Branches = Readonly<Record<string, string>>;

/** https://docs.github.com/rest/repos/repos#get-a-repository */
export function readRepository(branches: Branches, repositoryUrl: string): ApiResponse {
  const { html_url: htmlUrl, ...repository } = repositoryBody(repositoryUrl);
  const json = {
    ...repository,
    html_url: htmlUrl,
    clone_url: `${htmlUrl}.git`,
    git_url: `${htmlUrl.replace("https:", "git:")}.git`,
    ssh_url: `git@github.com:${repository.full_name}.git`,
    svn_url: htmlUrl,
    mirror_url: null,
    homepage: null,
    language: null,
    default_branch: Object.keys(branches)[0] ?? "main",
    visibility: "private",
    archived: false,
    disabled: false,
    size: 0,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    subscribers_count: 0,
    network_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    has_discussions: false,
    has_downloads: false,
    has_issues: true,
    has_pages: false,
    has_projects: false,
    has_wiki: false,
    license: null,
    created_at: "2018-07-30T09:30:17Z",
    updated_at: "2018-07-30T09:30:17Z",
    pushed_at: "2018-07-30T09:30:17Z",
  } satisfies Schemas["full-repository"];
  return { status: 200, json };
}

/** https://docs.github.com/rest/branches/branches#list-branches */
export function listBranches(branches: Branches, repositoryUrl: string, url: URL): ApiResponse {
  const { items, headers } = pageOf(Object.entries(branches), url);
  const json = items.map(([name, sha]) => ({
    name,
    commit: { sha, url: `${repositoryUrl}/commits/${sha}` },
    protected: false,
  })) satisfies Schemas["short-branch"][];
  return { status: 200, headers, json };
}

/** https://docs.github.com/rest/branches/branches#get-a-branch */
export function readBranch(
  branches: Branches,
  name: string,
  { parents, repositoryUrl }: { readonly parents: readonly string[]; readonly repositoryUrl: string },
): ApiResponse | undefined {
  const sha = branches[name];
  if (sha === undefined) return undefined;
  const url = `${repositoryUrl}/branches/${encodeURIComponent(name)}`;
  const json = {
    name,
    commit: commitBody(sha, parents, repositoryUrl),
    _links: { self: url, html: `${repositoryBody(repositoryUrl).html_url}/tree/${name}` },
    protected: false,
    protection: { enabled: false },
    protection_url: `${url}/protection`,
  } satisfies Schemas["branch-with-protection"];
  return { status: 200, json };
}

/** https://docs.github.com/rest/git/refs#get-a-reference */
export function readBranchRef(
  branches: Branches,
  name: string,
  repositoryUrl: string,
): ApiResponse | undefined {
  const sha = branches[name];
  if (sha === undefined) return undefined;
  const ref = `refs/heads/${name}`;
  const json = {
    ref,
    node_id: nodeId("Ref", ref),
    url: `${repositoryUrl}/git/${ref}`,
    object: { type: "commit", sha, url: `${repositoryUrl}/git/commits/${sha}` },
  } satisfies Schemas["git-ref"];
  return { status: 200, json };
}

export interface RateLimit {
  readonly limit: number;
  readonly used: number;
  /** Seconds since 1970. */
  readonly reset: number;
}

/** https://docs.github.com/rest/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user */
export function readRateLimit({ limit, used, reset }: RateLimit): ApiResponse {
  const rate = { limit, used, reset, remaining: Math.max(0, limit - used) };
  const search = { limit: 30, used: 0, reset, remaining: 30 };
  const json = { resources: { core: rate, search }, rate } satisfies Schemas["rate-limit-overview"];
  return { status: 200, json };
}
