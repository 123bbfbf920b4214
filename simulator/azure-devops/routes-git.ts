import { identityNamed } from "../engine/identities.ts";
import { shaFrom } from "../engine/ids.ts";
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
    withRepository(request, (repository) => listOf(branches(repository))),
  ),
  route("GET", "git/repositories/{id}/commits", (request) =>
    withRepository(request, (repository) =>
      listOf((repository.commits ?? []).toReversed().map((commit) => commitJson(commit, request))),
    ),
  ),
  route("GET", "git/repositories/{id}/commits/{commitId}", (request) =>
    withRepository(request, (repository) => readCommit(repository, request)),
  ),
  route("GET", "git/repositories/{id}/pullRequests", (request) => withRepository(request, () => listOf([]))),
];

/** The repositories in Azure Repos that a pipeline builds. */
function repositoriesOf({ state }: ApiRequest): RepositorySpec[] {
  const repositories = [...state.pipelines.values()]
    .map(({ repository }) => repository)
    .filter(({ type }) => type === "TfsGit");
  return [...new Map(repositories.map((repository) => [repositoryId(repository), repository])).values()];
}

/** By its id or its name. */
function withRepository(
  request: ApiRequest,
  handle: (repository: RepositorySpec) => ApiResponse,
): ApiResponse {
  const asked = request.params["id"] ?? "";
  const repository = repositoriesOf(request).find((one) =>
    [one.name, repositoryId(one)].some((name) => equalsIgnoreCase(name, asked)),
  );
  if (repository !== undefined) return handle(repository);
  return notFound("GitRepositoryNotFoundException", `TF401019: The Git repository ${asked} does not exist.`);
}

function notFound(typeKey: string, message: string): ApiResponse {
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

/** Full refs with their heads; only the default branch where the repository lists none. */
function heads({ name, defaultBranch, branches: known }: RepositorySpec): [string, string][] {
  return Object.entries(known ?? { [defaultBranch]: shaFrom(`${name} ${defaultBranch}`) });
}

function refs(repository: RepositorySpec, { query }: ApiRequest) {
  const filter = `refs/${query.get("filter") ?? ""}`;
  return heads(repository)
    .filter(([name]) => name.startsWith(filter))
    .map(([name, objectId]) => ({ name, objectId }));
}

function branches(repository: RepositorySpec) {
  return heads(repository)
    .filter(([name]) => name.startsWith("refs/heads/"))
    .map(([name, commitId]) => ({
      name: name.replace("refs/heads/", ""),
      commit: { commitId },
      aheadCount: 0,
      behindCount: 0,
      isBaseVersion: name === repository.defaultBranch,
    }));
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
  if (commit !== undefined) return ok(commitJson(commit, request));
  return notFound(
    "GitUnresolvableToCommitException",
    `TF401175: The version descriptor <Commit: ${id}> could not be resolved.`,
  );
}
