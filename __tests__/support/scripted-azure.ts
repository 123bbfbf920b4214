import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One response, or a connection fault in its place. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. Undefined: no body. */
  readonly body?: unknown;
  /** `reset`: no response. `cut`: half the body, then the connection is closed. `stall`: half the body, then no more data. */
  readonly fault?: "reset" | "cut" | "stall";
}

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, still encoded. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Milliseconds, by `performance.now()`. */
  readonly at: number;
}

type ReplyScript = Reply | readonly Reply[] | ((request: ReceivedRequest) => Reply);

export interface ScriptedAzure extends AsyncDisposable {
  readonly origin: string;
  /** The URL for the input `organization`. */
  readonly organization: string;
  readonly requests: readonly ReceivedRequest[];
  /** `METHOD path` of each request, without the organization and project. */
  requestLines(): string[];
  /** Resolves with the request as soon as one matches. */
  waitForRequest(line: RegExp): Promise<ReceivedRequest>;
}

const projectPath = "/contoso/web/_apis/";

/**
 * A server that sends scripted responses. Keys are `METHOD path` below the project's API (or from the root, with a slash);
 * the last response of a list repeats. A request without a script gets a 404; `requestLines` includes it.
 */
export async function scriptedAzure(scripts: Readonly<Record<string, ReplyScript>>): Promise<ScriptedAzure> {
  const requests: ReceivedRequest[] = [];
  const callCounts = new Map<string, number>();
  const waiters = new Set<() => void>();
  const replyTo = (received: ReceivedRequest): Reply => {
    const key = requestLine({ ...received, path: received.path.replace(/\?.*/, "") });
    const script = scripts[key];
    if (script === undefined) return { status: 404, body: { message: `not scripted: ${key}` } };
    if (typeof script === "function") return script(received);
    const list = Array.isArray(script) ? (script as readonly Reply[]) : [script as Reply];
    const callIndex = callCounts.get(key) ?? 0;
    callCounts.set(key, callIndex + 1);
    return list[Math.min(callIndex, list.length - 1)] ?? {};
  };
  const server = createServer(async (request, response) => {
    const at = performance.now();
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const received = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body,
      at,
    };
    requests.push(received);
    writeReply(replyTo(received), response);
    for (const check of waiters) check();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    organization: `${origin}/contoso`,
    requests,
    requestLines: () => requests.map(requestLine),
    waitForRequest: (line) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = requests.find((received) => line.test(requestLine(received)));
          if (found === undefined) return;
          waiters.delete(check);
          resolve(found);
        };
        waiters.add(check);
        check();
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function requestLine({ method, path }: Pick<ReceivedRequest, "method" | "path">): string {
  return `${method} ${path.startsWith(projectPath) ? path.slice(projectPath.length) : path}`;
}

function writeReply({ status = 200, headers = {}, body, fault }: Reply, response: ServerResponse): void {
  if (fault === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/plain" : "application/json; charset=utf-8";
  const length = Buffer.byteLength(text);
  response.writeHead(status, {
    ...(body !== undefined && { "content-type": type }),
    ...(status !== 204 && { "content-length": length }),
    ...headers,
  });
  if (fault === undefined) {
    response.end(text);
    return;
  }
  response.write(text.slice(0, length / 2), () => {
    if (fault === "cut") response.socket?.destroy();
  });
}
