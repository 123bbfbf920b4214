import type { StartedRun } from "../core/model.ts";
import { ActionError, ResponseTooLargeError, TransientError } from "../errors.ts";
import { asId, asObject, asString } from "../lib/json.ts";
import type { ApiRequest, SendRequest } from "./api-request.ts";
import { webUrl } from "./decode.ts";

/**
 * Starts a run. Not retried here, since a run may have been started even if the response was lost.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline
 */
export async function startRun(
  send: SendRequest,
  pipelineId: number,
  { body, onSend }: Pick<ApiRequest, "body" | "onSend">,
  signal: AbortSignal,
): Promise<StartedRun> {
  const path = `_apis/pipelines/${pipelineId}/runs`;
  try {
    const { value } = await send({
      method: "POST",
      path,
      body,
      minVersion: minVersionOf(body),
      decode: (json) => ensurePipeline(pipelineId, decodeRun(json)),
      operation: "Starting the run",
      ...(onSend !== undefined && { onSend }),
      signal,
    });
    return value;
  } catch (error) {
    // A response that was too large to read may be that of a started run.
    throw error instanceof ResponseTooLargeError
      ? new TransientError("the response was too large", { cause: error })
      : error;
  }
}

/** An older version ignores the id of a pipeline resource's run, and uses the newest run instead. */
function minVersionOf(body: unknown): string | undefined {
  const resources = Object.values(asObject(body, "resources", "pipelines"));
  return resources.some((resource) => asObject(resource)["runId"] !== undefined) ? "7.2-preview" : undefined;
}

function ensurePipeline(pipelineId: number, run: StartedRun): StartedRun {
  const actual = asId(asObject(run.raw, "pipeline")["id"]);
  if (actual !== null && actual !== pipelineId)
    throw new TransientError(`the response was about pipeline ${actual}, not about ${pipelineId}`);
  return run;
}

function ensureRun(runId: number, run: StartedRun): StartedRun {
  if (run.id !== runId) throw new TransientError(`the response was about run ${run.id}, not about ${runId}`);
  return run;
}

/**
 * Validates the pipeline without starting a run, and returns the expanded YAML.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/preview/preview
 */
export async function previewRun(
  send: SendRequest,
  pipelineId: number,
  body: object,
  signal: AbortSignal,
): Promise<string> {
  const { value } = await send({
    method: "POST",
    path: `_apis/pipelines/${pipelineId}/preview`,
    body: { ...body, previewRun: true },
    minVersion: minVersionOf(body),
    decode: (json) => asObject(json)["finalYaml"],
    operation: "Validating the pipeline",
    retryForMs: 60_000,
    signal,
  });
  if (typeof value !== "string") {
    throw new ActionError("unexpected-response", "The response to the preview contained no expanded YAML.", {
      hint: "Check that the pipeline is a YAML pipeline: classic pipelines have no preview.",
    });
  }
  return value;
}

/** https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/get */
export async function readRun(
  send: SendRequest,
  { pipelineId, runId }: { readonly pipelineId: number; readonly runId: number },
  signal: AbortSignal,
): Promise<StartedRun> {
  const path = `_apis/pipelines/${pipelineId}/runs/${runId}`;
  const { value } = await send({
    method: "GET",
    path,
    decode: (json) => ensureRun(runId, ensurePipeline(pipelineId, decodeRun(json))),
    operation: "Reading the run",
    retryForMs: 10_000,
    signal,
  });
  return value;
}

/** Decodes and validates the fields that the action relies on. */
export function decodeRun(json: unknown): StartedRun {
  const run = asObject(json);
  const id = asId(run["id"]);
  if (run["id"] === -1 || (id === null && typeof run["finalYaml"] === "string")) throw onlyValidated();
  // A response without an id does not show whether a run exists.
  if (id === null) throw new TransientError("the response was not a run: it had no id");
  const repositories = asObject(run, "resources", "repositories");
  const self = asObject(repositories["self"]);
  return {
    id,
    name: asString(run["name"]) ?? String(id),
    url: webUrl(run),
    pipelineName: asString(asObject(run["pipeline"])["name"]),
    commit: asString(self["version"]),
    ref: asString(self["refName"]),
    raw: withoutSecrets(json),
  };
}

/** The error for a preview's response, which means that no run was started. */
function onlyValidated(): ActionError {
  return new ActionError(
    "unexpected-response",
    "Nothing was started: the service has only validated the pipeline.",
    {
      hint: "Remove `previewRun` from the request, or use the input `preview` if you want to validate only.",
    },
  );
}

function withoutSecrets(json: unknown): unknown {
  const run = asObject(json);
  if (run["variables"] === undefined) return json;
  const variables = Object.entries(asObject(run["variables"])).map(([name, value]) => [
    name,
    asObject(value)["isSecret"] === true ? { isSecret: true } : value,
  ]);
  return { ...run, variables: Object.fromEntries(variables) };
}

/** Puts tags on a run. https://learn.microsoft.com/rest/api/azure/devops/build/tags/add-build-tags */
export async function tagRun(
  send: SendRequest,
  { runId, tags }: { readonly runId: number; readonly tags: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  await send({
    method: "POST",
    path: `_apis/build/builds/${runId}/tags`,
    body: tags,
    decode: () => undefined,
    operation: "Tagging the run",
    retryForMs: 30_000,
    signal,
  });
}
