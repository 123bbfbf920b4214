import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SeenRequest } from "../options.ts";
import { applyFault } from "./apply-fault.ts";
import type { Faults } from "./faults.ts";
import type { ApiResponse } from "./response.ts";
import { type SerializedResponse, writeResponse } from "./write-response.ts";

/** A request that has been read. */
export interface IncomingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  readonly faults: Faults;
  readonly response: (request: IncomingRequest) => ApiResponse;
  /** Adds the headers that every response has. */
  readonly serialize: (response: ApiResponse, request: IncomingRequest) => SerializedResponse;
  readonly onRequest: (request: SeenRequest) => void;
  readonly now: () => number;
}

export interface RunningServer {
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

export async function listen(options: ServerOptions): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, options).catch((error: unknown) => {
      outgoing.destroy(error instanceof Error ? error : undefined);
    });
  });
  // A client that polls slowly must not find its idle connection closed just as it uses it.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return { origin: `http://${host}:${port}`, port, close: () => closeServer(server) };
}

/** Closes at once, requests in progress included. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const at = options.now();
  const body = await readBody(incoming);
  const request = parseRequest(incoming, body);
  const { method, url, headers } = request;
  options.onRequest({ method, path: `${url.pathname}${url.search}`, headers, body, at });
  const fault = options.faults.faultFor(method, url.pathname);
  const handle = () => options.serialize(options.response(request), request);
  if (fault === undefined) writeResponse(handle(), outgoing);
  else applyFault(fault, outgoing, handle, (response) => options.serialize(response, request));
}

function parseRequest(incoming: IncomingMessage, body: string): IncomingRequest {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  const url = new URL(incoming.url ?? "/", `http://${headers["host"] ?? "localhost"}`);
  return { method: (incoming.method ?? "GET").toUpperCase(), url, headers, body };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
