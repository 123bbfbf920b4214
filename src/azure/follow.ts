import { retryAfterMs } from "../core/retry-after.ts";
import { quotedName } from "../core/text.ts";
import { ActionError, TransientError } from "../errors.ts";
import type { HttpStream } from "../ports.ts";
import type { ApiClient } from "./connect.ts";
import { goneArtifactHint } from "./hints.ts";
import { isOwnHost, isSafeUrl } from "./hosts.ts";
import { authorizationFor } from "./renewing.ts";
import type { ApiRequest } from "./send.ts";
import { isTransientStatus } from "./status.ts";
import { idleTimeoutMs, isSuccess, throwResponseError } from "./stream.ts";

const maxRedirects = 5;

export interface DownloadRequest {
  readonly address: string;
  /** Of the artifact. */
  readonly name: string;
  /** The service's own address, which wants its token where the host is the service's own too. */
  readonly trusted: boolean;
  /** Called before a rest that a host asked for. Milliseconds. */
  readonly onDelay: (delayMs: number) => void;
}

interface DownloadHop extends DownloadRequest {
  readonly url: URL;
  readonly withToken: boolean;
}

/** Opens a download. Redirects are followed, without the token; an address in the clear, or a page to sign in, is not. */
export async function followRedirects(
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
    if (redirectTarget === undefined || isSignInRedirect(redirectTarget))
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
    `${downloadOperation(request)} led through more than ${maxRedirects} redirects.`,
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
  { clock }: ApiClient,
  { hop, stream }: { hop: DownloadHop; stream: HttpStream },
  signal: AbortSignal,
): Promise<HttpStream> {
  if (isSuccess(stream)) return stream;
  const { status, headers } = stream;
  const now = clock.now();
  if (hop.withToken || isRedirect(stream))
    return await throwResponseError(apiRequestFor(hop, signal), stream, now);
  await closeStream(stream);
  // Only the host: what stands behind it is as good as a token.
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
  const shownUrl = url === null ? "an address that cannot be read" : `${url.protocol}//${url.host}`;
  throw new ActionError(
    "unexpected-response",
    `${downloadOperation(request)} led to ${shownUrl}, which is not safe.`,
    {
      hint: "Check what stands between this runner and Azure DevOps: a download has to come over https.",
    },
  );
}

function isRedirect({ status }: HttpStream): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

function isSignInRedirect(location: string): boolean {
  return /\/_signin\b|^https:\/\/(login\.microsoftonline\.com|login\.live\.com)\//i.test(location);
}

/** Gives the connection up. Reading has to begin for it to end. */
async function closeStream({ chunks }: HttpStream): Promise<void> {
  try {
    for await (const _ of chunks) break;
  } catch {
    // It is over either way.
  }
}

export function downloadOperation({ name }: Pick<DownloadRequest, "name">): string {
  return `Downloading artifact ${quotedName(name)}`;
}
