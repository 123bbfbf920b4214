import * as http from "node:http";
import * as https from "node:https";
import { HttpClient } from "@actions/http-client";
import { ActionError, PassingError } from "../errors.ts";
import type { HttpAnswer, HttpRequest, HttpStream, Transport } from "../ports.ts";
import { connectionFault } from "./connection-fault.ts";

const userAgent = "run-azure-pipeline/1 (+https://github.com/marketplace/actions/run-azure-pipeline)";

/** An answer that is read whole may not be larger: 64 MiB. The largest timelines seen take 3. */
const wholeBodyLimit = 64 * 1024 * 1024;

/**
 * Connections and proxies are those of `@actions/http-client`. The reading is ours: its own reader never
 * settles when a connection dies in the middle of a body.
 */
export function createTransport(): Transport & { close(): void } {
  const agents = createAgents();
  const open = (request: HttpRequest) => openStream(named(request), agents.of(request));
  return {
    open,
    ask: (request) => askWhole(request, open),
    close: agents.close,
  };
}

async function askWhole(request: HttpRequest, open: Transport["open"]): Promise<HttpAnswer> {
  // One deadline for the whole answer: a body that drips is as late as one that never comes.
  const deadline = new AbortController();
  const late = new PassingError(`no whole answer within ${request.timeoutMs / 1000} s`);
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

function openStream(request: HttpRequest, agent: http.Agent): Promise<HttpStream> {
  const { method, url, headers, body, signal, timeoutMs } = request;
  const { request: send } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    let connected = false;
    const silence = setTimeout(() => outgoing.destroy(silent(timeoutMs)), timeoutMs);
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const outgoing = send(url, { method, agent, signal, headers: { ...headers, ...length } }, (incoming) => {
      clearTimeout(silence);
      resolve({
        status: incoming.statusCode ?? 0,
        headers: flat(incoming.headers),
        chunks: chunksOf(incoming, { signal, timeoutMs }),
      });
    });
    outgoing.on("socket", (socket) => {
      connected = !socket.connecting;
      if (connected) return;
      // With TLS the request travels only once the handshake is done.
      socket.once(url.startsWith("https:") ? "secureConnect" : "connect", () => {
        connected = true;
      });
    });
    outgoing.on("error", (error) => {
      clearTimeout(silence);
      reject(signal.aborted ? signal.reason : connectionFault(error, { connected }));
    });
    outgoing.end(body);
  });
}

async function* chunksOf(
  incoming: http.IncomingMessage,
  { signal, timeoutMs }: Pick<HttpRequest, "signal" | "timeoutMs">,
): AsyncGenerator<Uint8Array, void, void> {
  const silence = setTimeout(() => incoming.destroy(silent(timeoutMs)), timeoutMs);
  try {
    for await (const chunk of incoming) {
      silence.refresh();
      yield chunk as Uint8Array;
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

/** One client for each origin: a client of the package keeps one agent and takes every address for its own. */
function createAgents() {
  const clients = new Map<string, HttpClient>();
  const direct = { "http:": new http.Agent(), "https:": new https.Agent() };
  return {
    of(request: HttpRequest): http.Agent {
      const { origin, protocol } = new URL(request.url);
      if (request.direct) return direct[protocol === "https:" ? "https:" : "http:"];
      const client = clients.get(origin) ?? new HttpClient(undefined, [], { keepAlive: true });
      clients.set(origin, client);
      return client.getAgent(request.url);
    },
    close(): void {
      for (const client of clients.values()) client.dispose();
    },
  };
}

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return Object.fromEntries(entries);
}

function silent(timeoutMs: number): PassingError {
  return new PassingError(`no byte for ${timeoutMs / 1000} s`);
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
