import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface ForwardProxy extends AsyncDisposable {
  /** The proxy's URL with user name and password. */
  readonly url: string;
  /** Host and port of each requested tunnel, and the status of the response. */
  readonly tunnels: readonly string[];
  /** From now on the proxy accepts connections and sends no response; `tunnels` lists them with `-`. */
  stopResponding(): void;
  recover(): void;
  /** Resolves with the first tunnel request after `stopResponding`. */
  readonly firstStalledTunnel: Promise<void>;
}

/** A forward proxy that requires a password. It connects every host name to this machine. */
export async function startForwardProxy(): Promise<ForwardProxy> {
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const firstStalledTunnel = Promise.withResolvers<void>();
  let isStalled = false;
  const expected = `Basic ${Buffer.from("runner:p@ss word").toString("base64")}`;
  const server = createServer((_, outgoing) => outgoing.writeHead(405).end());
  server.on("connect", (incoming, socket, head) => {
    socket.on("error", () => undefined);
    if (isStalled) {
      tunnels.push(`${incoming.url} -`);
      return firstStalledTunnel.resolve();
    }
    const isAuthorized = incoming.headers["proxy-authorization"] === expected;
    tunnels.push(`${incoming.url} ${isAuthorized ? 200 : 407}`);
    if (!isAuthorized)
      return void socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n',
      );
    const target = connect(Number(incoming.url?.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("close", () => target.destroy());
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://runner:${encodeURIComponent("p@ss word")}@127.0.0.1:${port}`,
    tunnels,
    stopResponding: () => {
      isStalled = true;
    },
    recover: () => {
      isStalled = false;
    },
    firstStalledTunnel: firstStalledTunnel.promise,
    [Symbol.asyncDispose]: () => {
      // The server does not close tunnels: their sockets no longer belong to it.
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
