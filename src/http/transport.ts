import * as http from "node:http";
import * as https from "node:https";
import { type ActionError, ResponseTooLargeError, TransientError } from "../errors.ts";
import type { HttpRequest, HttpResponse, HttpStream, Transport } from "../ports.ts";
import { createAgents } from "./agents.ts";
import { networkError } from "./network-errors.ts";

const userAgent = "run-azure-pipeline/1 (+https://github.com/marketplace/actions/run-azure-pipeline)";

/** The maximum size of a response that is read completely: 64 MiB. The largest known timelines have 3. */
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * Uses the proxies of `@actions/http-client`, but reads responses itself: the package's reader never settles if a connection
 * is lost in the middle of a body.
 */
export function createTransport(): Transport & { close(): void } {
  const agents = createAgents();
  const stream = (request: HttpRequest) => openStream(withUserAgent(request), agents);
  return {
    stream,
    send: (request) => fetchResponse(request, stream),
    close: agents.close,
  };
}

async function fetchResponse(request: HttpRequest, open: Transport["stream"]): Promise<HttpResponse> {
  // One deadline for the whole response, so that a slow body times out like a missing one.
  const timeoutController = new AbortController();
  const timeoutError = new TransientError(`no complete response within ${secondsText(request.timeoutMs)}`);
  const timer = setTimeout(() => timeoutController.abort(timeoutError), request.timeoutMs);
  try {
    const signal = AbortSignal.any([request.signal, timeoutController.signal]);
    const { status, headers, chunks } = await open({ ...request, signal });
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > maxBodyBytes) throw bodyTooLarge(request);
      parts.push(chunk);
    }
    return { status, headers, body: Buffer.concat(parts).toString("utf8") };
  } finally {
    clearTimeout(timer);
  }
}

/** Identifies the action to administrators of a server, no matter which package created the request. */
function withUserAgent(request: HttpRequest): HttpRequest {
  return { ...request, headers: { ...request.headers, "user-agent": userAgent } };
}

type Agents = ReturnType<typeof createAgents>;

async function openStream(request: HttpRequest, agents: Agents): Promise<HttpStream> {
  const { signal, timeoutMs } = request;
  const tunnelController = new AbortController();
  const { agent, proxy } = await agents.routeFor(request, tunnelController.signal);
  signal.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const outgoing = startRequest(request, agent);
    let connected = false;
    onConnect(outgoing, () => {
      connected = true;
    });
    const fail = (reason: unknown): void => {
      clearTimeout(idleTimer);
      signal.removeEventListener("abort", onAbort);
      const isConnectTimeout = reason instanceof TransientError && !connected;
      // A request that still waits for its tunnel emits no event when it is destroyed.
      reject(isConnectTimeout ? connectTimeoutError(reason, { timeoutMs, proxy }) : reason);
      outgoing.destroy();
      tunnelController.abort();
    };
    const onAbort = (): void => fail(signal.reason);
    const idleTimer = setTimeout(() => fail(idleTimeoutError(timeoutMs)), timeoutMs);
    signal.addEventListener("abort", onAbort, { once: true });
    outgoing.on("response", (incoming) => {
      clearTimeout(idleTimer);
      const { statusCode: status = 0 } = incoming;
      if (status < 200) return fail(protocolChanged());
      const chunks = readChunks(incoming, { signal, timeoutMs });
      resolve({ status, headers: flattenHeaders(incoming.headers), chunks });
    });
    // Without a listener, Node closes the connection without an event.
    outgoing.on("upgrade", (_, socket) => {
      socket.destroy();
      fail(protocolChanged());
    });
    outgoing.on("close", () => {
      clearTimeout(idleTimer);
      signal.removeEventListener("abort", onAbort);
      // Does nothing once there has been a response or an error.
      reject(new TransientError("the connection closed without a response", { unsent: !connected }));
    });
    outgoing.on("error", (error) => {
      reject(networkError(error, { connected, proxy }));
      fail(error);
    });
  });
}

function startRequest({ method, url, headers, body }: HttpRequest, agent: http.Agent): http.ClientRequest {
  const { request } = url.startsWith("https:") ? https : http;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return request(url, { method, agent, headers: { ...headers, ...length } }).end(body);
}

/** With TLS, the request is sent only after the handshake, also within a tunnel. */
function onConnect(outgoing: http.ClientRequest, callback: () => void): void {
  const isTls = outgoing.protocol === "https:";
  outgoing.on("socket", (socket) => {
    if (outgoing.reusedSocket || (!isTls && !socket.connecting)) return callback();
    socket.once(isTls ? "secureConnect" : "connect", callback);
  });
}

async function* readChunks(
  incoming: http.IncomingMessage,
  { signal, timeoutMs }: Pick<HttpRequest, "signal" | "timeoutMs">,
): AsyncGenerator<Uint8Array, void, void> {
  const startIdleTimer = () => setTimeout(() => incoming.destroy(idleTimeoutError(timeoutMs)), timeoutMs);
  let idleTimer = startIdleTimer();
  try {
    for await (const chunk of incoming) {
      // The time that the reader takes does not count as silence of the server.
      clearTimeout(idleTimer);
      yield chunk as Uint8Array;
      idleTimer = startIdleTimer();
    }
    if (!incoming.complete) throw new Error("the connection closed before the response was complete");
  } catch (error) {
    throw signal.aborted ? signal.reason : networkError(error, { connected: true });
  } finally {
    clearTimeout(idleTimer);
    // If reading stops early, the rest of the connection is not needed.
    if (!incoming.complete) incoming.destroy();
  }
}

function flattenHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return Object.fromEntries(entries);
}

function protocolChanged(): TransientError {
  return new TransientError("the server changed the protocol (101) instead of responding");
}

function idleTimeoutError(timeoutMs: number): TransientError {
  return new TransientError(`no data for ${secondsText(timeoutMs)}`);
}

/** Nothing was sent, so the request can be repeated without a check. */
function connectTimeoutError(
  cause: TransientError,
  { timeoutMs, proxy }: { readonly timeoutMs: number; readonly proxy: string | undefined },
): TransientError {
  const time = `within ${secondsText(timeoutMs)}`;
  return proxy === undefined
    ? new TransientError(`no connection ${time}`, { unsent: true, cause })
    : new TransientError(`no connection through the proxy ${proxy} ${time}`, {
        unsent: true,
        hint: "Check that the proxy of https_proxy works, and can reach this host.",
        cause,
      });
}

function bodyTooLarge({ method, url }: HttpRequest): ActionError {
  const { pathname } = new URL(url);
  return new ResponseTooLargeError(
    "unexpected-response",
    `The response to ${method} ${pathname} was larger than 64 MiB.`,
    {
      hint: "Check that the URL is that of Azure DevOps, and not that of a proxy or gateway.",
    },
  );
}

/** Rounded, since a time limit that a deadline shortened has fractions. */
function secondsText(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
