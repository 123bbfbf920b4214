import { retryAfterMs } from "../core/retry-after.ts";
import { quotedName } from "../core/text.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { HttpStream } from "../ports.ts";
import type { Service } from "./connect.ts";
import { goneArtifactHint } from "./hints.ts";
import { isOwnHost, isSafe } from "./hosts.ts";
import { authorizationFor } from "./renewing.ts";
import type { Call } from "./send.ts";
import { isPassing } from "./status.ts";
import { isGood, refuse, silenceMs } from "./stream.ts";

const mostRedirects = 5;

export interface Start {
  readonly address: string;
  /** Of the artifact. */
  readonly name: string;
  /** The service's own address, which wants its token where the host is the service's own too. */
  readonly trusted: boolean;
  /** Called before a rest that a host asked for. Milliseconds. */
  readonly onRest: (restMs: number) => void;
}

interface Hop extends Start {
  readonly url: URL;
  readonly withToken: boolean;
}

/** Opens a download. Redirects are followed, without the token; an address in the clear, or a page to sign in, is not. */
export async function follow(service: Service, start: Start, signal: AbortSignal): Promise<HttpStream> {
  const { base } = service.place;
  const url = safeUrl(start, base);
  let hop: Hop = { ...start, url, withToken: start.trusted && isOwnHost(url, base) };
  for (let count = 0; count <= mostRedirects; count += 1) {
    const stream = await opened(service, hop, signal);
    const target = isRedirect(stream) ? stream.headers["location"] : undefined;
    if (target === undefined || isSignIn(target)) return await checked(service, { hop, stream }, signal);
    await close(stream);
    hop = { ...hop, url: safeUrl({ ...start, address: target }, base, hop.url), withToken: false };
  }
  throw new ActionError(
    "unexpected-response",
    `${doing(start)} led through more than ${mostRedirects} redirects.`,
  );
}

async function opened(service: Service, hop: Hop, signal: AbortSignal): Promise<HttpStream> {
  const { href } = hop.url;
  await service.rests.sitOut(href, { signal, onRest: hop.onRest });
  return await service.transport.open({
    method: "GET",
    url: href,
    headers: {
      accept: "application/zip, application/octet-stream, */*",
      ...(hop.withToken && {
        "x-tfs-fedauthredirect": "Suppress",
        authorization: await authorizationFor(callOf(hop, signal), service),
      }),
    },
    timeoutMs: silenceMs,
    signal,
  });
}

async function checked(
  { clock }: Service,
  { hop, stream }: { hop: Hop; stream: HttpStream },
  signal: AbortSignal,
): Promise<HttpStream> {
  if (isGood(stream)) return stream;
  const { status, headers } = stream;
  const now = clock.now();
  if (hop.withToken || isRedirect(stream)) return await refuse(callOf(hop, signal), stream, now);
  await close(stream);
  // Only the host: what stands behind it is as good as a token.
  const what = `${hop.url.host} answered ${status}`;
  if (isPassing(status)) throw new PassingError(what, { retryAfterMs: retryAfterMs(headers, now) });
  throw new ActionError("unexpected-response", `${doing(hop)} failed: ${what}.`, {
    hint: goneArtifactHint,
  });
}

function callOf(hop: Hop, signal: AbortSignal): Call {
  const { pathname: path } = hop.url;
  return { method: "GET", path, doing: doing(hop), decode: () => undefined, timeoutMs: silenceMs, signal };
}

function safeUrl(start: Start, base: string, from?: URL): URL {
  const url = URL.parse(start.address, from?.href);
  if (url !== null && isSafe(url, base)) return url;
  const where = url === null ? "an address that cannot be read" : `${url.protocol}//${url.host}`;
  throw new ActionError("unexpected-response", `${doing(start)} led to ${where}, which is not safe.`, {
    hint: "Check what stands between this runner and Azure DevOps: a download has to come over https.",
  });
}

function isRedirect({ status }: HttpStream): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

function isSignIn(location: string): boolean {
  return /\/_signin\b|^https:\/\/(login\.microsoftonline\.com|login\.live\.com)\//i.test(location);
}

/** Gives the connection up. Reading has to begin for it to end. */
async function close({ chunks }: HttpStream): Promise<void> {
  try {
    for await (const _ of chunks) break;
  } catch {
    // It is over either way.
  }
}

export function doing({ name }: Pick<Start, "name">): string {
  return `Downloading artifact ${quotedName(name)}`;
}
