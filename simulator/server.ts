import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer } from "./answer.ts";
import { type Delivery, deliver } from "./delivery.ts";
import type { Faults } from "./faults.ts";
import { befall } from "./misfortune.ts";
import type { SeenRequest } from "./options.ts";

/** A request once it is here. */
export interface Arrival {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  readonly faults: Faults;
  readonly answer: (arrival: Arrival) => Answer;
  /** Puts the headers on that every answer has. */
  readonly finish: (answer: Answer, arrival: Arrival) => Delivery;
  readonly seen: (request: SeenRequest) => void;
  readonly now: () => number;
}

export interface Listening {
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

export async function listen(options: ServerOptions): Promise<Listening> {
  const server = createServer((request, response) => {
    serve(request, response, options).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
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
  return { origin: `http://${host}:${port}`, port, close: () => closed(server) };
}

/** Ends at once, whatever is under way. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const at = options.now();
  const body = await textOf(request);
  const arrival = arrivalOf(request, body);
  const { method, url, headers } = arrival;
  options.seen({ method, path: `${url.pathname}${url.search}`, headers, body, at });
  const fault = options.faults.strike(method, url.pathname);
  const handle = () => options.finish(options.answer(arrival), arrival);
  if (fault === undefined) deliver(handle(), response);
  else befall(fault, response, handle, (given) => options.finish(given, arrival));
}

function arrivalOf(request: IncomingMessage, body: string): Arrival {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  const url = new URL(request.url ?? "/", `http://${headers["host"] ?? "localhost"}`);
  return { method: (request.method ?? "GET").toUpperCase(), url, headers, body };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
