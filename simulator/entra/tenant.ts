import { randomBytes, randomUUID } from "node:crypto";
import type { JsonResponse } from "../http/json-server.ts";
import type { EntraApplication } from "./client-authentication.ts";
import { aadsts } from "./entra-errors.ts";
import type { RequestedScope } from "./scope.ts";
import { createAccessToken, type IssuedToken, type Signer, sharedSigner } from "./tokens.ts";

export interface TenantOptions {
  readonly tenantId?: string;
  readonly applications?: readonly EntraApplication[];
  /** How long access tokens are valid; 3599 s if not given. */
  readonly lifeSeconds?: number;
  /** How a response states that. */
  readonly lifeAs?: "number" | "text" | "expires_on" | "omitted";
  /** The tenant admits GitHub's tokens only with one of these `enterprise` claims (else 7002381). */
  readonly enterprises?: readonly string[];
  /** Application ID URIs that tokens are issued for, besides Azure DevOps and Microsoft's best-known ones. */
  readonly resources?: readonly string[];
  readonly now?: () => number;
}

interface DeviceFlow {
  readonly code: string;
  readonly clientId: string;
  readonly scope: string;
  readonly expiresAt: number;
  decision: "accept" | "decline" | undefined;
}

/** What an authorization code stands for. */
export interface Authorization {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly codeChallengeMethod: string;
  readonly expiresAt: number;
  isRedeemed: boolean;
}

export interface Tenant {
  readonly id: string;
  readonly options: TenantOptions;
  readonly now: () => number;
  /** Access tokens. */
  readonly issued: Map<string, IssuedToken>;
  readonly refreshTokens: string[];
  /** What refresh tokens were issued for. */
  readonly refreshScopes: Map<string, string>;
  /** By user code. */
  readonly devices: Map<string, DeviceFlow>;
  /** By code. */
  readonly authorizations: Map<string, Authorization>;
  /** By client id. */
  readonly assertionCounts: Map<string, number>;
  readonly signer: Signer;
}

export function createTenant(options: TenantOptions): Tenant {
  return {
    id: options.tenantId ?? randomUUID(),
    options,
    now: options.now ?? Date.now,
    issued: new Map(),
    refreshTokens: (options.applications ?? []).flatMap(({ refreshTokens = [] }) => refreshTokens),
    refreshScopes: new Map(),
    devices: new Map(),
    authorizations: new Map(),
    assertionCounts: new Map(),
    signer: sharedSigner(),
  };
}

export function findApplication(tenant: Tenant, clientId: string | undefined): EntraApplication | undefined {
  return tenant.options.applications?.find((application) => application.clientId === clientId);
}

/** The one user of the tenant, who is always signed in. */
export const user = {
  id: "3f6f3c1c-0d52-4b6e-9c1a-7d0c5d0f6a11",
  name: "Robin Example",
  username: "robin@contoso.example",
};

/** Base64url JSON that identifies an account to Microsoft's libraries. */
export function clientInfo(tenant: Tenant): string {
  return Buffer.from(JSON.stringify({ uid: user.id, utid: tenant.id })).toString("base64url");
}

interface Grant {
  readonly application: EntraApplication;
  readonly scope: RequestedScope;
  /** Absent for an application's own token. */
  readonly user?: {
    /** Of the id token. */
    readonly issuer: string;
    readonly nonce?: string | undefined;
    readonly wantsClientInfo: boolean;
  };
}

/** With `offline_access` a refresh token is issued too; as at Entra ID, the old one stays valid. */
export function issueTokens(tenant: Tenant, grant: Grant): JsonResponse {
  const { application, scope } = grant;
  if (application.refusedWith !== undefined) return aadsts(application.refusedWith);
  const { lifeSeconds = 3_599, lifeAs = "number" } = tenant.options;
  const expiresOn = Math.floor(tenant.now() / 1_000) + lifeSeconds;
  const claims = accessTokenClaims(tenant, grant, expiresOn);
  const accessToken = createAccessToken(tenant.signer, claims);
  tenant.issued.set(accessToken, { expiresAt: tenant.now() + lifeSeconds * 1_000, claims });
  const lifetimeFields = {
    number: { expires_in: lifeSeconds, ext_expires_in: lifeSeconds },
    text: { expires_in: String(lifeSeconds), ext_expires_in: String(lifeSeconds) },
    expires_on: { expires_on: String(expiresOn) },
    omitted: {},
  };
  return {
    status: 200,
    body: {
      token_type: "Bearer",
      ...(grant.user && { scope: scope.granted }),
      ...lifetimeFields[lifeAs],
      access_token: accessToken,
      ...(grant.user && userFields(tenant, grant, grant.user)),
    },
  };
}

function accessTokenClaims(tenant: Tenant, { application, scope, user: signedIn }: Grant, expiresOn: number) {
  const issuedAt = Math.floor(tenant.now() / 1_000);
  return {
    aud: scope.resource,
    iss: `https://sts.windows.net/${tenant.id}/`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: expiresOn,
    tid: tenant.id,
    appid: application.clientId,
    ...(signedIn
      ? { oid: user.id, name: user.name, upn: user.username, scp: "user_impersonation", idtyp: "user" }
      : { idtyp: "app" }),
    uti: randomUUID(),
    ver: "1.0",
  };
}

function userFields(
  tenant: Tenant,
  { application, scope }: Grant,
  { issuer, nonce, wantsClientInfo }: NonNullable<Grant["user"]>,
) {
  const refreshToken = scope.has("offline_access") ? createRefreshToken(tenant, scope) : undefined;
  return {
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(scope.has("openid") && { id_token: createIdToken(tenant, { application, scope, issuer, nonce }) }),
    ...((wantsClientInfo || (scope.has("openid") && scope.has("profile"))) && {
      client_info: clientInfo(tenant),
    }),
  };
}

function createRefreshToken(tenant: Tenant, scope: RequestedScope): string {
  const token = `0.${randomBytes(48).toString("base64url")}`;
  tenant.refreshTokens.push(token);
  tenant.refreshScopes.set(token, `${scope.granted} offline_access`);
  return token;
}

interface IdTokenRequest {
  readonly application: EntraApplication;
  readonly scope: RequestedScope;
  readonly issuer: string;
  readonly nonce: string | undefined;
  /** `c_hash` and `at_hash`, of what is issued beside it. */
  readonly hashes?: Readonly<Record<string, string>>;
}

export function createIdToken(
  tenant: Tenant,
  { application, scope, issuer, nonce, hashes }: IdTokenRequest,
): string {
  const issuedAt = Math.floor(tenant.now() / 1_000);
  return tenant.signer.sign({
    ver: "2.0",
    iss: issuer,
    aud: application.clientId,
    sub: user.id,
    oid: user.id,
    tid: tenant.id,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 3_600,
    ...hashes,
    ...(nonce !== undefined && { nonce }),
    ...(scope.has("profile") && { name: user.name, preferred_username: user.username }),
    ...(scope.has("email") && { email: user.username }),
    uti: randomUUID(),
  });
}
