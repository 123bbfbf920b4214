import * as oauth from "oauth4webapi";
import { isPlainLoopback } from "../core/loopback.ts";
import type { Application } from "../core/sign-in-way.ts";
import { ActionError, PassingError } from "../errors.ts";
import { type Granted, headerSafe, type Outside } from "./granted.ts";
import { expiryOf } from "./lifetime.ts";
import { fetchOver } from "./oauth-fetch.ts";
import { type Refusal, refusalOf } from "./refusal.ts";

/** How the application proves that it is itself: it writes into the form. */
export type ClientAuthentication = oauth.ClientAuth;

interface TokenRequest {
  readonly application: Pick<Application, "clientId" | "tokenUrl">;
  readonly authentication: ClientAuthentication;
  readonly grantType: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export type Answer = { readonly granted: Granted } | { readonly refusal: Refusal };

/** Asks a token endpoint once. A refusal is an answer; PassingError where asking again may help. */
export async function requestToken(
  request: TokenRequest,
  outside: Outside,
  signal: AbortSignal,
): Promise<Answer> {
  const { tokenUrl, clientId } = request.application;
  const server = { issuer: tokenUrl, token_endpoint: tokenUrl };
  const client = { client_id: clientId };
  const askedAt = outside.clock.now();
  const answer = await answerOf(tokenUrl, async () => {
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      request.authentication,
      request.grantType,
      { ...request.parameters },
      optionsFor(tokenUrl, outside, signal),
    );
    const body = await oauth.processGenericTokenEndpointResponse(server, client, response, {
      recognizedTokenTypes,
    });
    const token = headerSafe(body.access_token, `The token endpoint ${new URL(tokenUrl).host}`);
    return { token, expiresAt: expiryOf(body, askedAt), refreshToken: body.refresh_token };
  });
  return "refusal" in answer ? answer : { granted: answer.value };
}

// What the legacy Azure DevOps endpoint calls its bearer tokens.
const recognizedTokenTypes = { "jwt-bearer": () => undefined };

/** What every request of oauth4webapi is made with: our transport, and TLS except within this machine. */
export function optionsFor(url: string, outside: Outside, signal: AbortSignal) {
  return {
    signal,
    [oauth.customFetch]: fetchOver(outside, signal),
    [oauth.allowInsecureRequests]: isPlainLoopback(new URL(url)),
  };
}

/** Runs an OAuth exchange, and turns what oauth4webapi throws into our own. */
export async function answerOf<T>(
  url: string,
  exchange: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly refusal: Refusal }> {
  try {
    return { value: await exchange() };
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return { refusal: refusalOf(url, error.cause) };
    if (error instanceof ActionError || error instanceof PassingError) throw error;
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
