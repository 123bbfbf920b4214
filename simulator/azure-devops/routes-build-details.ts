import { type Run, statusOf } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import type { PipelineSpec } from "../spec.ts";
import { repositoryId } from "./build-json.ts";
import { definitionNotFound } from "./error-responses.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import { definitionNamed } from "./routes-definitions.ts";

const preview = { previewOnly: true };

export const buildDetailRoutes = [
  route("GET", "build/builds/{id}/workitems", (request) => withBuild(request, () => listOf([]))),
  route("POST", "build/builds/{id}/workitems", (request) => withBuild(request, () => listOf([]))),
  route("GET", "build/workitems", () => listOf([]), preview),
  route(
    "GET",
    "build/builds/{id}/report",
    (request) => withBuild(request, (run) => report(run, request)),
    preview,
  ),
  route(
    "GET",
    "build/builds/{id}/attachments/{type}",
    (request) => withBuild(request, () => listOf([])),
    preview,
  ),
  route(
    "GET",
    "build/builds/{id}/{timelineId}/{recordId}/attachments/{type}/{name}",
    (request) => withBuild(request, () => attachmentNotFound(request)),
    preview,
  ),
  route("GET", "build/status/{*definition}", statusBadge, preview),
  route("GET", "build/repos/{repoType}/badge", repositoryBadge, preview),
  route("GET", "public/build/definitions/{project}/{definitionId}/badge", publicBadge, {
    scope: "collection",
  }),
];

/** The result in a sentence, as metadata or as the page itself. */
function report(run: Run, request: ApiRequest): ApiResponse {
  const { status, result } = statusOf(run, run.elapsed());
  const content = `<html><body>Build ${run.name}: ${result ?? status}</body></html>`;
  if (request.accept.includes("text/html"))
    return { status: 200, type: "text/html; charset=utf-8", body: content };
  return ok({ buildId: run.id, content, type: "Html" });
}

function attachmentNotFound({ params }: ApiRequest): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "BuildAttachmentNotFoundException",
    message: `The attachment ${params["name"]} could not be found.`,
  });
}

function statusBadge(request: ApiRequest): ApiResponse {
  const nameOrId = request.params["definition"] ?? "";
  const spec = definitionNamed(nameOrId, request);
  return spec === undefined ? definitionNotFound(nameOrId) : badge(spec, request);
}

/** Of the newest completed run of a repository: its badge, or the markup of that. */
function repositoryBadge(request: ApiRequest): ApiResponse {
  const { query, state, params, projectUrl } = request;
  const nameOrId = query.get("repoId") ?? "";
  const specs = [...state.pipelines.values()].filter(
    ({ repository }) =>
      equalsIgnoreCase(repository.type, params["repoType"] ?? "") &&
      [repository.name, repositoryId(repository)].some((one) => equalsIgnoreCase(one, nameOrId)),
  );
  const last = state
    .all()
    .findLast(
      (run) =>
        specs.some(({ id }) => id === run.spec.id) && statusOf(run, run.elapsed()).status === "completed",
    );
  if (last === undefined) return ok({ buildId: 0, imageUrl: "" });
  return ok({ buildId: last.id, imageUrl: `${projectUrl}/_apis/build/status/${last.spec.id}` });
}

function publicBadge(request: ApiRequest): ApiResponse {
  const spec = request.state.pipelines.get(Number(request.params["definitionId"]));
  return spec === undefined ? definitionNotFound(request.params["definitionId"] ?? "") : badge(spec, request);
}

/** As an image, or its markup as JSON where JSON is accepted. */
function badge(spec: PipelineSpec, request: ApiRequest): ApiResponse {
  const last = request.state
    .all()
    .findLast((run) => run.spec.id === spec.id && statusOf(run, run.elapsed()).status === "completed");
  const result = last === undefined ? "never built" : statusOf(last, last.elapsed()).result;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="20"><title>${result}</title></svg>`;
  return request.accept.includes("application/json")
    ? ok(svg)
    : { status: 200, type: "image/svg+xml", body: svg };
}
