import { constants, createHash, type KeyObject, verify, X509Certificate } from "node:crypto";
import type { JsonResponse } from "../http/json-server.ts";
import { aadsts } from "./entra-errors.ts";
import { decodeJwt } from "./tokens.ts";

/** An application of the tenant, its credentials and its state. */
export interface EntraApplication {
  readonly clientId: string;
  readonly secrets?: readonly { readonly value: string; readonly expired?: boolean }[];
  /** PEM. */
  readonly certificates?: readonly string[];
  readonly credentials?: readonly FederatedCredential[];
  /** Needs no credential for the grants of users. */
  readonly isPublic?: boolean;
  readonly refreshTokens?: readonly string[];
  /** Where the authorize endpoint may send a user back to; not given: any address. The port of `localhost` is ignored. */
  readonly redirectUris?: readonly string[];
  /** What the authorize endpoint may issue itself, beside codes: "Implicit grant and hybrid flows" in the portal. */
  readonly implicitGrants?: readonly ("id_token" | "token")[];
  /** `false`: registered, but not a service principal of the tenant (7000229). */
  readonly hasServicePrincipal?: boolean;
  /** The AADSTS code that every correct request gets, as from a policy: 53003, 530035, 50158, 90072, … */
  readonly refusedWith?: number;
}

interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience?: string;
  /** The issuer's; without it signatures are not verified. */
  readonly publicKey?: KeyObject;
  /** Assertions that arrive before a new credential is known everywhere. */
  readonly unknownFor?: number;
}

type FormFields = Readonly<Record<string, string>>;

export interface ClientCheck {
  readonly form: FormFields;
  /** Whether a certificate's assertion with this `aud` is for this tenant. */
  readonly isAudience: (audience: string) => boolean;
  readonly now: number;
  /** The values of GitHub's `enterprise` claim that the tenant's policy admits; blank: there is no policy. */
  readonly enterprises: readonly string[];
  /** Assertions of this application so far, this one included. */
  readonly assertionCount: number;
}

/** Why the application is not authenticated; undefined if it is. */
export function verifyClient(application: EntraApplication, check: ClientCheck): JsonResponse | undefined {
  const { client_secret: secret, client_assertion: assertion, grant_type: grantType } = check.form;
  if (secret === undefined && assertion === undefined)
    return application.isPublic && grantType !== "client_credentials" ? undefined : aadsts(7000218);
  if (application.isPublic && !hasCredential(application)) return aadsts(700025);
  if (secret !== undefined) return verifySecret(application, secret);
  if (check.form["client_assertion_type"] !== assertionType)
    return aadsts(900144, "The request body must contain the following parameter: 'client_assertion_type'.");
  return verifyAssertion(application, { ...check, assertion: assertion ?? "" });
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

function hasCredential({ secrets = [], certificates = [], credentials = [] }: EntraApplication): boolean {
  return secrets.length + certificates.length + credentials.length > 0;
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

interface PresentedAssertion extends ClientCheck {
  readonly assertion: string;
}

function verifyAssertion(
  application: EntraApplication,
  presented: PresentedAssertion,
): JsonResponse | undefined {
  const jwt = decodeJwt(presented.assertion);
  if (!jwt) return aadsts(50027);
  const { exp = 0, nbf = 0 } = jwt.claims as { exp?: number; nbf?: number };
  const seconds = presented.now / 1_000;
  if (exp + 300 < seconds || nbf - 300 > seconds) return aadsts(700024);
  const isByCertificate = jwt.header["x5t#S256"] !== undefined || jwt.header["x5t"] !== undefined;
  return isByCertificate && jwt.claims["iss"] === jwt.claims["sub"]
    ? verifyCertificate(application, jwt, presented)
    : matchFederatedCredential(application, jwt.claims, presented);
}

type Claims = Readonly<Record<string, unknown>>;

const gitHubIssuer = "https://token.actions.githubusercontent.com";

const docs = "https://docs.microsoft.com/en-us/azure/active-directory/develop/workload-identity-federation";

const advice = `Please check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${docs}`;

function matchFederatedCredential(
  { clientId, credentials = [] }: EntraApplication,
  claims: Claims,
  { assertion, assertionCount, enterprises }: PresentedAssertion,
): JsonResponse | undefined {
  const { iss, sub, aud } = claims;
  const known = credentials.filter(({ unknownFor = 0 }) => assertionCount > unknownFor);
  const ofIssuer = known.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0 && isEntraIssuer(iss)) return aadsts(700222);
  if (known.length === 0)
    return aadsts(70025, `The client '${clientId}' has no configured federated identity credentials.`);
  if (ofIssuer.length === 0)
    return aadsts(
      700211,
      `No matching federated identity record found for presented assertion issuer '${iss}'. ${advice}`,
    );
  if (iss === gitHubIssuer && enterprises.length > 0 && !enterprises.includes(String(claims["enterprise"])))
    return aadsts(7002381, enterpriseMessage(enterprises, claims["enterprise"]));
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) return subjectMismatch(ofIssuer, sub);
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const match = ofSubject.find(({ audience }) =>
    audiences.includes(audience ?? "api://AzureADTokenExchange"),
  );
  if (!match)
    return aadsts(
      700212,
      `No matching federated identity record found for presented assertion audience '${aud}'. ${advice}`,
    );
  return match.publicKey && !hasValidSignature(assertion, match.publicKey, constants.RSA_PKCS1_PADDING)
    ? aadsts(700027, "Client assertion failed signature validation.")
    : undefined;
}

