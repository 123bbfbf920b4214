import type { Application } from "../core/sign-in-way.ts";
import type { Granted, Outside } from "./granted.ts";
import { type Answer, type ClientAuthentication, requestToken } from "./oauth.ts";
import { refusedError } from "./refusal.ts";

interface Applicant {
  readonly application: Application;
  readonly authentication: ClientAuthentication;
}

/**
 * Asks for a token of the application itself.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function askAsApplication(
  { application, authentication }: Applicant,
  outside: Outside,
  signal: AbortSignal,
): Promise<Answer> {
  const parameters = { scope: application.scope };
  return requestToken(
    { application, authentication, grantType: "client_credentials", parameters },
    outside,
    signal,
  );
}

/** The proof by an assertion that somebody else has signed. */
export function assertionOf(assertion: string): ClientAuthentication {
  return (_server, client, body) => {
    body.set("client_id", client.client_id);
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    body.set("client_assertion", assertion);
  };
}

/** The token of an answer; a refusal is thrown. */
export function grantedBy(answer: Answer, hints?: Readonly<Record<number | string, string>>): Granted {
  if ("granted" in answer) return answer.granted;
  throw refusedError(answer.refusal, hints ? { hints } : {});
}
