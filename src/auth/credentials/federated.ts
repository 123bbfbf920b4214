import type { Application } from "../../core/credentials.ts";
import type { AuthDeps, TokenSource } from "../access-token.ts";
import { type OAuthError, toActionError } from "../entra-errors.ts";
import { decodeJwtClaims } from "../jwt.ts";
import { clientAssertion, requestClientCredentialsToken, type TokenResponse } from "../oauth.ts";

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

interface PresentedAssertion {
  readonly assertion: string;
  readonly clientId: string;
  readonly issuedBy: "GitHub" | "Kubernetes";
}

const mismatchCodes = new Set([70021, 700211, 700212, 700213, 700214, 7002138, 700238, 700223]);

/**
 * What to do when no federated credential matched: the subject, issuer and audience as they were *received*, since
 * what they look like changed in 2026 and depends on the event, and the credential that would match them.
 */
function explainMismatch(
  oauthError: OAuthError,
  presented: PresentedAssertion,
): { readonly details?: string; readonly hint?: string } {
  const claims = decodeJwtClaims(presented.assertion);
  if (!claims || !oauthError.codes.some((code) => mismatchCodes.has(code))) return {};
  const [issuer, subject, audience] = [claims["iss"], claims["sub"], claims["aud"]].map(claimText);
  const details = [
    `The token that ${presented.issuedBy} issued for this job says:`,
    `  issuer   ${issuer}`,
    `  subject  ${subject}`,
    `  audience ${audience}`,
  ];
  const detailsText = details.join("\n");
  if (presented.issuedBy !== "GitHub") return { details: detailsText };
  const credential = JSON.stringify({
    name: credentialName(subject ?? ""),
    issuer,
    subject,
    audiences: [audience],
  });
  const command = `az ad app federated-credential create --id ${presented.clientId} --parameters ${shellQuoted(credential)}`;
  return {
    details: detailsText,
    hint: `Give the application a federated credential with exactly these values (a new one takes a minute or two to be known):\n${command}`,
  };
}

/** As one word of a shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function claimText(claim: unknown): string {
  const text = Array.isArray(claim) ? claim.join(",") : claim;
  return typeof text === "string" && text !== "" ? text : "(none)";
}

/** A name that Entra ID takes: 3 to 120 letters, digits and dashes. */
function credentialName(subject: string): string {
  const plain = subject.replace(/^repo:/, "").replaceAll(/[^A-Za-z0-9]+/g, "-");
  return `github-${plain}`.slice(0, 120).replace(/-+$/, "");
}

const exchangeAudience = "api://AzureADTokenExchange";

/** GitHub's own identity: a token of this job, exchanged at Entra ID. Fresh for every exchange: it lives five minutes. */
export function githubOidc(
  { application }: { readonly application: Application },
  deps: AuthDeps,
): TokenSource {
  return federated(application, deps, {
    getAssertion: (signal) => deps.runner.getIdToken(exchangeAudience, signal),
    issuedBy: "GitHub",
  });
}
