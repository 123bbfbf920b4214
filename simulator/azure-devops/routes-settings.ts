import { statusOf } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import { repositoryId } from "./build-json.ts";
import { type ApiRequest, parseBody } from "./request.ts";
import { route } from "./router.ts";

const preview = { previewOnly: true };

const collection = { scope: "collection" } as const;

export const settingsRoutes = [
  route("GET", "build/settings", () => ok(buildSettings)),
  route("GET", "build/generalsettings", ({ state }) => ok({ ...generalSettings, ...state.generalSettings })),
  route("PATCH", "build/generalsettings", updateGeneralSettings),
  route("GET", "build/options", () => listOf([])),
  route("GET", "build/authorizedresources", () => listOf([]), preview),
  route("GET", "build/definitions/templates", () => listOf([])),
  route("GET", "build/controllers", () => listOf([]), collection),
  route("GET", "build/resourceusage", resourceUsage, { ...collection, ...preview }),
  // The project has neither classic releases nor policies, and its service connections are not listed.
  route("GET", "release/definitions", () => listOf([])),
  route("GET", "release/releases", () => listOf([])),
  route("GET", "policy/configurations", () => listOf([])),
  route("GET", "serviceendpoint/endpoints", () => listOf([])),
  route("GET", "sourceProviders", () => listOf(sourceProviders)),
  route("GET", "sourceProviders/{provider}/repositories", (request) =>
    withProvider(request, () =>
      ok({ repositories: repositoriesOf(request), pageLength: 100, totalPageCount: 1 }),
    ),
  ),
  route("GET", "sourceProviders/{provider}/branches", (request) =>
    withProvider(request, () => listOf(branchesOf(request))),
  ),
];

const retentionPolicy = {
  branches: ["+refs/heads/*"],
  artifacts: [],
  artifactTypesToDelete: ["FilePath", "SymbolStore"],
  daysToKeep: 30,
  minimumToKeep: 1,
  deleteBuildRecord: true,
  deleteTestResults: true,
};

const buildSettings = {
  defaultRetentionPolicy: retentionPolicy,
  maximumRetentionPolicy: { ...retentionPolicy, daysToKeep: 365, minimumToKeep: 100 },
  daysToKeepDeletedBuildsBeforeDestroy: 30,
};

const generalSettings = {
  enforceReferencedRepoScopedToken: true,
  disableClassicPipelineCreation: true,
  enforceSettableVar: true,
  enforceJobAuthScope: true,
  statusBadgesArePrivate: true,
  publishPipelineMetadata: false,
};

/** Settings that are not known are ignored, as the service does. */
function updateGeneralSettings(request: ApiRequest): ApiResponse {
  const { state } = request;
  for (const [name, value] of Object.entries(parseBody(request) ?? {})) {
    if (Object.hasOwn(generalSettings, name) && typeof value === "boolean")
      state.generalSettings[name] = value;
  }
  return ok({ ...generalSettings, ...state.generalSettings });
}

const sourceProviders = ["TfsGit", "GitHub", "GitHubEnterprise"].map((name) => ({
  name,
  supportedTriggers: [{ type: "continuousIntegration" }, { type: "pullRequest" }],
  supportedCapabilities: { queryRepositories: true, queryBranchRefs: true },
}));

function resourceUsage({ state }: ApiRequest): ApiResponse {
  const running = state.all().filter((run) => statusOf(run, run.elapsed()).status === "inProgress").length;
  return ok({
    xamlControllers: 0,
    distributedTaskAgents: running,
    totalUsage: running,
    paidPrivateAgentSlots: 1,
  });
}

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
function repositoriesOf({ state, params }: ApiRequest) {
  const repositories = [...state.pipelines.values()]
    .map(({ repository }) => repository)
    .filter(({ type }) => equalsIgnoreCase(type, params["provider"] ?? ""));
  const byId = new Map(repositories.map((repository) => [repositoryId(repository), repository]));
  return [...byId].map(([id, { name, type, defaultBranch }]) => ({
    id,
    sourceProviderName: type,
    name,
    fullName: name,
    defaultBranch,
    properties: {},
  }));
}

function branchesOf(request: ApiRequest): string[] {
  const asked = request.query.get("repository") ?? "";
  const spec = [...request.state.pipelines.values()].find(
    ({ repository }) => repository.name === asked || repositoryId(repository) === asked,
  );
  if (spec === undefined) return [];
  const { branches, defaultBranch } = spec.repository;
  return branches === undefined ? [defaultBranch] : Object.keys(branches);
}
