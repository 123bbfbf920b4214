import * as oauth from "oauth4webapi";
import type { Application } from "../core/credentials.ts";
import { ActionError, TransientError } from "../errors.ts";
import { isHttpLoopback } from "../lib/url.ts";
import { type AccessToken, type AuthDeps, validHeaderValue } from "./access-token.ts";
import { type OAuthError, parseOAuthError, toActionError } from "./entra-errors.ts";
import { createFetch } from "./oauth-http.ts";

/** How the application authenticates: it adds fields to the form. */
export type ClientAuthentication = oauth.ClientAuth;

interface TokenRequest {
  readonly application: Pick<Application, "clientId" | "tokenUrl">;
  readonly authentication: ClientAuthentication;
  readonly grantType: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export type TokenResponse = { readonly accessToken: AccessToken } | { readonly error: OAuthError };

/** Requests a token once. A refusal is returned; a TransientError means that a retry may help. */
export async function requestToken(
  request: TokenRequest,
  deps: AuthDeps,
  signal: AbortSignal,
): Promise<TokenResponse> {
  const { tokenUrl, clientId } = request.application;
  const server = { issuer: tokenUrl, token_endpoint: tokenUrl };
  const client = { client_id: clientId };
  const requestedAt = deps.clock.now();
  const result = await runExchange(tokenUrl, async () => {
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      request.authentication,
      request.grantType,
      { ...request.parameters },
      requestOptions(tokenUrl, deps, signal),
    );
    const body = await oauth.processGenericTokenEndpointResponse(server, client, response, {
      recognizedTokenTypes,
    });
    const token = validHeaderValue(body.access_token, `The token endpoint ${new URL(tokenUrl).host}`);
    return { token, expiresAt: tokenExpiry(body, requestedAt), refreshToken: body.refresh_token };
  });
  return "error" in result ? result : { accessToken: result.value };
}

// The name of bearer tokens at the legacy Azure DevOps endpoint.
const recognizedTokenTypes = { "jwt-bearer": () => undefined };

/** Options of every oauth4webapi request: the action's transport, and TLS except on loopback. */
export function requestOptions(url: string, deps: AuthDeps, signal: AbortSignal) {
  return {
    signal,
    [oauth.customFetch]: createFetch(deps),
    [oauth.allowInsecureRequests]: isHttpLoopback(new URL(url)),
  };
}

/** Runs an OAuth exchange, and converts the errors of oauth4webapi. */
export async function runExchange<T>(
  url: string,
  exchange: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly error: OAuthError }> {
  try {
    return { value: await exchange() };
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return { error: parseOAuthError(url, error.cause) };
    if (error instanceof ActionError || error instanceof TransientError) throw error;
    const { OperationProcessingError, UnsupportedOperationError } = oauth;
    if (!(error instanceof OperationProcessingError || error instanceof UnsupportedOperationError))
      throw error;
    // Its cause may contain the whole response, including tokens, so only the message is kept.
    throw new ActionError(
      "unauthorized",
      `The token endpoint ${new URL(url).host} returned an unexpected response: ${error.message}.`,
      {
        hint: "Check `token-url`: it must be the token endpoint of an OAuth 2.0 server.",
      },
    );
  }
}

interface ClientCredential {
  readonly application: Application;
  readonly authentication: ClientAuthentication;
}

/**
 * Requests a token for the application itself.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function requestClientCredentialsToken(
  { application, authentication }: ClientCredential,
  deps: AuthDeps,
  signal: AbortSignal,
): Promise<TokenResponse> {
  const parameters = { scope: application.scope };
  return requestToken(
    { application, authentication, grantType: "client_credentials", parameters },
    deps,
    signal,
  );
}

/** Authenticates with a signed assertion. */
export function clientAssertion(assertion: string): ClientAuthentication {
  return (_server, client, body) => {
    body.set("client_id", client.client_id);
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    body.set("client_assertion", assertion);
  };
}

/** Returns the token of a response, or throws the refusal. */
export function toAccessToken(
  response: TokenResponse,
  hints?: Readonly<Record<number | string, string>>,
): AccessToken {
  if ("accessToken" in response) return response.accessToken;
  throw toActionError(response.error, hints ? { hints } : {});
}

const hourMs = 3_600_000;

/**
 * When a token expires, by the runner's clock: from `expires_in` in seconds or `expires_on` in seconds since 1970, as number
 * or text. With both, the earlier one, since a cached token may have its original `expires_in`. A time in the past is ignored,
 * since the runner's clock is probably wrong. With neither, an hour.
 */
export function tokenExpiry(body: Readonly<Record<string, unknown>>, requestedAt: number): number {
  const expiresInSeconds = toNumber(body["expires_in"]);
  const expiresOn = parseExpiry(body["expires_on"] ?? body["expiresOn"]);
  const candidates = [
    ...(expiresInSeconds === undefined || expiresInSeconds < 0
      ? []
      : [requestedAt + expiresInSeconds * 1_000]),
    ...(expiresOn === undefined || expiresOn <= requestedAt ? [] : [expiresOn]),
  ];
  return candidates.length === 0 ? requestedAt + hourMs : Math.min(...candidates);
}

function toNumber(value: unknown): number | undefined {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Parses seconds since 1970, or a date in the format of old App Service hosts and old Azure CLIs. */
function parseExpiry(value: unknown): number | undefined {
  const seconds = toNumber(value);
  if (seconds !== undefined) return seconds * 1_000;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
