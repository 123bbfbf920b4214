import { isHttpLoopback } from "../lib/url.ts";

export const authChoices = [
  "auto",
  "token",
  "client-secret",
  "client-certificate",
  "github-oidc",
  "refresh-token",
  "managed-identity",
  "azure-cli",
  "device-code",
  "azure-devops-oauth",
] as const;

type AuthChoice = (typeof authChoices)[number];

/** The sign-in inputs: trimmed, undefined if blank. */
export interface SignInInputs {
  readonly auth: AuthChoice;
  readonly token?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly redirectUri?: string | undefined;
  readonly tokenUrl?: string | undefined;
  readonly scope?: string | undefined;
}

/** An application, its token endpoint and its scope. */
export interface Application {
  readonly clientId: string;
  readonly tokenUrl: string;
  readonly scope: string;
}

/** A credential with all its settings. */
export type CredentialConfig =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "client-secret"; readonly application: Application; readonly secret: string }
  | { readonly kind: "client-certificate"; readonly application: Application; readonly pem: string }
  | { readonly kind: "github-oidc"; readonly application: Application }
  | RefreshTokenConfig
  | ManagedIdentityConfig
  | { readonly kind: "azure-cli"; readonly scope: string; readonly tenantId: string | undefined }
  | { readonly kind: "device-code"; readonly application: Application; readonly deviceCodeUrl: string }
  | AzureDevOpsOAuthConfig;

export interface RefreshTokenConfig {
  readonly kind: "refresh-token";
  readonly application: Application;
  readonly refreshToken: string;
  /** Of a confidential application, which needs it to refresh. */
  readonly secret: string | undefined;
}

export interface ManagedIdentityConfig {
  readonly kind: "managed-identity";
  readonly scope: string;
  /** Of a user-assigned identity. */
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  readonly tokenUrl: string | undefined;
}

export interface AzureDevOpsOAuthConfig {
  readonly kind: "azure-devops-oauth";
  readonly tokenUrl: string;
  readonly secret: string;
  readonly refreshToken: string;
  readonly redirectUri: string;
}

export type CredentialKind = CredentialConfig["kind"];

type CredentialConfigResult =
  | { readonly config: CredentialConfig }
  | { readonly problems: readonly string[] };

/** The application id of Azure DevOps itself, in every tenant. */
export const azureDevOpsAppId = "499b84ac-1321-427f-aa17-267ca6975798";

export const azureDevOpsScope = `${azureDevOpsAppId}/.default`;

const legacyTokenUrl = "https://app.vssps.visualstudio.com/oauth2/token";

/** The credential that the inputs describe, or all mistakes in them, each naming its input. */
export function parseCredentialConfig(inputs: SignInInputs): CredentialConfigResult {
  const selected = inputs.auth === "auto" ? detectCredentialKind(inputs) : { kind: inputs.auth };
  const problems = ["problem" in selected ? selected.problem : undefined, ...validateSignInInputs(inputs)];
  if ("kind" in selected) {
    problems.push(...missingInputs(selected.kind, inputs));
    if (inputs.redirectUri !== undefined && selected.kind !== "azure-devops-oauth") {
      problems.push("redirect-uri: can only be used with `auth: azure-devops-oauth`; set that, or remove it");
    }
    if (
      selected.kind === "device-code" &&
      inputs.tokenUrl !== undefined &&
      !/\/token$/.test(inputs.tokenUrl)
    ) {
      problems.push(
        "token-url: must end in `/token` for `auth: device-code`, which requests the code from `/devicecode` instead",
      );
    }
  }
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0 || !("kind" in selected)) return { problems: found };
  return { config: createCredentialConfig(selected.kind, inputs) };
}

const credentialInputs = [
  { kind: "token", input: "token", key: "token" },
  { kind: "client-secret", input: "client-secret", key: "clientSecret" },
  { kind: "client-certificate", input: "client-certificate", key: "clientCertificate" },
  { kind: "refresh-token", input: "refresh-token", key: "refreshToken" },
] as const;

function detectCredentialKind(
  inputs: SignInInputs,
): { readonly kind: CredentialKind } | { readonly problem: string } {
  const given = credentialInputs.filter(({ key }) => inputs[key] !== undefined);
  const [first, ...others] = given;
  if (others.length > 0) {
    const names = given.map(({ input }) => `\`${input}\``).join(" and ");
    // Two credential kinds need both a client secret and a refresh token, so this pair is ambiguous.
    return {
      problem: `auth: ${names} were given together; set \`auth\` to one of the kinds, or remove the others`,
    };
  }
  const ids = givenIdentifiers(inputs);
  if (first?.kind === "token" && ids.length > 0) {
    return {
      problem: `auth: \`token\` was given together with ${ids.map((id) => `\`${id}\``).join(" and ")}, which a token does not need; set \`auth\`, or remove the others`,
    };
  }
  if (first) return { kind: first.kind };
  if (ids.length > 0) return { kind: "github-oidc" };
  return {
    problem:
      "auth: no credential was given; set `tenant-id` and `client-id` to sign in with OIDC, or set `token`",
  };
}

