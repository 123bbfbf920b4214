import { ActionError } from "../errors.ts";
import { parseJsonObject } from "../lib/json.ts";
import type { Clock } from "../lib/time.ts";
import type { Runner, Transport } from "../ports.ts";

/** The dependencies of signing in. */
export interface AuthDeps {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly runner: Pick<Runner, "mask" | "redact" | "getIdToken" | "write" | "addSummary">;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
}

/** An access token that has been masked. */
export interface AccessToken {
  readonly token: string;
  /** By the runner's clock, in milliseconds. */
  readonly expiresAt: number;
  /** The refresh token for the next access token. */
  readonly refreshToken?: string | undefined;
  /** It cannot be renewed: it is used until it expires. */
  readonly nonRefreshable?: boolean;
}

/** Requests a token once. Throws a TransientError if a retry may help, else an ActionError. */
export type TokenSource = (signal: AbortSignal) => Promise<AccessToken>;

/** The time limit of one request for a token. Milliseconds. */
export const tokenRequestTimeoutMs = 30_000;

/** The access token, checked to be a valid header value. `issuerName` begins a sentence. */
export function validHeaderValue(token: string, issuerName: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ActionError(
    "unexpected-response",
    `${issuerName} returned an access token with characters that are invalid in an HTTP header.`,
    { hint: "Check whether a proxy or gateway responds instead of the token endpoint." },
  );
}

type JwtClaims = Readonly<Record<string, unknown>>;

/**
 * Whether a text has the form of a signed (three parts) or encrypted (five parts) JSON Web Token. The second of five, the
 * encrypted key, may be empty.
 */
export function isJsonWebToken(text: string): boolean {
  const parts = text.split(".");
  const [header = ""] = parts;
  const isWellFormed = (part: string, index: number) =>
    /^[\w-]+$/.test(part) || (parts.length === 5 && index === 1 && part === "");
  return [3, 5].includes(parts.length) && parts.every(isWellFormed) && decodeJwtPart(header) !== undefined;
}

/** The claims of a signed JWT, not verified; `undefined` if they cannot be read. */
export function decodeJwtClaims(text: string): JwtClaims | undefined {
  const parts = text.split(".");
  if (parts.length !== 3 || !isJsonWebToken(text)) return undefined;
  return decodeJwtPart(parts[1] ?? "") ?? {};
}

function decodeJwtPart(part: string): JwtClaims | undefined {
  return parseJsonObject(Buffer.from(part, "base64url").toString("utf8"));
}
