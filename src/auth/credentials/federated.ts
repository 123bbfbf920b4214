import type { Application } from "../../core/credentials.ts";
import { retry } from "../../lib/retry.ts";
import { type AuthDeps, decodeJwtClaims, type TokenSource } from "../access-token.ts";
import { type OAuthError, toActionError } from "../entra-errors.ts";
import { clientAssertion, requestClientCredentialsToken, type TokenResponse } from "../oauth.ts";

interface FederationOptions {
  getAssertion(signal: AbortSignal): Promise<string>;
  readonly issuedBy: "GitHub" | "Kubernetes";
}

/** An application that trusts the tokens of another issuer, by its federated credential. */
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
    const { clock, runner } = deps;
    // Some refusals are temporary. Each attempt uses a new assertion.
    const response = await retry(sendAssertion, {
      retryResult: (result) =>
        "error" in result ? retryReason(result.error, { isFirst: !hasSucceeded }) : undefined,
      delayMs: (attempt) => retryDelaysMs[attempt - 1],
      onRetry: ({ reason }, waitMs) =>
        runner.write([{ type: "text", text: `${reason} Retrying in ${waitMs / 1_000} s.` }]),
      clock,
      signal,
    });
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

/** Entra ID has no federated credential, or none that matches. */
function isUnknownCredential(code: number): boolean {
  return code === 70025 || /^70021\d?$/.test(String(code));
}

/** GitHub's token came without its `enterprise` claim; the next one may have it. */
const missingClaimCode = 7002381;

const retryDelaysMs = [2_000, 4_000];

function retryReason(
  { codes }: OAuthError,
  { isFirst }: { readonly isFirst: boolean },
): { readonly reason: string; readonly retryAfterMs?: number } | undefined {
  if (codes.includes(missingClaimCode))
    return { reason: "GitHub's identity token had no `enterprise` claim." };
  return isFirst && codes.some(isUnknownCredential)
    ? {
        reason: "Entra ID found no matching federated credential; a new one takes a moment to take effect.",
      }
    : undefined;
}

interface PresentedAssertion {
  readonly assertion: string;
  readonly clientId: string;
  readonly issuedBy: "GitHub" | "Kubernetes";
}

const mismatchCodes = new Set([7002138, 700238, 700223]);

/**
 * The details for an error without a matching federated credential: the subject, issuer and audience that were *received*,
 * since their form changed in 2026 and depends on the event, and the commands that create a matching credential.
 */
function explainMismatch(
  oauthError: OAuthError,
  presented: PresentedAssertion,
): { readonly details?: string; readonly hint?: string } {
  const claims = decodeJwtClaims(presented.assertion);
  const isMismatch = oauthError.codes.some((code) => isUnknownCredential(code) || mismatchCodes.has(code));
  if (!claims || !isMismatch) return {};
  const [issuer, subject, audience] = [claims["iss"], claims["sub"], claims["aud"]].map(claimText);
  const details = [
    `The token that ${presented.issuedBy} issued for this job has:`,
    `  issuer   ${issuer}`,
    `  subject  ${subject}`,
    `  audience ${audience}`,
  ];
  const detailsText = details.join("\n");
  if (presented.issuedBy !== "GitHub") return { details: detailsText };
  const name = credentialName(subject ?? "");
  const credential = JSON.stringify({ name, issuer, subject, audiences: [audience] });
  const hint = [
    "Add a federated credential with exactly these values (a new one takes a minute or two to take effect). For an app registration:",
    `az ad app federated-credential create --id ${presented.clientId} --parameters ${shellQuoted(credential)}`,
    "For a user-assigned managed identity:",
    `az identity federated-credential create --name ${name} --identity-name IDENTITY --resource-group GROUP --issuer ${shellQuoted(issuer ?? "")} --subject ${shellQuoted(subject ?? "")} --audiences ${shellQuoted(audience ?? "")}`,
  ];
  return { details: detailsText, hint: hint.join("\n") };
}

/** Quotes text as one word for a POSIX shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function claimText(claim: unknown): string {
  const text = Array.isArray(claim) ? claim.join(",") : claim;
  return typeof text === "string" && text !== "" ? text : "(none)";
}

/** A name that Entra ID accepts: 3 to 120 letters, digits and dashes. */
function credentialName(subject: string): string {
  const plain = subject.replace(/^repo:/, "").replaceAll(/[^A-Za-z0-9]+/g, "-");
  return `github-${plain}`.slice(0, 120).replace(/-+$/, "");
}

const exchangeAudience = "api://AzureADTokenExchange";

/** Exchanges an identity token of this job at Entra ID. Each exchange uses a new one: it is valid for five minutes. */
export function githubOidc(
  { application }: { readonly application: Application },
  deps: AuthDeps,
): TokenSource {
  return federated(application, deps, {
    getAssertion: (signal) => deps.runner.getIdToken(exchangeAudience, signal),
    issuedBy: "GitHub",
  });
}
