import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer, or the lack of one. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON; none for no body. */
  readonly body?: unknown;
  /** `reset`: no answer. `cut`: half the body, then the connection goes. `stall`: half the body, then silence. */
  readonly fault?: "reset" | "cut" | "stall";
}

export interface Asked {
  readonly method: string;
  /** Pathname and search, as they travelled. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Milliseconds, by `performance.now()`. */
  readonly at: number;
}

type Script = Reply | readonly Reply[] | ((asked: Asked) => Reply);

export interface ScriptedAzure extends AsyncDisposable {
  readonly origin: string;
  /** Of the organization: what the input `organization` takes. */
  readonly organization: string;
  readonly requests: readonly Asked[];
  /** `METHOD path` of each request, without the organization and project. */
  lines(): string[];
  /** Resolves with the request as soon as one matches. */
  asked(line: RegExp): Promise<Asked>;
}

const home = "/contoso/web/_apis/";

/**
 * A server that says exactly what it is told. Keys are `METHOD path` below the project's API (or from the root, with a
 * slash); the last answer of a list repeats. What was not scripted is answered 404, and shows up in `lines`.
 */
export async function scriptedAzure(scripts: Readonly<Record<string, Script>>): Promise<ScriptedAzure> {
  const requests: Asked[] = [];
  const calls = new Map<string, number>();
  const waiting = new Set<() => void>();
  const replyTo = (asked: Asked): Reply => {
    const key = lineOf({ ...asked, path: asked.path.replace(/\?.*/, "") });
    const script = scripts[key];
    if (script === undefined) return { status: 404, body: { message: `not scripted: ${key}` } };
    if (typeof script === "function") return script(asked);
    const list = Array.isArray(script) ? (script as readonly Reply[]) : [script as Reply];
    const call = calls.get(key) ?? 0;
    calls.set(key, call + 1);
    return list[Math.min(call, list.length - 1)] ?? {};
  };
  const server = createServer(async (request, response) => {
    const at = performance.now();
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const asked = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body,
      at,
    };
    requests.push(asked);
    give(replyTo(asked), response);
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    organization: `${origin}/contoso`,
    requests,
    lines: () => requests.map(lineOf),
    asked: (line) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = requests.find((asked) => line.test(lineOf(asked)));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function lineOf({ method, path }: Pick<Asked, "method" | "path">): string {
  return `${method} ${path.startsWith(home) ? path.slice(home.length) : path}`;
}

function give({ status = 200, headers = {}, body, fault }: Reply, response: ServerResponse): void {
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
