import { ActionError, asTransient, TransientError } from "../errors.ts";
import { retry, retryAfterMs } from "../lib/retry.ts";
import { quotedName } from "../lib/text.ts";
import { isHttpLoopback, isLoopback } from "../lib/url.ts";
import type { ArtifactRef, HttpStream } from "../ports.ts";
import { type ApiClient, requestUrl } from "./api-client.ts";
import { isSignInUrl } from "./api-errors.ts";
import type { ApiRequest, SendRequest } from "./api-request.ts";
import { readSignedUrl } from "./artifacts.ts";
import { authorizationFor } from "./auth-policy.ts";
import { isTransientStatus } from "./error-body.ts";
import { goneArtifactHint } from "./hints.ts";
import { gatewayError } from "./responses.ts";
import { retriesExhausted, retryAfterTooLong } from "./retry-policy.ts";
import { createOpenStream, idleTimeoutMs, isSuccess, readPrefix, throwResponseError } from "./streaming.ts";

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

const maxRedirects = 5;

interface DownloadRequest {
  readonly address: string;
  /** The artifact's name. */
  readonly name: string;
  /** A URL from the service, which gets the token if its host is one of the service's own. */
  readonly trusted: boolean;
  /** Called before a delay that a host requested. Milliseconds. */
  readonly onDelay: (delayMs: number) => void;
}

interface DownloadHop extends DownloadRequest {
  readonly url: URL;
  readonly withToken: boolean;
}

/** Opens a download. Redirects are followed without the token, except to unencrypted URLs and to sign-in pages. */
async function followRedirects(
  client: ApiClient,
  request: DownloadRequest,
  signal: AbortSignal,
): Promise<HttpStream> {
  const { baseUrl } = client.endpoint;
  const url = parseSafeUrl(request, baseUrl);
  let hop: DownloadHop = { ...request, url, withToken: request.trusted && isOwnHost(url, baseUrl) };
  for (let count = 0; count <= maxRedirects; count += 1) {
    const stream = await openHop(client, hop, signal);
    const redirectTarget = isRedirect(stream) ? stream.headers["location"] : undefined;
    if (redirectTarget === undefined || isSignInRedirect(redirectTarget, hop.url))
      return await checkResponse(client, { hop, stream }, signal);
    await closeStream(stream);
    hop = {
      ...hop,
      url: parseSafeUrl({ ...request, address: redirectTarget }, baseUrl, hop.url),
      withToken: false,
    };
  }
  throw new ActionError(
    "unexpected-response",
    `${downloadOperation(request)} was redirected more than ${maxRedirects} times.`,
  );
}

async function openHop(client: ApiClient, hop: DownloadHop, signal: AbortSignal): Promise<HttpStream> {
  const { href } = hop.url;
  await client.retryAfterRegistry.waitForRetryAfter(href, { signal, onDelay: hop.onDelay });
  return await client.transport.stream({
    method: "GET",
    url: href,
    headers: {
      accept: "application/zip, application/octet-stream, */*",
      ...(hop.withToken && {
        "x-tfs-fedauthredirect": "Suppress",
        authorization: await authorizationFor(apiRequestFor(hop, signal), client),
      }),
    },
    timeoutMs: idleTimeoutMs,
    signal,
  });
}

async function checkResponse(
  client: ApiClient,
  { hop, stream }: { hop: DownloadHop; stream: HttpStream },
  signal: AbortSignal,
): Promise<HttpStream> {
  if (isSuccess(stream)) return stream;
  const { status, headers } = stream;
  const now = client.clock.now();
  if (hop.withToken || isRedirect(stream))
    return await throwResponseError(apiRequestFor(hop, signal), stream, client);
  // The storage sends its errors as XML or JSON; an HTML page is from a gateway.
  if (status >= 400 && status < 500 && /\bhtml\b/i.test(headers["content-type"] ?? ""))
    throw gatewayError({ status, body: await readPrefix(stream) }, retryAfterMs(headers, now));
  await closeStream(stream);
  // Only the host is shown, since the rest of a signed URL is a secret.
  const summary = `${hop.url.host} answered ${status}`;
  if (isTransientStatus(status))
    throw new TransientError(summary, { retryAfterMs: retryAfterMs(headers, now) });
  throw new ActionError("unexpected-response", `${downloadOperation(hop)} failed: ${summary}.`, {
    hint: goneArtifactHint,
  });
}

function apiRequestFor(hop: DownloadHop, signal: AbortSignal): ApiRequest {
  const { pathname: path } = hop.url;
  return {
    method: "GET",
    path,
    operation: downloadOperation(hop),
    decode: () => undefined,
    timeoutMs: idleTimeoutMs,
    signal,
  };
}

function parseSafeUrl(request: DownloadRequest, baseUrl: string, previousUrl?: URL): URL {
  const url = URL.parse(request.address, previousUrl?.href);
  if (url !== null && isSafeUrl(url, baseUrl)) return url;
  const shownUrl = url === null ? "an invalid URL" : `${url.protocol}//${url.host}`;
  throw new ActionError(
    "unexpected-response",
    `${downloadOperation(request)} led to ${shownUrl}, which is not safe.`,
    {
      hint: "Check for a proxy between this runner and Azure DevOps: downloads must use https.",
    },
  );
}

function isRedirect({ status }: HttpStream): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

function isSignInRedirect(location: string, from: URL): boolean {
  const url = URL.parse(location, from.href);
  return url !== null && isSignInUrl(url);
}

/** Closes the connection. It ends only once reading has begun. */
async function closeStream({ chunks }: HttpStream): Promise<void> {
  try {
    for await (const _ of chunks) break;
  } catch {
    // The connection is closed in either case.
  }
}

function downloadOperation({ name }: Pick<DownloadRequest, "name">): string {
  return `Downloading artifact ${quotedName(name)}`;
}

/** Whether a host belongs to the service: the token is sent only to such hosts. */
export function isOwnHost(url: URL, baseUrl: string): boolean {
  const organizationUrl = new URL(baseUrl);
  if (url.origin === organizationUrl.origin || isSameOnLoopback(url, organizationUrl)) return true;
  const organization = organizationName(organizationUrl);
  if (organization === undefined || url.protocol !== "https:" || url.port !== "") return false;
  const host = url.hostname;
  return (
    host === "dev.azure.com" ||
    host.endsWith(".dev.azure.com") ||
    host === `${organization}.visualstudio.com` ||
    host.endsWith(".artifacts.visualstudio.com")
  );
}

/** This machine has several names, and a server may use another one than the caller. */
function isSameOnLoopback(url: URL, organizationUrl: URL): boolean {
  const areLoopback = isLoopback(url.hostname) && isLoopback(organizationUrl.hostname);
  return areLoopback && url.protocol === organizationUrl.protocol && url.port === organizationUrl.port;
}

/** Downloads may come from any host over https; http is allowed only if the organization and the host are on this machine. */
export function isSafeUrl(url: URL, baseUrl: string): boolean {
  return url.protocol === "https:" || (isHttpLoopback(url) && isLoopback(new URL(baseUrl).hostname));
}

/** The organization's name, if it is in Azure DevOps Services. */
function organizationName({ hostname, pathname, port }: URL): string | undefined {
  if (port !== "") return undefined;
  if (hostname === "dev.azure.com") return pathname.split("/")[1]?.toLowerCase();
  return /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
}
