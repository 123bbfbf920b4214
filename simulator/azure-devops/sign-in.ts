import { type ApiResponse, errorResponse, htmlResponse } from "../http/response.ts";
import type { Acceptance, Credential, Quirks } from "../options.ts";

export const demoToken = "simulator-token";

export function acceptsDemoToken(credential: Credential): Acceptance {
  return credential.kind !== "none" && credential.value === demoToken ? "yes" : "no";
}

export function parseAuthorization(authorization: string | undefined): Credential {
  const [, scheme, value] = /^(\w+)\s+(.+)$/.exec(authorization ?? "") ?? [];
  if (value === undefined) return { kind: "none" };
  if (scheme?.toLowerCase() === "bearer") return { kind: "bearer", value };
  if (scheme?.toLowerCase() !== "basic") return { kind: "none" };
  const pair = Buffer.from(value, "base64").toString("utf8");
  return { kind: "pat", value: pair.slice(pair.indexOf(":") + 1) };
}

interface RejectedRequest {
  readonly method: string;
  readonly url: string;
  readonly credential: Credential;
  /** `X-TFS-FedAuthRedirect: Suppress` */
  readonly suppressRedirect: boolean;
  readonly quirks: Quirks;
  readonly tenantId: string;
}

/** The response to a credential that is not accepted, or to none. Without a PAT it names the organization's tenant. */
export function rejectCredential(
  acceptance: Exclude<Acceptance, "yes">,
  request: RejectedRequest,
): ApiResponse {
  if (acceptance === "wrong-tenant") return wrongTenant();
  const response = rejection(acceptance, request);
  if (request.credential.kind === "pat") return response;
  const { tenantId } = request;
  const challenge = `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}`;
  const basic = response.headers?.["www-authenticate"];
  return {
    ...response,
    headers: {
      ...response.headers,
      "x-vss-resourcetenant": tenantId,
      "www-authenticate": basic === undefined ? challenge : `${basic}, ${challenge}`,
    },
  };
}

function rejection(
  acceptance: Exclude<Acceptance, "yes" | "wrong-tenant">,
  request: RejectedRequest,
): ApiResponse {
  const { quirks, suppressRedirect, credential } = request;
  if (acceptance === "wrong-scope") return unauthorized();
  if (quirks.badTokenFace !== undefined) return invalidTokenResponses[quirks.badTokenFace](request);
  if (suppressRedirect && !(acceptance === "expired" && credential.kind === "pat")) return unauthorized();
  if (acceptance === "expired")
    return invalidTokenResponses[credential.kind === "pat" ? "401-json" : "203-html"](request);
  return invalidTokenResponses["302"](request);
}

const invalidTokenResponses: Record<
  NonNullable<Quirks["badTokenFace"]>,
  (request: RejectedRequest) => ApiResponse
> = {
  "401-empty": unauthorized,
  "401-json": tokenExpired,
  "302": redirectToSignIn,
  "203-html": ({ method }) => (method === "PATCH" ? notAuthorized() : signInPage(203)),
  "200-html": () => signInPage(200),
  "403-vs403463": conditionalAccessDenied,
};

const realm = { "www-authenticate": 'Basic realm="https://tfs.app.visualstudio.example/"' };

function unauthorized(): ApiResponse {
  return { status: 401, headers: realm, body: "" };
}

function tokenExpired(): ApiResponse {
  return errorResponse({
    status: 401,
    typeKey: "AccessCheckException",
    namespace: "Microsoft.VisualStudio.Services.Security",
    message: "Access Denied: The Personal Access Token used has expired.",
    customProperties: {
      Descriptor: null,
      IdentityDisplayName: null,
      Token: null,
      RequestedPermissions: 0,
      NamespaceId: "00000000-0000-0000-0000-000000000000",
    },
    headers: realm,
  });
}

function notAuthorized(): ApiResponse {
  return errorResponse({
    status: 401,
    typeKey: "UnauthorizedRequestException",
    namespace: "Microsoft.TeamFoundation.Framework.Server",
    message: "TF400813: The user '' is not authorized to access this resource.",
    headers: realm,
  });
}

function redirectToSignIn({ url }: RejectedRequest): ApiResponse {
  const { origin } = new URL(url);
  const location = `${origin}/_signin?realm=dev.azure.com&reply_to=${encodeURIComponent(url)}`;
  return {
    ...htmlResponse(302, "Object moved", `<h2>Object moved to <a href="${location}">here</a>.</h2>`),
    headers: { location },
  };
}

export function signInPage(status: number): ApiResponse {
  return htmlResponse(status, "Azure DevOps Services | Sign In", "<p>Sign in to continue.</p>");
}

function conditionalAccessDenied(): ApiResponse {
  return errorResponse({
    status: 403,
    typeKey: "VssServiceException",
    namespace: "Microsoft.VisualStudio.Services.Common",
    message:
      "VS403463: The conditional access policy defined by your Azure Active Directory administrator has failed.",
  });
}

/** A token of another tenant: 429 on the first request already. */
function wrongTenant(): ApiResponse {
  return {
    status: 429,
    type: "text/html; charset=utf-8",
    headers: { "retry-after": "619", "x-ratelimit-remaining": "0", "x-ratelimit-limit": "200" },
    body: "<html><body>Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'.</body></html>",
  };
}
