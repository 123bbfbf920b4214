import * as http from "node:http";
import * as https from "node:https";
import { ActionError, PassingError } from "../errors.ts";
import type { HttpAnswer, HttpRequest, HttpStream, Transport } from "../ports.ts";
import { connectionFault } from "./connection-fault.ts";
import { createRoutes } from "./routes.ts";

const userAgent = "run-azure-pipeline/1 (+https://github.com/marketplace/actions/run-azure-pipeline)";

/** An answer that is read whole may not be larger: 64 MiB. The largest timelines seen take 3. */
const wholeBodyLimit = 64 * 1024 * 1024;

/**
 * Proxies are those of `@actions/http-client`. The reading is ours: its own reader never settles when a connection
 * dies in the middle of a body.
 */
export function createTransport(): Transport & { close(): void } {
  const routes = createRoutes();
  const open = (request: HttpRequest) => openStream(named(request), routes);
  return {
    open,
    ask: (request) => askWhole(request, open),
    close: routes.close,
  };
}

async function askWhole(request: HttpRequest, open: Transport["open"]): Promise<HttpAnswer> {
  // One deadline for the whole answer: a body that drips is as late as one that never comes.
  const deadline = new AbortController();
  const late = new PassingError(`no whole answer within ${seconds(request.timeoutMs)}`);
  const timer = setTimeout(() => deadline.abort(late), request.timeoutMs);
  try {
    const signal = AbortSignal.any([request.signal, deadline.signal]);
    const { status, headers, chunks } = await open({ ...request, signal });
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > wholeBodyLimit) throw tooLarge(request);
      parts.push(chunk);
    }
    return { status, headers, body: Buffer.concat(parts).toString("utf8") };
  } finally {
    clearTimeout(timer);
  }
}

/** Whoever runs a server should see who asks, whichever package has put the request together. */
function named(request: HttpRequest): HttpRequest {
  return { ...request, headers: { ...request.headers, "user-agent": userAgent } };
}

type Routes = ReturnType<typeof createRoutes>;

function openStream(request: HttpRequest, routes: Routes): Promise<HttpStream> {
  const { signal, timeoutMs } = request;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const left = new AbortController();
    const { agent, proxy } = routes.of(request, left.signal);
    const outgoing = sent(request, agent);
    let connected = false;
    whenConnected(outgoing, () => {
      connected = true;
    });
    const giveUp = (reason: unknown): void => {
      clearTimeout(silence);
      signal.removeEventListener("abort", leave);
      const isLate = reason instanceof PassingError && !connected;
      // A request that still waits for its tunnel tells nobody that it was destroyed.
      reject(isLate ? unconnected(reason, { timeoutMs, proxy }) : reason);
      outgoing.destroy();
      left.abort();
    };
    const leave = (): void => giveUp(signal.reason);
    const silence = setTimeout(() => giveUp(silent(timeoutMs)), timeoutMs);
    signal.addEventListener("abort", leave, { once: true });
    outgoing.on("response", (incoming) => {
      clearTimeout(silence);
      const { statusCode: status = 0 } = incoming;
      const chunks = chunksOf(incoming, { signal, timeoutMs });
      resolve({ status, headers: flat(incoming.headers), chunks });
    });
    outgoing.on("close", () => signal.removeEventListener("abort", leave));
    outgoing.on("error", (error) => {
      reject(connectionFault(error, { connected, proxy }));
      giveUp(error);
    });
  });
}

function sent({ method, url, headers, body }: HttpRequest, agent: http.Agent): http.ClientRequest {
  const { request } = url.startsWith("https:") ? https : http;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return request(url, { method, agent, headers: { ...headers, ...length } }).end(body);
}

/** With TLS the request travels only once the handshake is done, also within a tunnel. */
function whenConnected(outgoing: http.ClientRequest, act: () => void): void {
  const isTls = outgoing.protocol === "https:";
  outgoing.on("socket", (socket) => {
    if (outgoing.reusedSocket || (!isTls && !socket.connecting)) return act();
    socket.once(isTls ? "secureConnect" : "connect", act);
  });
}

async function* chunksOf(
  incoming: http.IncomingMessage,
  { signal, timeoutMs }: Pick<HttpRequest, "signal" | "timeoutMs">,
): AsyncGenerator<Uint8Array, void, void> {
  const listen = () => setTimeout(() => incoming.destroy(silent(timeoutMs)), timeoutMs);
  let silence = listen();
  try {
    for await (const chunk of incoming) {
      // Time that the reader takes for itself is no silence of the server's.
      clearTimeout(silence);
      yield chunk as Uint8Array;
      silence = listen();
    }
    if (!incoming.complete) throw new Error("the connection closed before the answer was whole");
  } catch (error) {
    throw signal.aborted ? signal.reason : connectionFault(error, { connected: true });
  } finally {
    clearTimeout(silence);
    // Whoever stops reading early has no use for the rest of the connection.
    if (!incoming.complete) incoming.destroy();
  }
}

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return Object.fromEntries(entries);
}

function silent(timeoutMs: number): PassingError {
  return new PassingError(`no byte for ${seconds(timeoutMs)}`);
}

/** Nothing was sent, so whoever asked may ask again without a look at what became of it. */
function unconnected(
  cause: PassingError,
  { timeoutMs, proxy }: { readonly timeoutMs: number; readonly proxy: string | undefined },
): PassingError {
  const time = `within ${seconds(timeoutMs)}`;
  return proxy === undefined
    ? new PassingError(`no connection ${time}`, { unsent: true, cause })
    : new PassingError(`no way through the proxy ${proxy} ${time}`, {
        unsent: true,
        hint: "Check that the proxy of https_proxy is well, and may reach this host.",
        cause,
      });
}

function tooLarge({ method, url }: HttpRequest): ActionError {
  const { pathname } = new URL(url);
  return new ActionError(
    "unexpected-response",
    `The answer to ${method} ${pathname} was larger than 64 MiB.`,
    {
      hint: "Check that the address is that of Azure DevOps and not of something in between.",
    },
  );
}

/** What a deadline left of a limit is no round number. */
function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
