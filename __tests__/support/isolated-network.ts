import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { startGitHubOidc } from "../../simulator/entra/github-oidc.ts";
import { type AuthorizationServer, hostName, startAuthorizationServer } from "./authorization-server.ts";
import { startForwardProxy } from "./forward-proxy.ts";

type AuthorizationServerOptions = NonNullable<Parameters<typeof startAuthorizationServer>[0]>;

/**
 * A network that the action reaches only through a proxy with a password. Every server has a certificate of an authority
 * that only NODE_EXTRA_CA_CERTS names. A third-party authorization server (oidc-provider) issues the tokens.
 */
export async function openIsolatedNetwork(options: AuthorizationServerOptions = {}) {
  const [jobClaims, serviceAccountClaims]: Record<string, string>[] = [{}, {}];
  const [github, kubernetes] = await Promise.all([
    startGitHubOidc({ claims: jobClaims ?? {} }),
    startGitHubOidc({ claims: serviceAccountClaims ?? {} }),
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
  // The server only accepts assertions issued by its clients, so the job's and the pod's token name a client as issuer.
  Object.assign(jobClaims ?? {}, { iss: "federated", sub: "federated", aud: server.tokenUrl });
  Object.assign(serviceAccountClaims ?? {}, { iss: "pod", sub: "pod", aud: server.tokenUrl });
  const folder = mkdtempSync(join(tmpdir(), "sign-in-"));
  const caFile = join(folder, "authority.pem");
  writeFileSync(caFile, server.authority.certificate);
  const tlsProxies: AsyncDisposable[] = [];
  /** Makes a server available over TLS, under a host name that is not loopback. */
  const exposeOverTls = async (url: string): Promise<string> => {
    const tlsProxy = await openTlsProxy(Number(new URL(url).port), server);
    tlsProxies.push(tlsProxy);
    return url.replace(/^http:\/\/[^/]+/, `https://${hostName}:${tlsProxy.port}`);
  };
  return {
    server,
    proxy,
    github,
    kubernetes,
    folder,
    exposeOverTls,
    /** Environment of a job behind the proxy. */
    env: { NODE_EXTRA_CA_CERTS: caFile, https_proxy: proxy.url },
    /** The proxy's password, plain, URL-encoded and as sent in the header: the step must never print it. */
    proxySecrets: ["p@ss word", "p%40ss%20word", Buffer.from("runner:p@ss word").toString("base64")],
    githubEnv: async () => ({
      ...github.env,
      ACTIONS_ID_TOKEN_REQUEST_URL: await exposeOverTls(github.env.ACTIONS_ID_TOKEN_REQUEST_URL),
    }),
    close: async () => {
      for (const tlsProxy of tlsProxies) await tlsProxy[Symbol.asyncDispose]();
      await Promise.all([server[Symbol.asyncDispose](), proxy[Symbol.asyncDispose]()]);
      await Promise.all([github.close(), kubernetes.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}

export type IsolatedNetwork = Awaited<ReturnType<typeof openIsolatedNetwork>>;

async function openTlsProxy(
  port: number,
  { serverCertificate }: Pick<AuthorizationServer, "serverCertificate">,
) {
  const sockets = new Set<Socket>();
  const server = createServer(
    { key: serverCertificate.key, cert: serverCertificate.certificate },
    (socket) => {
      const upstream = connect(port, "127.0.0.1");
      for (const end of [socket, upstream]) {
        sockets.add(end);
        end.on("error", () => undefined);
      }
      socket.pipe(upstream).pipe(socket);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
