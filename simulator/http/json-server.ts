import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the server received. */
export interface ReceivedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly form: Readonly<Record<string, string>>;
}

export interface JsonResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Closes the connection instead of answering. */
  readonly hangUp?: boolean;
}

export interface JsonServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Queues responses that are sent before the server's own. */
  order(...responses: readonly JsonResponse[]): void;
  close(): Promise<void>;
}

/** A small server on loopback that answers with JSON. */
export async function startJsonServer(
  handle: (request: ReceivedRequest) => JsonResponse,
  port = 0,
): Promise<JsonServer> {
  const requests: ReceivedRequest[] = [];
  const queuedResponses: JsonResponse[] = [];
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const request = await readRequest(incoming);
    requests.push(request);
    const response = queuedResponses.shift() ?? handle(request);
    if (response.hangUp) return outgoing.destroy();
    const text = typeof response.body === "string" ? response.body : JSON.stringify(response.body ?? {});
    const type =
      typeof response.body === "string" ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
    return outgoing
      .writeHead(response.status, { "content-type": type, "cache-control": "no-store", ...response.headers })
      .end(text);
  };
  const server = createServer((incoming, outgoing) => {
    // A client that disconnects before its request is complete ends only its own connection.
    respond(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    order: (...responses) => void queuedResponses.push(...responses),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const path = incoming.url ?? "/";
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(path.split("?").slice(1).join("?")),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString("utf8"))),
  };
}
