import type { CredentialConfig, CredentialKind } from "../core/credentials.ts";
import { asObject, parseJson } from "../lib/json.ts";
import type { Clock } from "../lib/time.ts";
import type { Runner, SignIn } from "../ports.ts";
import type { AuthDeps, TokenSource } from "./access-token.ts";
import { rejectedTokenHint, tokenSignIn } from "./credentials/static-token.ts";
import { createTokenCache } from "./token-cache.ts";

/** A sign-in whose token the post step may need, because it cannot sign in again. */
export interface PersistableSignIn extends SignIn {
  /** For the step's state: the current token, if the post step could not sign in again; else undefined. */
  tokenToPersist(): string | undefined;
}

/**
 * The sign-in for the inputs. Their secrets are masked at once; nothing is fetched or loaded before the first call of
 * `authorization`.
 */
export function createSignIn(config: CredentialConfig, deps: AuthDeps): PersistableSignIn {
  for (const secret of secretsOf(config)) deps.runner.mask(secret);
  const tokenToPersist = (): undefined => undefined;
  if (config.kind === "token")
    return { ...tokenSignIn(config.token, deps.clock, deps.runner), tokenToPersist };
  let tokenSource: Promise<TokenSource> | undefined;
  const fetchToken: TokenSource = async (signal) => {
    tokenSource ??= import("./create-token-source.ts").then(({ createTokenSource }) =>
      createTokenSource(config, deps),
    );
    return (await tokenSource)(signal);
  };
  const tokenCache = createTokenCache(fetchToken, describeCredential(config), deps);
  if (config.kind !== "device-code") return withTokenToPersist(tokenCache, tokenToPersist);
  return withTokenToPersist(tokenCache, () => {
    const current = tokenCache.currentToken();
    return current && JSON.stringify({ token: current.token, expiresAt: current.expiresAt });
  });
}

/** An additional hint for a credential that Azure DevOps rejects. */
export function rejectionHint(
  config: CredentialConfig,
  context: { readonly isServices: boolean },
): string | undefined {
  return config.kind === "token" ? rejectedTokenHint(config.token, context) : undefined;
}

/** The sign-in of the main step, from the saved state; undefined if the state is not usable. */
export function restoreSignIn(
  persisted: string,
  deps: { readonly clock: Clock; readonly runner: Pick<Runner, "mask" | "write"> },
): SignIn | undefined {
  const { token, expiresAt } = asObject(parseJson(persisted));
  if (typeof token !== "string" || typeof expiresAt !== "number") return undefined;
  deps.runner.mask(token);
  const accessToken = { token, expiresAt, nonRefreshable: true };
  return createTokenCache(async () => accessToken, "as the user who entered the device code", {
    ...deps,
    random: () => 0,
  });
}

// Not a spread: the description is a getter, and changes once there is a token.
function withTokenToPersist(tokenCache: SignIn, tokenToPersist: () => string | undefined): PersistableSignIn {
  return {
    get description() {
      return tokenCache.description;
    },
    authorization: (signal) => tokenCache.authorization(signal),
    refresh: (signal) => tokenCache.refresh(signal),
    tokenToPersist,
  };
}

function secretsOf(config: CredentialConfig): readonly string[] {
  switch (config.kind) {
    case "client-secret":
      return [config.secret];
    case "client-certificate":
      return [config.pem];
    case "refresh-token":
      return config.secret === undefined ? [config.refreshToken] : [config.refreshToken, config.secret];
    case "azure-devops-oauth":
      return [config.secret, config.refreshToken];
    default:
      return [];
  }
}

function describeCredential(config: Exclude<CredentialConfig, { kind: "token" }>): string {
  const descriptions: Record<Exclude<CredentialKind, "token">, string> = {
    "client-secret": "with its client secret",
    "client-certificate": "with its certificate",
    "github-oidc": "with GitHub's OIDC token",
    "refresh-token": "as the user of the refresh token",
    "managed-identity": "as the managed identity of this machine",
    "azure-cli": "with the identity of the Azure CLI",
    "device-code": "as the user who entered the device code",
    "azure-devops-oauth": "as the user of the legacy Azure DevOps application",
  };
  const isApplication =
    config.kind === "client-secret" || config.kind === "client-certificate" || config.kind === "github-oidc";
  return isApplication
    ? `as the application ${config.application.clientId} ${descriptions[config.kind]}`
    : descriptions[config.kind];
}
