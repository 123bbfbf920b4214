import { randomUUID } from "node:crypto";
import type { JsonResponse } from "../http/json-server.ts";

interface EntraError {
  readonly status: number;
  readonly error: string;
  readonly message: string;
}

// Status, error and first words as recorded or documented.
const entraErrors: Readonly<Record<number, EntraError>> = {
  50011: {
    status: 400,
    error: "invalid_client",
    message: "The redirect URI specified in the request does not match.",
  },
  53003: {
    status: 400,
    error: "invalid_grant",
    message:
      "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  },
  70000: { status: 400, error: "invalid_grant", message: "Provided grant is invalid or malformed." },
  70008: {
    status: 400,
    error: "invalid_grant",
    message:
      "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
  },
  70011: {
    status: 400,
    error: "invalid_scope",
    message: "The provided request must include a 'scope' input parameter.",
  },
  70016: {
    status: 400,
    error: "authorization_pending",
    message: "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
  },
  70020: {
    status: 400,
    error: "expired_token",
    message:
      "The provided value for the input parameter 'device_code' is not valid. Device codes supplied may only be used once and expire.",
  },
  70021: {
    status: 400,
    error: "invalid_request",
    message: "No matching federated identity record found for presented assertion.",
  },
  70043: {
    status: 400,
    error: "invalid_grant",
    message:
      "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.",
  },
  90002: {
    status: 400,
    error: "invalid_request",
    message:
      "Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
  },
  90033: {
    status: 503,
    error: "temporarily_unavailable",
    message: "A transient error has occurred. Please try again.",
  },
  900023: {
    status: 400,
    error: "invalid_request",
    message: "Specified tenant identifier is neither a valid DNS name, nor a valid external domain.",
  },
  700016: {
    status: 400,
    error: "unauthorized_client",
    message:
      "Application was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant.",
  },
  700024: {
    status: 401,
    error: "invalid_client",
    message: "Client assertion is not within its valid time range.",
  },
  700027: {
    status: 401,
    error: "invalid_client",
    message:
      "The certificate with identifier used to sign the client assertion is not registered on application.",
  },
  700081: {
    status: 400,
    error: "invalid_grant",
    message: "The refresh token has expired due to maximum lifetime.",
  },
  700082: {
    status: 400,
    error: "invalid_grant",
    message: "The refresh token has expired due to inactivity.",
  },
  700211: {
    status: 400,
    error: "invalid_request",
    message: "No matching federated identity record found for presented assertion issuer.",
  },
  700212: {
    status: 400,
    error: "invalid_request",
    message: "No matching federated identity record found for presented assertion audience.",
  },
  700213: {
    status: 401,
    error: "invalid_client",
    message: "No matching federated identity record found for presented assertion subject.",
  },
  1002012: {
    status: 400,
    error: "invalid_scope",
    message:
      "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
  },
  7000215: {
    status: 401,
    error: "invalid_client",
    message:
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to the app.",
  },
  7000218: {
    status: 401,
    error: "invalid_client",
    message: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  7000222: {
    status: 401,
    error: "invalid_client",
    message: "The provided client secret keys for app are expired.",
  },
  7002138: {
    status: 401,
    error: "invalid_client",
    message:
      "No matching federated identity record found for presented assertion subject. It matches with case-insensitive comparison, but not with case-sensitive comparison.",
  },
};

/** Entra ID's answer with an AADSTS error. */
export function aadsts(
  code: number,
  message = entraErrors[code]?.message ?? "The request was refused.",
): JsonResponse {
  const { status, error } = entraErrors[code] ?? { status: 400, error: "invalid_request" };
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace("T", " ")}Z`;
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${message}\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  };
}
