import { createHash } from "node:crypto";
import { modifyAssertion, PrivateKeyJwt } from "oauth4webapi";
import type { Application } from "../core/sign-in-way.ts";
import { type CertificateAndKey, parseCertificateAndKey } from "./certificate.ts";
import { requestClientCredentialsToken, toAccessToken } from "./client-credentials.ts";
import type { AuthDeps, TokenSource } from "./granted.ts";
import type { ClientAuthentication } from "./oauth.ts";

interface ClientCertificateConfig {
  readonly application: Application;
  readonly pem: string;
}

const assertionLifetimeSeconds = 300;

/** An application that owns the key of a certificate. */
export function clientCertificate(
  { application, pem }: ClientCertificateConfig,
  deps: AuthDeps,
): TokenSource {
  return async (signal) => {
    const now = deps.clock.now();
    const certificateAndKey = parseCertificateAndKey(pem, now);
    const authentication = await certificateAssertion(certificateAndKey, application.tokenUrl, now);
    return toAccessToken(await requestClientCredentialsToken({ application, authentication }, deps, signal), {
      invalid_client: "Upload this very certificate to the application, and check `client-id`.",
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
