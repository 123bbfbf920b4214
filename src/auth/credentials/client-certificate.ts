import { createHash, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { modifyAssertion, PrivateKeyJwt } from "oauth4webapi";
import type { Application } from "../../core/credentials.ts";
import { ActionError } from "../../errors.ts";
import { parsePem } from "../../lib/pem.ts";
import type { AuthDeps, TokenSource } from "../access-token.ts";
import { type ClientAuthentication, requestClientCredentialsToken, toAccessToken } from "../oauth.ts";

interface ClientCertificateConfig {
  readonly application: Application;
  readonly pem: string;
}

const assertionLifetimeSeconds = 300;

/** An application with a certificate and its private key. */
export function clientCertificate(
  { application, pem }: ClientCertificateConfig,
  deps: AuthDeps,
): TokenSource {
  return async (signal) => {
    const now = deps.clock.now();
    const certificateAndKey = parseCertificateAndKey(pem, now);
    const sign = await certificateAssertion(certificateAndKey, application.tokenUrl, now);
    const authentication: ClientAuthentication = async (server, client, body, headers) => {
      await sign(server, client, body, headers);
      deps.runner.mask(body.get("client_assertion") ?? "");
    };
    return toAccessToken(await requestClientCredentialsToken({ application, authentication }, deps, signal), {
      invalid_client: "Upload this certificate to the application, and check `client-id`.",
    });
  };
}

// https://learn.microsoft.com/entra/identity-platform/certificate-credentials
async function certificateAssertion(
  { certificate, key }: CertificateAndKey,
  audience: string,
  now: number,
): Promise<ClientAuthentication> {
  const signingKey = await key.toCryptoKey({ name: "RSA-PSS", hash: "SHA-256" }, false, ["sign"]);
  const thumbprint = createHash("sha256").update(certificate.raw).digest("base64url");
  const seconds = Math.floor(now / 1_000);
  return PrivateKeyJwt(signingKey, {
    [modifyAssertion]: (header, payload) => {
      header["x5t#S256"] = thumbprint;
      header["typ"] = "JWT";
      Object.assign(payload, {
        aud: audience,
        iat: seconds,
        nbf: seconds,
        exp: seconds + assertionLifetimeSeconds,
      });
    },
  });
}

/** A certificate and its private key. */
interface CertificateAndKey {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

const storePemAgainHint = "Store the complete PEM text again, with its line breaks.";

/**
 * Finds the private key (PKCS#8 or PKCS#1) in PEM text, and its certificate, if possible one that is valid now. `now` is in
 * milliseconds.
 */
function parseCertificateAndKey(pem: string, now: number): CertificateAndKey {
  const blocks = parsePem(pem);
  const key = parseKey(blocks.key);
  const readable = blocks.certificates.flatMap((text) => parseCertificate(text) ?? []);
  const matching = readable.filter((candidate) => candidate.checkPrivateKey(key));
  const certificate = matching.find((candidate) => isValid(candidate, now)) ?? matching[0];
  if (certificate) {
    checkDates(certificate, now);
    return { certificate, key };
  }
  if (readable.length < blocks.certificates.length)
    throw invalidPem("contains a certificate that cannot be read", storePemAgainHint);
  throw invalidPem(
    "contains a private key that belongs to none of its certificates",
    "Store the certificate together with its own private key.",
  );
}

/** Undefined if it cannot be read: it may be another certificate of the chain. */
function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function parseKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw invalidPem("contains a private key that cannot be read", storePemAgainHint);
  }
  const { asymmetricKeyType: keyType = "unknown", asymmetricKeyDetails: details } = key;
  const bits = details?.modulusLength ?? 0;
  const problem = keyType === "rsa" ? `an RSA key of only ${bits} bits` : `a key of the type ${keyType}`;
  if (keyType === "rsa" && bits >= 2_048) return key;
  throw invalidPem(
    `contains ${problem}, which Entra ID does not accept`,
    "Create an RSA key of at least 2048 bits.",
  );
}

function isValid({ validFrom, validTo }: X509Certificate, now: number): boolean {
  // Clocks differ: a certificate that was just created is accepted up to five minutes early.
  return Date.parse(validFrom) <= now + 300_000 && Date.parse(validTo) >= now;
}

function checkDates(certificate: X509Certificate, now: number): void {
  if (isValid(certificate, now)) return;
  if (Date.parse(certificate.validTo) < now) {
    const hint = "Create a new certificate, upload it to the application and store it.";
    throw unusableCertificate(`expired at ${certificate.validTo}`, hint);
  }
  const hint = "Check this machine's clock, or wait until then.";
  throw unusableCertificate(`is not valid before ${certificate.validFrom}`, hint);
}

function invalidPem(problem: string, hint: string): ActionError {
  return new ActionError("bad-input", `client-certificate: ${problem}.`, { hint });
}

function unusableCertificate(problem: string, hint: string): ActionError {
  return new ActionError("unauthorized", `The client certificate in \`client-certificate\` ${problem}.`, {
    hint,
  });
}
