import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";

const preview = { previewOnly: true };

// The project has neither classic releases nor branch policies, and its service connections are not listed.
export const releaseRoutes = [
  route("GET", "release/definitions", () => listOf([])),
  route("GET", "release/definitions/{id}", (request) => releaseNotFound("release pipeline", request)),
  route("GET", "release/releases", () => listOf([])),
  route("GET", "release/releases/{id}", (request) => releaseNotFound("release", request)),
  route("GET", "release/releases/{releaseId}/environments/{id}", (request) =>
    releaseNotFound("release environment", request),
  ),
  route("GET", "release/deployments", () => listOf([])),
  route("GET", "release/approvals", () => listOf([])),
  route("GET", "release/approvals/{id}", (request) => releaseNotFound("approval", request)),
  route("PATCH", "release/approvals/{id}", (request) => releaseNotFound("approval", request)),
  route("GET", "policy/configurations", () => listOf([])),
  route("GET", "policy/configurations/{id}", policyNotFound),
  route("GET", "policy/types", (request) => listOf(policyTypes.map((type) => policyTypeJson(type, request)))),
  route("GET", "policy/types/{id}", readPolicyType),
  route("GET", "policy/evaluations", () => listOf([]), preview),
  route("GET", "serviceendpoint/endpoints", () => listOf([])),
];

function releaseNotFound(kind: string, { params }: ApiRequest): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "ReleaseManagementObjectNotFoundException",
    namespace: "Microsoft.VisualStudio.Services.ReleaseManagement.Data",
    message: `VS402881: The ${kind} with ID ${params["id"]} does not exist.`,
  });
}

const policyTypes = [
  { id: "0609b952-1397-4640-95ec-e00a01b2c241", displayName: "Build" },
  { id: "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd", displayName: "Minimum number of reviewers" },
];

function policyTypeJson({ id, displayName }: (typeof policyTypes)[number], { projectUrl }: ApiRequest) {
  return { description: displayName, id, url: `${projectUrl}/_apis/policy/types/${id}`, displayName };
}

function readPolicyType(request: ApiRequest): ApiResponse {
  const id = request.params["id"] ?? "";
  const type = policyTypes.find((one) => one.id === id.toLowerCase());
  return type === undefined ? policyNotFound(request) : ok(policyTypeJson(type, request));
}

function policyNotFound({ params }: ApiRequest): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "PolicyConfigurationNotFoundException",
    namespace: "Microsoft.TeamFoundation.Policy.WebApi",
    message: `The policy ${params["id"]} could not be found.`,
  });
}
