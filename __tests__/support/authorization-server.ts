import { createPublicKey, type KeyObject } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { type IssuedCertificate, issueCertificate } from "../../simulator/entra/certificate.ts";
import { createLegacyTokenEndpoint } from "./legacy-token-endpoint.ts";

/** The server's host name: not a loopback name, or clients would bypass the proxy. Only the tests' proxy resolves it. */
export const hostName = "signin.test";

export interface AuthorizationServer extends AsyncDisposable {
  readonly port: number;
  readonly tokenUrl: string;
  readonly authorizeUrl: string;
  readonly authority: IssuedCertificate;
  /** The certificate that the client `certified` authenticates with. */
  readonly clientCertificate: IssuedCertificate;
  /** The server's certificate, for other servers under the same host name. */
  readonly serverCertificate: IssuedCertificate;
  /** The legacy Azure DevOps token endpoint: see `legacy-token-endpoint.ts`. */
  readonly legacyTokenUrl: string;
  /** Every access token issued so far. */
  readonly accessTokens: ReadonlySet<string>;
  /** Every refresh token issued so far. */
  readonly refreshTokens: ReadonlySet<string>;
  isLive(token: string): boolean;
  /** Issues a refresh token, as after a user's sign-in to that client. */
  refreshTokenFor(clientId: "public" | "legacy"): Promise<string>;
}

interface ServerOptions {
  /** Lifetime of access tokens; those of the clients `long-lived` and `pod` are valid for ten minutes. */
  readonly lifetimeSeconds?: number;
  /** By client: the key of the external issuer that signs the client's assertions. */
  readonly federatedKeys?: Readonly<Record<string, { readonly id: string; readonly key: KeyObject }>>;
}

export const clientSecret = "the-secret-of-the-confidential-application-0123456789";

/** A real OAuth 2.0 server (oidc-provider) over TLS, with a certificate of the tests' own authority. */
export async function startAuthorizationServer(options: ServerOptions = {}): Promise<AuthorizationServer> {
  const { lifetimeSeconds = 600 } = options;
  const lifetimeOf = (clientId: string) =>
    clientId === "long-lived" || clientId === "pod" ? 600 : lifetimeSeconds;
  const authority = issueCertificate({ name: "Test authority", isAuthority: true });
  const issuer = { name: "Test authority", key: authority.privateKey };
  const [serverCertificate, clientCertificate] = [
    issueCertificate({ name: hostName, issuer }),
    issueCertificate({ name: "client", issuer }),
  ];
  let handle = (_: IncomingMessage, outgoing: ServerResponse): void => void outgoing.end();
  const server = createServer(
    { key: serverCertificate.key, cert: serverCertificate.certificate },
    (incoming, outgoing) => handle(incoming, outgoing),
  );
  const port = await listen(server);
  const base = `https://${hostName}:${port}`;
  const provider = new Provider(base, configurationFor(clientCertificate, { ...options, lifetimeOf }));
  const issued = new Map<string, number>();
  const refreshTokens = new Set<string>();
  for (const kind of ["access_token", "client_credentials"]) {
    provider.on(`${kind}.saved`, ({ jti, clientId }) =>
      issued.set(jti, Date.now() + lifetimeOf(clientId) * 1_000),
    );
  }
  provider.on("refresh_token.saved", ({ jti }) => refreshTokens.add(jti));
  provider.use(shortenPollInterval);
  const handleOAuth = provider.callback();
  const handleLegacy = createLegacyTokenEndpoint({
    port,
    hostName,
    authority: authority.certificate,
    secret: clientSecret,
  });
  handle = (incoming, outgoing) => {
    if (incoming.url?.startsWith("/interaction/")) void signInAsUser(provider, incoming, outgoing);
    else if (incoming.url === "/oauth2/token") void handleLegacy(incoming, outgoing);
    else handleOAuth(incoming, outgoing);
  };
  return {
    port,
    tokenUrl: `${base}/token`,
    // The server only issues a refresh token after a consent prompt.
    authorizeUrl: `${base}/authorize?prompt=consent`,
    authority,
    clientCertificate,
    serverCertificate,
    legacyTokenUrl: `${base}/oauth2/token`,
    get accessTokens() {
      return new Set(issued.keys());
    },
    refreshTokens,
    isLive: (token) => (issued.get(token) ?? 0) + leewayMs > Date.now(),
    refreshTokenFor: (clientId) => refreshTokenFor(provider, clientId),
    [Symbol.asyncDispose]: () => close(server),
  };
}

