import { existsSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { ActionError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { tokenRequestTimeoutMs } from "../access-token.ts";

/** The endpoint for tokens of this machine's identity, and its request. */
export interface ManagedIdentityEndpoint {
  readonly kind: "app-service" | "service-fabric" | "cloud-shell" | "arc" | "imds";
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** The SHA-1 thumbprint of its server's certificate. */
  readonly thumbprint?: string;
}

interface ManagedIdentityRequest {
  readonly resource: string;
  readonly clientId: string | undefined;
}

type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

const metadataHeader = { Metadata: "true" };

const defaultArcUrl = "http://127.0.0.1:40342/metadata/identity/oauth2/token";

// The address does not exist outside Azure, so its timeout is short.
const imdsTimeoutMs = 5_000;

/** Detects the endpoint from the environment, in the order of Microsoft's own libraries, and Arc also by its agent's program. */
export function managedIdentityEndpoint(
  request: ManagedIdentityRequest,
  env: EnvironmentVariables,
  isArcInstalled = false,
): ManagedIdentityEndpoint {
  const endpoint = env["IDENTITY_ENDPOINT"];
  const header = env["IDENTITY_HEADER"];
  const thumbprint = env["IDENTITY_SERVER_THUMBPRINT"];
  if (endpoint && header && thumbprint) return serviceFabric(request, { endpoint, header, thumbprint });
  if (endpoint && header) return appService(request, endpoint, header);
  if (env["MSI_ENDPOINT"] && !endpoint) return cloudShell(request, env["MSI_ENDPOINT"]);
  if (env["IMDS_ENDPOINT"] || endpoint) return azureArc(request, endpoint ?? defaultArcUrl);
  const podIdentityHost = env["AZURE_POD_IDENTITY_AUTHORITY_HOST"];
  if (isArcInstalled && !podIdentityHost) return azureArc(request, defaultArcUrl);
  return imds(request, podIdentityHost ?? "http://169.254.169.254");
}

function appService(
  { resource, clientId }: ManagedIdentityRequest,
  endpoint: string,
  header: string,
): ManagedIdentityEndpoint {
  return {
    kind: "app-service",
    name: "App Service",
    method: "GET",
    url: withQuery(endpoint, { "api-version": "2019-08-01", resource, client_id: clientId }),
    headers: { "X-IDENTITY-HEADER": header },
    timeoutMs: tokenRequestTimeoutMs,
  };
}

function cloudShell(
  { resource, clientId }: ManagedIdentityRequest,
  endpoint: string,
): ManagedIdentityEndpoint {
  if (clientId !== undefined) throw noUserAssignedIdentity("Cloud Shell");
  return {
    kind: "cloud-shell",
    name: "Cloud Shell",
    method: "POST",
    url: endpoint,
    headers: { ...metadataHeader, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ resource }).toString(),
    timeoutMs: tokenRequestTimeoutMs,
  };
}

function azureArc({ resource, clientId }: ManagedIdentityRequest, endpoint: string): ManagedIdentityEndpoint {
  if (clientId !== undefined) throw noUserAssignedIdentity("Azure Arc");
  return {
    kind: "arc",
    name: "Azure Arc",
    method: "GET",
    url: withQuery(endpoint, { "api-version": "2019-11-01", resource }),
    headers: metadataHeader,
    timeoutMs: tokenRequestTimeoutMs,
  };
}

function imds({ resource, clientId }: ManagedIdentityRequest, host: string): ManagedIdentityEndpoint {
  const endpoint = `${host.replace(/\/+$/, "")}/metadata/identity/oauth2/token`;
  return {
    kind: "imds",
    name: "virtual machine",
    method: "GET",
    url: withQuery(endpoint, { "api-version": "2018-02-01", resource, client_id: clientId }),
    headers: metadataHeader,
    timeoutMs: imdsTimeoutMs,
  };
}

function withQuery(endpoint: string, query: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

function noUserAssignedIdentity(service: string): ActionError {
  return new ActionError("bad-input", `client-id: ${service} does not support user-assigned identities.`, {
    hint: "Leave `client-id` blank.",
  });
}

interface ServiceFabricVariables {
  readonly endpoint: string;
  readonly header: string;
  readonly thumbprint: string;
}

// https://learn.microsoft.com/azure/service-fabric/how-to-managed-identity-service-fabric-app-code
function serviceFabric(
  { resource, clientId }: ManagedIdentityRequest,
  { endpoint, header, thumbprint }: ServiceFabricVariables,
): ManagedIdentityEndpoint {
  if (clientId !== undefined) throw noUserAssignedIdentity("Service Fabric");
  return {
    kind: "service-fabric",
    name: "Service Fabric",
    method: "GET",
    url: withQuery(endpoint, { "api-version": "2019-07-01-preview", resource }),
    headers: { secret: header },
    timeoutMs: tokenRequestTimeoutMs,
    thumbprint,
  };
}

/** The folders of the Arc agent's challenge files. Files elsewhere are not read. */
const challengeFolders: Readonly<Record<string, string | undefined>> = {
  linux: "/var/opt/azcmagent/tokens",
  win32: `${process.env["ProgramData"] ?? "C:\\ProgramData"}\\AzureConnectedMachineAgent\\Tokens`,
};

const maxChallengeFileBytes = 4_096;

const agentPrograms: Readonly<Record<string, string | undefined>> = {
  linux: "/opt/azcmagent/bin/himds",
  win32: `${process.env["ProgramFiles"] ?? "C:\\Program Files"}\\AzureConnectedMachineAgent\\himds.exe`,
};

interface ChallengeDeps {
  send(endpoint: ManagedIdentityEndpoint): Promise<HttpResponse>;
  mask(secret: string): void;
}

/** Whether the Arc agent is installed: its variables are not set for every process. */
export function hasArcAgent(program = agentPrograms[process.platform]): boolean {
  return program !== undefined && existsSync(program);
}

/**
 * Arc first returns the name of a file that only members of its group can read, whose content is the password.
 * https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export async function answerChallenge(
  endpoint: ManagedIdentityEndpoint,
  challenge: HttpResponse,
  { send, mask }: ChallengeDeps,
  folder = challengeFolders[process.platform],
): Promise<HttpResponse> {
  const path = /^Basic realm=(.+)$/i
    .exec(challenge.headers["www-authenticate"] ?? "")?.[1]
    ?.replaceAll('"', "")
    .trim();
  if (path === undefined) throw unexpectedChallenge("sent a challenge without the name of a file");
  const challengeSecret = await readChallengeFile(path, folder);
  if (challengeSecret !== "") mask(challengeSecret);
  return send({ ...endpoint, headers: { ...endpoint.headers, Authorization: `Basic ${challengeSecret}` } });
}

async function readChallengeFile(path: string, folder: string | undefined): Promise<string> {
  try {
    const realFile = await realpath(path);
    if (
      folder === undefined ||
      dirname(realFile) !== (await realpath(folder)) ||
      extname(realFile) !== ".key"
    ) {
      throw unexpectedChallenge("named a challenge file outside its own folder");
    }
    if ((await stat(realFile)).size > maxChallengeFileBytes)
      throw unexpectedChallenge("named a challenge file that is too large");
    return (await readFile(realFile, "utf8")).trim();
  } catch (error) {
    if (error instanceof ActionError) throw error;
    throw new ActionError("unauthorized", "The challenge file of the Azure Arc agent could not be read.", {
      hint: "Add the runner's user to the group `himds` (on Windows: `Hybrid agent extension applications`).",
      cause: error,
    });
  }
}

function unexpectedChallenge(problem: string): ActionError {
  return new ActionError("unauthorized", `The Azure Arc agent ${problem}.`, {
    hint: "Check that IDENTITY_ENDPOINT is the URL of the Azure Arc agent.",
  });
}
