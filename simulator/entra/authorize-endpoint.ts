import { randomBytes, randomUUID } from "node:crypto";
import type { JsonResponse, ReceivedRequest } from "../http/json-server.ts";
import type { EntraApplication } from "./client-authentication.ts";
import { aadsts } from "./entra-errors.ts";
import { page, text } from "./pages.ts";
import { parseScope, type RequestedScope } from "./scope.ts";
import { clientInfo, createIdToken, findApplication, issueTokens, type Tenant } from "./tenant.ts";
import { tokenHash } from "./tokens.ts";

type Parameters = ReceivedRequest["query"];

type Fields = Readonly<Record<string, string>>;

interface AuthorizeRequest {
  readonly parameters: Parameters;
  readonly application: EntraApplication;
  readonly redirectUri: string;
  /** Of id tokens. */
  readonly issuer: string;
}

/** The one user is signed in and consents, so the browser is sent back with a code or tokens at once. */
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code
// https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-the-sign-in-request
export function authorize(
  tenant: Tenant,
  { query, method, form }: ReceivedRequest,
  issuer: string,
): JsonResponse {
  const parameters = method === "POST" ? new URLSearchParams(form) : query;
  const application = findApplication(tenant, parameters.get("client_id") ?? undefined);
  const redirectUri = parameters.get("redirect_uri") ?? application?.redirectUris?.[0];
  // Nothing is sent to an address that is not the application's.
  if (!application) return errorPage(aadsts(700016));
  if (redirectUri === undefined || !isRegistered(redirectUri, application)) return errorPage(aadsts(50011));
  const request = { parameters, application, redirectUri, issuer };
  const checked = checkRequest(tenant, request);
  const fields =
    "refusal" in checked ? errorFields(checked.refusal) : grantedFields(tenant, request, checked.scope);
  const state = parameters.get("state");
  return sendBack(redirectUri, { ...fields, ...(state !== null && { state }) }, responseMode(parameters));
}

function responseTypes(parameters: Parameters): readonly string[] {
  return (parameters.get("response_type") ?? "").split(" ").filter((word) => word !== "");
}

/** Tokens never go into a query, where they would be logged. */
function responseMode(parameters: Parameters): string {
  const mode = parameters.get("response_mode");
  const issuesToken = responseTypes(parameters).some((type) => type !== "code");
  return issuesToken && (mode === null || mode === "query") ? "fragment" : (mode ?? "query");
}

function checkRequest(tenant: Tenant, request: AuthorizeRequest): ReturnType<typeof parseScope> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return { refusal };
  const rules = { isForApplication: false, resources: tenant.options.resources ?? [] };
  return parseScope(request.parameters.get("scope") ?? undefined, rules);
}

function refusalOf({ parameters, application }: AuthorizeRequest): JsonResponse | undefined {
  const types = responseTypes(parameters);
  const enabled: readonly string[] = ["code", ...(application.implicitGrants ?? [])];
  const refusedType = types.find((type) => !enabled.includes(type));
  if (types.length === 0)
    return aadsts(900144, "The request body must contain the following parameter: 'response_type'.");
  if (refusedType !== undefined)
    return aadsts(700054, `response_type '${refusedType}' is not enabled for the application.`);
  if (types.some((type) => type !== "code") && parameters.get("response_mode") === "query")
    return aadsts(70007);
  if (types.includes("id_token") && !parameters.get("nonce"))
    return aadsts(900144, "The request body must contain the following parameter: 'nonce'.");
  if (application.refusedWith !== undefined) return aadsts(application.refusedWith);
  return undefined;
}

// https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
function isRegistered(redirectUri: string, { redirectUris }: EntraApplication): boolean {
  if (!URL.canParse(redirectUri)) return false;
  if (redirectUris === undefined) return true;
  return redirectUris.some((registered) => withoutLocalPort(registered) === withoutLocalPort(redirectUri));
}

function withoutLocalPort(address: string): string {
  const url = new URL(address);
  if (url.hostname === "localhost") url.port = "";
  return url.href;
}

/** A code, tokens, or both, as the response type asks for. */
function grantedFields(tenant: Tenant, request: AuthorizeRequest, scope: RequestedScope): Fields {
  const { parameters, application, issuer } = request;
  const types = responseTypes(parameters);
  const code = types.includes("code") ? createCode(tenant, request) : undefined;
  const tokens = types.includes("token") ? tokenFields(tenant, request, scope) : {};
  const accessToken = tokens["access_token"];
  const hashes = {
    ...(code !== undefined && { c_hash: tokenHash(code) }),
    ...(accessToken !== undefined && { at_hash: tokenHash(accessToken) }),
  };
  const nonce = parameters.get("nonce") ?? undefined;
  const idTokenRequest = { application, scope, issuer, nonce, hashes };
  return {
    ...(code !== undefined && { code }),
    ...tokens,
    ...(types.includes("id_token") && { id_token: createIdToken(tenant, idTokenRequest) }),
    ...(parameters.get("client_info") === "1" && { client_info: clientInfo(tenant) }),
    session_state: randomUUID(),
  };
}

function createCode(tenant: Tenant, { parameters, application, redirectUri }: AuthorizeRequest): string {
  const code = `1.${randomBytes(48).toString("base64url")}`;
  tenant.authorizations.set(code, {
    clientId: application.clientId,
    redirectUri,
    scope: parameters.get("scope") ?? "",
    nonce: parameters.get("nonce") ?? undefined,
    codeChallenge: parameters.get("code_challenge") ?? undefined,
    codeChallengeMethod: parameters.get("code_challenge_method") ?? "plain",
    expiresAt: tenant.now() + 600_000,
    isRedeemed: false,
  });
  return code;
}

/** Without a refresh token. */
function tokenFields(
  tenant: Tenant,
  { application, issuer }: AuthorizeRequest,
  scope: RequestedScope,
): Fields {
  const user = { issuer, wantsClientInfo: false };
  const { body } = issueTokens(tenant, { application, scope, user });
  const { access_token: token, token_type: type, expires_in: seconds, scope: granted } = body as Fields;
  return {
    access_token: token ?? "",
    token_type: type ?? "",
    expires_in: String(seconds),
    scope: granted ?? "",
  };
}

function errorFields({ body }: JsonResponse): Fields {
  const { error, error_description: description } = body as Fields;
  return { error: error ?? "", error_description: description ?? "" };
}

function sendBack(redirectUri: string, fields: Fields, mode: string): JsonResponse {
  if (mode === "form_post") return postBack(redirectUri, fields);
  const url = new URL(redirectUri);
  if (mode === "fragment") url.hash = new URLSearchParams(fields).toString();
  else for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href }, body: "" };
}

function postBack(redirectUri: string, fields: Fields): JsonResponse {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${text(name)}" value="${text(value)}">`,
  );
  return page(
    200,
    `<form method="post" action="${text(redirectUri)}">${inputs.join("")}<button>Continue</button></form>
<script>document.forms[0].submit()</script>`,
  );
}

function errorPage({ body }: JsonResponse): JsonResponse {
  return page(400, `<p>${text(errorFields({ status: 400, body })["error_description"] ?? "")}</p>`);
}
