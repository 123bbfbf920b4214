import { identityNamed } from "../engine/identities.ts";
import { headsOf } from "../engine/repository-files.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import type { CommitSpec, RepositorySpec } from "../spec.ts";
import { repositoryId } from "./build-json.ts";
import { projectRef } from "./links.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";

export const gitRoutes = [
  route("GET", "git/repositories", (request) =>
    listOf(repositoriesOf(request).map((repository) => repositoryJson(repository, request))),
  ),
  route("GET", "git/repositories/{id}", (request) =>
    withRepository(request, (repository) => ok(repositoryJson(repository, request))),
  ),
  route("GET", "git/repositories/{id}/refs", (request) =>
    withRepository(request, (repository) => listOf(refs(repository, request))),
  ),
  route("GET", "git/repositories/{id}/stats/branches", (request) =>
    withRepository(request, (repository) => readBranches(repository, request)),
  ),
  route("GET", "git/repositories/{id}/commits", (request) =>
    withRepository(request, (repository) => listOf(listCommits(repository, request))),
  ),
  route("GET", "git/repositories/{id}/commits/{commitId}", (request) =>
    withRepository(request, (repository) => readCommit(repository, request)),
  ),
  route("GET", "git/repositories/{id}/commits/{commitId}/changes", (request) =>
    withRepository(request, (repository) => readChanges(repository, request)),
  ),
  route("POST", "git/repositories/{id}/commitsBatch", (request) =>
    withRepository(request, (repository) => listOf(listCommits(repository, request))),
  ),
  route("GET", "git/repositories/{id}/pushes", (request) => withRepository(request, () => listOf([]))),
  // No repository here has a pull request in Azure Repos.
  route("GET", "git/repositories/{id}/pullRequests", (request) => withRepository(request, () => listOf([]))),
  route("GET", "git/repositories/{id}/pullRequests/{number}", (request) =>
    withRepository(request, () => pullRequestNotFound(request)),
  ),
  route("GET", "git/pullRequests", () => listOf([])),
  route("GET", "git/pullRequests/{number}", pullRequestNotFound),
];

function pullRequestNotFound({ params }: ApiRequest): ApiResponse {
  return gitNotFound(
    "GitPullRequestNotFoundException",
    `TF401180: The requested pull request was not found: ${params["number"]}.`,
  );
}

/** The repositories in Azure Repos that a pipeline builds. */
function repositoriesOf({ state }: ApiRequest): RepositorySpec[] {
  const repositories = [...state.pipelines.values()]
    .map(({ repository }) => repository)
    .filter(({ type }) => type === "TfsGit");
  return [...new Map(repositories.map((repository) => [repositoryId(repository), repository])).values()];
}

/** By id or name. */
export function withRepository(
  request: ApiRequest,
  handle: (repository: RepositorySpec) => ApiResponse,
): ApiResponse {
  const asked = request.params["id"] ?? "";
  const repository = repositoriesOf(request).find((one) =>
    [one.name, repositoryId(one)].some((name) => equalsIgnoreCase(name, asked)),
  );
  if (repository !== undefined) return handle(repository);
  return gitNotFound(
    "GitRepositoryNotFoundException",
    `TF401019: The Git repository ${asked} does not exist.`,
  );
}

export function gitNotFound(typeKey: string, message: string): ApiResponse {
  return errorResponse({ status: 404, typeKey, namespace: "Microsoft.TeamFoundation.Git.Server", message });
}

function repositoryJson(repository: RepositorySpec, request: ApiRequest) {
  const id = repositoryId(repository);
  return {
    id,
    name: repository.name,
    url: `${request.projectUrl}/_apis/git/repositories/${id}`,
    project: projectRef(request),
    defaultBranch: repository.defaultBranch,
    size: 728,
  };
}

function refs(repository: RepositorySpec, { query }: ApiRequest) {
  const filter = `refs/${query.get("filter") ?? ""}`;
  return headsOf(repository)
    .filter(([name]) => name.startsWith(filter))
    .map(([name, objectId]) => ({ name, objectId }));
}

function branches(repository: RepositorySpec) {
  return headsOf(repository)
    .filter(([name]) => name.startsWith("refs/heads/"))
    .map(([name, commitId]) => ({
      name: name.replace("refs/heads/", ""),
      commit: { commitId },
      aheadCount: 0,
      behindCount: 0,
      isBaseVersion: name === repository.defaultBranch,
    }));
}

/** One branch where the request names one. */
function readBranches(repository: RepositorySpec, { query }: ApiRequest): ApiResponse {
  const name = query.get("name")?.replace(/^refs\/heads\//, "");
  if (name === undefined) return listOf(branches(repository));
  const branch = branches(repository).find((one) => one.name === name);
  if (branch !== undefined) return ok(branch);
  return gitNotFound(
    "GitUnresolvableToCommitException",
    `TF401175: The version descriptor <Branch: ${name}> could not be resolved.`,
  );
}

/** The newest first. */
function listCommits({ commits = [] }: RepositorySpec, request: ApiRequest) {
  const read = (name: string) =>
    request.query.number(`searchCriteria.$${name}`) ?? request.query.number(`$${name}`);
  const skip = read("skip") ?? 0;
  return commits
    .toReversed()
    .slice(skip, skip + (read("top") ?? 100))
    .map((commit) => commitJson(commit, request));
}

/** Which files a commit changed is not known here. */
function readChanges({ commits = [] }: RepositorySpec, request: ApiRequest): ApiResponse {
  const id = request.params["commitId"] ?? "";
  return commits.some(({ sha }) => equalsIgnoreCase(sha, id))
    ? ok({ changeCounts: {}, changes: [] })
    : commitNotFound(id);
}

function commitJson({ sha, message, author = "Ada" }: CommitSpec, { projectUrl }: ApiRequest) {
  return {
    commitId: sha,
    author: { name: author, email: identityNamed(author).uniqueName },
    comment: message,
    url: `${projectUrl}/_apis/git/commits/${sha}`,
  };
}

function readCommit({ commits = [] }: RepositorySpec, request: ApiRequest): ApiResponse {
  const id = request.params["commitId"] ?? "";
  const commit = commits.find(({ sha }) => equalsIgnoreCase(sha, id));
  return commit === undefined ? commitNotFound(id) : ok(commitJson(commit, request));
}

function commitNotFound(id: string): ApiResponse {
  return gitNotFound(
    "GitUnresolvableToCommitException",
    `TF401175: The version descriptor <Commit: ${id}> could not be resolved.`,
  );
}
