import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoToken } from "./azure-devops/sign-in.ts";
import { serviceAccount } from "./engine/identities.ts";
import { shaFrom } from "./engine/ids.ts";
import { issueCertificate } from "./entra/certificate.ts";
import { type Entra, startEntra } from "./entra/entra.ts";
import { startGitHubOidc } from "./entra/github-oidc.ts";
import { type ManagedIdentity, startManagedIdentity } from "./entra/managed-identity.ts";
import { azureDevOpsResourceId } from "./entra/scope.ts";
import { startGitHub } from "./github/github.ts";
import type { Acceptance, Credential, Identity } from "./options.ts";
import { startSimulator } from "./simulator.ts";

interface AllOptions {
  /** Of Azure DevOps; 0: any free port, which the others always have. */
  readonly port: number;
  readonly speed: number;
  readonly onRequest: (service: string, request: { readonly method: string; readonly path: string }) => void;
}

/** How to reach each service: what `--json` prints. */
export interface AllAddresses {
  readonly azureDevOps: { readonly organization: string; readonly project: string; readonly token: string };
  readonly entra: {
    readonly tokenUrl: string;
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    /** PEM with certificate and key. */
    readonly certificateFile: string;
    /** For device codes. */
    readonly publicClientId: string;
  };
  readonly githubOidc: {
    readonly requestUrl: string;
    readonly requestToken: string;
    readonly subject: string;
  };
  readonly github: { readonly apiUrl: string; readonly repository: string; readonly token: string };
  readonly managedIdentity: { readonly endpoint: string };
  /** The variables that a runner or a machine in Azure would set. */
  readonly env: Readonly<Record<string, string>>;
}

interface AllServices extends AsyncDisposable {
  readonly addresses: AllAddresses;
}

const tenantId = "5a3c1f0e-7b52-4c1d-8e7a-2f60b9d4c301";
const clientId = "5a3c1f0e-7b52-4c1d-8e7a-2f60b9d4c302";
const publicClientId = "5a3c1f0e-7b52-4c1d-8e7a-2f60b9d4c303";
const repository = "octo/shop";
const subject = `repo:${repository}:ref:refs/heads/main`;

/** Starts Azure DevOps and the services around it, configured for each other. */
export async function startAll({ port, speed, onRequest }: AllOptions): Promise<AllServices> {
  await using started = new AsyncDisposableStack();
  const logOf = (service: string) => (request: { readonly method: string; readonly path: string }) =>
    onRequest(service, request);
  const githubOidc = started.adopt(
    await startGitHubOidc({ subject, onRequest: logOf("github-oidc") }),
    (server) => server.close(),
  );
  const clientSecret = `simulator~${randomBytes(15).toString("base64url")}`;
  const { certificate, key } = issueCertificate({
    name: "run-azure-pipeline simulator",
    notAfter: inOneYear(),
  });
  const certificateFile = writeCertificate(started, certificate + key);
  const entra = started.adopt(
    await startEntra({
      tenantId,
      ownDeviceLogin: true,
      applications: [
        {
          clientId,
          implicitGrants: ["id_token", "token"],
          secrets: [{ value: clientSecret }],
          certificates: [certificate],
          credentials: [{ issuer: githubOidc.issuer, subject, publicKey: githubOidc.publicKey }],
        },
        { clientId: publicClientId, isPublic: true, implicitGrants: ["id_token", "token"] },
      ],
      onRequest: logOf("entra"),
    }),
    (server) => server.close(),
  );
  const managedIdentity = started.adopt(
    await startManagedIdentity({ onRequest: logOf("managed-identity") }),
    (server) => server.close(),
  );
  const gitHubToken = `ghs_${randomBytes(18).toString("hex")}`;
  const github = started.use(
    await startGitHub({
      repository,
      branches: { main: headOfMain },
      commits: { [headOfMain]: [] },
      budget: 1_000_000,
      accepts: (token) => token === gitHubToken,
      onRequest: logOf("github"),
    }),
  );
  const azure = started.use(
    await startSimulator({
      port,
      speed,
      tenantId,
      accepts: (credential) => acceptance(credential, entra, managedIdentity),
      identity: (credential) => tokenOwner(credential, entra),
      onRequest: logOf("azure-devops"),
    }),
  );
  const addresses: AllAddresses = {
    azureDevOps: { organization: azure.organization, project: azure.project, token: demoToken },
    entra: {
      tokenUrl: entra.tokenUrl,
      tenantId,
      clientId,
      clientSecret,
      certificateFile,
      publicClientId,
    },
    githubOidc: {
      requestUrl: githubOidc.env.ACTIONS_ID_TOKEN_REQUEST_URL,
      requestToken: githubOidc.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
      subject,
    },
    github: { apiUrl: github.url, repository, token: gitHubToken },
    managedIdentity: { endpoint: `${managedIdentity.url}/metadata/identity/oauth2/token` },
    env: {
      ...githubOidc.env,
      ...managedIdentity.env,
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: repository,
    },
  };
  const running = started.move();
  return { addresses, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** In the repository on GitHub. */
const headOfMain = shaFrom("main");

function inOneYear(): Date {
  return new Date(Date.now() + 365 * 86_400_000);
}

/** In a folder of its own, readable by this user only, removed when the services close. */
function writeCertificate(started: AsyncDisposableStack, pem: string): string {
  const folder = mkdtempSync(join(tmpdir(), "run-azure-pipeline-"));
  started.defer(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "certificate.pem");
  writeFileSync(path, pem, { mode: 0o600 });
  return path;
}

/** Azure DevOps accepts the token of the demonstration and what was issued for it here. */
function acceptance(
  { kind, value }: Credential & { readonly value?: string },
  entra: Entra,
  managedIdentity: ManagedIdentity,
): Acceptance {
  if (kind === "none" || value === undefined) return "no";
  if (value === demoToken) return "yes";
  const issuer = [entra, managedIdentity].find(({ issued }) => issued.includes(value));
  if (kind !== "bearer" || issuer?.claimsOf(value)?.["aud"] !== azureDevOpsResourceId) return "no";
  return issuer.isLive(value) ? "yes" : "expired";
}

/** Runs belong to the identity that the token was issued for. */
function tokenOwner(credential: Credential, entra: Entra): Identity {
  const claims = credential.kind === "bearer" ? entra.claimsOf(credential.value) : undefined;
  const { oid, name, upn, appid } = claims ?? {};
  if (typeof oid === "string") return { id: oid, displayName: String(name), uniqueName: String(upn) };
  if (typeof appid === "string")
    return { id: appid, displayName: "run-azure-pipeline (application)", uniqueName: appid };
  return serviceAccount;
}
