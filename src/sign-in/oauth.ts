import * as oauth from "oauth4webapi";
import { isHttpLoopback } from "../core/loopback.ts";
import type { Application } from "../core/sign-in-way.ts";
import { ActionError, TransientError } from "../errors.ts";
import { type AccessToken, type AuthDeps, validHeaderValue } from "./granted.ts";
import { tokenExpiry } from "./lifetime.ts";
import { createFetch } from "./oauth-fetch.ts";
import { type OAuthError, parseOAuthError } from "./refusal.ts";

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
