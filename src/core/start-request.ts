import { deepMerge, isJsonObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import type { StartFingerprint } from "./run-matching.ts";

/** The inputs that make up the request. */
export interface StartInputs {
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
 * The body of the request that starts a run. Inputs that are not set are omitted, so that the pipeline's defaults apply.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline
 */
export function requestBody(inputs: StartInputs): JsonObject {
  const { ref, commit, parameters, stagesToSkip = [], resources = {}, requestBody: overrides = {} } = inputs;
  const self: JsonObject = {
    ...(ref !== undefined && { refName: ref }),
    ...(commit !== undefined && { version: commit }),
  };
  const selfRepository: JsonObject = isEmpty(self) ? {} : { repositories: { self } };
  const merged = deepMerge(selfRepository, resources);
  const variables = {
    ...variableValues(inputs.variables, false),
    ...variableValues(inputs.secretVariables, true),
  };
  const body: JsonObject = {
    ...(stagesToSkip.length > 0 && { stagesToSkip }),
    ...(!isEmpty(merged) && { resources: merged }),
    ...(parameters !== undefined && { templateParameters: parameters }),
    ...(!isEmpty(variables) && { variables }),
  };
  return withStringVersions(deepMerge(body, overrides));
}

/** A resource's version is a string, even if it looks like a number: 20240101.1. */
function withStringVersions(body: JsonObject): JsonObject {
  const { resources } = body;
  if (!isJsonObject(resources)) return body;
  const kinds = mapValues(resources, (aliases) => mapValues(aliases, resourceVersionAsString));
  return { ...body, resources: kinds };
}

function resourceVersionAsString(resource: JsonValue): JsonValue {
  if (!isJsonObject(resource) || typeof resource["version"] !== "number") return resource;
  return { ...resource, version: String(resource["version"]) };
}

function mapValues(value: JsonValue, transform: (item: JsonValue) => JsonValue): JsonValue {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, transform(item)]));
}

function variableValues(variables: StartInputs["variables"] = {}, isSecret: boolean): JsonObject {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value, isSecret }]));
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}

export interface StartSpec {
  readonly pipelineId: number;
  readonly body: object;
  readonly fingerprint: StartFingerprint;
}
