import type { Call } from "./call.ts";
import { guidFrom } from "./ids.ts";
import { link } from "./links.ts";
import { wireDate } from "./moments.ts";
import { type Run, type Standing, standingOf } from "./run.ts";
import type { PipelineSpec } from "./spec.ts";

// The shapes of the Runs API. What is not there is left out, never null.

const states = {
  notStarted: "inProgress",
  inProgress: "inProgress",
  cancelling: "canceling",
  completed: "completed",
};

function pipelineRef(spec: PipelineSpec, call: Call) {
  return {
    url: `${call.home}/_apis/pipelines/${spec.id}?revision=1`,
    id: spec.id,
    revision: 1,
    name: spec.name,
    folder: spec.folder ?? "\\",
  };
}

export function pipelineAnswer(spec: PipelineSpec, call: Call, whole: boolean) {
  const { repository } = spec;
  const ref = pipelineRef(spec, call);
  return {
    _links: { self: link(ref.url), web: link(definitionPage(spec, call)) },
    ...(whole && {
      configuration: { path: "azure-pipelines.yml", repository: repositoryRef(repository), type: "yaml" },
    }),
    ...ref,
  };
}

/** `withResources`: a list leaves them out. */
export function runAnswer(run: Run, call: Call, withResources = true) {
  const standing = standingOf(run, run.elapsed());
  const url = `${call.home}/_apis/pipelines/${run.spec.id}/runs/${run.id}`;
  return {
    ...(withResources && standing.status === "completed" && { yamlDetails: yamlDetails(run, call) }),
    _links: runLinks(run.spec, String(run.id), call),
    templateParameters: run.templateParameters,
    ...(Object.keys(run.variables).length > 0 && { variables: withoutSecrets(run) }),
    ...(run.tags.length > 0 && { tags: run.tags }),
    pipeline: pipelineRef(run.spec, call),
    state: states[standing.status],
    ...resultField(standing),
    createdDate: wireDate(run.queuedAt),
    ...(standing.end !== undefined && { finishedDate: run.date(standing.end) }),
    url,
    ...(withResources && { resources: resourcesOf(run) }),
    id: run.id,
    name: run.name,
  };
}

/** The shell that a preview through `/runs` answers with. */
export function previewAnswer(spec: PipelineSpec, finalYaml: string, call: Call) {
  return {
    _links: runLinks(spec, "-1", call),
    templateParameters: {},
    pipeline: pipelineRef(spec, call),
    state: "unknown",
    url: `${call.home}/_apis/pipelines/${spec.id}/runs/-1`,
    finalYaml,
    id: -1,
  };
}

/** There is no word for partiallySucceeded here, and what the service says is not known: the field is left out. */
function resultField({ result }: Standing): { readonly result?: string } {
  return result === undefined || result === "partiallySucceeded" ? {} : { result };
}

function runLinks(spec: PipelineSpec, id: string, call: Call) {
  return {
    self: link(`${call.home}/_apis/pipelines/${spec.id}/runs/${id}`),
    web: link(`${call.home}/_build/results?buildId=${id}`),
    "pipeline.web": link(definitionPage(spec, call)),
    pipeline: link(`${call.home}/_apis/pipelines/${spec.id}?revision=1`),
  };
}

function resourcesOf(run: Run) {
  const self = { repository: repositoryRef(run.spec.repository), refName: run.ref, version: run.version };
  return { repositories: { self } };
}

function repositoryRef(repository: PipelineSpec["repository"]) {
  if (repository.type === "TfsGit")
    return { id: guidFrom(`repository ${repository.name}`), type: "azureReposGit" };
  const type = repository.type === "GitHub" ? "gitHub" : "gitHubEnterprise";
  return { fullName: repository.name, connection: { id: guidFrom(`connection ${repository.name}`) }, type };
}

function yamlDetails(run: Run, call: Call) {
  return {
    rootYamlFile: { ref: run.ref, yamlFile: "azure-pipelines.yml", repoAlias: "self" },
    expandedYamlUrl: `${call.home}/_apis/build/builds/${run.id}/logs/1`,
  };
}

function withoutSecrets(run: Run) {
  const entries = Object.entries(run.variables).map(([name, { value, isSecret }]) => [
    name,
    isSecret === true ? { isSecret: true } : { value },
  ]);
  return Object.fromEntries(entries) as Readonly<Record<string, unknown>>;
}

function definitionPage(spec: PipelineSpec, call: Call): string {
  return `${call.home}/_build/definition?definitionId=${spec.id}`;
}
