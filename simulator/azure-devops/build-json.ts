import { toIsoWithTicks } from "../engine/dates.ts";
import { guidFrom, queueRef } from "../engine/ids.ts";
import { type Run, type RunStatus, statusOf } from "../engine/run.ts";
import type { PipelineSpec, RepositorySpec } from "../spec.ts";
import { identityRef, link, projectRef } from "./links.ts";
import type { ApiRequest } from "./request.ts";

// The shapes of the Build API. What is not there is left out, never null (bar the few that always are).

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

/** `whole`: with what a list leaves out. */
export function definitionJson(spec: PipelineSpec, request: ApiRequest, includeAllProperties: boolean) {
  const base = `${request.projectUrl}/_apis/build`;
  const queueUrl = `${request.collection}/_apis/build/Queues/${queueRef.id}`;
  return {
    ...(includeAllProperties && {
      triggers: [],
      properties: {},
      tags: [],
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
    properties: {},
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
    queue: queueRef,
    priority: run.priority,
    reason: run.reason,
    requestedFor: requester,
    requestedBy: requester,
    lastChangedDate: run.date(runStatus.end ?? runStatus.start ?? 0),
    lastChangedBy: requester,
    ...parametersOf(run),
    orchestrationPlan: { planId: run.planId },
    logs: { id: 0, type: "Container", url: `${base}/builds/${run.id}/logs` },
    repository: buildRepository(spec.repository, request),
    keepForever: false,
    retainedByRelease: false,
    triggeredByBuild: null,
    appendCommitMessageToRunName: true,
  };
}

/** What has not happened yet is not there. */
function progressFields(run: Run, { status, result, start, end }: RunStatus) {
  return {
    status,
    ...(result !== undefined && { result }),
    queueTime: toIsoWithTicks(run.queuedAt),
    ...(start !== undefined && { startTime: run.date(start) }),
    ...(end !== undefined && { finishTime: run.date(end) }),
  };
}

/** Variables travel as JSON in a string; secrets without their value. */
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
    id: guidFrom(`repository ${name}`),
    type,
    name,
    url: repositoryUrl(repository, request),
    ...common,
  };
}

function repositoryUrl(repository: RepositorySpec, request: ApiRequest): string {
  if (repository.url !== undefined) return repository.url;
  if (repository.type !== "TfsGit") return `https://github.com/${repository.name}.git`;
  const project = encodeURIComponent(request.state.project.name);
  return `${request.collection}/${project}/_git/${encodeURIComponent(repository.name)}`;
}
