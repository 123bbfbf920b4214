import { toIsoWithTicks } from "../engine/dates.ts";
import { protectedResource } from "../engine/state.ts";
import { type ApiResponse, ok } from "../http/response.ts";
import { invalidArgument } from "./error-responses.ts";
import { identityRef } from "./links.ts";
import { type ApiRequest, getProperty, objectFrom, parseBody } from "./request.ts";
import { route } from "./router.ts";

const preview = { previewOnly: true };

export const permissionRoutes = [
  route("GET", "pipelines/pipelinePermissions/{type}/{id}", readPermissions, preview),
  route("PATCH", "pipelines/pipelinePermissions/{type}/{id}", updatePermissions, preview),
];

function resourceKey(request: ApiRequest): string {
  return `${request.params["type"] ?? ""}/${request.params["id"] ?? ""}`.toLowerCase();
}

function readPermissions(request: ApiRequest): ApiResponse {
  const { type = "", id = "" } = request.params;
  const authorizedBy = identityRef(request.caller, request);
  const authorizedOn = toIsoWithTicks(request.state.clock.now());
  const pipelines = [...(request.state.permitted.get(resourceKey(request)) ?? [])];
  return ok({
    resource: { type, id },
    pipelines: pipelines.map((pipeline) => ({ id: pipeline, authorized: true, authorizedBy, authorizedOn })),
  });
}

/** Runs that wait for this resource go on. */
function updatePermissions(request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  if (body === undefined) return invalidArgument("The request body is not valid JSON.");
  const key = resourceKey(request);
  const all = getProperty(objectFrom(getProperty(body, "allPipelines")), "authorized") === true;
  const listed = getProperty(body, "pipelines");
  const ids = (Array.isArray(listed) ? (listed as readonly unknown[]) : [])
    .map(objectFrom)
    .filter((one) => getProperty(one, "authorized") === true)
    .map((one) => Number(getProperty(one, "id")));
  const permitted = new Set([
    ...(request.state.permitted.get(key) ?? []),
    ...(all ? request.state.pipelines.keys() : ids),
  ]);
  request.state.permitted.set(key, permitted);
  for (const run of request.state.started) {
    if (!permitted.has(run.spec.id)) continue;
    for (const stage of run.spec.stages) {
      if (protectedResource(stage) !== key) continue;
      run.decisions.push({ stage: stage.name, kind: "Authorization", accepted: true, at: run.elapsed() });
    }
  }
  return readPermissions(request);
}
