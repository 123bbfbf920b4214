import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AuthorizationResponseError, validateAuthResponse } from "oauth4webapi";

interface Loopback extends AsyncDisposable {
  readonly redirectUri: string;
  /** Settles with the code of the first redirect that bears our state. */
  code(signal: AbortSignal): Promise<string>;
}

// https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
/** Waits on a port of its own for the browser to come back. Entra ID ignores the port for `localhost`, and only there. */
export async function listenForCode(clientId: string, state: string): Promise<Loopback> {
  const arrived = Promise.withResolvers<string>();
  const server = createServer((incoming, outgoing) => {
    const outcome = outcomeOf(incoming, clientId, state);
    if (outcome === undefined) return reply(outgoing, 404, "Nothing is here.");
    if ("code" in outcome) arrived.resolve(outcome.code);
    else arrived.reject(new Error(outcome.refusal));
    reply(
      outgoing,
      200,
      "code" in outcome ? "Signed in. You may close this window." : "Not signed in: see the terminal.",
    );
  });
  await listen(server, 0, "127.0.0.1");
  const { port } = server.address() as AddressInfo;
  // A browser may take localhost for either address.
  const twin = createServer((incoming, outgoing) => server.emit("request", incoming, outgoing));
  await listen(twin, port, "::1").catch(() => undefined);
  return {
    redirectUri: `http://localhost:${port}`,
    code: (signal) => {
      signal.addEventListener("abort", () =>
        arrived.reject(new Error("Nobody signed in within ten minutes.")),
      );
      return arrived.promise;
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of [server, twin]) {
        each.close();
        each.closeAllConnections();
      }
    },
  };
}

type Outcome = { readonly code: string } | { readonly refusal: string };

/** Undefined for whatever is not our redirect: a favicon, or another page's attempt without our state. */
function outcomeOf(incoming: IncomingMessage, clientId: string, state: string): Outcome | undefined {
  const { searchParams } = new URL(incoming.url ?? "/", "http://localhost");
  if (incoming.method !== "GET" || searchParams.get("state") !== state) return undefined;
  // There is one authorization server, and nobody said what it calls itself.
  searchParams.delete("iss");
  try {
    const code = validateAuthResponse(
      { issuer: "https://localhost" },
      { client_id: clientId },
      searchParams,
      state,
    ).get("code");
    return code === null ? undefined : { code };
  } catch (error) {
    if (!(error instanceof AuthorizationResponseError)) throw error;
    return { refusal: `The sign-in was refused: ${error.error_description ?? error.error}` };
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

function reply(outgoing: ServerResponse, status: number, text: string): void {
  outgoing
    .writeHead(status, {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      connection: "close",
    })
    .end(`${text}\n`);
}
