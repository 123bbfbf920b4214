import { toIsoWithTicks } from "../engine/dates.ts";
import { isPermitted, protectedResource } from "../engine/state.ts";
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

function permissionOf(request: ApiRequest) {
  return request.state.permitted.get(resourceKey(request)) ?? { all: false, pipelines: new Set<number>() };
}

function readPermissions(request: ApiRequest): ApiResponse {
  const { type = "", id = "" } = request.params;
  const authorized = {
    authorized: true,
    authorizedBy: identityRef(request.caller, request),
    authorizedOn: toIsoWithTicks(request.state.clock.now()),
  };
  const { all, pipelines } = permissionOf(request);
  return ok({
    resource: { type, id },
    ...(all && { allPipelines: authorized }),
    pipelines: [...pipelines].map((pipeline) => ({ id: pipeline, ...authorized })),
  });
}

/** Runs that wait for this resource go on. */
function updatePermissions(request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  if (body === undefined) return invalidArgument("The request body is not valid JSON.");
  const key = resourceKey(request);
  const before = permissionOf(request);
  const pipelines = new Set(before.pipelines);
  for (const { id, authorized } of listedPipelines(body)) {
    if (authorized) pipelines.add(id);
    else pipelines.delete(id);
  }
  const all = getProperty(objectFrom(getProperty(body, "allPipelines")), "authorized") ?? before.all;
  const permission = { all: all === true, pipelines };
  request.state.permitted.set(key, permission);
  for (const run of request.state.started) {
    if (!isPermitted(run.spec, permission)) continue;
    for (const stage of run.spec.stages) {
      if (protectedResource(stage) !== key) continue;
      run.decisions.push({ stage: stage.name, kind: "Authorization", accepted: true, at: run.elapsed() });
    }
  }
  return readPermissions(request);
}

function listedPipelines(body: Readonly<Record<string, unknown>>) {
  const listed = getProperty(body, "pipelines");
  return (Array.isArray(listed) ? (listed as readonly unknown[]) : []).map(objectFrom).map((one) => ({
    id: Number(getProperty(one, "id")),
    authorized: getProperty(one, "authorized") === true,
  }));
}