function givenIdentifiers(inputs: SignInInputs): readonly string[] {
  const ids = { "tenant-id": inputs.tenantId, "client-id": inputs.clientId, "token-url": inputs.tokenUrl };
  return Object.entries(ids).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

/** Inputs that each credential kind needs. A `token-url` replaces the tenant. */
function missingInputs(kind: CredentialKind, inputs: SignInInputs): readonly string[] {
  const tenant = { "tenant-id": inputs.tenantId ?? inputs.tokenUrl, "client-id": inputs.clientId };
  const needs: Record<CredentialKind, Readonly<Record<string, string | undefined>>> = {
    token: { token: inputs.token },
    "client-secret": { ...tenant, "client-secret": inputs.clientSecret },
    "client-certificate": { ...tenant, "client-certificate": inputs.clientCertificate },
    "github-oidc": tenant,
    "refresh-token": { ...tenant, "refresh-token": inputs.refreshToken },
    "managed-identity": {},
    "azure-cli": {},
    "device-code": tenant,
    "azure-devops-oauth": {
      "client-secret": inputs.clientSecret,
      "refresh-token": inputs.refreshToken,
      "redirect-uri": inputs.redirectUri,
    },
  };
  const how =
    inputs.auth === "auto" ? `for \`${kind}\`, which the other inputs imply` : `for \`auth: ${kind}\``;
  return Object.entries(needs[kind]).flatMap(([name, value]) =>
    value === undefined ? [`${name}: is required ${how}`] : [],
  );
}

/** Mistakes in single inputs, regardless of the credential kind. */
export function validateSignInInputs(inputs: Omit<SignInInputs, "auth">): readonly string[] {
  const found = [
    inputs.token === undefined ? undefined : tokenProblem(inputs.token),
    inputs.tenantId === undefined || /^[a-z0-9][a-z0-9.-]*$/i.test(inputs.tenantId)
      ? undefined
      : `tenant-id: expected the tenant's GUID or domain name, got "${inputs.tenantId}"`,
    inputs.tokenUrl === undefined ? undefined : tokenUrlProblem(inputs.tokenUrl),
  ];
  return found.filter((problem) => problem !== undefined);
}

// The messages don't quote the value, since it is a secret.
function tokenProblem(token: string): string | undefined {
  if (/^\s*(gh[a-z]_|github_pat_)/.test(token)) {
    return "token: this is a GitHub token; Azure DevOps needs a token of its own (a personal access token, or an access token of Microsoft Entra ID)";
  }
  if (/^(?:bearer|basic)\s/i.test(token)) return "token: set only the token, without `Bearer` or `Basic`";
  if (/\s/.test(token.trim())) return "token: contains white space; store it again, as one line";
  return undefined;
}

function tokenUrlProblem(raw: string): string | undefined {
  const url = URL.parse(raw);
  if (!url)
    return `token-url: expected a URL such as https://login.microsoftonline.us/{tenant-id}/oauth2/v2.0/token, got "${raw}"`;
  if (url.username !== "" || url.password !== "")
    return "token-url: must not contain a user name or password";
  if (url.protocol === "https:" || isHttpLoopback(url)) return undefined;
  return `token-url: must be https, to protect the secret (http is allowed for this machine only), got "${raw}"`;
}

/** The token endpoint of an Entra ID tenant. */
export function entraTokenUrl(tenantId: string, authority = "https://login.microsoftonline.com"): string {
  return `${authority.replace(/\/+$/, "")}/${tenantId}/oauth2/v2.0/token`;
}

/** The resource of a scope, for endpoints that take a resource: `X` for `X/.default`. */
export function scopeResource(scope: string): string {
  const [first = scope] = scope.split(/\s+/);
  return first.replace(/\/\.default$/, "");
}

function createCredentialConfig(kind: CredentialKind, inputs: SignInInputs): CredentialConfig {
  const { tenantId, clientId, clientSecret: secret = "", refreshToken = "" } = inputs;
  const scope = inputs.scope ?? azureDevOpsScope;
  const tokenUrl = inputs.tokenUrl ?? entraTokenUrl(tenantId ?? "");
  const application = { clientId: clientId ?? "", tokenUrl, scope };
  switch (kind) {
    case "token":
      return { kind, token: inputs.token?.trim() ?? "" };
    case "client-secret":
      return { kind, application, secret };
    case "client-certificate":
      return { kind, application, pem: inputs.clientCertificate ?? "" };
    case "github-oidc":
      return { kind, application };
    case "refresh-token":
      return { kind, application, refreshToken, secret: inputs.clientSecret };
    case "managed-identity":
      return { kind, scope, clientId, tenantId, tokenUrl: inputs.tokenUrl };
    case "azure-cli":
      return { kind, scope, tenantId };
    case "device-code":
      return { kind, application, deviceCodeUrl: tokenUrl.replace(/\/token$/, "/devicecode") };
    case "azure-devops-oauth":
      return {
        kind,
        tokenUrl: inputs.tokenUrl ?? legacyTokenUrl,
        secret,
        refreshToken,
        redirectUri: inputs.redirectUri ?? "",
      };
  }
}
