import { toIsoWithTicks } from "../engine/dates.ts";
import { guidFrom, queueRef, queues } from "../engine/ids.ts";
import { type Run, type RunStatus, statusOf } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import type { PipelineSpec, RepositorySpec } from "../spec.ts";
import { identityRef, link, projectRef } from "./links.ts";
import type { ApiRequest } from "./request.ts";

// The shapes of the Build API, which omits what is missing, except for a few fields that are always null.

function definitionRef(spec: PipelineSpec, request: ApiRequest) {
  return {
    drafts: [],
    id: spec.id,
    name: spec.name,
    url: `${request.projectUrl}/_apis/build/Definitions/${spec.id}?revision=1`,
    uri: `vstfs:///Build/Definition/${spec.id}`,
    path: spec.folder ?? "\\",
    type: "build",
    queueStatus: request.state.queueStatus(spec),
    revision: 1,
    project: projectRef(request),
  };
}

/** `includeAllProperties`: with what lists omit. */
export function definitionJson(spec: PipelineSpec, request: ApiRequest, includeAllProperties: boolean) {
  const base = `${request.projectUrl}/_apis/build`;
  const queueUrl = `${request.collection}/_apis/build/Queues/${queueRef.id}`;
  return {
    ...(includeAllProperties && {
      triggers: [],
      properties: typedProperties(request.state.data.definitionProperties.get(spec.id) ?? new Map(), []),
      tags: request.state.data.definitionTags.get(spec.id) ?? [],
      jobAuthorizationScope: "projectCollection",
    }),
    _links: {
      self: link(`${base}/Definitions/${spec.id}?revision=1`),
      web: link(`${request.projectUrl}/_build/definition?definitionId=${spec.id}`),
      editor: link(`${request.projectUrl}/_build/designer?id=${spec.id}&_a=edit-build-definition`),
      badge: link(`${base}/status/${spec.id}`),
    },
    ...(includeAllProperties && {
      ...variablesOf(spec),
      process: { yamlFilename: "azure-pipelines.yml", type: 2 },
      repository: {
        properties: { fullName: spec.repository.name, reportBuildStatus: "true" },
        ...buildRepository(spec.repository, request),
        name: spec.repository.name,
        defaultBranch: spec.repository.defaultBranch,
        url: repositoryUrl(spec.repository, request),
      },
    }),
    quality: "definition",
    authoredBy: identityRef(request.caller, request),
    queue: { _links: { self: link(queueUrl) }, ...queueRef, url: queueUrl },
    ...definitionRef(spec, request),
    createdDate: "2024-01-07T04:49:37.713Z",
  };
}

function variablesOf(spec: PipelineSpec) {
  if (spec.settableVariables === undefined) return {};
  return {
    variables: Object.fromEntries(
      spec.settableVariables.map((name) => [name, { value: "", allowOverride: true }]),
    ),
  };
}

export function buildJson(run: Run, request: ApiRequest) {
  const { spec } = run;
  const runStatus = statusOf(run, run.elapsed());
  const base = `${request.projectUrl}/_apis/build`;
  const requester = identityRef(run.requestedFor, request);
  return {
    _links: buildLinks(run, request),
    properties: requestedProperties(run, request),
    tags: run.tags,
    validationResults: [],
    plans: [{ planId: run.planId }],
    triggerInfo: run.triggerInfo,
    id: run.id,
    buildNumber: run.name,
    ...progressFields(run, runStatus),
    url: `${base}/Builds/${run.id}`,
    definition: definitionRef(spec, request),
    buildNumberRevision: run.revision,
    project: projectRef(request),
    uri: `vstfs:///Build/Build/${run.id}`,
    sourceBranch: run.ref,
    sourceVersion: run.version,
    queue: queues.find(({ id }) => id === run.queueId) ?? queueRef,
    priority: run.priority,
    reason: run.reason,
    requestedFor: requester,
    requestedBy: identityRef(run.requestedBy, request),
    lastChangedDate: run.date(runStatus.end ?? runStatus.start ?? 0),
    lastChangedBy: requester,
    ...parametersOf(run),
    orchestrationPlan: { planId: run.planId },
    logs: { id: 0, type: "Container", url: `${base}/builds/${run.id}/logs` },
    repository: buildRepository(spec.repository, request),
    keepForever: run.keepForever,
    ...deletion(run, request),
    retainedByRelease: false,
    triggeredByBuild: null,
    appendCommitMessageToRunName: true,
  };
}

