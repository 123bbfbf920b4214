import { ClientSecretPost } from "oauth4webapi";
import type { Application } from "../../core/credentials.ts";
import type { AuthDeps, TokenSource } from "../access-token.ts";
import { requestClientCredentialsToken, toAccessToken } from "../oauth.ts";

interface ClientSecretConfig {
  readonly application: Application;
  readonly secret: string;
}

/** An application with a client secret. */
export function clientSecret({ application, secret }: ClientSecretConfig, deps: AuthDeps): TokenSource {
  const authentication = ClientSecretPost(secret);
  return async (signal) =>
    toAccessToken(await requestClientCredentialsToken({ application, authentication }, deps, signal), {
      invalid_client: "Check `client-id` and `client-secret`: the secret may be wrong or expired.",
    });
}
