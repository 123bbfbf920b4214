import { ActionError, asTransient, TransientError } from "../errors.ts";
import { retry } from "../lib/retry.ts";
import { quotedName } from "../lib/text.ts";
import type { ArtifactRef, HttpStream } from "../ports.ts";
import { type ApiClient, requestUrl } from "./api-client.ts";
import type { SendRequest } from "./api-request.ts";
import { readSignedUrl } from "./artifacts.ts";
import { type DownloadRequest, downloadOperation, followRedirects } from "./download-redirects.ts";
import { retriesExhausted, retryAfterTooLong } from "./retry-policy.ts";
import { createOpenStream } from "./streaming.ts";

/** The maximum number of attempts of a download. */
const maxAttempts = 5;

/** The longest delay that is waited for: `timeout` does not apply after the end of the run. Milliseconds. */
const maxDelayMs = 60_000;

/** Short, since there is another URL. */
const signedUrlRetryForMs = 8_000;

export interface ArtifactDownloadDeps {
  readonly client: ApiClient;
  readonly send: SendRequest;
}

export interface DownloadOptions {
  /** Receives the archive as a stream. */
  readonly sink: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Called before a delay, with its length in milliseconds and its reason. */
  readonly onWait?: ((waitMs: number, reason: string) => void) | undefined;
}

/** Downloads an artifact into a sink, which is called again from the beginning after a transient failure. */
export type DownloadArtifact = (
  ref: ArtifactRef,
  options: DownloadOptions,
  signal: AbortSignal,
) => Promise<void>;

/**
 * Downloads an artifact as a zip into a sink. After a transient failure, the sink is called again with the archive from its
 * beginning. The service's token is sent only to the organization's own hosts, and never to the target of a redirect.
 */
export async function downloadArtifact(
  deps: ArtifactDownloadDeps,
  ref: ArtifactRef,
  { sink, onWait }: DownloadOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random } = deps.client;
  const operation = downloadOperation(ref.artifact);
  const onDelay = (delayMs: number) => onWait?.(delayMs, "the service requested a delay");
  const download = async () => {
    const { chunks } = await openArtifact(deps, { ref, onDelay }, signal);
    await sink(chunks);
  };
  await retry(download, {
    retryError: asTransient,
    maxAttempts,
    maxRetryAfterMs: maxDelayMs,
    onRetry: (error, waitMs) => onWait?.(waitMs, error.message),
    toFinalError: (error, { elapsedMs, tooLongMs }) =>
      tooLongMs === undefined
        ? retriesExhausted({ operation }, error, Math.max(elapsedMs, 1_000))
        : retryAfterTooLong(operation, error, tooLongMs),
    clock,
    random,
    signal,
  });
}

interface OpenArtifactOptions extends Pick<DownloadRequest, "onDelay"> {
  readonly ref: ArtifactRef;
}

async function openArtifact(
  deps: ArtifactDownloadDeps,
  { ref, onDelay }: OpenArtifactOptions,
  signal: AbortSignal,
): Promise<HttpStream> {
  const [preferred, alternative] = await downloadSources(deps, ref, signal);
  if (preferred === undefined) throw missingContent(ref);
  const open = (source: DownloadSource) =>
    openSource(deps.client, source, { name: ref.artifact.name, onDelay }, signal);
  return await open(preferred).catch(async (error: unknown) => {
    if (alternative === undefined || !isSourceUnavailable(error)) throw error;
    return await open(alternative).catch((secondError: unknown) => {
      throw isSourceUnavailable(secondError) ? error : secondError;
    });
  });
}

/** The source of an archive: the API itself, a URL in the list of artifacts, or a signed URL. */
type DownloadSource =
  | { readonly by: "api"; readonly path: string; readonly query: Readonly<Record<string, string>> }
  | { readonly by: "listing" | "signature"; readonly address: string };

/** Sources of the service itself use the sign-in and the API version, like other requests. */
async function openSource(
  client: ApiClient,
  source: DownloadSource,
  options: Pick<DownloadRequest, "name" | "onDelay">,
  signal: AbortSignal,
): Promise<HttpStream> {
  if (source.by === "signature") {
    return await followRedirects(client, { ...options, address: source.address, trusted: false }, signal);
  }
  const [path, query] = source.by === "api" ? [source.path, source.query] : ["", {}];
  const open = createOpenStream(client, (request) => {
    const address = source.by === "api" ? requestUrl(request, client.endpoint) : source.address;
    return followRedirects(client, { ...options, address, trusted: true }, signal);
  });
  return await open({ path, query, operation: downloadOperation(options), signal });
}

/** The best source first. The list has the server's own host name, which not every runner can reach. */
async function downloadSources(
  deps: ArtifactDownloadDeps,
  ref: ArtifactRef,
  signal: AbortSignal,
): Promise<readonly DownloadSource[]> {
  const { kind, name, downloadUrl } = ref.artifact;
  const listed: DownloadSource[] = downloadUrl === undefined ? [] : [{ by: "listing", address: downloadUrl }];
  if (kind === "other") return [];
  if (kind === "container") {
    const path = `_apis/build/builds/${ref.runId}/artifacts`;
    return [{ by: "api", path, query: { artifactName: name, $format: "zip" } }, ...listed];
  }
  const signedUrl = await tryReadSignedUrl(deps, ref, signal);
  return signedUrl === undefined ? listed : [{ by: "signature", address: signedUrl }];
}

function missingContent({ artifact: { name } }: ArtifactRef): ActionError {
  return new ActionError("not-found", `Artifact ${quotedName(name)} had no content to download.`, {
    hint: "Publish it with the task PublishPipelineArtifact@1, or remove it from the list.",
  });
}

/** The preferred source, since no token is sent to the storage. Older servers have no signed URLs, so the other URL is used. */
async function tryReadSignedUrl(
  { send }: ArtifactDownloadDeps,
  { artifact: { name, downloadUrl }, pipelineId, runId }: ArtifactRef,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (pipelineId === null) return undefined;
  try {
    return await readSignedUrl(send, { pipelineId, runId, name, retryForMs: signedUrlRetryForMs }, signal);
  } catch (error) {
    if (isSourceUnavailable(error) && downloadUrl !== undefined) return undefined;
    throw error;
  }
}

/** Whether the failure depends on the URL and not on the identity, so that another URL may work. */
function isSourceUnavailable(error: unknown): boolean {
  if (error instanceof TransientError) return error.fromGateway;
  return error instanceof ActionError && error.code !== "unauthorized";
}
