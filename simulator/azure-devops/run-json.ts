import { toIsoWithTicks } from "../engine/dates.ts";
import { guidFrom } from "../engine/ids.ts";
import { type Run, type RunStatus, statusOf } from "../engine/run.ts";
import type { PipelineSpec } from "../spec.ts";
import { repositoryId } from "./build-json.ts";
import { link } from "./links.ts";
import type { ApiRequest } from "./request.ts";

// The shapes of the Runs API, which omits what is missing instead of writing null.

const states = {
  notStarted: "inProgress",
  postponed: "inProgress",
  inProgress: "inProgress",
  cancelling: "canceling",
  completed: "completed",
  abandoned: "completed",
};

function pipelineRef(spec: PipelineSpec, request: ApiRequest) {
  return {
    url: `${request.projectUrl}/_apis/pipelines/${spec.id}?revision=1`,
    id: spec.id,
    revision: 1,
    name: spec.name,
    folder: spec.folder ?? "\\",
  };
}

export function pipelineJson(spec: PipelineSpec, request: ApiRequest, withConfiguration: boolean) {
  const { repository } = spec;
  const ref = pipelineRef(spec, request);
  return {
    _links: { self: link(ref.url), web: link(definitionPage(spec, request)) },
    ...(withConfiguration && {
      configuration: {
        path: "azure-pipelines.yml",
        repository: repositoryRef(repository, request),
        type: "yaml",
      },
    }),
    ...ref,
  };
}

/** `withResources`: lists omit them. */
export function runJson(run: Run, request: ApiRequest, withResources = true) {
  const runStatus = statusOf(run, run.elapsed());
  const url = `${request.projectUrl}/_apis/pipelines/${run.spec.id}/runs/${run.id}`;
  return {
    ...(withResources && runStatus.status === "completed" && { yamlDetails: yamlDetails(run, request) }),
    _links: runLinks(run.spec, String(run.id), request),
    templateParameters: run.templateParameters,
    ...(Object.keys(run.variables).length > 0 && { variables: withoutSecrets(run) }),
    tags: run.tags,
    pipeline: pipelineRef(run.spec, request),
    state: states[runStatus.status],
    ...resultField(runStatus),
    createdDate: toIsoWithTicks(run.queuedAt),
    ...(runStatus.end !== undefined && { finishedDate: run.date(runStatus.end) }),
    url,
    ...(withResources && { resources: resourcesOf(run, request) }),
    id: run.id,
    name: run.name,
  };
}

/** The response to a preview through `/runs`. */
export function previewJson(spec: PipelineSpec, finalYaml: string, request: ApiRequest) {
  return {
    _links: runLinks(spec, "-1", request),
    templateParameters: {},
    pipeline: pipelineRef(spec, request),
    state: "unknown",
    url: `${request.projectUrl}/_apis/pipelines/${spec.id}/runs/-1`,
    finalYaml,
    id: -1,
  };
}

/** The Runs API has no value for partiallySucceeded; the field is omitted, since the service's value is not known. */
function resultField({ result }: RunStatus): { readonly result?: string } {
  return result === undefined || result === "partiallySucceeded" ? {} : { result };
}

function runLinks(spec: PipelineSpec, id: string, request: ApiRequest) {
  return {
    self: link(`${request.projectUrl}/_apis/pipelines/${spec.id}/runs/${id}`),
    web: link(`${request.projectUrl}/_build/results?buildId=${id}`),
    "pipeline.web": link(definitionPage(spec, request)),
    pipeline: link(`${request.projectUrl}/_apis/pipelines/${spec.id}?revision=1`),
  };
}

function resourcesOf(run: Run, request: ApiRequest) {
  const self = {
    repository: repositoryRef(run.spec.repository, request),
    refName: run.ref,
    version: run.version,
  };
  return { repositories: { self } };
}

function repositoryRef(repository: PipelineSpec["repository"], { state }: ApiRequest) {
  if (repository.type === "TfsGit") {
    const fullName = `${state.project.name}/${repository.name}`;
    return { fullName, id: repositoryId(repository), type: "azureReposGit" };
  }
  const type = repository.type === "GitHub" ? "gitHub" : "gitHubEnterprise";
  return { fullName: repository.name, connection: { id: guidFrom(`connection ${repository.name}`) }, type };
}

function yamlDetails(run: Run, request: ApiRequest) {
  return {
    rootYamlFile: { ref: run.ref, yamlFile: "azure-pipelines.yml", repoAlias: "self" },
    expandedYamlUrl: `${request.projectUrl}/_apis/build/builds/${run.id}/logs/1`,
  };
}

function withoutSecrets(run: Run) {
  const entries = Object.entries(run.variables).map(([name, { value, isSecret }]) => [
    name,
    isSecret === true ? { isSecret: true } : { value },
  ]);
  return Object.fromEntries(entries) as Readonly<Record<string, unknown>>;
}

function definitionPage(spec: PipelineSpec, request: ApiRequest): string {
  return `${request.projectUrl}/_build/definition?definitionId=${spec.id}`;
}
