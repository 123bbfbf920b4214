import { createHash } from "node:crypto";
import type { JsonResponse, ReceivedRequest } from "../http/json-server.ts";
import { type EntraApplication, verifyClient } from "./client-authentication.ts";
import { redeemDeviceCode } from "./device-code.ts";
import { aadsts } from "./entra-errors.ts";
import { isKnownOrigin } from "./public-origin.ts";
import { parseScope } from "./scope.ts";
import { type Authorization, findApplication, issueTokens, type Tenant } from "./tenant.ts";

type FormFields = ReceivedRequest["form"];

interface TokenRequest {
  readonly form: FormFields;
  /** Of id tokens. */
  readonly issuer: string;
}

interface Addresses {
  /** The tenant's segment of the path: its id, or `common` and the like. */
  readonly tenantName: string;
  /** Under which clients know this server, beside Microsoft's own. */
  readonly origins: readonly string[];
  readonly issuer: string;
}

// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
export function handleTokenRequest(
  tenant: Tenant,
  request: ReceivedRequest,
  addresses: Addresses,
): JsonResponse {
  const form = { ...request.form, ...basicCredentials(request.headers["authorization"]) };
  for (const name of ["grant_type", "client_id"])
    if (!form[name])
      return aadsts(900144, `The request body must contain the following parameter: '${name}'.`);
  const application = findApplication(tenant, form["client_id"]);
  if (!application) return aadsts(700016, applicationMessage(form["client_id"], tenant));
  if (form["grant_type"] === "client_credentials" && addresses.tenantName !== tenant.id) return aadsts(50059);
  return (
    authenticate(tenant, application, form, addresses) ??
    grant(tenant, application, { form, issuer: addresses.issuer })
  );
}

/** `client_secret_basic` (RFC 6749 2.3.1). */
function basicCredentials(authorization: string | undefined): FormFields {
  const [, encoded = ""] = /^basic\s+(\S+)$/i.exec(authorization ?? "") ?? [];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
  if (id === undefined || secret === undefined) return {};
  return { client_id: formDecode(id), client_secret: formDecode(secret) };
}

function formDecode(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll("&", "%26")}`).get("v") ?? "";
}

function applicationMessage(clientId: string | undefined, tenant: Tenant): string {
  return `Application with identifier '${clientId}' was not found in the directory '${tenant.id}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;
}

function authenticate(
  tenant: Tenant,
  application: EntraApplication,
  form: FormFields,
  { tenantName, origins }: Addresses,
): JsonResponse | undefined {
  const { clientId, hasServicePrincipal = true } = application;
  const assertionCount =
    (tenant.assertionCounts.get(clientId) ?? 0) + (form["client_assertion"] === undefined ? 0 : 1);
  tenant.assertionCounts.set(clientId, assertionCount);
  const clientError = verifyClient(application, {
    form,
    isAudience: (audience) => isOwnAddress(audience, origins, [tenantName, tenant.id]),
    now: tenant.now(),
    enterprises: tenant.options.enterprises ?? [],
    assertionCount,
  });
  if (clientError || hasServicePrincipal) return clientError;
  return aadsts(
    7000229,
    `The client application ${clientId} is missing service principal in the tenant ${tenant.id}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
  );
}

/** The token endpoint or the issuer, by any name that this server goes by. */
function isOwnAddress(address: string, origins: readonly string[], tenantNames: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { origin, pathname } = new URL(address);
  const [, name = "", rest = ""] = /^\/([^/]+)(\/.*?)?\/?$/.exec(pathname) ?? [];
  return (
    isKnownOrigin(origin, origins) &&
    tenantNames.includes(name) &&
    ["/oauth2/v2.0/token", "/oauth2/token", "/v2.0", ""].includes(rest)
  );
}

function grant(tenant: Tenant, application: EntraApplication, request: TokenRequest): JsonResponse {
  switch (request.form["grant_type"]) {
    case "client_credentials":
      return grantToApplication(tenant, application, request);
    case "authorization_code":
      return redeemAuthorizationCode(tenant, application, request);
    case "refresh_token":
      return redeemRefreshToken(tenant, application, request);
    // Microsoft's own libraries send the second.
    case "urn:ietf:params:oauth:grant-type:device_code":
    case "device_code":
      return redeemDeviceCode(tenant, request.form["device_code"], (scope) =>
        grantToUser(tenant, application, request, scope),
      );
    default:
      return aadsts(70003, `The app requested an unsupported grant type '${request.form["grant_type"]}'.`);
  }
}

function grantToApplication(tenant: Tenant, application: EntraApplication, { form }: TokenRequest) {
  const { resources = [] } = tenant.options;
  const parsed = parseScope(form["scope"], { isForApplication: true, resources });
  return "refusal" in parsed ? parsed.refusal : issueTokens(tenant, { application, scope: parsed.scope });
}

function grantToUser(
  tenant: Tenant,
  application: EntraApplication,
  { form, issuer }: TokenRequest,
  scopeText: string | undefined,
  nonce?: string,
): JsonResponse {
  const { resources = [] } = tenant.options;
  const parsed = parseScope(scopeText, { isForApplication: false, resources });
  if ("refusal" in parsed) return parsed.refusal;
  const user = { issuer, nonce, wantsClientInfo: form["client_info"] === "1" };
  return issueTokens(tenant, { application, scope: parsed.scope, user });
}

/** Without a scope for what the token was issued for. */
function redeemRefreshToken(
  tenant: Tenant,
  application: EntraApplication,
  request: TokenRequest,
): JsonResponse {
  const { refresh_token: token = "", scope } = request.form;
  if (!tenant.refreshTokens.includes(token)) return aadsts(70000);
  return grantToUser(tenant, application, request, scope ?? tenant.refreshScopes.get(token));
}

function redeemAuthorizationCode(
  tenant: Tenant,
  application: EntraApplication,
  request: TokenRequest,
): JsonResponse {
  const { code = "", redirect_uri: redirectUri, code_verifier: verifier, scope } = request.form;
  const authorization = tenant.authorizations.get(code);
  if (!authorization || authorization.clientId !== application.clientId) return aadsts(70000);
  if (authorization.isRedeemed) return aadsts(54005);
  if (authorization.expiresAt < tenant.now()) return aadsts(70008);
  if (authorization.redirectUri !== redirectUri) return aadsts(500112);
  if (!isVerified(verifier, authorization)) return aadsts(501481);
  authorization.isRedeemed = true;
  return grantToUser(tenant, application, request, scope ?? authorization.scope, authorization.nonce);
}

/** Proof Key for Code Exchange (RFC 7636). */
function isVerified(
  verifier: string | undefined,
  { codeChallenge, codeChallengeMethod }: Authorization,
): boolean {
  if (codeChallenge === undefined || verifier === undefined) return codeChallenge === verifier;
  const challenge =
    codeChallengeMethod === "S256" ? createHash("sha256").update(verifier).digest("base64url") : verifier;
  return challenge === codeChallenge;
}
