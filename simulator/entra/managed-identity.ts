import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type JsonResponse,
  type JsonServer,
  type ReceivedRequest,
  startJsonServer,
} from "../http/json-server.ts";
import { type Claims, createAccessToken, type IssuedToken, sharedSigner } from "./tokens.ts";

type IdentityHost = "machine" | "app-service" | "arc" | "cloud-shell";

interface ManagedIdentityOptions {
  readonly host?: IdentityHost;
  /** The client, object or resource ids of user-assigned identities, beside the system-assigned one. */
  readonly identities?: readonly string[];
  /** The machine has no identity. */
  readonly none?: boolean;
  readonly lifeSeconds?: number;
  /** Where Azure Arc's agent writes the keys of its challenges. */
  readonly tokenFolder?: string;
  readonly now?: () => number;
  readonly port?: number;
  /** Called with each request once it is read. */
  readonly onRequest?: (request: ReceivedRequest) => void;
}

/** The endpoint that issues the tokens of a machine's identity. */
export interface ManagedIdentity extends JsonServer {
  /** What the host sets in the environment. For a machine: the variable that gives Microsoft's libraries another address. */
  readonly env: Readonly<Record<string, string>>;
  readonly issued: readonly string[];
  /** What the resource reads in a token; undefined if it was not issued here. */
  claimsOf(token: string): Claims | undefined;
  isLive(token: string): boolean;
}

interface Secrets {
  readonly header: string;
  readonly arcSecret: string;
}

const versions: Readonly<Record<IdentityHost, readonly (string | null)[]>> = {
  machine: ["2018-02-01"],
  "app-service": ["2019-08-01"],
  // Microsoft's libraries ask for the second.
  arc: ["2019-11-01", "2020-06-01"],
  "cloud-shell": [null],
};

export async function startManagedIdentity(options: ManagedIdentityOptions = {}): Promise<ManagedIdentity> {
  const { host = "machine", now = Date.now } = options;
  const secrets = { header: randomUUID(), arcSecret: randomBytes(24).toString("base64url") };
  const issued = new Map<string, IssuedToken>();
  const server = await startJsonServer((request) => {
    options.onRequest?.(request);
    const errorResponse = validateRequest(request, host, secrets, options);
    if (errorResponse) return errorResponse;
    const { lifeSeconds = 86_399 } = options;
    const expiresOn = Math.floor(now() / 1_000) + lifeSeconds;
    const aud = requestParameter(request, "resource") ?? "";
    const claims = { aud, exp: expiresOn, uti: randomUUID() };
    const token = createAccessToken(sharedSigner(), claims);
    issued.set(token, { expiresAt: expiresOn * 1_000, claims });
    return { status: 200, body: tokenBody(token, { host, expiresOn, lifeSeconds, request }) };
  }, options.port);
  return {
    ...server,
    env: environment(host, server.url, secrets),
    get issued() {
      return [...issued.keys()];
    },
    claimsOf: (token) => issued.get(token)?.claims,
    isLive: (token) => (issued.get(token)?.expiresAt ?? 0) > now(),
  };
}

function requestParameter({ query, form }: ReceivedRequest, name: string): string | undefined {
  return query.get(name) ?? form[name];
}

function environment(host: IdentityHost, url: string, { header }: Secrets): Readonly<Record<string, string>> {
  const path = `${url}/metadata/identity/oauth2/token`;
  switch (host) {
    case "machine":
      return { AZURE_POD_IDENTITY_AUTHORITY_HOST: url };
    case "app-service":
      return { IDENTITY_ENDPOINT: `${url}/msi/token`, IDENTITY_HEADER: header };
    case "arc":
      return { IMDS_ENDPOINT: url, IDENTITY_ENDPOINT: path };
    case "cloud-shell":
      return { MSI_ENDPOINT: `${url}/oauth2/token` };
  }
}

function validateRequest(
  request: ReceivedRequest,
  host: IdentityHost,
  secrets: Secrets,
  options: ManagedIdentityOptions,
): JsonResponse | undefined {
  const { headers, query } = request;
  // A proxy's header means that the request did not come from this machine.
  if (headers["x-forwarded-for"] !== undefined) return { status: 400, body: { error: "invalid_request" } };
  if (host === "app-service" && headers["x-identity-header"] !== secrets.header)
    return { status: 401, body: { statusCode: 401, message: "Unauthorized" } };
  if (host !== "app-service" && headers["metadata"] !== "true")
    return invalidRequest("Required metadata header not specified");
  if (!versions[host].includes(query.get("api-version")))
    return invalidRequest("api-version is not supported");
  if (
    !requestParameter(request, "resource") ||
    /\/\.default$/.test(requestParameter(request, "resource") ?? "")
  )
    return invalidRequest("The resource is not valid");
  if (host === "arc" && headers["authorization"] !== `Basic ${secrets.arcSecret}`)
    return arcChallenge(secrets, options);
  const isKnown = identityParameters
    .flatMap((name) => requestParameter(request, name) ?? [])
    .every((id) => options.identities?.includes(id));
  return options.none || !isKnown ? invalidRequest("Identity not found") : undefined;
}

/** The machine's endpoint has `msi_res_id`, the others `mi_res_id`. */
const identityParameters = ["client_id", "object_id", "msi_res_id", "mi_res_id"];

function invalidRequest(description: string): JsonResponse {
  return { status: 400, body: { error: "invalid_request", error_description: description } };
}

function arcChallenge({ arcSecret }: Secrets, { tokenFolder }: ManagedIdentityOptions): JsonResponse {
  const folder = tokenFolder ?? "/var/opt/azcmagent/tokens";
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${randomUUID()}.key`);
  writeFileSync(path, arcSecret);
  return { status: 401, headers: { "www-authenticate": `Basic realm=${path}` } };
}

interface TokenResponse {
  readonly host: IdentityHost;
  readonly expiresOn: number;
  readonly lifeSeconds: number;
  readonly request: ReceivedRequest;
}

/** All numbers are text; App Service only says when the token expires. */
function tokenBody(
  token: string,
  { host, expiresOn, lifeSeconds, request }: TokenResponse,
): Readonly<Record<string, string>> {
  const resource = requestParameter(request, "resource") ?? "";
  const common = { access_token: token, expires_on: String(expiresOn), resource, token_type: "Bearer" };
  if (host === "app-service") return common;
  return {
    ...common,
    client_id: requestParameter(request, "client_id") ?? randomUUID(),
    expires_in: String(lifeSeconds),
    ext_expires_in: String(lifeSeconds),
    not_before: String(expiresOn - lifeSeconds - 300),
  };
}
