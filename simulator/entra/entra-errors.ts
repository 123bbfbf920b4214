import { randomUUID } from "node:crypto";
import type { JsonResponse } from "../http/json-server.ts";

interface EntraError {
  readonly status: number;
  readonly error: string;
  readonly message: string;
}

// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
const entraErrors: Readonly<Record<number, EntraError>> = {
  50011: refusal(400, "invalid_client", "The redirect URI specified in the request does not match."),
  50027: refusal(400, "invalid_request", "JWT token is invalid or malformed."),
  50034: refusal(400, "invalid_grant", "The user account does not exist in the directory."),
  50057: refusal(400, "invalid_grant", "The user account is disabled."),
  50076: refusal(
    400,
    "interaction_required",
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.",
  ),
  50126: refusal(400, "invalid_grant", "Error validating credentials due to invalid username or password."),
  50158: refusal(
    400,
    "interaction_required",
    "External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.",
  ),
  50173: refusal(
    400,
    "invalid_grant",
    "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.",
  ),
  50049: refusal(400, "invalid_instance", "Unknown or invalid instance."),
  50059: refusal(
    400,
    "invalid_request",
    "No tenant-identifying information found in either the request or implied by any provided credentials.",
  ),
  53003: refusal(
    400,
    "invalid_grant",
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  ),
  54005: refusal(
    400,
    "invalid_grant",
    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
  ),
  65001: refusal(
    400,
    "invalid_grant",
    "The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.",
  ),
  70000: refusal(400, "invalid_grant", "Provided grant is invalid or malformed."),
  70003: refusal(400, "unsupported_grant_type", "The app returned an unsupported grant type."),
  70007: refusal(
    400,
    "unsupported_response_mode",
    "'query' is not a supported value of 'response_mode' when requesting a token.",
  ),
  70008: refusal(
    400,
    "invalid_grant",
    "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
  ),
  70011: refusal(400, "invalid_scope", "The provided request must include a 'scope' input parameter."),
  70016: refusal(
    400,
    "authorization_pending",
    "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
  ),
  70020: refusal(
    400,
    "expired_token",
    "The provided value for the input parameter 'device_code' is not valid. Device codes supplied may only be used once and expire.",
  ),
  70021: refusal(
    400,
    "invalid_request",
    "No matching federated identity record found for presented assertion.",
  ),
  70025: refusal(400, "invalid_client", "The client has no configured federated identity credentials."),
  70043: refusal(
    400,
    "invalid_grant",
    "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.",
  ),
  90002: refusal(
    400,
    "invalid_request",
    "Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
  ),
  90033: refusal(503, "temporarily_unavailable", "A transient error has occurred. Please try again."),
  90072: refusal(
    400,
    "invalid_grant",
    "User account from identity provider 'live.com' does not exist in tenant and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first.",
  ),
  500112: refusal(
    400,
    "invalid_client",
    "The reply address does not match the reply address provided when requesting Authorization code.",
  ),
  501481: refusal(400, "invalid_grant", "The Code_Verifier does not match the code_challenge supplied."),
  500011: refusal(400, "invalid_resource", "The resource principal was not found in the tenant."),
  530003: refusal(400, "invalid_grant", "Your device is required to be managed to access this resource."),
  530035: refusal(
    400,
    "invalid_grant",
    "Access has been blocked by security defaults. The request is deemed unsafe by security defaults policies.",
  ),
  700016: refusal(
    400,
    "unauthorized_client",
    "Application was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant.",
  ),
  700021: refusal(
    401,
    "invalid_client",
    "Client assertion application identifier doesn't match 'client_id' parameter.",
  ),
  700023: refusal(401, "invalid_client", "Client assertion audience claim does not match Realm issuer."),
  700024: refusal(401, "invalid_client", "Client assertion is not within its valid time range."),
  700025: refusal(
    401,
    "invalid_client",
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  ),
  700027: refusal(
    401,
    "invalid_client",
    "The certificate with identifier used to sign the client assertion is not registered on application.",
  ),
  700081: refusal(400, "invalid_grant", "The refresh token has expired due to maximum lifetime."),
  700082: refusal(400, "invalid_grant", "The refresh token has expired due to inactivity."),
  700211: refusal(
    401,
    "invalid_client",
    "No matching federated identity record found for presented assertion issuer.",
  ),
  700212: refusal(
    401,
    "invalid_client",
    "No matching federated identity record found for presented assertion audience.",
  ),
  700213: refusal(
    401,
    "invalid_client",
    "No matching federated identity record found for presented assertion subject.",
  ),
  700222: refusal(400, "invalid_request", "AAD-issued tokens may not be used for federated identity flows."),
  900023: refusal(
    400,
    "invalid_request",
    "Specified tenant identifier is neither a valid DNS name, nor a valid external domain.",
  ),
  700054: refusal(400, "unsupported_response_type", "response_type is not enabled for the application."),
  900144: refusal(400, "invalid_request", "The request body must contain a required parameter."),
  900561: refusal(400, "invalid_request", "The endpoint only accepts POST requests. Received a GET request."),
  900382: refusal(400, "invalid_request", "Confidential Client is not supported in Cross Cloud request."),
  900384: refusal(
    400,
    "invalid_request",
    "JWT token failed signature validation. Actual message content is runtime specific.",
  ),
  1002012: refusal(
    400,
    "invalid_scope",
    "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
  ),
  7000112: refusal(401, "unauthorized_client", "Application is disabled."),
  7000215: refusal(
    401,
    "invalid_client",
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to the app.",
  ),
  7000218: refusal(
    401,
    "invalid_client",
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ),
  7000222: refusal(401, "invalid_client", "The provided client secret keys for app are expired."),
  7000229: refusal(
    401,
    "invalid_client",
    "The client application is missing service principal in the tenant.",
  ),
  7002138: refusal(
    401,
    "invalid_client",
    "No matching federated identity record found for presented assertion subject. It matches with case-insensitive comparison, but not with case-sensitive comparison.",
  ),
  7002381: refusal(
    400,
    "invalid_request",
    "Federated identity credentials issued by 'https://token.actions.githubusercontent.com/' for applications or managed identities registered in this tenant must contain the enterprise claim.",
  ),
};

const unknownError = refusal(400, "invalid_request", "The request was refused.");

/** Entra ID's response with an AADSTS error. A code that is not listed here is a 400 `invalid_request`. */
export function aadsts(code: number, message?: string): JsonResponse {
  const { status, error, message: usualMessage } = entraErrors[code] ?? unknownError;
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace("T", " ")}Z`;
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${message ?? usualMessage}\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  };
}

function refusal(status: number, error: string, message: string): EntraError {
  return { status, error, message };
}
