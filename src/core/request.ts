import { deepMerge, isJsonObject, type JsonObject, type JsonValue } from "./merge.ts";

/** What the workflow wants to run, before it is a request. */
export interface Wanted {
  readonly ref: string | undefined;
  readonly commit: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly variables?: Readonly<Record<string, string>> | undefined;
  readonly secretVariables?: Readonly<Record<string, string>> | undefined;
  readonly stagesToSkip?: readonly string[] | undefined;
  readonly resources?: JsonObject | undefined;
  readonly requestBody?: JsonObject | undefined;
}

/**
 * The body of the start: what was not asked for is absent, so that the pipeline's own defaults hold.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline
 */
export function requestBody(wanted: Wanted): JsonObject {
  const { ref, commit, parameters, stagesToSkip = [], resources = {}, requestBody: rest = {} } = wanted;
  const self: JsonObject = {
    ...(ref !== undefined && { refName: ref }),
    ...(commit !== undefined && { version: commit }),
  };
  const own: JsonObject = isEmpty(self) ? {} : { repositories: { self } };
  const merged = deepMerge(own, resources);
  const variables = { ...valuesOf(wanted.variables, false), ...valuesOf(wanted.secretVariables, true) };
  const body: JsonObject = {
    ...(stagesToSkip.length > 0 && { stagesToSkip }),
    ...(!isEmpty(merged) && { resources: merged }),
    ...(parameters !== undefined && { templateParameters: parameters }),
    ...(!isEmpty(variables) && { variables }),
  };
  return withTextVersions(deepMerge(body, rest));
}

/** A resource's version is a text, even where it looks like a number: 20240101.1. */
function withTextVersions(body: JsonObject): JsonObject {
  const { resources } = body;
  if (!isJsonObject(resources)) return body;
  const kinds = mapped(resources, (aliases) => mapped(aliases, textVersion));
  return { ...body, resources: kinds };
}

function textVersion(resource: JsonValue): JsonValue {
  if (!isJsonObject(resource) || typeof resource["version"] !== "number") return resource;
  return { ...resource, version: String(resource["version"]) };
}

function mapped(value: JsonValue, change: (inner: JsonValue) => JsonValue): JsonValue {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner)]));
}

function valuesOf(variables: Wanted["variables"] = {}, isSecret: boolean): JsonObject {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value, isSecret }]));
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
