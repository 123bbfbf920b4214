import { createHash, X509Certificate } from "node:crypto";
import { issueCertificate } from "../../simulator/entra/certificate.ts";
import { startEntra } from "../../simulator/entra/entra.ts";
import { startGitHubOidc } from "../../simulator/entra/github-oidc.ts";

export const tenantId = "72f988bf-0000-4000-8000-000000000001";
export const clientId = "1b2c3d4e-0000-4000-8000-000000000002";
/** An application that trusts another branch. */
export const otherBranchClientId = "1b2c3d4e-0000-4000-8000-000000000004";
export const publicClientId = "1b2c3d4e-0000-4000-8000-000000000003";
export const secret = "aB3~client.secret/of+the&application";
export const scope = "499b84ac-1321-427f-aa17-267ca6975798/.default";
const subject = "repo:octo/shop:ref:refs/heads/main";
export const redirectUri = "http://localhost/callback";

/** A tenant with an application that has every kind of credential, a public client, and GitHub as the trusted issuer. */
export async function startTenant() {
  const github = await startGitHubOidc({ subject });
  const certificate = issueCertificate({ name: "registered" });
  const credentials = [{ issuer: github.issuer, subject, publicKey: github.publicKey }];
  const application = {
    clientId,
    secrets: [{ value: secret }, { value: "expired", expired: true }],
    certificates: [certificate.certificate],
    credentials,
    redirectUris: [redirectUri],
  };
  const applications = [
    application,
    { clientId: publicClientId, isPublic: true, redirectUris: [redirectUri, "http://localhost"] },
    { clientId: otherBranchClientId, credentials: [{ issuer: github.issuer, subject: `${subject}-2` }] },
  ];
  const entra = await startEntra({ tenantId, applications, publicUrl: "https://login.microsoftonline.com" });
  return {
    entra,
    certificate,
    /** GitHub's OIDC token of a job, for `audience`. */
    gitHubToken: async (audience = "api://AzureADTokenExchange"): Promise<string> => {
      const url = `${github.env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${encodeURIComponent(audience)}`;
      const authorization = `Bearer ${github.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
      const response = await fetch(url, { headers: { authorization } });
      return ((await response.json()) as { value: string }).value;
    },
    close: async () => {
      await Promise.all([entra.close(), github.close()]);
    },
  };
}

/** Hexadecimal, as Microsoft's libraries expect it. */
export function hexThumbprint(certificate: string, algorithm: "sha1" | "sha256"): string {
  return createHash(algorithm).update(new X509Certificate(certificate).raw).digest("hex");
}

/** The simulator's URL for an Entra ID URL: the libraries require Entra ID's host. */
export function rewriteHost(address: string, simulatorUrl: string): string {
  const { pathname, search } = new URL(address);
  return `${simulatorUrl}${pathname}${search}`;
}

/** The parameters that the authorize endpoint sends to the redirect URI. */
export async function followAuthorize(address: string, simulatorUrl: string): Promise<URLSearchParams> {
  const response = await fetch(rewriteHost(address, simulatorUrl), { redirect: "manual" });
  return new URL(response.headers.get("location") ?? "").searchParams;
}

/** Submits the form of the authorize endpoint's page, as a browser does with `response_mode=form_post`. */
export async function postAuthorizeForm(address: string, simulatorUrl: string): Promise<void> {
  const html = await (await fetch(rewriteHost(address, simulatorUrl))).text();
  const action = /action="([^"]+)"/.exec(html)?.[1] ?? "";
  const inputs = [...html.matchAll(/name="([^"]+)" value="([^"]*)"/g)];
  const body = new URLSearchParams();
  for (const [, name = "", value = ""] of inputs) body.set(name, value);
  await fetch(action, { method: "POST", body });
}
