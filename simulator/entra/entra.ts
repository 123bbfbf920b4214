import { randomBytes, randomUUID } from "node:crypto";
import {
  type JsonResponse,
  type JsonServer,
  type ReceivedRequest,
  startJsonServer,
} from "../http/json-server.ts";
import { type EntraApplication, verifyClient } from "./client-authentication.ts";
import { aadsts } from "./entra-errors.ts";
import { sharedSigner } from "./tokens.ts";

interface EntraOptions {
  readonly tenantId?: string;
  readonly applications?: readonly EntraApplication[];
  /** How long access tokens are valid; 3599 s if not given. */
  readonly lifeSeconds?: number;
  /** How a response states that. */
  readonly lifeAs?: "number" | "text" | "expires_on" | "untold";
  /** The tenant admits GitHub's tokens only with one of these `enterprise` claims (else 7002381). */
  readonly enterprises?: readonly string[];
  readonly now?: () => number;
  readonly port?: number;
}

/** One tenant of Entra ID: its token endpoint and its device codes. */
export interface Entra extends JsonServer {
  readonly tenantId: string;
  readonly tokenUrl: string;
  /** Access tokens, oldest first. */
  readonly issued: readonly string[];
  readonly refreshTokens: readonly string[];
  /** Whether an access token was issued here and has not expired, or not longer ago than the leeway. */
  isLive(token: string, leewayMs?: number): boolean;
  /** The next responses are this AADSTS error. */
  fail(code: number, times?: number): void;
  /** A user enters a device code, and accepts or declines. */
  enter(userCode: string, answer?: "accept" | "decline"): void;
  userCodes(): readonly string[];
}

interface DeviceFlow {
  readonly code: string;
  readonly clientId: string;
  readonly scope: string;
  readonly expiresAt: number;
  decision: "accept" | "decline" | undefined;
}

interface Tenant {
  readonly id: string;
  readonly options: EntraOptions;
  readonly now: () => number;
  readonly issued: Map<string, number>;
  readonly refreshTokens: string[];
  readonly devices: Map<string, DeviceFlow>;
  /** By client id. */
  readonly assertionCounts: Map<string, number>;
  readonly sign: (claims: object) => string;
}

const azureDevOpsResourceId = "499b84ac-1321-427f-aa17-267ca6975798";

export async function startEntra(options: EntraOptions = {}): Promise<Entra> {
  const tenant: Tenant = {
    id: options.tenantId ?? randomUUID(),
    options,
    now: options.now ?? Date.now,
    issued: new Map(),
    refreshTokens: (options.applications ?? []).flatMap(({ refreshTokens = [] }) => refreshTokens),
    devices: new Map(),
    assertionCounts: new Map(),
    sign: sharedSigner().sign,
  };
  const server: JsonServer = await startJsonServer(
    (request) => handleRequest(tenant, request, server.url),
    options.port,
  );
  return {
    ...server,
    tenantId: tenant.id,
    tokenUrl: `${server.url}/${tenant.id}/oauth2/v2.0/token`,
    get issued() {
      return [...tenant.issued.keys()];
    },
    refreshTokens: tenant.refreshTokens,
    isLive: (token, leewayMs = 0) => (tenant.issued.get(token) ?? 0) + leewayMs > tenant.now(),
    fail: (code, times = 1) => server.order(...Array<JsonResponse>(times).fill(aadsts(code))),
    enter: (userCode, decision = "accept") => {
      const device = tenant.devices.get(userCode);
      if (device) device.decision = decision;
    },
    userCodes: () => [...tenant.devices.keys()],
  };
}

function handleRequest(tenant: Tenant, request: ReceivedRequest, base: string): JsonResponse {
  const [, id = "", endpoint] = /^\/([^/]+)\/oauth2\/v2\.0\/(token|devicecode)$/.exec(request.path) ?? [];
  if (endpoint === undefined || request.method !== "POST") return { status: 404, body: "<html>404</html>" };
  if (!/^[\w.-]+$/.test(id)) return aadsts(900023);
  if (id !== tenant.id) return aadsts(90002);
  const application = tenant.options.applications?.find(
    ({ clientId }) => clientId === request.form["client_id"],
  );
  if (!application) return aadsts(700016);
  if (endpoint === "devicecode") return startDeviceFlow(tenant, request.form);
  return authenticate(tenant, application, request, base) ?? grantToken(tenant, application, request.form);
}

