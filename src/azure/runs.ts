import type { StartedRun } from "../core/model.ts";
import { ActionError, PassingError } from "../errors.ts";
import { fieldsOf, numberOf, textOf, webAddress } from "./decode.ts";
import type { Call, Send } from "./send.ts";

/**
 * Starts a run. Never retried here: a lost answer may hide a run that did start.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline
 */
export async function startRun(
  send: Send,
  pipelineId: number,
  { body, onSend }: Pick<Call, "body" | "onSend">,
  signal: AbortSignal,
): Promise<StartedRun> {
  const path = `_apis/pipelines/${pipelineId}/runs`;
  const { value } = await send({
    method: "POST",
    path,
    body,
    decode: decodeRun,
    doing: "Starting the run",
    ...(onSend !== undefined && { onSend }),
    signal,
  });
  return value;
}

/**
 * Validates without starting anything, and answers with the expanded YAML.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/preview/preview
 */
export async function previewRun(
  send: Send,
  pipelineId: number,
  body: object,
  signal: AbortSignal,
): Promise<string> {
  const { value } = await send({
    method: "POST",
    path: `_apis/pipelines/${pipelineId}/preview`,
    body: { ...body, previewRun: true },
    decode: (answer) => fieldsOf(answer)["finalYaml"],
    doing: "Validating the pipeline",
    patienceMs: 60_000,
    signal,
  });
  if (typeof value !== "string") {
    throw new ActionError("unexpected-response", "The answer to the preview held no expanded YAML.", {
      hint: "Check that the pipeline is a YAML pipeline: classic ones have no preview.",
    });
  }
  return value;
}

/** https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/get */
export async function readRun(
  send: Send,
  { pipelineId, runId }: { readonly pipelineId: number; readonly runId: number },
  signal: AbortSignal,
): Promise<StartedRun> {
  const path = `_apis/pipelines/${pipelineId}/runs/${runId}`;
  const { value } = await send({
    method: "GET",
    path,
    decode: decodeRun,
    doing: "Reading the run",
    patienceMs: 10_000,
    signal,
  });
  return value;
}

/** The fields that the action relies on, checked where they enter. */
export function decodeRun(answer: unknown): StartedRun {
  const run = fieldsOf(answer);
  const id = numberOf(run["id"]);
  if (id === -1 || (id === null && typeof run["finalYaml"] === "string")) throw onlyValidated();
  // An answer that names no run says nothing about whether there is one.
  if (id === null || id < 1) throw new PassingError("the answer was not a run: it lacks an id");
  const repositories = fieldsOf(fieldsOf(run["resources"])["repositories"]);
  const self = fieldsOf(repositories["self"]);
  return {
    id,
    name: textOf(run["name"]) ?? String(id),
    url: webAddress(run),
    pipelineName: textOf(fieldsOf(run["pipeline"])["name"]),
    commit: textOf(self["version"]),
    ref: textOf(self["refName"]),
    raw: withoutSecrets(answer),
  };
}

/** The answer to a preview, by which the service says for certain that there is no run. */
function onlyValidated(): ActionError {
  return new ActionError(
    "unexpected-response",
    "Nothing was started: the service has only validated the pipeline.",
    { hint: "Take `previewRun` out of the request, or use the input `preview` if that is what is wanted." },
  );
}

function withoutSecrets(answer: unknown): unknown {
  const run = fieldsOf(answer);
  if (run["variables"] === undefined) return answer;
  const variables = Object.entries(fieldsOf(run["variables"])).map(([name, value]) => [
    name,
    fieldsOf(value)["isSecret"] === true ? { isSecret: true } : value,
  ]);
  return { ...run, variables: Object.fromEntries(variables) };
}

/** Puts tags on a run. https://learn.microsoft.com/rest/api/azure/devops/build/tags/add-build-tags */
export async function tagRun(
  send: Send,
  { runId, tags }: { readonly runId: number; readonly tags: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  await send({
    method: "POST",
    path: `_apis/build/builds/${runId}/tags`,
    body: tags,
    decode: () => undefined,
    doing: "Tagging the run",
    patienceMs: 30_000,
    signal,
  });
}
