import { createHash } from "node:crypto";
import { modifyAssertion, PrivateKeyJwt } from "oauth4webapi";
import type { Application } from "../core/sign-in-way.ts";
import { type KeyPair, keyPairIn } from "./certificate.ts";
import { askAsApplication, grantedBy } from "./client-credentials.ts";
import type { FetchToken, Outside } from "./granted.ts";
import type { ClientAuthentication } from "./oauth.ts";

interface Certified {
  readonly application: Application;
  readonly pem: string;
}

const assertionSeconds = 300;

/** An application that owns the key of a certificate. */
export function clientCertificate({ application, pem }: Certified, outside: Outside): FetchToken {
  return async (signal) => {
    const now = outside.clock.now();
    const pair = keyPairIn(pem, now);
    const authentication = await proofBy(pair, application.tokenUrl, now);
    return grantedBy(await askAsApplication({ application, authentication }, outside, signal), {
      invalid_client: "Upload this very certificate to the application, and check `client-id`.",
    });
  };
}

// https://learn.microsoft.com/entra/identity-platform/certificate-credentials
async function proofBy(
  { certificate, key }: KeyPair,
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
      Object.assign(payload, { aud: audience, iat: seconds, nbf: seconds, exp: seconds + assertionSeconds });
    },
  });
}
