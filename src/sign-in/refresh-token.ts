import { ClientSecretPost, None } from "oauth4webapi";
import type { Application, RefreshTokenWay } from "../core/sign-in-way.ts";
import { grantedBy } from "./client-credentials.ts";
import type { FetchToken, Granted, Outside } from "./granted.ts";
import { type ClientAuthentication, requestToken } from "./oauth.ts";

/** A user who signed in once, in a browser. A refresh token that is replaced on the way is the one to use next. */
export function refreshToken(
  { application, refreshToken: stored, secret }: RefreshTokenWay,
  outside: Outside,
): FetchToken {
  const refresh = refreshing(application, secret === undefined ? None() : ClientSecretPost(secret), outside);
  let current = stored;
  return async (signal) => {
    const granted = await refresh(current, signal);
    current = granted.refreshToken ?? current;
    return granted;
  };
}

/**
 * Exchanges refresh tokens of an application for access tokens.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token
 */
export function refreshing(application: Application, authentication: ClientAuthentication, outside: Outside) {
  const parameters = { scope: withOfflineAccess(application.scope) };
  return async (token: string, signal: AbortSignal): Promise<Granted> => {
    const form = { ...parameters, refresh_token: token };
    const request = { application, authentication, grantType: "refresh_token", parameters: form };
    return grantedBy(await requestToken(request, outside, signal), {
      invalid_grant: "Sign in once more with `npm run authorize` and store the new refresh token.",
    });
  };
}

/** The scope that a refresh token comes with. */
export function withOfflineAccess(scope: string): string {
  return scope.split(/\s+/).includes("offline_access") ? scope : `${scope} offline_access`;
}
