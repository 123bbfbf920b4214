import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Neighbour, type Reply, startNeighbour, type Visit } from "./neighbour.ts";
import { sharedSigner } from "./tokens.ts";

type IdentityHost = "machine" | "app-service" | "arc" | "cloud-shell";

interface ManagedIdentityOptions {
  readonly host?: IdentityHost;
  /** User-assigned identities; the system's own is always there. */
  readonly clientIds?: readonly string[];
  /** Nobody assigned any. */
  readonly none?: boolean;
  readonly lifeSeconds?: number;
  /** Where Arc leaves its proofs. */
  readonly tokenFolder?: string;
  readonly now?: () => number;
  readonly port?: number;
}

/** What hands out the tokens of a machine's identity. */
export interface ManagedIdentity extends Neighbour {
  /** What the host puts into the environment. For a machine the stand-in that Microsoft's own libraries know. */
  readonly env: Readonly<Record<string, string>>;
  readonly issued: readonly string[];
  isLive(token: string): boolean;
}

interface Secrets {
  readonly header: string;
  readonly proof: string;
}

const versions: Readonly<Record<IdentityHost, readonly (string | null)[]>> = {
  machine: ["2018-02-01"],
  "app-service": ["2019-08-01"],
  // The second is what Microsoft's own libraries ask for by now.
  arc: ["2019-11-01", "2020-06-01"],
  "cloud-shell": [null],
};

export async function startManagedIdentity(options: ManagedIdentityOptions = {}): Promise<ManagedIdentity> {
  const { host = "machine", now = Date.now } = options;
  const secrets = { header: randomUUID(), proof: randomBytes(24).toString("base64url") };
  const issued = new Map<string, number>();
  const { sign } = sharedSigner();
  const neighbour = await startNeighbour((visit) => {
    const refusal = refusalOf(visit, host, secrets, options);
    if (refusal) return refusal;
    const { lifeSeconds = 86_399 } = options;
    const expiresOn = Math.floor(now() / 1_000) + lifeSeconds;
    const token = sign({ aud: askedFor(visit, "resource"), exp: expiresOn, uti: randomUUID() });
    issued.set(token, expiresOn * 1_000);
    return { status: 200, body: bodyOf(token, { host, expiresOn, lifeSeconds, visit }) };
  }, options.port);
  return {
    ...neighbour,
    env: environment(host, neighbour.url, secrets),
    get issued() {
      return [...issued.keys()];
    },
    isLive: (token) => (issued.get(token) ?? 0) > now(),
  };
}

function askedFor({ query, form }: Visit, name: string): string | undefined {
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

function refusalOf(
  visit: Visit,
  host: IdentityHost,
  secrets: Secrets,
  options: ManagedIdentityOptions,
): Reply | undefined {
  const { headers, query } = visit;
  // A proxy's header means that the request did not come from this machine.
  if (headers["x-forwarded-for"] !== undefined) return { status: 400, body: { error: "invalid_request" } };
  if (host === "app-service" && headers["x-identity-header"] !== secrets.header)
    return { status: 401, body: { statusCode: 401, message: "Unauthorized" } };
  if (host !== "app-service" && headers["metadata"] !== "true")
    return invalid("Required metadata header not specified");
  if (!versions[host].includes(query.get("api-version"))) return invalid("api-version is not supported");
  if (!askedFor(visit, "resource") || /\/\.default$/.test(askedFor(visit, "resource") ?? ""))
    return invalid("The resource is not valid");
  if (host === "arc" && headers["authorization"] !== `Basic ${secrets.proof}`)
    return challenge(secrets, options);
  const clientId = askedFor(visit, "client_id");
  const isKnown = clientId === undefined || (options.clientIds ?? []).includes(clientId);
  return options.none || !isKnown ? invalid("Identity not found") : undefined;
}

function invalid(words: string): Reply {
  return { status: 400, body: { error: "invalid_request", error_description: words } };
}

function challenge({ proof }: Secrets, { tokenFolder }: ManagedIdentityOptions): Reply {
  const folder = tokenFolder ?? "/var/opt/azcmagent/tokens";
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${randomUUID()}.key`);
  writeFileSync(path, proof);
  return { status: 401, headers: { "www-authenticate": `Basic realm=${path}` } };
}

interface Granted {
  readonly host: IdentityHost;
  readonly expiresOn: number;
  readonly lifeSeconds: number;
  readonly visit: Visit;
}

/** All numbers are text; App Service tells only when it ends. */
function bodyOf(
  token: string,
  { host, expiresOn, lifeSeconds, visit }: Granted,
): Readonly<Record<string, string>> {
  const resource = askedFor(visit, "resource") ?? "";
  const common = { access_token: token, expires_on: String(expiresOn), resource, token_type: "Bearer" };
  if (host === "app-service") return common;
  return {
    ...common,
    client_id: askedFor(visit, "client_id") ?? randomUUID(),
    expires_in: String(lifeSeconds),
    ext_expires_in: String(lifeSeconds),
    not_before: String(expiresOn - lifeSeconds - 300),
  };
}
