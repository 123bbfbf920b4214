import type { AzureDevOpsOAuthConfig } from "../../core/credentials.ts";
import type { AuthDeps, TokenSource } from "../access-token.ts";
import { type ClientAuthentication, requestToken, toAccessToken } from "../oauth.ts";

/**
 * The legacy form: the application's secret is the client assertion, the refresh token is the assertion. Each refresh token
 * can be used once.
 * https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/azure-devops-oauth
 */
export function azureDevOpsOAuth(config: AzureDevOpsOAuthConfig, deps: AuthDeps): TokenSource {
  let current = config.refreshToken;
  return async (signal) => {
    const request = {
      // This endpoint identifies the application by its secret.
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
  title: "The stored refresh token was used up",
  text:
    "Azure DevOps replaced the refresh token in `refresh-token`, and rejects the stored one from now on. " +
    "Before the next run of this workflow, let the user authorize the application again and store the new refresh token; " +
    "or use a credential without a stored secret, such as `github-oidc` (docs/sign-in.md).",
} as const;

const authorizeAgainHint =
  "Let the user authorize the application again and store the new refresh token: each can be used once.";

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
    "Set `redirect-uri` to exactly the callback URL that the application was registered with.",
};
