import { finalYaml } from "../engine/log-text.ts";
import type { Run } from "../engine/run.ts";
import { type ApiResponse, listOf, ok } from "../http/response.ts";
import type { PipelineSpec } from "../spec.ts";
import {
  buildNotFound,
  invalidArgument,
  pipelineDisabled,
  pipelineNotFound,
  pipelineValidationFailed,
  runParametersMissing,
} from "./error-responses.ts";
import { denyPermission } from "./permissions.ts";
import {
  type ApiRequest,
  getProperty,
  objectFrom,
  parseBody,
  parseRequiredBody,
  stringFrom,
} from "./request.ts";
import { route } from "./router.ts";
import { pipelineJson, previewJson, runJson } from "./run-json.ts";
import { isRunParameters, parseRunRequest } from "./start-run.ts";

export const runRoutes = [
  route("GET", "pipelines", listPipelines),
  route("POST", "pipelines", createPipeline),
  route("GET", "pipelines/{id}", (request) =>
    withPipeline(request, (spec) => ok(pipelineJson(spec, request, true))),
  ),
  route("GET", "pipelines/{id}/runs", (request) => withPipeline(request, (spec) => listRuns(spec, request))),
  route("POST", "pipelines/{id}/runs", (request) => withPipeline(request, (spec) => startRun(spec, request))),
  route("POST", "pipelines/{id}/preview", (request) =>
    withPipeline(request, (spec) => preview(spec, request, false)),
  ),
  route("GET", "pipelines/{id}/runs/{runId}", (request) =>
    withRun(request, (run) => ok(runJson(run, request))),
  ),
];

/** An id that is not a number is not found either. */
function withPipeline(request: ApiRequest, handle: (spec: PipelineSpec) => ApiResponse): ApiResponse {
  const id = request.params["id"] ?? "";
  const spec = request.state.pipelines.get(Number(id));
  return spec === undefined ? pipelineNotFound(id) : handle(spec);
}

export function withRun(request: ApiRequest, handle: (run: Run) => ApiResponse): ApiResponse {
  return withPipeline(request, (spec) => {
    const id = request.params["runId"] ?? "";
    const run = request.state.find(Number(id));
    if (run === undefined || run.spec.id !== spec.id || run.deletedAt !== undefined) return buildNotFound(id);
    return handle(run);
  });
}

function listPipelines(request: ApiRequest): ApiResponse {
  const top = request.query.number("$top") ?? Infinity;
  const from = request.query.number("continuationToken") ?? 0;
  const all = [...request.state.pipelines.values()].map((spec) => pipelineJson(spec, request, false));
  const hasMore = all.length > from + top;
  return listOf(
    all.slice(from, from + top),
    hasMore ? { "x-ms-continuationtoken": String(from + top) } : undefined,
  );
}

/** A pipeline of one job; what its YAML file holds is not known here. */
function createPipeline(request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  const name = stringFrom(getProperty(body, "name"));
  if (name === undefined) return invalidArgument("A value is required for the property 'name'.");
  const configuration = objectFrom(getProperty(body, "configuration"));
  const repository = objectFrom(getProperty(configuration, "repository"));
  const spec = request.state.createPipeline({
    name,
    folder: stringFrom(getProperty(body, "folder")) ?? "\\",
    repositoryName: stringFrom(getProperty(repository, "name")) ?? request.state.project.name,
  });
  return ok(pipelineJson(spec, request, true));
}

/** Newest first; there are neither pages nor filters here. */
function listRuns(spec: PipelineSpec, request: ApiRequest): ApiResponse {
  const runs = request.state.all().filter((run) => run.spec.id === spec.id && run.deletedAt === undefined);
  return listOf([...runs].reverse().map((run) => runJson(run, request, false)));
}

function startRun(spec: PipelineSpec, request: ApiRequest): ApiResponse {
  const body = parseRequiredBody(request);
  if (body === undefined || !isRunParameters(body)) return runParametersMissing();
  if (getProperty(body, "previewRun") === true) return preview(spec, request, true);
  const denied = denyPermission("Queue builds", spec, request);
  if (denied !== undefined) return denied;
  if (request.state.queueStatus(spec) === "disabled") return pipelineDisabled(spec);
  const parsed = parseRunRequest(spec, body, request);
  if ("refusals" in parsed) return pipelineValidationFailed(parsed.refusals);
  const editDenied = parsed.hasOverrides
    ? denyPermission("Edit queue build configuration", spec, request)
    : undefined;
  if (editDenied !== undefined) return editDenied;
  return ok(runJson(request.state.start(spec, parsed.runRequest), request));
}

function preview(spec: PipelineSpec, request: ApiRequest, asRun: boolean): ApiResponse {
  const body = parseRequiredBody(request);
  if (body === undefined || !isRunParameters(body)) return runParametersMissing();
  const parsed = parseRunRequest(spec, body, request);
  if ("refusals" in parsed) return pipelineValidationFailed(parsed.refusals);
  // The service ignores an empty override.
  const override = stringFrom(getProperty(body, "yamlOverride")) ?? "";
  const errors = override === "" ? [] : yamlErrors(override);
  if (errors.length > 0) return pipelineValidationFailed(errors);
  const yaml = override === "" ? finalYaml(spec) : override;
  return ok(asRun ? previewJson(spec, yaml, request) : { finalYaml: yaml });
}

const rootKeys =
  /^(name|trigger|pr|schedules|resources|variables|parameters|pool|stages|jobs|steps|extends|lockBehavior|appendCommitMessageToRunName|strategy|container|services|workspace)$/;

function yamlErrors(yaml: string): string[] {
  return yaml.split(/\r?\n/).flatMap((line, index) => {
    const key = /^([A-Za-z_]\w*)\s*:/.exec(line)?.[1];
    if (key === undefined || rootKeys.test(key)) return [];
    return [`/azure-pipelines.yml (Line: ${index + 1}, Col: 1): Unexpected value '${key}'`];
  });
}
