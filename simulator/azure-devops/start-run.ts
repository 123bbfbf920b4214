import { queueRef, queues, shaFrom } from "../engine/ids.ts";
import type { RunRequest, VariableValue } from "../engine/run.ts";
import type { Identity } from "../options.ts";
import type { PipelineSpec } from "../spec.ts";
import { enumName } from "./enums.ts";
import { type ApiRequest, getProperty, objectFrom, parseJson, stringFrom } from "./request.ts";
import { asText, parameterErrors, stageErrors, unresolvedRefMessage, variableErrors } from "./validation.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** What a start asks for, or why it is refused. */
type ParsedRunRequest =
  | { readonly runRequest: RunRequest; readonly hasOverrides: boolean }
  | { readonly refusals: readonly string[] };

/** Whether the service can read the body of Run Pipeline: it reads all of it or nothing. */
export function isRunParameters(body: JsonObject): boolean {
  return (
    hasTexts(body, "templateParameters") &&
    hasMap(body, "variables", (value) => value === null || objectFrom(value) !== undefined) &&
    hasMap(body, "resources", () => true) &&
    hasList(body, "stagesToSkip")
  );
}

/** The same for Queue Build. */
export function isBuildRequest(body: JsonObject): boolean {
  return (
    hasTexts(body, "templateParameters") &&
    typeof (getProperty(body, "parameters") ?? "") === "string" &&
    hasMap(body, "definition", () => true) &&
    hasMap(body, "queue", () => true) &&
    hasList(body, "tags")
  );
}

/** Numbers and booleans are read as text. */
function hasTexts(body: JsonObject, name: string): boolean {
  return hasMap(body, name, (value) => value === null || typeof value !== "object");
}

/** A missing field is valid. */
function hasMap(body: JsonObject, name: string, isValid: (value: unknown) => boolean): boolean {
  const map = objectFrom(getProperty(body, name) ?? {});
  return map !== undefined && Object.values(map).every(isValid);
}

function hasList(body: JsonObject, name: string): boolean {
  return Array.isArray(getProperty(body, name) ?? []);
}

/** Reads the body of Run Pipeline. */
export function parseRunRequest(spec: PipelineSpec, body: JsonObject, request: ApiRequest): ParsedRunRequest {
  const self = objectFrom(
    getProperty(objectFrom(getProperty(objectFrom(getProperty(body, "resources")), "repositories")), "self"),
  );
  const variables = objectFrom(getProperty(body, "variables")) ?? {};
  return completeRunRequest(
    spec,
    {
      refName: stringFrom(getProperty(self, "refName")),
      version: stringFrom(getProperty(self, "version")),
      templateParameters: objectFrom(getProperty(body, "templateParameters")) ?? {},
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, parseVariable(value)]),
      ),
      stagesToSkip: stringList(getProperty(body, "stagesToSkip")),
      tags: [],
      priority: "normal",
      reason: "manual",
      queueId: queueRef.id,
      resolvesBareNames: request.state.quirks.bareRef === "resolve",
      request: body,
    },
    request,
  );
}

/** Reads the body of Queue Build. */
export function parseBuildRequest(
  spec: PipelineSpec,
  body: JsonObject,
  request: ApiRequest,
): ParsedRunRequest {
  const parameters = objectFrom(parseJson(stringFrom(getProperty(body, "parameters")) ?? "")) ?? {};
  // A build that is run again.
  const source = request.state.find(request.query.number("sourceBuildId") ?? 0);
  return completeRunRequest(
    spec,
    {
      refName: stringFrom(getProperty(body, "sourceBranch")) ?? source?.ref,
      version: stringFrom(getProperty(body, "sourceVersion")) ?? source?.version,
      templateParameters: objectFrom(getProperty(body, "templateParameters")) ?? {},
      variables: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [name, { value: String(value) }]),
      ),
      stagesToSkip: [],
      tags: stringList(getProperty(body, "tags")),
      priority: enumName("priority", getProperty(body, "priority")) ?? "normal",
      reason: reasonOf(getProperty(body, "reason")),
      queueId: Number(getProperty(objectFrom(getProperty(body, "queue")), "id") ?? queueRef.id),
      resolvesBareNames: true,
      requestedFor: requesterOf(getProperty(body, "requestedFor")),
      request: body,
    },
    request,
  );
}

