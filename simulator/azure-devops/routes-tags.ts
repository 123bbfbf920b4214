import type { Run } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, listOf, ok } from "../http/response.ts";
import { invalidArgument } from "./error-responses.ts";
import { type ApiRequest, getProperty, objectFrom, stringFrom } from "./request.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";

export const tagRoutes = [
  route("GET", "build/builds/{id}/tags", (request) => withBuild(request, (run) => listOf(run.tags))),
  route("POST", "build/builds/{id}/tags", (request) =>
    withBuild(request, (run) => addTags(run, parsedBody(request))),
  ),
  route("PUT", "build/builds/{id}/tags/{tag}", (request) =>
    withBuild(request, (run) => addTags(run, [request.params["tag"]])),
  ),
  route("DELETE", "build/builds/{id}/tags/{tag}", (request) =>
    withBuild(request, (run) => removeTag(run, request)),
  ),
  route("GET", "build/builds/{id}/properties", (request) => withBuild(request, properties)),
  route("PATCH", "build/builds/{id}/properties", (request) =>
    withBuild(request, (run) => patchProperties(run, request)),
  ),
];

function parsedBody(request: ApiRequest): unknown {
  try {
    return JSON.parse(request.bodyText);
  } catch {
    return undefined;
  }
}

/** Every answer is all the tags. */
function addTags(run: Run, tags: unknown): ApiResponse {
  if (!Array.isArray(tags)) return invalidArgument("The request body must be a list of tags.");
  for (const tag of tags as readonly unknown[]) {
    if (typeof tag === "string" && !run.tags.some((one) => equalsIgnoreCase(one, tag))) run.tags.push(tag);
  }
  return listOf(run.tags);
}

function removeTag(run: Run, request: ApiRequest): ApiResponse {
  const at = run.tags.findIndex((tag) => equalsIgnoreCase(tag, request.params["tag"] ?? ""));
  if (at >= 0) run.tags.splice(at, 1);
  return listOf(run.tags);
}

function properties(run: Run): ApiResponse {
  return ok({ count: run.properties.size, value: Object.fromEntries(run.properties) });
}

function patchProperties(run: Run, request: ApiRequest): ApiResponse {
  const patches = parsedBody(request);
  if (!Array.isArray(patches)) return invalidArgument("The request body must be a JSON patch document.");
  for (const patch of (patches as readonly unknown[]).map(objectFrom)) {
    const name = (stringFrom(getProperty(patch, "path")) ?? "").replace(/^\//, "");
    if (stringFrom(getProperty(patch, "op"))?.toLowerCase() === "remove") run.properties.delete(name);
    else run.properties.set(name, getProperty(patch, "value"));
  }
  return properties(run);
}
