import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, listOf, ok } from "../http/response.ts";
import type { PipelineSpec } from "../spec.ts";
import { definitionJson } from "./build-json.ts";
import { definitionNotFound } from "./error-responses.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";

export const definitionRoutes = [
  route("GET", "build/definitions", listDefinitions),
  route("GET", "build/definitions/{id}", readDefinition),
];

function readDefinition(request: ApiRequest): ApiResponse {
  const id = request.params["id"] ?? "";
  const spec = request.state.pipelines.get(Number(id));
  return spec === undefined ? definitionNotFound(id) : ok(definitionJson(spec, request, true));
}

function listDefinitions(request: ApiRequest): ApiResponse {
  const { query } = request;
  const ids = query.list("definitionIds").map(Number);
  const name = query.get("name");
  const path = query.get("path");
  const includeAllProperties = query.get("includeAllProperties")?.toLowerCase() === "true";
  const all = [...request.state.pipelines.values()].filter(
    (spec) =>
      (ids.length === 0 || ids.includes(spec.id)) &&
      (name === undefined || name === "" || (!isMissedByName(spec) && matchesName(spec.name, name))) &&
      (path === undefined ||
        path === "" ||
        (spec.missedBy?.includes("path") !== true && isInFolder(spec, path))),
  );
  const top = query.number("$top") ?? 1000;
  const from = query.number("continuationToken") ?? 0;
  const hasMore = all.length > from + top;
  return listOf(
    all.slice(from, from + top).map((spec) => definitionJson(spec, request, includeAllProperties)),
    hasMore ? { "x-ms-continuationtoken": String(from + top) } : undefined,
  );
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
  const folder = `\\${path.replaceAll("/", "\\").replace(/^\\+|\\+$/g, "")}`;
  return equalsIgnoreCase(spec.folder ?? "\\", folder);
}
