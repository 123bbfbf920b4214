import { randomBytes, randomUUID } from "node:crypto";
import type { JsonResponse, ReceivedRequest } from "../http/json-server.ts";
import type { EntraApplication } from "./client-authentication.ts";
import { aadsts } from "./entra-errors.ts";
import { page, text } from "./pages.ts";
import { parseScope } from "./scope.ts";
import { clientInfo, findApplication, type Tenant } from "./tenant.ts";

type Parameters = ReceivedRequest["query"];

type Fields = Readonly<Record<string, string>>;

/** The one user is signed in and consents, so the browser is sent back with a code at once. */
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code
export function authorize(tenant: Tenant, { query, method, form }: ReceivedRequest): JsonResponse {
  const parameters = method === "POST" ? new URLSearchParams(form) : query;
  const application = findApplication(tenant, parameters.get("client_id") ?? undefined);
  const redirectUri = parameters.get("redirect_uri") ?? application?.redirectUris?.[0];
  // Nothing is sent to an address that is not the application's.
  if (!application) return errorPage(aadsts(700016));
  if (redirectUri === undefined || !isRegistered(redirectUri, application)) return errorPage(aadsts(50011));
  const refusal = refusalOf(tenant, application, parameters);
  const state = parameters.get("state");
  const fields = refusal
    ? errorFields(refusal)
    : codeFields(tenant, parameters, { application, redirectUri });
  return sendBack(
    redirectUri,
    { ...fields, ...(state !== null && { state }) },
    parameters.get("response_mode"),
  );
}

function refusalOf(
  tenant: Tenant,
  application: EntraApplication,
  parameters: Parameters,
): JsonResponse | undefined {
  if (parameters.get("response_type") !== "code")
    return aadsts(700054, `response_type '${parameters.get("response_type")}' is not enabled.`);
  if (application.refusedWith !== undefined) return aadsts(application.refusedWith);
  const rules = { isForApplication: false, resources: tenant.options.resources ?? [] };
  const parsed = parseScope(parameters.get("scope") ?? undefined, rules);
  return "refusal" in parsed ? parsed.refusal : undefined;
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

function codeFields(
  tenant: Tenant,
  parameters: Parameters,
  { application, redirectUri }: { readonly application: EntraApplication; readonly redirectUri: string },
): Fields {
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
  return {
    code,
    ...(parameters.get("client_info") === "1" && { client_info: clientInfo(tenant) }),
    session_state: randomUUID(),
  };
}

function errorFields({ body }: JsonResponse): Fields {
  const { error, error_description: description } = body as Fields;
  return { error: error ?? "", error_description: description ?? "" };
}

function sendBack(redirectUri: string, fields: Fields, mode: string | null): JsonResponse {
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