function authenticate(
  tenant: Tenant,
  application: EntraApplication,
  { form, path }: ReceivedRequest,
  base: string,
): JsonResponse | undefined {
  const { clientId, hasServicePrincipal = true } = application;
  const assertionCount =
    (tenant.assertionCounts.get(clientId) ?? 0) + (form["client_assertion"] === undefined ? 0 : 1);
  tenant.assertionCounts.set(clientId, assertionCount);
  const { enterprises = [] } = tenant.options;
  const check = { form, tokenUrl: `${base}${path}`, now: tenant.now(), enterprises, assertionCount };
  const clientError = verifyClient(application, check);
  if (clientError || hasServicePrincipal) return clientError;
  return aadsts(
    7000229,
    `The client application ${clientId} is missing service principal in the tenant ${tenant.id}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
  );
}

function grantToken(
  tenant: Tenant,
  application: EntraApplication,
  form: ReceivedRequest["form"],
): JsonResponse {
  const { scope = "" } = form;
  switch (form["grant_type"]) {
    case "client_credentials":
      return scope.endsWith("/.default") ? issueToken(tenant, application) : aadsts(1002012);
    case "refresh_token":
      return tenant.refreshTokens.includes(form["refresh_token"] ?? "")
        ? issueToken(tenant, application, scope)
        : aadsts(70000);
    case "urn:ietf:params:oauth:grant-type:device_code":
      return redeemDeviceCode(tenant, application, form["device_code"]);
    default:
      return aadsts(70003);
  }
}

/** With `offline_access` a refresh token is issued too; as at Entra ID, the old one stays valid. */
function issueToken(tenant: Tenant, application: EntraApplication, scope = ""): JsonResponse {
  if (application.refusedWith !== undefined) return aadsts(application.refusedWith);
  const { lifeSeconds = 3_599, lifeAs = "number" } = tenant.options;
  const expiresOn = Math.floor(tenant.now() / 1_000) + lifeSeconds;
  const accessToken = tenant.sign({
    aud: azureDevOpsResourceId,
    iss: `https://sts.windows.net/${tenant.id}/`,
    tid: tenant.id,
    appid: application.clientId,
    exp: expiresOn,
    uti: randomUUID(),
  });
  tenant.issued.set(accessToken, tenant.now() + lifeSeconds * 1_000);
  const lifetimeFields = {
    number: { expires_in: lifeSeconds, ext_expires_in: lifeSeconds },
    text: { expires_in: String(lifeSeconds), ext_expires_in: String(lifeSeconds) },
    expires_on: { expires_on: String(expiresOn) },
    untold: {},
  };
  const body = { token_type: "Bearer", ...lifetimeFields[lifeAs], access_token: accessToken };
  if (!scope.split(" ").includes("offline_access")) return { status: 200, body };
  const refreshToken = `0.${randomBytes(48).toString("base64url")}`;
  tenant.refreshTokens.push(refreshToken);
  return { status: 200, body: { ...body, refresh_token: refreshToken } };
}

function startDeviceFlow(
  tenant: Tenant,
  { client_id: clientId = "", scope = "" }: ReceivedRequest["form"],
): JsonResponse {
  const userCode = randomBytes(5).toString("hex").slice(0, 9).toUpperCase();
  const code = randomBytes(48).toString("base64url");
  tenant.devices.set(userCode, {
    code,
    clientId,
    scope,
    expiresAt: tenant.now() + 900_000,
    decision: undefined,
  });
  const verificationUri = "https://microsoft.com/devicelogin";
  const message = `To sign in, use a web browser to open the page ${verificationUri} and enter the code ${userCode} to authenticate.`;
  return {
    status: 200,
    body: {
      user_code: userCode,
      device_code: code,
      verification_uri: verificationUri,
      expires_in: 900,
      interval: 1,
      message,
    },
  };
}

function redeemDeviceCode(tenant: Tenant, application: EntraApplication, code = ""): JsonResponse {
  const [userCode, device] =
    [...tenant.devices].find(([, { code: deviceCode }]) => deviceCode === code) ?? [];
  if (!device || userCode === undefined || device.expiresAt < tenant.now()) return aadsts(70020);
  if (device.decision === undefined) return aadsts(70016);
  tenant.devices.delete(userCode);
  if (device.decision === "accept") return issueToken(tenant, application, device.scope);
  return { status: 400, body: { error: "authorization_declined", error_description: "The user declined." } };
}
