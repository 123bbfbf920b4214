import { ActionError } from "../errors.ts";
import type { Clock } from "../lib/clock.ts";
import type { Runner, Transport } from "../ports.ts";

/** What signing in needs of the world. */
export interface AuthDeps {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly runner: Pick<Runner, "mask" | "getIdToken" | "write" | "addSummary">;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
}

/** An access token, masked already. */
export interface AccessToken {
  readonly token: string;
  /** By our clock, in milliseconds. */
  readonly expiresAt: number;
  /** What a refresh token is handed out for: the next access token. */
  readonly refreshToken?: string | undefined;
  /** No other can be had: it is used until it expires. */
  readonly nonRefreshable?: boolean;
}

/**
 * Asks once for a token. PassingError where asking again may help, ActionError where it will not.
 */
export type TokenSource = (signal: AbortSignal) => Promise<AccessToken>;

/** How long one request for a token may take. */
export const tokenRequestTimeoutMs = 30_000;

/** An access token as it came, once it is known that it can travel in a header. `by` begins a sentence. */
export function validHeaderValue(token: string, issuerName: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ActionError(
    "unexpected-response",
    `${issuerName} handed out an access token with characters that no header may hold.`,
    { hint: "Check that it is the token endpoint that answers there, and not something in between." },
  );
}
