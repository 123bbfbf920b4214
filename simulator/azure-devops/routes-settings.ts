import { statusOf } from "../engine/run.ts";
import { type ApiResponse, listOf, ok } from "../http/response.ts";
import { invalidArgument } from "./error-responses.ts";
import { type ApiRequest, getProperty, objectFrom, parseBody, parseJson } from "./request.ts";
import { route } from "./router.ts";
import { withDefinition } from "./routes-definitions.ts";

const preview = { previewOnly: true };

const collection = { scope: "collection" } as const;

export const settingsRoutes = [
  route("GET", "build/settings", ({ state }) => ok({ ...buildSettings, ...state.data.settings.build })),
  route("PATCH", "build/settings", updateBuildSettings),
  route("GET", "build/generalsettings", ({ state }) =>
    ok({ ...generalSettings, ...state.data.settings.general }),
  ),
  route("PATCH", "build/generalsettings", updateGeneralSettings),
  route("GET", "build/options", () => listOf([])),
  route(
    "GET",
    "build/authorizedresources",
    (request) => listOf(authorizedResources("project", request)),
    preview,
  ),
  route("PATCH", "build/authorizedresources", (request) => authorizeResources("project", request), preview),
  route(
    "GET",
    "build/definitions/{id}/resources",
    (request) => withDefinition(request, ({ id }) => listOf(authorizedResources(id, request))),
    preview,
  ),
  route(
    "PATCH",
    "build/definitions/{id}/resources",
    (request) => withDefinition(request, ({ id }) => authorizeResources(id, request)),
    preview,
  ),
  route("GET", "build/controllers", () => listOf([]), collection),
  route("GET", "build/resourceusage", resourceUsage, { ...collection, ...preview }),
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
  const { general } = request.state.data.settings;
  for (const [name, value] of Object.entries(parseBody(request) ?? {})) {
    if (Object.hasOwn(generalSettings, name) && typeof value === "boolean") general[name] = value;
  }
  return ok({ ...generalSettings, ...general });
}

/** The maximum policy is the organization's and stays. */
function updateBuildSettings(request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  if (body === undefined) return invalidArgument("The request body is not valid JSON.");
  const { build } = request.state.data.settings;
  const days = getProperty(body, "daysToKeepDeletedBuildsBeforeDestroy");
  if (typeof days === "number") build["daysToKeepDeletedBuildsBeforeDestroy"] = days;
  const policy = objectFrom(getProperty(body, "defaultRetentionPolicy"));
  if (policy !== undefined) build["defaultRetentionPolicy"] = { ...retentionPolicy, ...policy };
  return ok({ ...buildSettings, ...build });
}

/** Filtered by `type` and `id` where the request has them. */
function authorizedResources(scope: "project" | number, { state, query }: ApiRequest) {
  const [type, id] = [query.get("type"), query.get("id")];
  return (state.data.authorizedResources.get(scope) ?? []).filter(
    (resource) =>
      (type === undefined || resource["type"] === type) && (id === undefined || resource["id"] === id),
  );
}

function authorizeResources(scope: "project" | number, request: ApiRequest): ApiResponse {
  const list = parseJson(request.bodyText);
  if (!Array.isArray(list)) return invalidArgument("The request body must be a list of resources.");
  const changed = (list as readonly unknown[]).map(objectFrom).filter((one) => one !== undefined);
  const known = request.state.data.authorizedResources.get(scope) ?? [];
  const isChanged = (resource: Readonly<Record<string, unknown>>) =>
    changed.some(({ type, id }) => resource["type"] === type && resource["id"] === id);
  request.state.data.authorizedResources.set(scope, [
    ...known.filter((resource) => !isChanged(resource)),
    ...changed,
  ]);
  return listOf(changed);
}

function resourceUsage({ state }: ApiRequest): ApiResponse {
  const running = state.all().filter((run) => statusOf(run, run.elapsed()).status === "inProgress").length;
  return ok({
    xamlControllers: 0,
    distributedTaskAgents: running,
    totalUsage: running,
    paidPrivateAgentSlots: 1,
  });
}
