import { ClientSecretPost, None } from "oauth4webapi";
import type { Application, RefreshTokenConfig } from "../../core/credentials.ts";
import type { AccessToken, AuthDeps, TokenSource } from "../access-token.ts";
import { type ClientAuthentication, requestToken, toAccessToken } from "../oauth.ts";

/** A user who signed in once, in a browser. If the refresh token is replaced, the new one is used next. */
export function refreshToken(
  { application, refreshToken: stored, secret }: RefreshTokenConfig,
  deps: AuthDeps,
): TokenSource {
  const refresh = createRefresher(
    application,
    secret === undefined ? None() : ClientSecretPost(secret),
    deps,
  );
  let current = stored;
  return async (signal) => {
    const accessToken = await refresh(current, signal);
    current = accessToken.refreshToken ?? current;
    return accessToken;
  };
}

/**
 * Exchanges refresh tokens of an application for access tokens.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token
 */
export function createRefresher(
  application: Application,
  authentication: ClientAuthentication,
  deps: AuthDeps,
) {
  const parameters = { scope: withOfflineAccess(application.scope) };
  return async (token: string, signal: AbortSignal): Promise<AccessToken> => {
    const form = { ...parameters, refresh_token: token };
    const request = { application, authentication, grantType: "refresh_token", parameters: form };
    return toAccessToken(await requestToken(request, deps, signal), {
      invalid_grant: "Sign in once more with `npm run authorize` and store the new refresh token.",
    });
  };
}

/** The scope that a refresh token comes with. */
export function withOfflineAccess(scope: string): string {
  return scope.split(/\s+/).includes("offline_access") ? scope : `${scope} offline_access`;
}
