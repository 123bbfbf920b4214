import { constants, createHash, type KeyObject, verify, X509Certificate } from "node:crypto";
import type { JsonResponse } from "../http/json-server.ts";
import { aadsts } from "./entra-errors.ts";
import { decodeJwt } from "./tokens.ts";

/** An application that a tenant knows, and by what. */
export interface EntraApplication {
  readonly clientId: string;
  readonly secrets?: readonly { readonly value: string; readonly expired?: boolean }[];
  /** PEM. */
  readonly certificates?: readonly string[];
  readonly credentials?: readonly FederatedCredential[];
  /** Needs no proof for the grants of users. */
  readonly isPublic?: boolean;
  readonly refreshTokens?: readonly string[];
}

interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience?: string;
  /** The issuer's; without it signatures are not looked at. */
  readonly publicKey?: KeyObject;
}

type FormFields = Readonly<Record<string, string>>;

/** Why the application is not believed to be itself; undefined when it is. */
export function verifyClient(
  application: EntraApplication,
  form: FormFields,
  tokenUrl: string,
  now: number,
): JsonResponse | undefined {
  const { client_secret: secret, client_assertion: assertion } = form;
  if (secret !== undefined) return verifySecret(application, secret);
  if (assertion !== undefined) return verifyAssertion(application, { assertion, tokenUrl, now });
  return application.isPublic && form["grant_type"] !== "client_credentials" ? undefined : aadsts(7000218);
}

function verifySecret(
  { clientId, secrets = [] }: EntraApplication,
  secret: string,
): JsonResponse | undefined {
  const known = secrets.find(({ value }) => value === secret);
  if (known?.expired)
    return aadsts(7000222, `The provided client secret keys for app '${clientId}' are expired.`);
  return known ? undefined : aadsts(7000215);
}

interface PresentedAssertion {
  readonly assertion: string;
  readonly tokenUrl: string;
  readonly now: number;
}

function verifyAssertion(
  application: EntraApplication,
  presented: PresentedAssertion,
): JsonResponse | undefined {
  const jwt = decodeJwt(presented.assertion);
  if (!jwt) return aadsts(70021);
  const { exp = 0, nbf = 0 } = jwt.claims as { exp?: number; nbf?: number };
  const seconds = presented.now / 1_000;
  if (exp + 300 < seconds || nbf - 300 > seconds) return aadsts(700024);
  return jwt.header["x5t#S256"] === undefined
    ? matchFederatedCredential(application.credentials ?? [], jwt.claims, presented)
    : verifyCertificate(application, jwt, presented);
}

type Claims = Readonly<Record<string, unknown>>;

function matchFederatedCredential(
  credentials: readonly FederatedCredential[],
  claims: Claims,
  { assertion }: PresentedAssertion,
): JsonResponse | undefined {
  const { iss, sub, aud } = claims;
  const ofIssuer = credentials.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0)
    return aadsts(
      700211,
      `No matching federated identity record found for presented assertion issuer '${iss}'.`,
    );
  const message = `No matching federated identity record found for presented assertion subject '${sub}'.`;
  const match = ofIssuer.find(({ subject }) => subject === sub);
  if (!match) {
    const differsOnlyInCase = ofIssuer.some(
      ({ subject }) => subject.toLowerCase() === String(sub).toLowerCase(),
    );
    return differsOnlyInCase
      ? aadsts(7002138)
      : aadsts(
          700213,
          `${message} Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
        );
  }
  if (aud !== (match.audience ?? "api://AzureADTokenExchange")) return aadsts(700212);
  return match.publicKey && !hasValidSignature(assertion, match.publicKey, constants.RSA_PKCS1_PADDING)
    ? aadsts(700027)
    : undefined;
}

function verifyCertificate(
  { clientId, certificates = [] }: EntraApplication,
  { header, claims }: { readonly header: Claims; readonly claims: Claims },
  { assertion, tokenUrl }: PresentedAssertion,
): JsonResponse | undefined {
  const certificate = certificates
    .map((pem) => new X509Certificate(pem))
    .find(({ raw }) => createHash("sha256").update(raw).digest("base64url") === header["x5t#S256"]);
  const hasExpectedClaims =
    claims["iss"] === clientId && claims["sub"] === clientId && claims["aud"] === tokenUrl;
  const isAcceptable = certificate && hasExpectedClaims && header["alg"] === "PS256";
  return isAcceptable && hasValidSignature(assertion, certificate.publicKey, constants.RSA_PKCS1_PSS_PADDING)
    ? undefined
    : aadsts(700027);
}

function hasValidSignature(jwt: string, key: KeyObject, padding: number): boolean {
  const end = jwt.lastIndexOf(".");
  const options = { key, padding, ...(padding === constants.RSA_PKCS1_PSS_PADDING && { saltLength: 32 }) };
  return verify(
    "sha256",
    Buffer.from(jwt.slice(0, end)),
    options,
    Buffer.from(jwt.slice(end + 1), "base64url"),
  );
}
