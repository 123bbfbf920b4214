import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { startGitHubOidc } from "../../simulator/entra/github-oidc.ts";
import {
  type AuthorizationServer,
  hostName,
  startAuthorizationServer,
} from "../sign-in/authorization-server.ts";
import { startForwardProxy } from "../sign-in/forward-proxy.ts";

type Options = NonNullable<Parameters<typeof startAuthorizationServer>[0]>;

/**
 * A world that the action reaches only through a proxy with a password, where every server shows a certificate of an
 * authority that only NODE_EXTRA_CA_CERTS names, and tokens are those of an authorization server nobody here wrote.
 */
export async function openForeignStage(options: Options = {}) {
  const [job, account]: Record<string, string>[] = [{}, {}];
  const [github, kubernetes] = await Promise.all([
    startGitHubOidc({ claims: job ?? {} }),
    startGitHubOidc({ claims: account ?? {} }),
  ]);
  const [server, proxy] = await Promise.all([
    startAuthorizationServer({
      ...options,
      federatedKeys: {
        federated: { id: github.keyId, key: github.publicKey },
        pod: { id: kubernetes.keyId, key: kubernetes.publicKey },
      },
    }),
    startForwardProxy(),
  ]);
  // It takes the assertions of its clients only: the tokens of the job and of the pod say that they are such.
  Object.assign(job ?? {}, { iss: "federated", sub: "federated", aud: server.tokenUrl });
  Object.assign(account ?? {}, { iss: "pod", sub: "pod", aud: server.tokenUrl });
  const folder = mkdtempSync(join(tmpdir(), "sign-in-"));
  const authority = join(folder, "authority.pem");
  writeFileSync(authority, server.authority.certificate);
  const doors: AsyncDisposable[] = [];
  /** The same server once more, by TLS and by a name that is not loopback's. */
  const abroad = async (url: string): Promise<string> => {
    const door = await openDoor(Number(new URL(url).port), server);
    doors.push(door);
    return url.replace(/^http:\/\/[^/]+/, `https://${hostName}:${door.port}`);
  };
  return {
    server,
    proxy,
    github,
    kubernetes,
    folder,
    abroad,
    /** Of a job behind that proxy. */
    env: { NODE_EXTRA_CA_CERTS: authority, https_proxy: proxy.url },
    /** Never to be seen: the password, as it is typed, sent and written into an address. */
    proxySecrets: ["p@ss word", "p%40ss%20word", Buffer.from("runner:p@ss word").toString("base64")],
    githubEnv: async () => ({
      ...github.env,
      ACTIONS_ID_TOKEN_REQUEST_URL: await abroad(github.env.ACTIONS_ID_TOKEN_REQUEST_URL),
    }),
    close: async () => {
      for (const door of doors) await door[Symbol.asyncDispose]();
      await Promise.all([server[Symbol.asyncDispose](), proxy[Symbol.asyncDispose]()]);
      await Promise.all([github.close(), kubernetes.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}

export type ForeignStage = Awaited<ReturnType<typeof openForeignStage>>;

async function openDoor(port: number, { own }: Pick<AuthorizationServer, "own">) {
  const sockets = new Set<Socket>();
  const door = createServer({ key: own.key, cert: own.certificate }, (socket) => {
    const inner = connect(port, "127.0.0.1");
    for (const each of [socket, inner]) {
      sockets.add(each);
      each.on("error", () => undefined);
    }
    socket.pipe(inner).pipe(socket);
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  return {
    port: (door.address() as AddressInfo).port,
    [Symbol.asyncDispose]: (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => door.close(() => resolve()));
    },
  };
}
