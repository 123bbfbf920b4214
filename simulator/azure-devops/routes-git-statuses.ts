import { getOrCreate, type StoredStatus } from "../engine/project-data.ts";
import { type ApiResponse, listOf } from "../http/response.ts";
import type { RepositorySpec } from "../spec.ts";
import { repositoryId } from "./build-json.ts";
import { invalidArgument } from "./error-responses.ts";
import { identityRef } from "./links.ts";
import { type ApiRequest, getProperty, objectFrom, parseBody, stringFrom } from "./request.ts";
import { route } from "./router.ts";
import { withRepository } from "./routes-git.ts";

/** The statuses of commits: the newest last. */
export const gitStatusRoutes = [
  route("GET", "git/repositories/{id}/commits/{commitId}/statuses", (request) =>
    withRepository(request, (repository) => listStatuses(repository, request)),
  ),
  route("POST", "git/repositories/{id}/commits/{commitId}/statuses", (request) =>
    withRepository(request, (repository) => createStatus(repository, request)),
  ),
];

function statusesOf(repository: RepositorySpec, { state, params }: ApiRequest): StoredStatus[] {
  const key = `${repositoryId(repository)} ${params["commitId"]?.toLowerCase()}`;
  return getOrCreate(state.data.commitStatuses, key, () => []);
}

/** With `latestOnly` one for each context. */
function listStatuses(repository: RepositorySpec, request: ApiRequest): ApiResponse {
  const { query } = request;
  const statuses = statusesOf(repository, request);
  const isLatestOnly = query.get("latestOnly")?.toLowerCase() === "true";
  const latest = new Map(
    statuses.map((status) => [`${status.context.genre}/${status.context.name}`, status]),
  );
  const skip = query.number("skip") ?? 0;
  return listOf(
    (isLatestOnly ? [...latest.values()] : statuses).slice(skip, skip + (query.number("top") ?? 1000)),
  );
}

const states = ["notSet", "pending", "succeeded", "failed", "error", "notApplicable"];

function createStatus(repository: RepositorySpec, request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  const context = objectFrom(getProperty(body, "context"));
  const name = stringFrom(getProperty(context, "name"));
  if (body === undefined || name === undefined)
    return invalidArgument("A value is required for the property 'context.name'.");
  const given = getProperty(body, "state");
  const state = states.find((one, index) => one === given || index === given) ?? "notSet";
  const date = new Date(request.state.clock.now()).toISOString();
  const statuses = statusesOf(repository, request);
  const genre = stringFrom(getProperty(context, "genre"));
  const status: StoredStatus = {
    id: statuses.length + 1,
    state,
    description: stringFrom(getProperty(body, "description")) ?? "",
    context: { name, ...(genre !== undefined && { genre }) },
    creationDate: date,
    updatedDate: date,
    createdBy: identityRef(request.caller, request),
    targetUrl: stringFrom(getProperty(body, "targetUrl")) ?? null,
  };
  statuses.push(status);
  return { status: 201, json: status };
}
