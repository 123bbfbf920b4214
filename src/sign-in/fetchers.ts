import type { Way } from "../core/sign-in-way.ts";
import { azureCli } from "./azure-cli.ts";
import { azureDevOpsOAuth } from "./azure-devops-oauth.ts";
import { clientCertificate } from "./client-certificate.ts";
import { clientSecret } from "./client-secret.ts";
import { deviceCode } from "./device-code.ts";
import { githubOidc } from "./github-oidc.ts";
import type { FetchToken, Outside } from "./granted.ts";
import { managedIdentity } from "./managed-identity.ts";
import { refreshToken } from "./refresh-token.ts";

/** All ways that fetch something. Loaded as one: they share most of what they need, and `token` needs none of it. */
export function fetcherFor(way: Exclude<Way, { kind: "token" }>, outside: Outside): FetchToken {
  switch (way.kind) {
    case "client-secret":
      return clientSecret(way, outside);
    case "client-certificate":
      return clientCertificate(way, outside);
    case "github-oidc":
      return githubOidc(way, outside);
    case "refresh-token":
      return refreshToken(way, outside);
    case "managed-identity":
      return managedIdentity(way, outside);
    case "azure-cli":
      return azureCli(way, outside);
    case "device-code":
      return deviceCode(way, outside);
    case "azure-devops-oauth":
      return azureDevOpsOAuth(way, outside);
  }
}
