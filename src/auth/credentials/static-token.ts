import { azureDevOpsAppId } from "../../core/credentials.ts";
import { ActionError } from "../../errors.ts";
import { approximateDurationText, type Clock } from "../../lib/time.ts";
import type { Runner, SignIn } from "../../ports.ts";
import { decodeJwtClaims, isJsonWebToken } from "../access-token.ts";

/** Signs in with the given token: a JWT or JWE as Bearer, a personal access token as Basic. It cannot be renewed. */
export function tokenSignIn(token: string, clock: Clock, runner: Pick<Runner, "mask">): SignIn {
  runner.mask(token);
  if (isJsonWebToken(token)) return bearerSignIn(token, clock);
  const encoded = Buffer.from(`:${token}`).toString("base64");
  runner.mask(encoded);
  return {
    description: undefined,
    authorization: async () => `Basic ${encoded}`,
    refresh: async () => false,
  };
}

/** The claims only improve messages: Azure DevOps encrypts its tokens, so they often cannot be read. */
function bearerSignIn(token: string, clock: Clock): SignIn {
  const claims = decodeJwtClaims(token) ?? {};
  const expiresAt = typeof claims["exp"] === "number" ? claims["exp"] * 1_000 : Number.POSITIVE_INFINITY;
  return {
    description: describe(expiresAt, clock.now()),
    refresh: async () => false,
    authorization: async () => {
      rejectWrongAudience(claims["aud"]);
      return `Bearer ${token}`;
    },
  };
}

/** The hint for a token that Azure DevOps rejects; `undefined` for an access token. */
export function rejectedTokenHint(
  token: string,
  { isServices }: { readonly isServices: boolean },
): string | undefined {
  if (isJsonWebToken(token)) return undefined;
  const hints = [
    isEncodedForBasic(token)
      ? "The token is base64 of `user:TOKEN`: store the personal access token itself."
      : undefined,
    isServices
      ? "Personal access tokens for all accessible organizations (global tokens) work only until 2026-12-01: create one for this organization."
      : undefined,
  ];
  return hints.filter((hint) => hint !== undefined).join(" ") || undefined;
}

/** Whether a token is base64 of `:TOKEN` or `user:TOKEN`, as in a Basic authorization header. */
function isEncodedForBasic(token: string): boolean {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(token)) return false;
  const text = Buffer.from(token, "base64").toString("latin1");
  return /^[\x20-\x39\x3b-\x7e]*:[\x21-\x7e]{8,}$/.test(text);
}

function describe(expiresAt: number, now: number): string | undefined {
  const lifetimeMs = expiresAt - now;
  if (!Number.isFinite(lifetimeMs) || lifetimeMs < 0) return undefined;
  return `Signed in with the given access token; valid for ${approximateDurationText(lifetimeMs)}, not renewable.`;
}

// Tokens are often requested for these by mistake, and Azure DevOps rejects them without a reason.
const wrongAudiences = new Map([
  ["https://management.azure.com", "Azure Resource Manager"],
  ["https://management.core.windows.net", "Azure Resource Manager"],
  ["https://graph.microsoft.com", "Microsoft Graph"],
  ["00000003-0000-0000-c000-000000000000", "Microsoft Graph"],
  ["api://AzureADTokenExchange", "the exchange with Entra ID"],
]);

function rejectWrongAudience(audience: unknown): void {
  const purpose = typeof audience === "string" ? wrongAudiences.get(audience.replace(/\/$/, "")) : undefined;
  if (purpose === undefined) return;
  throw new ActionError(
    "unauthorized",
    `The access token in \`token\` was issued for ${purpose}, not for Azure DevOps.`,
    {
      hint: `Request one for the resource ${azureDevOpsAppId}.`,
    },
  );
}
