import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type ApiDeps, createApiClient, withPolicies } from "../../src/azure-devops/api-client.ts";
import type { ApiEndpoint } from "../../src/azure-devops/api-request.ts";
import { createTransport } from "../../src/http/transport.ts";
import { createFakeClock } from "../support/fake-clock.ts";

/** A server on loopback that records its requests and their tokens. */
export async function startFileServer(handler: RequestListener) {
  const requests: { path: string; authorization: string | undefined; headers: IncomingMessage["headers"] }[] =
    [];
  const server = createServer((request, response) => {
    const { url: path = "", headers } = request;
    requests.push({ path, authorization: headers.authorization, headers });
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client with real connections, a fake clock, and a token that can be refreshed once. */
export function createFileClient(baseUrl: string) {
  const endpoint: ApiEndpoint = { baseUrl, project: "my project", apiVersion: "7.1", givenInputs: new Set() };
  const clock = createFakeClock();
  const transport = createTransport();
  let token = "first";
  const deps: ApiDeps = {
    transport,
    clock,
    random: () => 1,
    redact: (text) => text,
    signIn: {
      description: undefined,
      authorization: () => Promise.resolve(`Bearer ${token}`),
      refresh: () => {
        const wasFirst = token === "first";
        token = "second";
        return Promise.resolve(wasFirst);
      },
    },
  };
  const client = createApiClient(endpoint, deps);
  return { client, clock, send: withPolicies(client), [Symbol.dispose]: () => transport.close() };
}
