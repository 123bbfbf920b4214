import { quotedName } from "../core/text.ts";
import type { Artifact, Patience } from "../ports.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./decode.ts";
import type { Send } from "./send.ts";

interface Listing extends Patience {
  readonly runId: number;
}

/** https://learn.microsoft.com/rest/api/azure/devops/build/artifacts/list */
export async function listArtifacts(
  send: Send,
  { runId, ...patience }: Listing,
  signal: AbortSignal,
): Promise<readonly Artifact[]> {
  const { value } = await send({
    method: "GET",
    path: `_apis/build/builds/${runId}/artifacts`,
    decode: (answer) => listOf(fieldsOf(answer)["value"]).flatMap((entry) => decodeArtifact(fieldsOf(entry))),
    doing: "Listing the run's artifacts",
    ...patience,
    signal,
  });
  return value;
}

const kinds: Readonly<Record<string, Artifact["kind"]>> = {
  container: "container",
  pipelineartifact: "pipeline",
};

function decodeArtifact(artifact: Fields): Artifact[] {
  const name = textOf(artifact["name"]);
  if (name === null) return [];
  const resource = fieldsOf(artifact["resource"]);
  // The service writes the size as text.
  const size = Number(textOf(fieldsOf(resource["properties"])["artifactsize"]) ?? Number.NaN);
  return [
    {
      name,
      kind: kinds[(textOf(resource["type"]) ?? "").toLowerCase()] ?? "other",
      size: Number.isSafeInteger(size) && size >= 0 ? size : undefined,
      downloadUrl: textOf(resource["downloadUrl"]) ?? undefined,
    },
  ];
}

/**
 * An address that needs no token, for a short while; `undefined` where the service has none to give.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/artifacts/get
 */
export async function readSignedUrl(
  send: Send,
  { pipelineId, runId, name, ...patience }: Listing & { readonly pipelineId: number; readonly name: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { value } = await send({
    method: "GET",
    path: `_apis/pipelines/${pipelineId}/runs/${runId}/artifacts`,
    query: { artifactName: name, $expand: "signedContent" },
    decode: (answer) => textOf(fieldsOf(fieldsOf(answer)["signedContent"])["url"]) ?? undefined,
    doing: `Asking for artifact ${quotedName(name)}`,
    ...patience,
    signal,
  });
  return value;
}
