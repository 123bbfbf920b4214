import { shaFrom } from "../engine/ids.ts";
import type { RunRequest, VariableValue } from "../engine/run.ts";
import type { PipelineSpec } from "../spec.ts";
import { type ApiRequest, getProperty, objectFrom, stringFrom } from "./request.ts";
import { asText, parameterErrors, stageErrors, unresolvedRefMessage, variableErrors } from "./validation.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** What a start asks for, or why it cannot be. */
type ParsedRunRequest =
  | { readonly runRequest: RunRequest; readonly hasOverrides: boolean }
  | { readonly refusals: readonly string[] };

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
  const parameters = parseJsonObject(stringFrom(getProperty(body, "parameters")));
  return completeRunRequest(
    spec,
    {
      refName: stringFrom(getProperty(body, "sourceBranch")),
      version: stringFrom(getProperty(body, "sourceVersion")),
      templateParameters: objectFrom(getProperty(body, "templateParameters")) ?? {},
      variables: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [name, { value: String(value) }]),
      ),
      stagesToSkip: [],
      tags: stringList(getProperty(body, "tags")),
      priority: stringFrom(getProperty(body, "priority")) ?? "normal",
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
  readonly request: unknown;
}

function completeRunRequest(
  spec: PipelineSpec,
  draft: RunRequestDraft,
  request: ApiRequest,
): ParsedRunRequest {
  const { quirks } = request.state;
  const ref = resolveRef(spec, draft.refName, quirks.bareRef === "resolve");
  const refusals = [
    ...parameterErrors(spec.parameters ?? [], draft.templateParameters),
    ...variableErrors(spec, Object.keys(draft.variables)),
    ...stageErrors(spec, draft.stagesToSkip),
  ];
  if (ref === undefined) return { refusals: [...refusals, unresolvedRefMessage(spec, draft.refName ?? "")] };
  if (draft.version !== undefined && !/^[0-9a-f]{40}$/i.test(draft.version)) {
    refusals.push(
      `Unable to resolve the reference '${draft.version}' to a specific version. Verify the reference exists in the source repository.`,
    );
  }
  if (refusals.length > 0) return { refusals };
  const templateParameters = Object.fromEntries(
    Object.entries(draft.templateParameters).map(([name, value]) => [name, asText(value)]),
  );
  const hasOverrides =
    [templateParameters, draft.variables].some((one) => Object.keys(one).length > 0) ||
    draft.stagesToSkip.length > 0;
  const version = draft.version ?? ref.sha;
  const runRequest = {
    ...draft,
    ref: ref.name,
    version,
    templateParameters,
    requestedFor: request.caller,
    reason: "manual",
    triggerInfo: {},
  };
  return { runRequest, hasOverrides };
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

function parseJsonObject(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  try {
    return objectFrom(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}
