import { ActionError, TransientError } from "../errors.ts";
import { retryAfterMs } from "../lib/retry.ts";
import { minSecretLength, quotedName } from "../lib/text.ts";
import { isHttpLoopback, isLoopback } from "../lib/url.ts";
import type { HttpStream } from "../ports.ts";
import type { ApiClient } from "./api-client.ts";
import { isSignInUrl } from "./api-errors.ts";
import type { ApiRequest } from "./api-request.ts";
import { authorizationFor } from "./auth-policy.ts";
import { isTransientStatus } from "./error-body.ts";
import { goneArtifactHint } from "./hints.ts";
import { gatewayError } from "./response-error.ts";
import { idleTimeoutMs, isSuccess, readPrefix, throwResponseError } from "./streaming.ts";

const maxRedirects = 5;

export interface DownloadRequest {
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
    throw gatewayError(
      { status, body: withoutQueryValues(await readPrefix(stream), hop.url) },
      retryAfterMs(headers, now),
    );
  await closeStream(stream);
  // Only the host is shown, since the rest of a signed URL is a secret.
  const summary = `${hop.url.host} answered ${status}`;
  if (isTransientStatus(status))
    throw new TransientError(summary, { retryAfterMs: retryAfterMs(headers, now) });
  throw new ActionError("unexpected-response", `${downloadOperation(hop)} failed: ${summary}.`, {
    hint: goneArtifactHint,
  });
}

/** A page that repeats the URL would show its signature. */
function withoutQueryValues(page: string, { search, searchParams }: URL): string {
  const encoded = search.split(/[?&]/).map((parameter) => parameter.slice(parameter.indexOf("=") + 1));
  return [...encoded, ...searchParams.values()]
    .filter(({ length }) => length >= minSecretLength)
    .reduce((text, value) => text.replaceAll(value, "***"), page);
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

export function downloadOperation({ name }: Pick<DownloadRequest, "name">): string {
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
