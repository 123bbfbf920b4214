import { repositoryFiles } from "../engine/repository-files.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, errorResponse, listOf, noContent, ok } from "../http/response.ts";
import type { RepositorySpec } from "../spec.ts";
import { repositoryId } from "./build-json.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";

const preview = { previewOnly: true };

export const sourceProviderRoutes = [
  route("GET", "sourceProviders", () => listOf(sourceProviders)),
  route("GET", "sourceProviders/{provider}/repositories", (request) =>
    withProvider(request, () =>
      ok({ repositories: repositoriesOf(request).map(repositoryJson), pageLength: 100, totalPageCount: 1 }),
    ),
  ),
  route("GET", "sourceProviders/{provider}/branches", (request) =>
    withProvider(request, () => listOf(branchesOf(request))),
  ),
  route(
    "GET",
    "sourceProviders/{provider}/filecontents",
    (request) => withRepository(request, (repository) => fileContents(repository, request)),
    preview,
  ),
  route(
    "GET",
    "sourceProviders/{provider}/pathcontents",
    (request) => withRepository(request, (repository) => pathContents(repository, request)),
    preview,
  ),
  route(
    "GET",
    "sourceProviders/{provider}/pullrequests/{number}",
    (request) => withProvider(request, () => pullRequestNotFound(request)),
    preview,
  ),
  route("GET", "sourceProviders/{provider}/webhooks", listWebhooks, preview),
  route(
    "POST",
    "sourceProviders/{provider}/webhooks",
    (request) => withRepository(request, () => noContent),
    preview,
  ),
];

const sourceProviders = ["TfsGit", "GitHub", "GitHubEnterprise"].map((name) => ({
  name,
  supportedTriggers: [{ type: "continuousIntegration" }, { type: "pullRequest" }],
  supportedCapabilities: { queryRepositories: true, queryBranchRefs: true },
}));

function withProvider(request: ApiRequest, handle: () => ApiResponse): ApiResponse {
  const name = request.params["provider"] ?? "";
  if (sourceProviders.some((one) => equalsIgnoreCase(one.name, name))) return handle();
  return errorResponse({
    status: 400,
    typeKey: "BuildRepositoryTypeNotSupportedException",
    message: `The source provider ${name} is not supported.`,
  });
}

/** The repositories of that provider that a pipeline builds. */
function repositoriesOf({ state, params }: ApiRequest): RepositorySpec[] {
  const repositories = [...state.pipelines.values()]
    .map(({ repository }) => repository)
    .filter(({ type }) => equalsIgnoreCase(type, params["provider"] ?? ""));
  return [...new Map(repositories.map((repository) => [repositoryId(repository), repository])).values()];
}

function repositoryJson(repository: RepositorySpec) {
  const { name, type, defaultBranch } = repository;
  return {
    id: repositoryId(repository),
    sourceProviderName: type,
    name,
    fullName: name,
    defaultBranch,
    properties: {},
  };
}

/** By its id or its name, in the query. */
function findRepository(request: ApiRequest): RepositorySpec | undefined {
  const nameOrId = request.query.get("repository") ?? "";
  return repositoriesOf(request).find((one) => one.name === nameOrId || repositoryId(one) === nameOrId);
}

function withRepository(
  request: ApiRequest,
  handle: (repository: RepositorySpec) => ApiResponse,
): ApiResponse {
  return withProvider(request, () => {
    const repository = findRepository(request);
    return repository === undefined ? repositoryNotFound(request) : handle(repository);
  });
}

function branchesOf(request: ApiRequest): string[] {
  const repository = findRepository(request);
  if (repository === undefined) return [];
  const { branches, defaultBranch } = repository;
  return branches === undefined ? [defaultBranch] : Object.keys(branches);
}

function fileContents(repository: RepositorySpec, { state, query }: ApiRequest): ApiResponse {
  const path = `/${(query.get("path") ?? "").replace(/^\/+/, "")}`;
  const file = repositoryFiles(repository, state.pipelines.values()).find((one) => one.path === path);
  if (file !== undefined) return { status: 200, type: "text/plain; charset=utf-8", body: file.content };
  return errorResponse({
    status: 404,
    typeKey: "FileNotFoundException",
    message: `The file ${path} could not be found in the repository ${repository.name}.`,
  });
}

function pathContents(repository: RepositorySpec, { state, projectUrl }: ApiRequest): ApiResponse {
  const url = `${projectUrl}/_apis/git/repositories/${repositoryId(repository)}/items`;
  return listOf(
    repositoryFiles(repository, state.pipelines.values()).map(({ path }) => ({
      isContainer: false,
      path,
      type: "blob",
      url: `${url}?path=${encodeURIComponent(path)}`,
    })),
  );
}

/** GitHub's repositories have one for pushes and pull requests. */
function listWebhooks(request: ApiRequest): ApiResponse {
  return withRepository(request, ({ name, type }) =>
    listOf(
      type === "GitHub"
        ? [
            {
              name,
              types: ["continuousIntegration", "pullRequest"],
              url: `https://api.github.com/repos/${name}/hooks/1`,
            },
          ]
        : [],
    ),
  );
}

function repositoryNotFound({ query }: ApiRequest): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "RepositoryInformationInvalidException",
    message: `The repository ${query.get("repository") ?? ""} could not be found.`,
  });
}

function pullRequestNotFound({ params }: ApiRequest): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "PullRequestNotFoundException",
    message: `The pull request ${params["number"]} could not be found.`,
  });
}