interface RunRequestDraft {
  readonly refName: string | undefined;
  readonly version: string | undefined;
  readonly templateParameters: JsonObject;
  readonly variables: Readonly<Record<string, VariableValue>>;
  readonly stagesToSkip: readonly string[];
  readonly tags: readonly string[];
  readonly priority: string;
  readonly reason: string;
  readonly queueId: number;
  readonly resolvesBareNames: boolean;
  readonly requestedFor?: Identity | undefined;
  readonly request: unknown;
}

function completeRunRequest(
  spec: PipelineSpec,
  draft: RunRequestDraft,
  request: ApiRequest,
): ParsedRunRequest {
  const ref = resolveRef(spec, draft.refName, draft.resolvesBareNames);
  const refusals = [
    ...parameterErrors(spec.parameters ?? [], draft.templateParameters),
    ...variableErrors(spec, Object.keys(draft.variables)),
    ...stageErrors(spec, draft.stagesToSkip),
  ];
  if (!queues.some(({ id }) => id === draft.queueId))
    refusals.push(`Could not find a queue with the identifier ${draft.queueId}.`);
  if (ref === undefined) return { refusals: [...refusals, unresolvedRefMessage(spec, draft.refName ?? "")] };
  const requestedVersion = draft.version === "" ? undefined : draft.version;
  if (requestedVersion !== undefined && !/^[0-9a-f]{40}$/i.test(requestedVersion)) {
    refusals.push(
      `Unable to resolve the reference '${requestedVersion}' to a specific version. Verify the reference exists in the source repository.`,
    );
  }
  if (refusals.length > 0) return { refusals };
  const templateParameters = Object.fromEntries(
    Object.entries(draft.templateParameters).map(([name, value]) => [name, asText(value)]),
  );
  const hasOverrides =
    [templateParameters, draft.variables].some((one) => Object.keys(one).length > 0) ||
    draft.stagesToSkip.length > 0;
  const version = requestedVersion ?? ref.sha;
  const runRequest = {
    ...draft,
    ref: ref.name,
    version,
    templateParameters,
    requestedFor: draft.requestedFor ?? request.caller,
    requestedBy: request.caller,
    triggerInfo: {},
  };
  return { runRequest, hasOverrides };
}

/** The identity that a run is requested for, if it is not the caller. */
function requesterOf(value: unknown): Identity | undefined {
  const identity = objectFrom(value);
  const id = stringFrom(getProperty(identity, "id"));
  if (id === undefined || id === "") return undefined;
  const displayName = stringFrom(getProperty(identity, "displayName")) ?? id;
  return { id, displayName, uniqueName: stringFrom(getProperty(identity, "uniqueName")) ?? displayName };
}

/** The reason that was asked for; `none` counts as `manual`. */
function reasonOf(value: unknown): string {
  const name = enumName("reason", value) ?? "none";
  return name === "none" ? "manual" : name;
}

/** A repository without a list of branches has every full ref. */
function resolveRef(
  { repository }: PipelineSpec,
  requested: string | undefined,
  allowsBareName: boolean,
): { readonly name: string; readonly sha: string } | undefined {
  const name = requested === undefined || requested === "" ? repository.defaultBranch : requested;
  const full = allowsBareName && !name.startsWith("refs/") ? `refs/heads/${name}` : name;
  const { branches } = repository;
  if (branches === undefined) {
    return full.startsWith("refs/") ? { name: full, sha: shaFrom(`${repository.name} ${full}`) } : undefined;
  }
  const sha = branches[full];
  return sha === undefined ? undefined : { name: full, sha };
}

function parseVariable(value: unknown): VariableValue {
  const record = objectFrom(value);
  const text = getProperty(record, "value");
  return {
    ...(text !== undefined && text !== null && { value: asText(text) }),
    isSecret: getProperty(record, "isSecret") === true,
  };
}

function stringList(value: unknown): string[] {
  return Array.isArray(value)
    ? value.flatMap((item: unknown) => (typeof item === "string" ? [item] : []))
    : [];
}
