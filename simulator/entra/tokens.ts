import { constants, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";

interface Signer {
  readonly kid: string;
  readonly publicKey: KeyObject;
  sign(claims: object): string;
}

type Claims = Readonly<Record<string, unknown>>;

/** A key of its own that signs JWTs (RS256). */
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

/** For tokens whose signature nobody is to check: a key takes long to make. */
export function sharedSigner(): Signer {
  shared ??= createSigner();
  return shared;
}

/** Header and claims of a JWT, unverified; undefined where the text is none. */
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
