import type { AzureDevOpsOAuthConfig } from "../../core/credentials.ts";
import type { AuthDeps, TokenSource } from "../access-token.ts";
import { type ClientAuthentication, requestToken, toAccessToken } from "../oauth.ts";

/**
 * The legacy form: the application's secret travels as the client assertion, the refresh token as the assertion. Each
 * refresh token is good for once.
 * https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/azure-devops-oauth
 */
export function azureDevOpsOAuth(config: AzureDevOpsOAuthConfig, deps: AuthDeps): TokenSource {
  let current = config.refreshToken;
  return async (signal) => {
    const request = {
      // This endpoint knows the application by its secret alone.
      application: { clientId: "legacy", tokenUrl: config.tokenUrl },
      authentication: secretAsAssertion(config.secret),
      grantType: "refresh_token",
      parameters: { assertion: current, redirect_uri: config.redirectUri },
    };
    const accessToken = toAccessToken(await requestToken(request, deps, signal), hints);
    const next = accessToken.refreshToken ?? current;
    if (current === config.refreshToken && next !== current) deps.runner.write([tokenReplacedWarning]);
    current = next;
    return accessToken;
  };
}

function secretAsAssertion(secret: string): ClientAuthentication {
  return (_server, _client, body) => {
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    body.set("client_assertion", secret);
  };
}

const tokenReplacedWarning = {
  type: "warning",
  title: "The stored refresh token is spent",
  text:
    "Azure DevOps replaced the refresh token in `refresh-token`, and will refuse the stored one from now on. " +
    "Before the next run of this workflow, let the user authorize the application again and store the new refresh token; " +
    "or sign in in a way that nothing has to be stored for, such as `github-oidc` (docs/sign-in.md).",
} as const;

const authorizeAgainHint =
  "Let the user authorize the application again and store the new refresh token: each is good for one use.";

const renewSecretHint = "Renew the application's secret (it lasts 60 days) and store it in `client-secret`.";

const hints: Readonly<Record<string, string>> = {
  invalid_client: renewSecretHint,
  InvalidClientSecret: renewSecretHint,
  ClientSecretExpired: renewSecretHint,
  InvalidClientId: renewSecretHint,
  invalid_grant: authorizeAgainHint,
  InvalidRefreshToken: authorizeAgainHint,
  RefreshTokenExpired: authorizeAgainHint,
  RefreshTokenAlreadyUsed: authorizeAgainHint,
  AuthorizationGrantExpired: authorizeAgainHint,
  InvalidRedirectUri:
    "Give in `redirect-uri` exactly the callback address that the application was registered with.",
};
