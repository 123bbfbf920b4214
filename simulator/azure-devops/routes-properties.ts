import { getOrCreate } from "../engine/project-data.ts";
import { type ApiResponse, ok } from "../http/response.ts";
import { typedProperties } from "./build-json.ts";
import { invalidArgument } from "./error-responses.ts";
import { type ApiRequest, getProperty, objectFrom, parseJson, stringFrom } from "./request.ts";
import { jsonPatch, route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import { withDefinition } from "./routes-definitions.ts";

type Properties = Map<string, unknown>;

const patchOnly = { contentTypes: [jsonPatch] };

export const propertyRoutes = [
  route("GET", "build/builds/{id}/properties", (request) =>
    withBuild(request, (run) => readProperties(run.properties, request)),
  ),
  route(
    "PATCH",
    "build/builds/{id}/properties",
    (request) => withBuild(request, (run) => patchProperties(run.properties, request)),
    patchOnly,
  ),
  route("GET", "build/definitions/{id}/properties", (request) =>
    withDefinition(request, ({ id }) => readProperties(ofDefinition(id, request), request)),
  ),
  route(
    "PATCH",
    "build/definitions/{id}/properties",
    (request) => withDefinition(request, ({ id }) => patchProperties(ofDefinition(id, request), request)),
    patchOnly,
  ),
];

function ofDefinition(id: number, { state }: ApiRequest): Properties {
  return getOrCreate(state.data.definitionProperties, id, () => new Map());
}

function readProperties(properties: Properties, { query }: ApiRequest): ApiResponse {
  return propertiesResponse(properties, query.list("filter"));
}

function propertiesResponse(properties: Properties, names: readonly string[]): ApiResponse {
  const value = typedProperties(properties, names);
  return ok({ count: Object.keys(value).length, value });
}

function patchProperties(properties: Properties, request: ApiRequest): ApiResponse {
  const patches = parseJson(request.bodyText);
  if (!Array.isArray(patches)) return invalidArgument("The request body must be a JSON patch document.");
  for (const patch of (patches as readonly unknown[]).map(objectFrom)) {
    const name = (stringFrom(getProperty(patch, "path")) ?? "").replace(/^\//, "");
    if (stringFrom(getProperty(patch, "op"))?.toLowerCase() === "remove") properties.delete(name);
    else properties.set(name, getProperty(patch, "value"));
  }
  return propertiesResponse(properties, []);
}
