import type { CredentialConfig } from "../core/sign-in-way.ts";
import { azureCli } from "./azure-cli.ts";
import { azureDevOpsOAuth } from "./azure-devops-oauth.ts";
import { clientCertificate } from "./client-certificate.ts";
import { clientSecret } from "./client-secret.ts";
import { deviceCode } from "./device-code.ts";
import { githubOidc } from "./github-oidc.ts";
import type { AuthDeps, TokenSource } from "./granted.ts";
import { managedIdentity } from "./managed-identity.ts";
import { refreshToken } from "./refresh-token.ts";

/** All ways that fetch something. Loaded as one: they share most of what they need, and `token` needs none of it. */
export function createTokenSource(
  config: Exclude<CredentialConfig, { kind: "token" }>,
  deps: AuthDeps,
): TokenSource {
  switch (config.kind) {
    case "client-secret":
      return clientSecret(config, deps);
    case "client-certificate":
      return clientCertificate(config, deps);
    case "github-oidc":
      return githubOidc(config, deps);
    case "refresh-token":
      return refreshToken(config, deps);
    case "managed-identity":
      return managedIdentity(config, deps);
    case "azure-cli":
      return azureCli(config, deps);
    case "device-code":
      return deviceCode(config, deps);
    case "azure-devops-oauth":
      return azureDevOpsOAuth(config, deps);
  }
}
