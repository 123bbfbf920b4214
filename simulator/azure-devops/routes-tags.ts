import { getOrCreate } from "../engine/project-data.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, listOf } from "../http/response.ts";
import { invalidArgument } from "./error-responses.ts";
import { type ApiRequest, getProperty, parseBody, parseJson } from "./request.ts";
import { type Route, route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import { withDefinition } from "./routes-definitions.ts";

/** What has tags: a run, or a definition. */
interface Tagged {
  readonly tags: string[];
}

type WithTagged = (request: ApiRequest, handle: (tagged: Tagged) => ApiResponse) => ApiResponse;

export const tagRoutes = [
  ...routesOf("build/builds/{id}/tags", withBuild),
  ...routesOf("build/definitions/{id}/tags", (request, handle) =>
    withDefinition(request, ({ id }) =>
      handle({ tags: getOrCreate(request.state.data.definitionTags, id, () => []) }),
    ),
  ),
  route("GET", "build/tags", (request) => listOf(allTags(request))),
  route("DELETE", "build/tags/{*tag}", deleteTag),
];

function routesOf(path: string, withTagged: WithTagged): Route[] {
  return [
    route("GET", path, (request) => withTagged(request, ({ tags }) => listOf(tags))),
    route("POST", path, (request) =>
      withTagged(request, (tagged) => addTags(tagged, parseJson(request.bodyText))),
    ),
    route("PATCH", path, (request) => withTagged(request, (tagged) => updateTags(tagged, request))),
    route("PUT", `${path}/{*tag}`, (request) =>
      withTagged(request, (tagged) => addTags(tagged, [request.params["tag"]])),
    ),
    route("DELETE", `${path}/{*tag}`, (request) =>
      withTagged(request, (tagged) => removeTag(tagged, request.params["tag"] ?? "")),
    ),
  ];
}

/** Every answer is all the tags. */
function addTags(tagged: Tagged, tags: unknown): ApiResponse {
  if (!Array.isArray(tags)) return invalidArgument("The request body must be a list of tags.");
  for (const tag of tags as readonly unknown[]) {
    if (typeof tag === "string" && !tagged.tags.some((one) => equalsIgnoreCase(one, tag)))
      tagged.tags.push(tag);
  }
  return listOf(tagged.tags);
}

function removeTag({ tags }: Tagged, name: string): ApiResponse {
  const at = tags.findIndex((tag) => equalsIgnoreCase(tag, name));
  if (at >= 0) tags.splice(at, 1);
  return listOf(tags);
}

function updateTags(tagged: Tagged, request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  if (body === undefined) return invalidArgument("The request body is not valid JSON.");
  const listed = getProperty(body, "tagsToRemove");
  for (const tag of Array.isArray(listed) ? (listed as readonly unknown[]) : [])
    removeTag(tagged, String(tag));
  return addTags(tagged, getProperty(body, "tagsToAdd") ?? []);
}

/** The tags of all builds of the project. */
function allTags(request: ApiRequest): string[] {
  return [...new Set(request.state.all().flatMap((run) => run.tags))].sort();
}

function deleteTag(request: ApiRequest): ApiResponse {
  for (const run of request.state.all()) removeTag(run, request.params["tag"] ?? "");
  return listOf(allTags(request));
}
