import { decodeJwtClaims } from "./jwt.ts";
import type { OAuthError } from "./refusal.ts";

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
export function explainMismatch(
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