function isEntraIssuer(issuer: unknown): boolean {
  return /^https:\/\/(sts\.windows\.net|login\.microsoftonline\.(com|us))\//.test(String(issuer));
}

function enterpriseMessage(enterprises: readonly string[], actual: unknown): string {
  const values = enterprises.map((name) => `'${name}'`).join(" or ");
  return `Federated identity credentials issued by '${gitHubIssuer}/' for applications or managed identities registered in this tenant must contain the enterprise claim with value ${values} but actual value is '${actual ?? ""}'.`;
}

function subjectMismatch(credentials: readonly FederatedCredential[], subject: unknown): JsonResponse {
  const lowerCased = String(subject).toLowerCase();
  const message = `No matching federated identity record found for presented assertion subject '${subject}'.`;
  return credentials.some((credential) => credential.subject.toLowerCase() === lowerCased)
    ? aadsts(
        7002138,
        `${message} The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${advice}`,
      )
    : aadsts(700213, `${message} ${advice}`);
}

interface Jwt {
  readonly header: Claims;
  readonly claims: Claims;
}

function verifyCertificate(
  { clientId, certificates = [] }: EntraApplication,
  { header, claims }: Jwt,
  { assertion, isAudience, now }: PresentedAssertion,
): JsonResponse | undefined {
  if (claims["iss"] !== clientId) return aadsts(700021);
  if (!isAudience(String(claims["aud"]))) return aadsts(700023);
  const certificate = certificates
    .map((pem) => new X509Certificate(pem))
    .find((each) => isNamedBy(header, each.raw));
  if (!certificate) return certificateRefusal("The key was not found.", header);
  const { validFromDate, validToDate } = certificate;
  if (now > validToDate.getTime()) return certificateRefusal("The key used is expired.", header);
  if (now < validFromDate.getTime()) return certificateRefusal("The key used is not yet valid.", header);
  const padding = paddings[String(header["alg"])];
  return padding !== undefined && hasValidSignature(assertion, certificate.publicKey, padding)
    ? undefined
    : certificateRefusal("The provided signature value did not match the expected signature value.", header);
}

const paddings: Readonly<Record<string, number>> = {
  RS256: constants.RSA_PKCS1_PADDING,
  PS256: constants.RSA_PKCS1_PSS_PADDING,
};

/** By its SHA-256 or its SHA-1 thumbprint; a chain has to begin with it. */
function isNamedBy(header: Claims, certificate: Buffer): boolean {
  const { x5t, "x5t#S256": x5tS256, x5c } = header;
  const thumbprint = (algorithm: string) => createHash(algorithm).update(certificate).digest("base64url");
  const isNamed = x5tS256 === undefined ? x5t === thumbprint("sha1") : x5tS256 === thumbprint("sha256");
  const [first] = Array.isArray(x5c) ? x5c : [x5c];
  return isNamed && (first === undefined || certificate.equals(Buffer.from(String(first), "base64")));
}

function certificateRefusal(reason: string, { x5t, "x5t#S256": x5tS256 }: Claims): JsonResponse {
  const thumbprint = Buffer.from(String(x5tS256 ?? x5t), "base64url")
    .toString("hex")
    .toUpperCase();
  return aadsts(
    700027,
    `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - ${reason}, Thumbprint of key used by client: '${thumbprint}'.]`,
  );
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
