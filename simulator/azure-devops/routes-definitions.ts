import { finalYaml } from "../engine/log-text.ts";
import { statusOf } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import type { SimulatorState } from "../engine/state.ts";
import { type ApiResponse, listOf, noContent, ok } from "../http/response.ts";
import type { PipelineSpec, QueueStatus } from "../spec.ts";
import { buildJson, definitionJson, repositoryId } from "./build-json.ts";
import { enumName } from "./enums.ts";
import { definitionNotFound, invalidArgument } from "./error-responses.ts";
import { identityRef } from "./links.ts";
import { type ApiRequest, getProperty, objectFrom, parseBody, stringFrom } from "./request.ts";
import { route } from "./router.ts";
import { normalizedFolder } from "./routes-folders.ts";

const preview = { previewOnly: true };

export const definitionRoutes = [
  route("GET", "build/definitions", listDefinitions),
  route("POST", "build/definitions", createDefinition),
  route("DELETE", "build/definitions/{id}", (request) =>
    withDefinition(request, (spec) => {
      request.state.deletePipeline(spec.id);
      return noContent;
    }),
  ),
  route("GET", "build/definitions/{id}", (request) =>
    withDefinition(request, (spec) => ok(definitionJson(spec, request, true))),
  ),
  route("PUT", "build/definitions/{id}", (request) =>
    withDefinition(request, (spec) => updateDefinition(spec, request)),
  ),
  route("PATCH", "build/definitions/{id}", restoreDefinition),
  route("GET", "build/definitions/{id}/revisions", (request) =>
    withDefinition(request, (spec) => listOf([revisionJson(spec, request)])),
  ),
  route("GET", "build/definitions/{id}/yaml", (request) =>
    withDefinition(request, (spec) => ok({ yaml: finalYaml(spec) })),
  ),
  route(
    "GET",
    "build/definitions/{id}/metrics",
    (request) => withDefinition(request, (spec) => listOf(metrics([spec], request))),
    preview,
  ),
  route(
    "GET",
    "build/metrics",
    (request) => listOf(metrics([...request.state.pipelines.values()], request)),
    preview,
  ),
  route(
    "GET",
    "build/metrics/{type}",
    (request) => listOf(metrics([...request.state.pipelines.values()], request)),
    preview,
  ),
];

export function withDefinition(
  request: ApiRequest,
  handle: (spec: PipelineSpec) => ApiResponse,
): ApiResponse {
  const id = request.params["id"] ?? "";
  const spec = request.state.pipelines.get(Number(id));
  return spec === undefined ? definitionNotFound(id) : handle(spec);
}

/** By id, by name, or by the folder's path and the name. */
export function definitionNamed(text: string, { state }: ApiRequest): PipelineSpec | undefined {
  const path = normalizedFolder(text);
  return [...state.pipelines.values()].find(
    ({ id, name, folder = "\\" }) =>
      String(id) === text ||
      equalsIgnoreCase(name, text) ||
      equalsIgnoreCase(normalizedFolder(`${folder}\\${name}`), path),
  );
}

function createDefinition(request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  const name = stringFrom(getProperty(body, "name"));
  if (name === undefined) return invalidArgument("A value is required for the property 'name'.");
  const spec = request.state.createPipeline({
    name,
    folder: stringFrom(getProperty(body, "path")) ?? "\\",
    repositoryName:
      stringFrom(getProperty(objectFrom(getProperty(body, "repository")), "name")) ??
      request.state.project.name,
  });
  return ok(definitionJson(spec, request, true));
}

/** Enables, pauses or disables a definition; nothing else of it can be changed here. */
function updateDefinition(spec: PipelineSpec, request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  if (body === undefined) return invalidArgument("The request body is not valid JSON.");
  const status = enumName("queueStatus", getProperty(body, "queueStatus"));
  const statuses: readonly QueueStatus[] = ["enabled", "paused", "disabled"];
  const queueStatus = statuses.find((one) => one === status);
  if (queueStatus !== undefined) request.state.setQueueStatus(spec, queueStatus);
  return ok(definitionJson(spec, request, true));
}

/** Of a deleted definition, with `deleted=false`. */
function restoreDefinition(request: ApiRequest): ApiResponse {
  const id = request.params["id"] ?? "";
  if (request.query.get("deleted")?.toLowerCase() !== "false")
    return invalidArgument("The value of the query parameter 'deleted' must be false.");
  const spec = request.state.restorePipeline(Number(id));
  return spec === undefined ? definitionNotFound(id) : ok(definitionJson(spec, request, true));
}

function revisionJson(spec: PipelineSpec, request: ApiRequest) {
  return {
    revision: 1,
    name: spec.name,
    changedBy: identityRef(request.caller, request),
    changedDate: "2024-01-07T04:49:37.713Z",
    changeType: "add",
    definitionUrl: `${request.projectUrl}/_apis/build/Definitions/${spec.id}?revision=1`,
  };
}

