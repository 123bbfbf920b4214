import { randomBytes, randomUUID } from "node:crypto";
import { aadsts } from "./entra-errors.ts";
import { type EntraApplication, unproven } from "./entra-proof.ts";
import { type Neighbour, type Reply, startNeighbour, type Visit } from "./neighbour.ts";
import { sharedSigner } from "./tokens.ts";

interface EntraOptions {
  readonly tenantId?: string;
  readonly applications?: readonly EntraApplication[];
  /** How long tokens really live: 3599 s. */
  readonly lifeSeconds?: number;
  /** How their life is told. */
  readonly lifeAs?: "number" | "text" | "expires_on" | "untold";
  readonly now?: () => number;
  readonly port?: number;
}

/** One tenant of Entra ID: its token endpoint and its device codes. */
export interface Entra extends Neighbour {
  readonly tenantId: string;
  readonly tokenUrl: string;
  /** Access tokens, oldest first. */
  readonly issued: readonly string[];
  readonly refreshTokens: readonly string[];
  /** Whether an access token was issued here and is not over, or not for longer than that. */
  isLive(token: string, leewayMs?: number): boolean;
  /** The next answers are this error. */
  fail(code: number, times?: number): void;
  /** Somebody enters a device code, and says yes or no. */
  enter(userCode: string, answer?: "accept" | "decline"): void;
  userCodes(): readonly string[];
}

interface Device {
  readonly code: string;
  readonly clientId: string;
  readonly scope: string;
  readonly expiresAt: number;
  answer: "accept" | "decline" | undefined;
}

interface Tenant {
  readonly id: string;
  readonly options: EntraOptions;
  readonly now: () => number;
  readonly issued: Map<string, number>;
  readonly refreshTokens: string[];
  readonly devices: Map<string, Device>;
  readonly sign: (claims: object) => string;
}

const resource = "499b84ac-1321-427f-aa17-267ca6975798";

export async function startEntra(options: EntraOptions = {}): Promise<Entra> {
  const tenant: Tenant = {
    id: options.tenantId ?? randomUUID(),
    options,
    now: options.now ?? Date.now,
    issued: new Map(),
    refreshTokens: (options.applications ?? []).flatMap(({ refreshTokens = [] }) => refreshTokens),
    devices: new Map(),
    sign: sharedSigner().sign,
  };
  const neighbour: Neighbour = await startNeighbour(
    (visit) => answer(tenant, visit, neighbour.url),
    options.port,
  );
  return {
    ...neighbour,
    tenantId: tenant.id,
    tokenUrl: `${neighbour.url}/${tenant.id}/oauth2/v2.0/token`,
    get issued() {
      return [...tenant.issued.keys()];
    },
    refreshTokens: tenant.refreshTokens,
    isLive: (token, leewayMs = 0) => (tenant.issued.get(token) ?? 0) + leewayMs > tenant.now(),
    fail: (code, times = 1) => neighbour.order(...Array<Reply>(times).fill(aadsts(code))),
    enter: (userCode, said = "accept") => {
      const device = tenant.devices.get(userCode);
      if (device) device.answer = said;
    },
    userCodes: () => [...tenant.devices.keys()],
  };
}

function answer(tenant: Tenant, visit: Visit, base: string): Reply {
  const [, id = "", endpoint] = /^\/([^/]+)\/oauth2\/v2\.0\/(token|devicecode)$/.exec(visit.path) ?? [];
  if (endpoint === undefined || visit.method !== "POST") return { status: 404, body: "<html>404</html>" };
  if (!/^[\w.-]+$/.test(id)) return aadsts(900023);
  if (id !== tenant.id) return aadsts(90002);
  const application = tenant.options.applications?.find(
    ({ clientId }) => clientId === visit.form["client_id"],
  );
  if (!application) return aadsts(700016);
  if (endpoint === "devicecode") return newDevice(tenant, visit.form);
  const refusal = unproven(application, visit.form, `${base}${visit.path}`, tenant.now());
  return refusal ?? granted(tenant, application, visit.form);
}

function granted(tenant: Tenant, application: EntraApplication, form: Visit["form"]): Reply {
  const { scope = "" } = form;
  switch (form["grant_type"]) {
    case "client_credentials":
      return scope.endsWith("/.default") ? token(tenant, application) : aadsts(1002012);
    case "refresh_token":
      return tenant.refreshTokens.includes(form["refresh_token"] ?? "")
        ? token(tenant, application, scope)
        : aadsts(70000);
    case "urn:ietf:params:oauth:grant-type:device_code":
      return tokenByDevice(tenant, application, form["device_code"]);
    default:
      return aadsts(70003, "The app returned an unsupported grant type.");
  }
}

/** With `offline_access` comes a refresh token; as at Entra ID, the old one stays good. */
function token(tenant: Tenant, application: EntraApplication, scope = ""): Reply {
  const { lifeSeconds = 3_599, lifeAs = "number" } = tenant.options;
  const expiresOn = Math.floor(tenant.now() / 1_000) + lifeSeconds;
  const access = tenant.sign({
    aud: resource,
    iss: `https://sts.windows.net/${tenant.id}/`,
    tid: tenant.id,
    appid: application.clientId,
    exp: expiresOn,
    uti: randomUUID(),
  });
  tenant.issued.set(access, tenant.now() + lifeSeconds * 1_000);
  const told = {
    number: { expires_in: lifeSeconds, ext_expires_in: lifeSeconds },
    text: { expires_in: String(lifeSeconds), ext_expires_in: String(lifeSeconds) },
    expires_on: { expires_on: String(expiresOn) },
    untold: {},
  };
  const body = { token_type: "Bearer", ...told[lifeAs], access_token: access };
  if (!scope.split(" ").includes("offline_access")) return { status: 200, body };
  const refresh = `0.${randomBytes(48).toString("base64url")}`;
  tenant.refreshTokens.push(refresh);
  return { status: 200, body: { ...body, refresh_token: refresh } };
}

function newDevice(tenant: Tenant, { client_id: clientId = "", scope = "" }: Visit["form"]): Reply {
  const userCode = randomBytes(5).toString("hex").slice(0, 9).toUpperCase();
  const code = randomBytes(48).toString("base64url");
  tenant.devices.set(userCode, {
    code,
    clientId,
    scope,
    expiresAt: tenant.now() + 900_000,
    answer: undefined,
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

function tokenByDevice(tenant: Tenant, application: EntraApplication, code = ""): Reply {
  const [userCode, device] = [...tenant.devices].find(([, { code: known }]) => known === code) ?? [];
  if (!device || userCode === undefined || device.expiresAt < tenant.now()) return aadsts(70020);
  if (device.answer === undefined) return aadsts(70016);
  tenant.devices.delete(userCode);
  if (device.answer === "accept") return token(tenant, application, device.scope);
  return { status: 400, body: { error: "authorization_declined", error_description: "The user declined." } };
}