/** Omits what has not happened yet. */
function progressFields(run: Run, { status, result, start, end }: RunStatus) {
  return {
    status,
    ...(result !== undefined && { result }),
    queueTime: toIsoWithTicks(run.queuedAt),
    ...(start !== undefined && { startTime: run.date(start) }),
    ...(end !== undefined && { finishTime: run.date(end) }),
  };
}

/** Variables are JSON in a string, without the secret ones. */
function parametersOf(run: Run) {
  const variables = Object.entries(run.variables).flatMap(([name, { value, isSecret }]) =>
    isSecret === true ? [] : [[name, value ?? ""]],
  );
  return {
    ...(variables.length > 0 && { parameters: JSON.stringify(Object.fromEntries(variables)) }),
    ...(Object.keys(run.templateParameters).length > 0 && { templateParameters: run.templateParameters }),
  };
}

function buildLinks(run: Run, request: ApiRequest) {
  const base = `${request.projectUrl}/_apis/build`;
  return {
    self: link(`${base}/Builds/${run.id}`),
    web: link(`${request.projectUrl}/_build/results?buildId=${run.id}`),
    sourceVersionDisplayUri: link(`${base}/builds/${run.id}/sources`),
    timeline: link(`${base}/builds/${run.id}/Timeline`),
    badge: link(`${base}/status/${run.spec.id}`),
  };
}

/** A GitHub repository has neither name nor address here. */
function buildRepository(repository: RepositorySpec, request: ApiRequest) {
  const common = { clean: null, checkoutSubmodules: false };
  if (repository.type !== "TfsGit") return { id: repository.name, type: repository.type, ...common };
  const { name, type } = repository;
  return {
    id: repositoryId(repository),
    type,
    name,
    url: repositoryUrl(repository, request),
    ...common,
  };
}

/** `owner/name` on GitHub, else a GUID. */
export function repositoryId({ name, type }: RepositorySpec): string {
  return type === "TfsGit" ? guidFrom(`repository ${name}`) : name;
}

/** Only those that are asked for, by `propertyFilters` or, in a list, by `properties`. */
function requestedProperties(run: Run, { query }: ApiRequest) {
  const names = [...query.list("propertyFilters"), ...query.list("properties")];
  return names.length === 0 ? {} : typedProperties(run.properties, names);
}

/** Properties with the type of each value; without names all of them. */
export function typedProperties(properties: ReadonlyMap<string, unknown>, names: readonly string[]) {
  const wanted = [...properties].filter(
    ([name]) => names.length === 0 || names.some((one) => equalsIgnoreCase(one, name)),
  );
  return Object.fromEntries(wanted.map(([name, value]) => [name, typedValue(value)]));
}

function typedValue(value: unknown): unknown {
  if (typeof value === "object" && value !== null && "$value" in value) return value;
  if (typeof value === "boolean") return { $type: "System.Boolean", $value: value };
  if (typeof value === "number")
    return { $type: Number.isInteger(value) ? "System.Int32" : "System.Double", $value: value };
  return { $type: "System.String", $value: typeof value === "string" ? value : JSON.stringify(value) };
}

function deletion({ deletedAt }: Run, request: ApiRequest) {
  if (deletedAt === undefined) return {};
  return {
    deleted: true,
    deletedDate: toIsoWithTicks(deletedAt),
    deletedBy: identityRef(request.caller, request),
    deletedReason: "",
  };
}

function repositoryUrl(repository: RepositorySpec, request: ApiRequest): string {
  if (repository.url !== undefined) return repository.url;
  if (repository.type !== "TfsGit") return `https://github.com/${repository.name}.git`;
  const project = encodeURIComponent(request.state.project.name);
  return `${request.collection}/${project}/_git/${encodeURIComponent(repository.name)}`;
}
