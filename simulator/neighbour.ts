import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a neighbour saw. */
export interface Visit {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly form: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Closes the connection instead of answering. */
  readonly hangUp?: boolean;
}

export interface Neighbour {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly requests: readonly Visit[];
  /** These are the next answers, before the neighbour's own. */
  order(...replies: readonly Reply[]): void;
  close(): Promise<void>;
}

/** A small server on loopback that answers with JSON. */
export async function startNeighbour(answer: (visit: Visit) => Reply, port = 0): Promise<Neighbour> {
  const requests: Visit[] = [];
  const ordered: Reply[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const visit = await visitOf(incoming);
    requests.push(visit);
    const reply = ordered.shift() ?? answer(visit);
    if (reply.hangUp) return outgoing.destroy();
    const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body ?? {});
    const type =
      typeof reply.body === "string" ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
    return outgoing
      .writeHead(reply.status, { "content-type": type, "cache-control": "no-store", ...reply.headers })
      .end(text);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    order: (...replies) => void ordered.push(...replies),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function visitOf(incoming: IncomingMessage): Promise<Visit> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const path = incoming.url ?? "/";
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URL(path, "http://localhost").searchParams,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString("utf8"))),
  };
}
