import { constants, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";

export interface Signer {
  readonly kid: string;
  readonly publicKey: KeyObject;
  sign(claims: object): string;
}

type Claims = Readonly<Record<string, unknown>>;

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
