import type { AzureDevOpsOAuthWay } from "../core/sign-in-way.ts";
import { grantedBy } from "./client-credentials.ts";
import type { FetchToken, Outside } from "./granted.ts";
import { type ClientAuthentication, requestToken } from "./oauth.ts";

/**
 * The legacy form: the application's secret travels as the client assertion, the refresh token as the assertion. Each
 * refresh token is good for once.
 * https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/azure-devops-oauth
 */
export function azureDevOpsOAuth(way: AzureDevOpsOAuthWay, outside: Outside): FetchToken {
  let current = way.refreshToken;
  return async (signal) => {
    const request = {
      // This endpoint knows the application by its secret alone.
      application: { clientId: "legacy", tokenUrl: way.tokenUrl },
      authentication: secretAsAssertion(way.secret),
      grantType: "refresh_token",
      parameters: { assertion: current, redirect_uri: way.redirectUri },
    };
    const granted = grantedBy(await requestToken(request, outside, signal), hints);
    const next = granted.refreshToken ?? current;
    if (current === way.refreshToken && next !== current) outside.host.write([spent]);
    current = next;
    return granted;
  };
}

function secretAsAssertion(secret: string): ClientAuthentication {
  return (_server, _client, body) => {
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    body.set("client_assertion", secret);
  };
}

const spent = {
  type: "warning",
  title: "The stored refresh token is spent",
  text:
    "Azure DevOps replaced the refresh token in `refresh-token`, and will refuse the stored one from now on. " +
    "Before the next run of this workflow, let the user authorize the application again and store the new refresh token; " +
    "or sign in in a way that nothing has to be stored for, such as `github-oidc` (docs/sign-in.md).",
} as const;

const again =
  "Let the user authorize the application again and store the new refresh token: each is good for one use.";
const newSecret = "Renew the application's secret (it lasts 60 days) and store it in `client-secret`.";

const hints: Readonly<Record<string, string>> = {
  invalid_client: newSecret,
  InvalidClientSecret: newSecret,
  ClientSecretExpired: newSecret,
  InvalidClientId: newSecret,
  invalid_grant: again,
  InvalidRefreshToken: again,
  RefreshTokenExpired: again,
  RefreshTokenAlreadyUsed: again,
  AuthorizationGrantExpired: again,
  InvalidRedirectUri:
    "Give in `redirect-uri` exactly the callback address that the application was registered with.",
};
