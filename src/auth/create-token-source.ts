import type { CredentialConfig } from "../core/credentials.ts";
import type { AuthDeps, TokenSource } from "./access-token.ts";
import { azureCli } from "./credentials/azure-cli.ts";
import { azureDevOpsOAuth } from "./credentials/azure-devops-oauth.ts";
import { clientCertificate } from "./credentials/client-certificate.ts";
import { clientSecret } from "./credentials/client-secret.ts";
import { deviceCode } from "./credentials/device-code.ts";
import { githubOidc } from "./credentials/federated.ts";
import { managedIdentity } from "./credentials/managed-identity.ts";
import { refreshToken } from "./credentials/refresh-token.ts";

/** All credentials that fetch tokens. They are one chunk of the bundle: they share most of their code, and `token` needs none of it. */
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
