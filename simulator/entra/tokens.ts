import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
} from "node:crypto";

import { azureDevOpsResourceId } from "./scope.ts";

export interface Signer {
  readonly kid: string;
  readonly publicKey: KeyObject;
  sign(claims: object): string;
}

export type Claims = Readonly<Record<string, unknown>>;

/** Makes a key that signs JWTs (RS256). */
export function createSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = randomUUID();
  return {
    kid,
    publicKey,
    sign: (claims) => {
      const input = `${encodePart({ alg: "RS256", typ: "JWT", kid })}.${encodePart(claims)}`;
      const key = { key: privateKey, padding: constants.RSA_PKCS1_PADDING };
      return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
    },
  };
}

/** An access token and what its resource reads in it. */
export interface IssuedToken {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly claims: Claims;
}

/**
 * The tokens of Azure DevOps are encrypted for it (JWE, five parts), so that clients cannot read them. Others are JWTs.
 * Nothing decrypts a token here: its claims are stored with it.
 */
export function createAccessToken(signer: Signer, claims: Claims & { readonly aud: string }): string {
  return claims.aud === azureDevOpsResourceId ? opaqueToken(signer) : signer.sign(claims);
}

function opaqueToken({ kid }: Signer): string {
  const header = encodePart({ alg: "RSA-OAEP", enc: "A256CBC-HS512", kid, typ: "JWT", zip: "DEF" });
  const sizes = [256, 16, 1_040, 32];
  return [header, ...sizes.map((size) => randomBytes(size).toString("base64url"))].join(".");
}

/** The hash of a code or access token that an id token issued with it has: the first half of its SHA-256. */
export function tokenHash(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
}

let shared: Signer | undefined;

/** One key for all servers of this process, since making one takes long. */
export function sharedSigner(): Signer {
  shared ??= createSigner();
  return shared;
}

/** Header and claims of a JWT, unverified; undefined if the text is not a JWT. */
export function decodeJwt(text: string): { readonly header: Claims; readonly claims: Claims } | undefined {
  try {
    const [header, claims] = text
      .split(".")
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Claims);
    return header && claims ? { header, claims } : undefined;
  } catch {
    return undefined;
  }
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
