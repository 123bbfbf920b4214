import * as oauth from "oauth4webapi";
import type { Application } from "../core/credentials.ts";
import { ActionError, TransientError } from "../errors.ts";
import { isHttpLoopback } from "../lib/url.ts";
import { type AccessToken, type AuthDeps, validHeaderValue } from "./access-token.ts";
import { type OAuthError, parseOAuthError, toActionError } from "./entra-errors.ts";
import { createFetch } from "./oauth-http.ts";

/** How the application proves that it is itself: it writes into the form. */
export type ClientAuthentication = oauth.ClientAuth;

interface TokenRequest {
  readonly application: Pick<Application, "clientId" | "tokenUrl">;
  readonly authentication: ClientAuthentication;
  readonly grantType: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export type TokenResponse = { readonly accessToken: AccessToken } | { readonly error: OAuthError };

/** Asks a token endpoint once. A refusal is an answer; PassingError where asking again may help. */
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

// What the legacy Azure DevOps endpoint calls its bearer tokens.
const recognizedTokenTypes = { "jwt-bearer": () => undefined };

/** What every request of oauth4webapi is made with: our transport, and TLS except within this machine. */
export function requestOptions(url: string, deps: AuthDeps, signal: AbortSignal) {
  return {
    signal,
    [oauth.customFetch]: createFetch(deps, signal),
    [oauth.allowInsecureRequests]: isHttpLoopback(new URL(url)),
  };
}

/** Runs an OAuth exchange, and turns what oauth4webapi throws into our own. */
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
    // Its cause may hold the whole answer, tokens included: only the sentence is kept.
    throw new ActionError(
      "unauthorized",
      `The token endpoint ${new URL(url).host} gave a strange answer: ${error.message}.`,
      {
        hint: "Check `token-url`: it has to be the token endpoint of an OAuth 2.0 server.",
      },
    );
  }
}

interface ClientCredential {
  readonly application: Application;
  readonly authentication: ClientAuthentication;
}

/**
 * Asks for a token of the application itself.
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

/** The proof by an assertion that somebody else has signed. */
export function clientAssertion(assertion: string): ClientAuthentication {
  return (_server, client, body) => {
    body.set("client_id", client.client_id);
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    body.set("client_assertion", assertion);
  };
}

/** The token of an answer; a refusal is thrown. */
export function toAccessToken(
  response: TokenResponse,
  hints?: Readonly<Record<number | string, string>>,
): AccessToken {
  if ("accessToken" in response) return response.accessToken;
  throw toActionError(response.error, hints ? { hints } : {});
}

const hourMs = 3_600_000;

/**
 * When a token stops being good, by our clock, from what came with it: `expires_in` in seconds or `expires_on`
 * in seconds since 1970, as numbers or as text. With both, the earlier: a cached token may come with its first
 * `expires_in`. A moment that is over already says more of our clock than of the token. With neither, an hour.
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

/** Epoch seconds, or a date in words as old App Service hosts and old Azure CLIs write it. */
function parseExpiry(value: unknown): number | undefined {
  const seconds = toNumber(value);
  if (seconds !== undefined) return seconds * 1_000;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
