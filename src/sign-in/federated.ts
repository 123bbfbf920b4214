import type { Application } from "../core/sign-in-way.ts";
import { clientAssertion, requestClientCredentialsToken } from "./client-credentials.ts";
import { explainMismatch } from "./federated-credential.ts";
import type { AuthDeps, TokenSource } from "./granted.ts";
import type { TokenResponse } from "./oauth.ts";
import { toActionError } from "./refusal.ts";

interface FederationOptions {
  getAssertion(signal: AbortSignal): Promise<string>;
  readonly issuedBy: "GitHub" | "Kubernetes";
}

/** An application that trusts somebody else's tokens: a federated credential says whose. */
export function federated(application: Application, deps: AuthDeps, options: FederationOptions): TokenSource {
  let hasSucceeded = false;
  return async (signal) => {
    let assertion = "";
    const sendAssertion = async (): Promise<TokenResponse> => {
      assertion = await options.getAssertion(signal);
      deps.runner.mask(assertion);
      return requestClientCredentialsToken(
        { application, authentication: clientAssertion(assertion) },
        deps,
        signal,
      );
    };
    const response = hasSucceeded
      ? await sendAssertion()
      : await retryWhileUnknown(sendAssertion, deps, signal);
    if ("error" in response) {
      const { clientId } = application;
      throw toActionError(
        response.error,
        explainMismatch(response.error, { assertion, clientId, issuedBy: options.issuedBy }),
      );
    }
    hasSucceeded = true;
    return response.accessToken;
  };
}

const unknownCredentialCodes = new Set([70021, 700211, 700212, 700213]);

/** A credential that was added a moment ago may not be known everywhere: it gets a few seconds. */
async function retryWhileUnknown(
  sendAssertion: () => Promise<TokenResponse>,
  { clock, runner }: AuthDeps,
  signal: AbortSignal,
): Promise<TokenResponse> {
  for (const waitMs of [2_000, 4_000]) {
    const response = await sendAssertion();
    if (!("error" in response && response.error.codes.some((code) => unknownCredentialCodes.has(code))))
      return response;
    const seconds = waitMs / 1_000;
    const text = `Entra ID knew no matching federated credential. One that is new takes a moment to be known: asking again in ${seconds} s.`;
    runner.write([{ type: "text", text }]);
    await clock.sleep(waitMs, signal);
  }
  return sendAssertion();
}
