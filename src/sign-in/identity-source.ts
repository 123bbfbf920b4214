import { ActionError } from "../errors.ts";
import { requestMs } from "./granted.ts";

/** Where this machine hands out its identity's tokens, and how it wants to be asked. */
export interface IdentitySource {
  readonly kind: "app-service" | "service-fabric" | "cloud-shell" | "arc" | "machine";
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** SHA-1 of the certificate that its server shows. */
  readonly thumbprint?: string;
}

interface Wanted {
  readonly resource: string;
  readonly clientId: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const metadata = { Metadata: "true" };
const arcEndpoint = "http://127.0.0.1:40342/metadata/identity/oauth2/token";
// An address that leads nowhere outside Azure: nobody should wait long for it.
const machineMs = 5_000;

/** Told apart by their environment, in the order of Microsoft's own libraries; Arc by its agent's program, too. */
export function identitySource(wanted: Wanted, env: Environment, hasArcAgent = false): IdentitySource {
  const endpoint = env["IDENTITY_ENDPOINT"];
  const header = env["IDENTITY_HEADER"];
  const thumbprint = env["IDENTITY_SERVER_THUMBPRINT"];
  if (endpoint && header && thumbprint) return serviceFabric(wanted, { endpoint, header, thumbprint });
  if (endpoint && header) return appService(wanted, endpoint, header);
  if (env["MSI_ENDPOINT"] && !endpoint) return cloudShell(wanted, env["MSI_ENDPOINT"]);
  if (env["IMDS_ENDPOINT"] || endpoint) return arc(wanted, endpoint ?? arcEndpoint);
  const standIn = env["AZURE_POD_IDENTITY_AUTHORITY_HOST"];
  if (hasArcAgent && !standIn) return arc(wanted, arcEndpoint);
  return machine(wanted, standIn ?? "http://169.254.169.254");
}

function appService({ resource, clientId }: Wanted, endpoint: string, header: string): IdentitySource {
  return {
    kind: "app-service",
    name: "App Service",
    method: "GET",
    url: withQuery(endpoint, { "api-version": "2019-08-01", resource, client_id: clientId }),
    headers: { "X-IDENTITY-HEADER": header },
    timeoutMs: requestMs,
  };
}

function cloudShell({ resource, clientId }: Wanted, endpoint: string): IdentitySource {
  if (clientId !== undefined) throw onlyItsOwn("Cloud Shell");
  return {
    kind: "cloud-shell",
    name: "Cloud Shell",
    method: "POST",
    url: endpoint,
    headers: { ...metadata, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ resource }).toString(),
    timeoutMs: requestMs,
  };
}

function arc({ resource, clientId }: Wanted, endpoint: string): IdentitySource {
  if (clientId !== undefined) throw onlyItsOwn("Azure Arc");
  return {
    kind: "arc",
    name: "Azure Arc",
    method: "GET",
    url: withQuery(endpoint, { "api-version": "2019-11-01", resource }),
    headers: metadata,
    timeoutMs: requestMs,
  };
}

function machine({ resource, clientId }: Wanted, host: string): IdentitySource {
  const endpoint = `${host.replace(/\/+$/, "")}/metadata/identity/oauth2/token`;
  return {
    kind: "machine",
    name: "virtual machine",
    method: "GET",
    url: withQuery(endpoint, { "api-version": "2018-02-01", resource, client_id: clientId }),
    headers: metadata,
    timeoutMs: machineMs,
  };
}

function withQuery(endpoint: string, query: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

function onlyItsOwn(where: string): ActionError {
  return new ActionError("bad-input", `client-id: ${where} knows only the machine's own identity.`, {
    hint: "Leave `client-id` blank.",
  });
}

interface Fabric {
  readonly endpoint: string;
  readonly header: string;
  readonly thumbprint: string;
}

// https://learn.microsoft.com/azure/service-fabric/how-to-managed-identity-service-fabric-app-code
function serviceFabric(
  { resource, clientId }: Wanted,
  { endpoint, header, thumbprint }: Fabric,
): IdentitySource {
  if (clientId !== undefined) throw onlyItsOwn("Service Fabric");
  return {
    kind: "service-fabric",
    name: "Service Fabric",
    method: "GET",
    url: withQuery(endpoint, { "api-version": "2019-07-01-preview", resource }),
    headers: { secret: header },
    timeoutMs: requestMs,
    thumbprint,
  };
}
