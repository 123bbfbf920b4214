import type { Application } from "../core/sign-in-way.ts";
import type { AccessToken, AuthDeps } from "./granted.ts";
import { type ClientAuthentication, requestToken, type TokenResponse } from "./oauth.ts";
import { toActionError } from "./refusal.ts";

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
