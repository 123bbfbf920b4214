import { azureDevOpsAppId } from "../../core/credentials.ts";
import { ActionError } from "../../errors.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Runner, SignIn } from "../../ports.ts";
import { decodeJwtClaims } from "../jwt.ts";

/** Signs in with a token as it was given: a JWT as Bearer, a personal access token as Basic. Cannot be renewed. */
export function tokenSignIn(token: string, clock: Clock, runner: Pick<Runner, "mask">): SignIn {
  runner.mask(token);
  const claims = decodeJwtClaims(token);
  if (claims) return bearerSignIn(token, claims, clock);
  const encoded = Buffer.from(`:${token}`).toString("base64");
  runner.mask(encoded);
  return {
    description: undefined,
    authorization: async () => `Basic ${encoded}`,
    refresh: async () => false,
  };
}

function bearerSignIn(token: string, claims: Readonly<Record<string, unknown>>, clock: Clock): SignIn {
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

function describe(expiresAt: number, now: number): string | undefined {
  const minutes = Math.floor((expiresAt - now) / 60_000);
  if (!Number.isFinite(minutes) || minutes < 0) return undefined;
  return `Signed in with the access token that was given; it is good for ${minutes} min and cannot be renewed.`;
}

// Tokens that are fetched for these by mistake again and again, and that Azure DevOps refuses without a word.
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
      hint: `Ask for one with the resource ${azureDevOpsAppId}.`,
    },
  );
}