interface Context {
  body: string;
}

/** Without an `interval`, clients poll every five seconds: too slow for tests. */
async function shortenPollInterval(
  context: { path: string; body: Record<string, unknown> },
  next: () => Promise<void>,
): Promise<void> {
  await next();
  if (context.path === "/devicecode" && context.body["device_code"]) context.body["interval"] = 1;
}

/** A token that expires on its way to the server still counts as valid. */
const leewayMs = 4_000;

const userScope = "openid offline_access builds";

async function refreshTokenFor(provider: Provider, clientId: string): Promise<string> {
  const grant = new provider.Grant({ accountId: "user", clientId });
  grant.addOIDCScope(userScope);
  const fields = {
    accountId: "user",
    grantId: await grant.save(),
    scope: userScope,
    gty: "authorization_code",
  };
  return new provider.RefreshToken({ ...fields, client: await provider.Client.find(clientId) }).save();
}

/** The pages of the device code flow: enter the code, confirm it, success. */
const devicePages = {
  userCodeInputSource: (context: Context, form: string): void => {
    context.body = form;
  },
  userCodeConfirmSource: (context: Context, form: string): void => {
    context.body = form;
  },
  successSource: (context: Context): void => {
    context.body = "Signed in.";
  },
};

function configurationFor(
  client: IssuedCertificate,
  { lifetimeOf, federatedKeys = {} }: ServerOptions & { lifetimeOf: (clientId: string) => number },
): object {
  const jwk = { ...createPublicKey(client.certificate).export({ format: "jwk" }), alg: "PS256", use: "sig" };
  const service = { grant_types: ["client_credentials"], redirect_uris: [], response_types: [] };
  const lifetime = (_: unknown, __: unknown, { clientId }: { clientId: string }) => lifetimeOf(clientId);
  return {
    clients: [
      {
        ...service,
        client_id: "confidential",
        client_secret: clientSecret,
        token_endpoint_auth_method: "client_secret_post",
      },
      {
        ...service,
        client_id: "certified",
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "PS256",
        jwks: { keys: [jwk] },
      },
      ...Object.entries(federatedKeys).map(([client_id, { id, key }]) => ({
        ...service,
        client_id,
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "RS256",
        jwks: { keys: [{ ...key.export({ format: "jwk" }), kid: id, alg: "RS256", use: "sig" }] },
      })),
      {
        client_id: "legacy",
        client_secret: clientSecret,
        redirect_uris: ["https://example.com/callback"],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "client_secret_post",
      },
      ...["public", "long-lived"].map((client_id) => ({
        client_id,
        application_type: "native",
        redirect_uris: ["http://localhost"],
        grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
        token_endpoint_auth_method: "none",
      })),
    ],
    scopes: ["openid", "offline_access", "builds"],
    clientAuthMethods: ["client_secret_post", "private_key_jwt", "none"],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true, ...devicePages },
    },
    routes: {
      token: "/token",
      authorization: "/authorize",
      device_authorization: "/devicecode",
      code_verification: "/device",
    },
    ttl: {
      AccessToken: lifetime,
      ClientCredentials: lifetime,
      DeviceCode: 60,
      RefreshToken: 600,
      IdToken: 600,
      Grant: 600,
      Session: 600,
      Interaction: 600,
    },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    cookies: { keys: ["tests"] },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
  };
}

/** Signs every visitor in as the test user and grants consent. */
async function signInAsUser(
  provider: Provider,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(incoming, outgoing);
  const grant = new provider.Grant({ accountId: "user", clientId: params.client_id });
  grant.addOIDCScope(params.scope ?? userScope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(incoming, outgoing, { login: { accountId: "user" }, consent });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
