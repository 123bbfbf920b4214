import { guidFrom } from "../engine/ids.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, listOf, ok } from "../http/response.ts";
import { projectNotFound } from "./error-responses.ts";
import { identityRef, link, projectRef } from "./links.ts";
import { locationsOf, resourceAreas } from "./locations.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import { teamJson } from "./routes-teams.ts";

const collection = { scope: "collection" } as const;

export const coreRoutes = [
  route("GET", "connectionData", connectionData, { ...collection, previewOnly: true }),
  route("GET", "projects", listProjects, collection),
  route("GET", "projects/{name}", readProject, collection),
  route("GET", "projects/{name}/properties", () => listOf([]), { ...collection, previewOnly: true }),
  route(
    "GET",
    "ResourceAreas",
    (request) => listOf(resourceAreas.map((area) => resourceAreaJson(area, request))),
    collection,
  ),
  route("GET", "ResourceAreas/{id}", readArea, collection),
  route("OPTIONS", "", listLocations, collection),
  route("OPTIONS", "{area}", listLocations, collection),
];

/** All, or those of one area. The content type has no version. */
function listLocations({ state, params }: ApiRequest): ApiResponse {
  const area = params["area"];
  const locations = locationsOf(state.quirks).filter(
    (location) => area === undefined || equalsIgnoreCase(location.area, area),
  );
  return { ...listOf(locations), type: "application/json; charset=utf-8" };
}

/** There is one, so every page but the first is empty. */
function listProjects(request: ApiRequest): ApiResponse {
  const skip = request.query.number("$skip") ?? request.query.number("continuationToken") ?? 0;
  return listOf([projectRef(request)].slice(skip));
}

function readProject(request: ApiRequest): ApiResponse {
  const name = request.params["name"] ?? "";
  const project = projectRef(request);
  if (!equalsIgnoreCase(name, project.id) && !equalsIgnoreCase(name, project.name))
    return projectNotFound(name);
  const { collection: collectionUrl, projectUrl } = request;
  const { id, name: teamName, url } = teamJson(request);
  return ok({
    ...project,
    ...(isTrue(request.query.get("includeCapabilities")) && { capabilities }),
    _links: {
      self: link(project.url),
      collection: link(
        `${collectionUrl}/_apis/projectCollections/${guidFrom(`collection ${collectionUrl}`)}`,
      ),
      web: link(projectUrl.replace(project.id, encodeURIComponent(project.name))),
    },
    defaultTeam: { id, name: teamName, url },
  });
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}

const capabilities = {
  processTemplate: { templateName: "Basic", templateTypeId: "b8a3a935-7e91-48b8-a94c-606d37c3e9f2" },
  versioncontrol: { sourceControlType: "Git", gitEnabled: "True", tfvcEnabled: "False" },
};

function resourceAreaJson({ id, name, isElsewhere }: (typeof resourceAreas)[number], request: ApiRequest) {
  const { origin, pathname } = new URL(request.collection);
  return { id, name, locationUrl: `${isElsewhere ? request.artifactOrigin : origin}${pathname}/` };
}

function readArea(request: ApiRequest): ApiResponse {
  const area = resourceAreas.find((one) => equalsIgnoreCase(one.id, request.params["id"] ?? ""));
  return ok(area === undefined ? null : resourceAreaJson(area, request));
}

function connectionData(request: ApiRequest): ApiResponse {
  const { id, descriptor, displayName, uniqueName } = identityRef(request.caller, request);
  const user = {
    id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${uniqueName}`,
    subjectDescriptor: descriptor,
    providerDisplayName: displayName,
    isActive: true,
    properties: { Account: { $type: "System.String", $value: uniqueName } },
    resourceVersion: 2,
    metaTypeId: 0,
  };
  return ok({
    authenticatedUser: user,
    authorizedUser: user,
    instanceId: guidFrom(`instance ${request.collection}`),
    deploymentId: guidFrom("deployment"),
    deploymentType: "hosted",
    locationServiceData: {
      serviceOwner: guidFrom("service owner"),
      defaultAccessMappingMoniker: "PublicAccessMapping",
      lastChangeId: 1,
      lastChangeId64: 1,
    },
  });
}
