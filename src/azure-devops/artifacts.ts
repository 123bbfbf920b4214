import { asArray, asObject, asString, type JsonFields } from "../lib/json.ts";
import { quotedName } from "../lib/text.ts";
import type { Artifact, RequestOptions } from "../ports.ts";
import type { SendRequest } from "./api-request.ts";

interface RunArtifactsQuery extends RequestOptions {
  readonly runId: number;
}

/** https://learn.microsoft.com/rest/api/azure/devops/build/artifacts/list */
export async function listArtifacts(
  send: SendRequest,
  { runId, ...retryOptions }: RunArtifactsQuery,
  signal: AbortSignal,
): Promise<readonly Artifact[]> {
  const { value } = await send({
    method: "GET",
    path: `_apis/build/builds/${runId}/artifacts`,
    decode: (json) => asArray(asObject(json)["value"]).flatMap((entry) => decodeArtifact(asObject(entry))),
    operation: "Listing the run's artifacts",
    ...retryOptions,
    signal,
  });
  return value;
}

const artifactKinds: Readonly<Record<string, Artifact["kind"]>> = {
  container: "container",
  pipelineartifact: "pipeline",
};

function decodeArtifact(artifact: JsonFields): Artifact[] {
  const name = asString(artifact["name"]);
  if (name === null) return [];
  const resource = asObject(artifact["resource"]);
  // The size is a string in the response.
  const size = Number(asString(asObject(resource["properties"])["artifactsize"]) ?? Number.NaN);
  return [
    {
      name,
      kind: artifactKinds[(asString(resource["type"]) ?? "").toLowerCase()] ?? "other",
      size: Number.isSafeInteger(size) && size >= 0 ? size : undefined,
      downloadUrl: asString(resource["downloadUrl"]) ?? undefined,
    },
  ];
}

/**
 * A URL that needs no token and expires soon; `undefined` if the service has none.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/artifacts/get
 */
export async function readSignedUrl(
  send: SendRequest,
  {
    pipelineId,
    runId,
    name,
    ...retryOptions
  }: RunArtifactsQuery & { readonly pipelineId: number; readonly name: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { value } = await send({
    method: "GET",
    path: `_apis/pipelines/${pipelineId}/runs/${runId}/artifacts`,
    query: { artifactName: name, $expand: "signedContent" },
    decode: (json) => asString(asObject(json, "signedContent")["url"]) ?? undefined,
    operation: `Requesting the download URL of artifact ${quotedName(name)}`,
    ...retryOptions,
    signal,
  });
  return value;
}
