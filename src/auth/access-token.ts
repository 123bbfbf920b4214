import { ActionError } from "../errors.ts";
import type { Clock } from "../lib/clock.ts";
import type { Runner, Transport } from "../ports.ts";

/** What signing in depends on. */
export interface AuthDeps {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly runner: Pick<Runner, "mask" | "getIdToken" | "write" | "addSummary">;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
}

/** An access token that has been masked. */
export interface AccessToken {
  readonly token: string;
  /** By our clock, in milliseconds. */
  readonly expiresAt: number;
  /** For the next access token. */
  readonly refreshToken?: string | undefined;
  /** Cannot be renewed: it is used until it expires. */
  readonly nonRefreshable?: boolean;
}

/** Requests a token once. Throws a TransientError if a retry may help, else an ActionError. */
export type TokenSource = (signal: AbortSignal) => Promise<AccessToken>;

/** How long one request for a token may take. */
export const tokenRequestTimeoutMs = 30_000;

/** The access token, checked to be a valid header value. `issuerName` begins a sentence. */
export function validHeaderValue(token: string, issuerName: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ActionError(
    "unexpected-response",
    `${issuerName} handed out an access token with characters that no header may hold.`,
    { hint: "Check that it is the token endpoint that answers there, and not something in between." },
  );
}
