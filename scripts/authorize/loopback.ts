import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AuthorizationResponseError, validateAuthResponse } from "oauth4webapi";

interface RedirectListener extends AsyncDisposable {
  readonly redirectUri: string;
  /** Settles with the code of the first redirect with the expected state. */
  code(signal: AbortSignal): Promise<string>;
}

// https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
/** Waits on a port of its own for the browser's redirect. Entra ID ignores the port only for `localhost`. */
export async function listenForCode(clientId: string, state: string): Promise<RedirectListener> {
  const receivedCode = Promise.withResolvers<string>();
  const server = createServer((incoming, outgoing) => {
    const redirect = parseRedirect(incoming, clientId, state);
    if (redirect === undefined) return respond(outgoing, 404, "Not found.");
    if ("code" in redirect) receivedCode.resolve(redirect.code);
    else receivedCode.reject(new Error(redirect.error));
    respond(
      outgoing,
      200,
      "code" in redirect ? "Signed in. You may close this window." : "Not signed in: see the terminal.",
    );
  });
  await listen(server, 0, "127.0.0.1");
  const { port } = server.address() as AddressInfo;
  // A browser may resolve localhost to either address.
  const ipv6Server = createServer((incoming, outgoing) => server.emit("request", incoming, outgoing));
  await listen(ipv6Server, port, "::1").catch(() => undefined);
  return {
    redirectUri: `http://localhost:${port}`,
    code: (signal) => {
      signal.addEventListener("abort", () =>
        receivedCode.reject(new Error("The sign-in was not completed within ten minutes.")),
      );
      return receivedCode.promise;
    },
    [Symbol.asyncDispose]: async () => {
      for (const listener of [server, ipv6Server]) {
        listener.close();
        listener.closeAllConnections();
      }
    },
  };
}

type RedirectResult = { readonly code: string } | { readonly error: string };

/** Undefined for other requests: a favicon, or another page's request without the expected state. */
function parseRedirect(
  incoming: IncomingMessage,
  clientId: string,
  state: string,
): RedirectResult | undefined {
  const { searchParams } = new URL(incoming.url ?? "/", "http://localhost");
  if (incoming.method !== "GET" || searchParams.get("state") !== state) return undefined;
  // There is only one authorization server, whose issuer is not known.
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
    return { error: `The sign-in was refused: ${error.error_description ?? error.error}` };
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

function respond(outgoing: ServerResponse, status: number, text: string): void {
  outgoing
    .writeHead(status, {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      connection: "close",
    })
    .end(`${text}\n`);
}
