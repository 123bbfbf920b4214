import {
  type JsonResponse,
  type JsonServer,
  type ReceivedRequest,
  startJsonServer,
} from "../http/json-server.ts";
import { authorize } from "./authorize-endpoint.ts";
import { deviceLoginPage, startDeviceFlow } from "./device-code.ts";
import { instanceDiscovery, issuerOf, openIdConfiguration, signingKeys } from "./discovery.ts";
import { aadsts } from "./entra-errors.ts";
import { publicOrigin } from "./public-origin.ts";
import { createTenant, type Tenant, type TenantOptions } from "./tenant.ts";
import { handleTokenRequest } from "./token-endpoint.ts";
import type { Claims } from "./tokens.ts";
import { logout, userInfo } from "./user-endpoints.ts";

interface EntraOptions extends TenantOptions {
  readonly port?: number;
  /**
   * The `https:` address that clients know this server by, if it is not the name in `Host` and the scheme in
   * `x-forwarded-proto`.
   */
  readonly publicUrl?: string;
  /** Device codes are entered at a page of this server instead of https://microsoft.com/devicelogin. */
  readonly ownDeviceLogin?: boolean;
  /** Called with each request once it is read. */
  readonly onRequest?: (request: ReceivedRequest) => void;
}

/** One tenant of Entra ID: its discovery, authorize, token and device code endpoints. */
export interface Entra extends JsonServer {
  readonly tenantId: string;
  readonly tokenUrl: string;
  /** Access tokens, oldest first. */
  readonly issued: readonly string[];
  readonly refreshTokens: readonly string[];
  /** What the resource reads in an access token; undefined if it was not issued here. */
  claimsOf(token: string): Claims | undefined;
  /** Whether an access token was issued here and has not expired, or not longer ago than the leeway. */
  isLive(token: string, leewayMs?: number): boolean;
  /** The next responses are this AADSTS error. */
  fail(code: number, times?: number): void;
  /** A user enters a device code, and accepts or declines. */
  enter(userCode: string, answer?: "accept" | "decline"): void;
  userCodes(): readonly string[];
}

export async function startEntra(options: EntraOptions = {}): Promise<Entra> {
  const tenant = createTenant(options);
  const server: JsonServer = await startJsonServer((request) => {
    options.onRequest?.(request);
    return handleRequest(tenant, request, { options, listenUrl: server.url });
  }, options.port);
  return {
    ...server,
    tenantId: tenant.id,
    tokenUrl: `${server.url}/${tenant.id}/oauth2/v2.0/token`,
    get issued() {
      return [...tenant.issued.keys()];
    },
    refreshTokens: tenant.refreshTokens,
    claimsOf: (token) => tenant.issued.get(token)?.claims,
    isLive: (token, leewayMs = 0) => (tenant.issued.get(token)?.expiresAt ?? 0) + leewayMs > tenant.now(),
    fail: (code, times = 1) => server.order(...Array<JsonResponse>(times).fill(aadsts(code))),
    enter: (userCode, decision = "accept") => {
      const device = tenant.devices.get(userCode);
      if (device) device.decision = decision;
    },
    userCodes: () => [...tenant.devices.keys()],
  };
}

interface ServerAddress {
  readonly options: EntraOptions;
  readonly listenUrl: string;
}

const notFound: JsonResponse = { status: 404, body: "<html>404</html>" };

const ownDeviceLoginPath = "/common/oauth2/deviceauth";

/** For users of any tenant, so of this one too. */
const anyTenant = ["common", "organizations"];

function handleRequest(tenant: Tenant, request: ReceivedRequest, address: ServerAddress): JsonResponse {
  const { options, listenUrl } = address;
  const [pathname = ""] = request.path.split("?");
  const origin = publicOrigin(request, options.publicUrl);
  const origins = [origin, listenUrl];
  if (pathname === ownDeviceLoginPath) return deviceLoginPage(tenant, request);
  if (pathname === "/common/discovery/instance") return instanceDiscovery(request, tenant);
  if (pathname === "/oidc/userinfo") return userInfo(tenant, request);
  const [, tenantName = "", endpoint = ""] = /^\/([^/]+)\/(.+?)\/?$/.exec(pathname) ?? [];
  const handle = endpoints.get(endpoint);
  if (!handle) return notFound;
  if (/token$|devicecode$/.test(endpoint) && request.method !== "POST") return aadsts(900561);
  if (!/^[\w.-]+$/.test(tenantName)) return aadsts(900023);
  if (tenantName !== tenant.id && !anyTenant.includes(tenantName)) return unknownTenant(tenantName, endpoint);
  const verificationUri = options.ownDeviceLogin
    ? `${origin}${ownDeviceLoginPath}`
    : "https://microsoft.com/devicelogin";
  return handle({ tenant, request, tenantName, origin, origins, verificationUri });
}

interface EndpointRequest {
  readonly tenant: Tenant;
  readonly request: ReceivedRequest;
  readonly tenantName: string;
  readonly origin: string;
  readonly origins: readonly string[];
  readonly verificationUri: string;
}

const configuration = ({ origin, tenantName, tenant }: EndpointRequest) =>
  openIdConfiguration(origin, tenantName, tenant);

/** By the path behind the tenant. */
const endpoints = new Map<string, (request: EndpointRequest) => JsonResponse>([
  [
    "oauth2/v2.0/token",
    ({ tenant, request, tenantName, origin, origins }) =>
      handleTokenRequest(tenant, request, { tenantName, origins, issuer: issuerOf(origin, tenant) }),
  ],
  [
    "oauth2/v2.0/devicecode",
    ({ tenant, request, verificationUri }) => startDeviceFlow(tenant, request, verificationUri),
  ],
  [
    "oauth2/v2.0/authorize",
    ({ tenant, request, origin }) => authorize(tenant, request, issuerOf(origin, tenant)),
  ],
  ["oauth2/v2.0/logout", ({ request }) => logout(request)],
  ["discovery/v2.0/keys", ({ tenant }) => signingKeys(tenant)],
  ["v2.0/.well-known/openid-configuration", configuration],
  [".well-known/openid-configuration", configuration],
]);

function unknownTenant(name: string, endpoint: string): JsonResponse {
  const response = aadsts(
    90002,
    `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
  if (!endpoint.endsWith("openid-configuration")) return response;
  return { ...response, body: { ...(response.body as object), error: "invalid_tenant" } };
}