/** How many runs ended in which way: five values for each day on which runs were queued. */
function metrics(specs: readonly PipelineSpec[], request: ApiRequest) {
  const runs = request.state.all().filter(({ spec }) => specs.includes(spec));
  const byDay = Map.groupBy(runs, ({ queuedAt }) => new Date(queuedAt).toISOString().slice(0, 10));
  return [...byDay].flatMap(([day, ofDay]) => {
    const results = ofDay.map((run) => statusOf(run, run.elapsed()).result);
    const count = (result: string) => results.filter((one) => one === result).length;
    return [
      { name: "TotalBuilds", intValue: results.length },
      { name: "SuccessfulBuilds", intValue: count("succeeded") },
      { name: "PartiallySuccessfulBuilds", intValue: count("partiallySucceeded") },
      { name: "FailedBuilds", intValue: count("failed") },
      { name: "CanceledBuilds", intValue: count("canceled") },
    ].map((metric) => ({ ...metric, date: `${day}T00:00:00Z` }));
  });
}

function listDefinitions(request: ApiRequest): ApiResponse {
  const { query } = request;
  const includeAllProperties = isTrue(query.get("includeAllProperties"));
  const all = [...request.state.pipelines.values()].filter((spec) => matchesFilters(spec, request));
  const order = definitionOrder(query.get("queryOrder"));
  if (order !== 0) all.sort((one, other) => order * one.name.localeCompare(other.name));
  const top = query.number("$top") ?? 1000;
  const from = query.number("continuationToken") ?? 0;
  const hasMore = all.length > from + top;
  return listOf(
    all.slice(from, from + top).map((spec) => ({
      ...definitionJson(spec, request, includeAllProperties),
      ...(isTrue(query.get("includeLatestBuilds")) && latestBuilds(spec, request)),
    })),
    hasMore ? { "x-ms-continuationtoken": String(from + top) } : undefined,
  );
}

function matchesFilters(spec: PipelineSpec, { query, state }: ApiRequest): boolean {
  const ids = query.list("definitionIds").map(Number);
  const name = query.get("name") ?? "";
  const path = query.get("path") ?? "";
  const ofRepository = query.get("repositoryId") ?? "";
  const yamlFile = query.get("yamlFilename") ?? "";
  return (
    (ids.length === 0 || ids.includes(spec.id)) &&
    (name === "" || (!isMissedByName(spec) && matchesName(spec.name, name))) &&
    (path === "" || (spec.missedBy?.includes("path") !== true && isInFolder(spec, path))) &&
    (ofRepository === "" || equalsIgnoreCase(repositoryId(spec.repository), ofRepository)) &&
    (yamlFile === "" || equalsIgnoreCase(yamlFile, "azure-pipelines.yml")) &&
    wasBuilt(spec, query.get("builtAfter"), state) &&
    (query.get("notBuiltAfter") === undefined || !wasBuilt(spec, query.get("notBuiltAfter"), state))
  );
}

/** Whether a run was queued after that date; always where there is none. */
function wasBuilt({ id }: PipelineSpec, after: string | undefined, state: SimulatorState): boolean {
  const date = Date.parse(after ?? "");
  return Number.isNaN(date) || state.all().some((run) => run.spec.id === id && run.queuedAt > date);
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}

/** By name upwards or downwards, else as they are. */
function definitionOrder(value: string | undefined): -1 | 0 | 1 {
  if (value === "3" || value?.toLowerCase() === "definitionnameascending") return 1;
  return value === "4" || value?.toLowerCase() === "definitionnamedescending" ? -1 : 0;
}

function latestBuilds(spec: PipelineSpec, request: ApiRequest) {
  const runs = request.state.all().filter((run) => run.spec.id === spec.id && run.deletedAt === undefined);
  const latest = runs.at(-1);
  const completed = runs.findLast((run) => statusOf(run, run.elapsed()).status === "completed");
  return {
    ...(latest !== undefined && { latestBuild: buildJson(latest, request) }),
    ...(completed !== undefined && { latestCompletedBuild: buildJson(completed, request) }),
  };
}

/** The service's own filter doesn't find a name with a leading dot. */
function isMissedByName({ name, missedBy }: PipelineSpec): boolean {
  return name.startsWith(".") || missedBy?.includes("name") === true;
}

/** Ignores case; `*` stands for anything. */
function matchesName(name: string, pattern: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`, "is").test(name);
}

function isInFolder(spec: PipelineSpec, path: string): boolean {
  return equalsIgnoreCase(spec.folder ?? "\\", normalizedFolder(path));
}
