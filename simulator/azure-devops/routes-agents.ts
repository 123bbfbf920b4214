import { guidFrom, queues } from "../engine/ids.ts";
import type { StoredEnvironment } from "../engine/project-data.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { protectedResource } from "../engine/state.ts";
import { type ApiResponse, errorResponse, listOf, noContent, ok } from "../http/response.ts";
import { invalidArgument } from "./error-responses.ts";
import { identityRef, projectRef } from "./links.ts";
import { type ApiRequest, getProperty, parseBody, stringFrom } from "./request.ts";
import { route } from "./router.ts";

const collection = { scope: "collection" } as const;

export const agentRoutes = [
  route("GET", "distributedtask/queues", (request) => listOf(queuesOf(request))),
  route("GET", "distributedtask/queues/{id}", (request) =>
    found(queuesOf(request), request, "TaskAgentQueueNotFoundException"),
  ),
  route("GET", "distributedtask/pools", (request) => listOf(poolsOf(request)), collection),
  route(
    "GET",
    "distributedtask/pools/{id}",
    (request) => found(poolsOf(request), request, "TaskAgentPoolNotFoundException"),
    collection,
  ),
  route("GET", "distributedtask/pools/{id}/agents", (request) => listOf(agentsOf(request)), collection),
  route("GET", "distributedtask/environments", (request) => listOf(environmentsOf(request))),
  route("GET", "distributedtask/environments/{id}", (request) =>
    found(environmentsOf(request), request, "EnvironmentNotFoundException"),
  ),
  route("POST", "distributedtask/environments", createEnvironment),
  route("PATCH", "distributedtask/environments/{id}", updateEnvironment),
  route("DELETE", "distributedtask/environments/{id}", deleteEnvironment),
  // Deployments leave no record here.
  route(
    "GET",
    "distributedtask/environments/{id}/environmentdeploymentrecords",
    (request) => withEnvironment(request, () => listOf([])),
    { previewOnly: true },
  ),
  route("GET", "distributedtask/tasks", () => listOf([]), collection),
  route("GET", "distributedtask/taskgroups", () => listOf([])),
  route("GET", "distributedtask/securefiles", () => listOf([]), { previewOnly: true }),
];

function found(items: readonly { readonly id: number }[], request: ApiRequest, typeKey: string): ApiResponse {
  const id = request.params["id"] ?? "";
  const item = items.find((one) => String(one.id) === id);
  if (item !== undefined) return ok(item);
  const namespace = "Microsoft.TeamFoundation.DistributedTask.WebApi";
  return errorResponse({ status: 404, typeKey, namespace, message: `No item with ID ${id} could be found.` });
}

function isNamed(name: string, filter: string | undefined): boolean {
  return filter === undefined || filter === "" || equalsIgnoreCase(name, filter);
}

function isListed(id: number, ids: readonly string[]): boolean {
  return ids.length === 0 || ids.includes(String(id));
}

function queuesOf({ state, query, collection: collectionUrl }: ApiRequest) {
  return queues
    .filter(
      ({ id, name }) =>
        isNamed(name, query.get("queueName")) &&
        isListed(id, query.list("queueIds")) &&
        (query.list("queueNames").length === 0 ||
          query.list("queueNames").some((one) => equalsIgnoreCase(one, name))),
    )
    .map(({ id, name, pool }) => ({
      id,
      projectId: state.project.id,
      name,
      pool: { ...pool, scope: guidFrom(`instance ${collectionUrl}`), poolType: "automation", size: 1 },
    }));
}

function poolsOf(request: ApiRequest) {
  const { query } = request;
  return queues
    .map(({ pool }) => pool)
    .filter(({ id, name }) => isNamed(name, query.get("poolName")) && isListed(id, query.list("poolIds")))
    .map((pool) => ({
      createdOn: "2023-07-01T07:05:40.847Z",
      autoProvision: true,
      autoUpdate: true,
      owner: identityRef(request.caller, request),
      ...pool,
      scope: guidFrom(`instance ${request.collection}`),
      poolType: "automation",
      size: 1,
      isLegacy: false,
      options: "none",
    }));
}

function agentsOf({ params }: ApiRequest) {
  const pool = queues.find((queue) => String(queue.pool.id) === params["id"])?.pool;
  if (pool === undefined) return [];
  return [
    {
      id: 1,
      name: `${pool.name} 1`,
      version: "4.250.1",
      enabled: true,
      status: "online",
      osDescription: "Linux",
    },
  ];
}

/** The environments that stages ask permission for, and those that clients have created. */
function environmentsOf(request: ApiRequest) {
  const { state, query } = request;
  const ids = [...state.pipelines.values()]
    .flatMap(({ stages }) => stages.map(protectedResource))
    .flatMap((resource) => /^environment\/(\d+)$/.exec(resource ?? "")?.[1] ?? [])
    .map(Number);
  return [...new Set([1, ...ids, ...state.data.environments.keys()])]
    .flatMap((id) => {
      const stored = state.data.environments.get(id);
      return stored === null ? [] : [environmentJson(id, stored, request)];
    })
    .filter(({ name }) => isNamed(name, query.get("name")));
}

function environmentJson(id: number, stored: StoredEnvironment | undefined, request: ApiRequest) {
  return {
    id,
    name: stored?.name ?? `environment-${id}`,
    description: stored?.description ?? "",
    createdBy: identityRef(request.caller, request),
    createdOn: "2024-01-07T04:49:37.713Z",
    lastModifiedOn: "2024-01-07T04:49:37.713Z",
    project: { id: projectRef(request).id },
  };
}

function withEnvironment(
  request: ApiRequest,
  handle: (environment: ReturnType<typeof environmentJson>) => ApiResponse,
): ApiResponse {
  const environment = environmentsOf(request).find(({ id }) => String(id) === request.params["id"]);
  return environment === undefined ? found([], request, "EnvironmentNotFoundException") : handle(environment);
}

function createEnvironment(request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  const name = stringFrom(getProperty(body, "name"));
  if (name === undefined) return invalidArgument("A value is required for the property 'name'.");
  const { environments } = request.state.data;
  const id = Math.max(...environmentsOf(request).map((one) => one.id), ...environments.keys()) + 1;
  const stored = { name, description: stringFrom(getProperty(body, "description")) ?? "" };
  environments.set(id, stored);
  return ok(environmentJson(id, stored, request));
}

function updateEnvironment(request: ApiRequest): ApiResponse {
  return withEnvironment(request, ({ id, name, description }) => {
    const body = parseBody(request);
    const stored = {
      name: stringFrom(getProperty(body, "name")) ?? name,
      description: stringFrom(getProperty(body, "description")) ?? description,
    };
    request.state.data.environments.set(id, stored);
    return ok(environmentJson(id, stored, request));
  });
}

function deleteEnvironment(request: ApiRequest): ApiResponse {
  return withEnvironment(request, ({ id }) => {
    request.state.data.environments.set(id, null);
    return noContent;
  });
}
