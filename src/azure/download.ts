import { backoffMs } from "../core/backoff.ts";
import { quotedName } from "../core/text.ts";
import { ActionError, TransientError } from "../errors.ts";
import type { ArtifactRef, HttpStream } from "../ports.ts";
import { readSignedUrl } from "./artifacts.ts";
import { type ApiClient, requestUrl } from "./connect.ts";
import { type DownloadRequest, downloadOperation, followRedirects } from "./follow.ts";
import { retriesExhausted, retryAfterTooLong } from "./retry.ts";
import type { SendRequest } from "./send.ts";
import { createOpenStream } from "./stream.ts";

/** How often a download that breaks off is begun again, at most. */
const maxAttempts = 5;
/** The run is over, and no `timeout` bounds what comes after it: a longer rest is not waited for. Milliseconds. */
const maxDelayMs = 60_000;
/** There is another address. */
const signedUrlRetryForMs = 8_000;

export interface ArtifactDownloadDeps {
  readonly client: ApiClient;
  readonly send: SendRequest;
}

export interface DownloadOptions {
  /** Takes the archive as it comes. */
  readonly sink: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Called before a wait: for how long, in milliseconds, and why. */
  readonly onWait?: ((waitMs: number, reason: string) => void) | undefined;
}

/**
 * Downloads an artifact as a zip into a sink. After a failure in passing the sink is called again, with everything
 * from the beginning. The service's token goes to the organization's own hosts, and never behind a redirect.
 */
export async function downloadArtifact(
  deps: ArtifactDownloadDeps,
  ref: ArtifactRef,
  { sink, onWait }: DownloadOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random } = deps.client;
  const operation = downloadOperation(ref.artifact);
  const onDelay = (delayMs: number) => onWait?.(delayMs, "the service asked for a rest");
  const startedAt = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { chunks } = await openArtifact(deps, { ref, onDelay }, signal);
      return await sink(chunks);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      const requestedDelayMs = error.retryAfterMs ?? 0;
      if (attempt >= maxAttempts)
        throw retriesExhausted(operation, error, Math.max(clock.now() - startedAt, 1_000));
      if (requestedDelayMs > maxDelayMs) throw retryAfterTooLong(operation, error, requestedDelayMs);
      const waitMs = Math.max(requestedDelayMs, backoffMs(attempt, random()));
      onWait?.(waitMs, error.message);
      await clock.sleep(waitMs, signal);
    }
  }
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

/** Where an archive may be had: from the API itself, from an address that the listing names, from a signed one. */
type DownloadSource =
  | { readonly by: "api"; readonly path: string; readonly query: Readonly<Record<string, string>> }
  | { readonly by: "listing" | "signature"; readonly address: string };

/** What is the service's own understands the sign-in and the version like any other question. */
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

/** The best way first. What the listing names is as the server calls itself, which not every runner can reach. */
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
  return new ActionError("not-found", `Artifact ${quotedName(name)} has nothing to download.`, {
    hint: "Publish it with the task PublishPipelineArtifact@1, or take it out of the list.",
  });
}

/** Preferred: it takes no token to the storage. An older server has none, and then there is the other address. */
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

/** Of the address, and not of whoever asks: another address may do. */
function isSourceUnavailable(error: unknown): boolean {
  return error instanceof ActionError && error.code !== "unauthorized";
}
