import { guidFrom } from "../engine/ids.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import { projectNotFound } from "./error-responses.ts";
import { projectRef } from "./links.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";

const collection = { scope: "collection" } as const;

/** The project's one team, and the processes of the organization. */
export const coreTeamRoutes = [
  route("GET", "teams", (request) => listOf([teamJson(request)]), { ...collection, previewOnly: true }),
  route(
    "GET",
    "projects/{name}/teams",
    (request) => withProject(request, () => listOf([teamJson(request)])),
    collection,
  ),
  route(
    "GET",
    "projects/{name}/teams/{team}",
    (request) => withProject(request, () => readTeam(request)),
    collection,
  ),
  route("GET", "process/processes", (request) => listOf([processJson(request)]), collection),
  route("GET", "process/processes/{id}", readProcess, collection),
];

function withProject(request: ApiRequest, handle: () => ApiResponse): ApiResponse {
  const name = request.params["name"] ?? "";
  const project = projectRef(request);
  return [project.id, project.name].some((one) => equalsIgnoreCase(one, name))
    ? handle()
    : projectNotFound(name);
}

/** The project's default team. */
export function teamJson(request: ApiRequest) {
  const { id: projectId, name: projectName } = request.state.project;
  const id = guidFrom(`team ${projectName}`);
  return {
    id,
    name: `${projectName} Team`,
    url: `${request.collection}/_apis/projects/${projectId}/teams/${id}`,
    description: "The default project team.",
    identityUrl: `${request.collection}/_apis/Identities/${id}`,
    projectName,
    projectId,
  };
}

function readTeam(request: ApiRequest): ApiResponse {
  const name = request.params["team"] ?? "";
  const team = teamJson(request);
  if ([team.id, team.name].some((one) => equalsIgnoreCase(one, name))) return ok(team);
  return errorResponse({
    status: 404,
    typeKey: "TeamNotFoundException",
    namespace: "Microsoft.TeamFoundation.Core.WebApi",
    message: `The team with id '${name}' does not exist.`,
  });
}

function processJson(request: ApiRequest) {
  const id = "b8a3a935-7e91-48b8-a94c-606d37c3e9f2";
  return {
    id,
    description:
      "This template is flexible for any process and great for teams getting started with Azure DevOps.",
    isDefault: true,
    type: "system",
    url: `${request.collection}/_apis/process/processes/${id}`,
    name: "Basic",
  };
}

function readProcess(request: ApiRequest): ApiResponse {
  const id = request.params["id"] ?? "";
  const process = processJson(request);
  if (equalsIgnoreCase(process.id, id)) return ok(process);
  return errorResponse({
    status: 404,
    typeKey: "ProcessNotFoundByTypeIdException",
    namespace: "Microsoft.TeamFoundation.Core.WebApi",
    message: `VS402362: The process with id ${id} does not exist.`,
  });
}
