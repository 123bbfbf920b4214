import { retryAfterMs } from "../core/retry-after.ts";
import { quotedName } from "../core/text.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { HttpStream } from "../ports.ts";
import type { Means } from "./connect.ts";
import { goneArtifactHint } from "./hints.ts";
import { isOwnHost, isSafe } from "./hosts.ts";
import type { Call } from "./send.ts";
import { isPassing } from "./status.ts";
import { isGood, refuse, silenceMs } from "./stream.ts";

const mostRedirects = 5;

export interface Start {
  readonly address: string;
  /** The organization's address. */
  readonly base: string;
  /** Of the artifact. */
  readonly name: string;
  /** The service's own address, which wants its token where the host is the service's own too. */
  readonly trusted: boolean;
}

interface Hop extends Start {
  readonly url: URL;
  readonly withToken: boolean;
}

/** Opens a download. Redirects are followed, without the token; an address in the clear, or a page to sign in, is not. */
export async function follow(means: Means, start: Start, signal: AbortSignal): Promise<HttpStream> {
  const url = safeUrl(start.address, start);
  let hop: Hop = { ...start, url, withToken: start.trusted && isOwnHost(url, start.base) };
  for (let count = 0; count <= mostRedirects; count += 1) {
    const stream = await fetched(means, hop, signal);
    const target = isRedirect(stream) ? stream.headers["location"] : undefined;
    if (target === undefined || isSignIn(target)) return await checked(means, { hop, stream }, signal);
    await close(stream);
    hop = { ...hop, url: safeUrl(target, hop, hop.url), withToken: false };
  }
  throw new ActionError(
    "unexpected-response",
    `${doing(start)} led through more than ${mostRedirects} redirects.`,
  );
}

/** With a token that was refused: once more with another, where there is one. */
async function fetched(means: Means, hop: Hop, signal: AbortSignal): Promise<HttpStream> {
  const stream = await opened(means, hop, signal);
  if (stream.status !== 401 || !hop.withToken || !(await means.signIn.renew(signal))) return stream;
  await close(stream);
  return await opened(means, hop, signal);
}

async function opened({ transport, signIn }: Means, { url, withToken }: Hop, signal: AbortSignal) {
  return await transport.open({
    method: "GET",
    url: url.href,
    headers: {
      accept: "application/zip, application/octet-stream, */*",
      ...(withToken && {
        "x-tfs-fedauthredirect": "Suppress",
        authorization: await signIn.authorization(signal),
      }),
    },
    timeoutMs: silenceMs,
    signal,
  });
}

async function checked(
  { clock }: Means,
  { hop, stream }: { hop: Hop; stream: HttpStream },
  signal: AbortSignal,
): Promise<HttpStream> {
  if (isGood(stream)) return stream;
  const { status, headers } = stream;
  const now = clock.now();
  if (hop.withToken || isRedirect(stream)) {
    const call: Call = {
      method: "GET",
      path: hop.url.pathname,
      doing: doing(hop),
      decode: () => undefined,
      signal,
    };
    return await refuse(call, stream, now);
  }
  await close(stream);
  // Only the host: what stands behind it is as good as a token.
  const what = `${hop.url.host} answered ${status}`;
  if (isPassing(status)) throw new PassingError(what, { retryAfterMs: retryAfterMs(headers, now) });
  throw new ActionError("unexpected-response", `${doing(hop)} failed: ${what}.`, {
    hint: goneArtifactHint,
  });
}

function safeUrl(address: string, start: Start, from?: URL): URL {
  const url = URL.parse(address, from?.href);
  if (url !== null && isSafe(url, start.base)) return url;
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

function doing({ name }: Start): string {
  return `Downloading artifact ${quotedName(name)}`;
}
