import { readFile } from "node:fs/promises";
import { entraTokenUrl, type ManagedIdentityConfig } from "../../core/credentials.ts";
import { ActionError } from "../../errors.ts";
import { isHttpLoopback } from "../../lib/url.ts";
import type { AuthDeps, TokenSource } from "../access-token.ts";
import { federated } from "./federated.ts";

/**
 * A pod's identity: the token of its service account, which Kubernetes renews in a file, is exchanged at Entra ID.
 * https://learn.microsoft.com/azure/aks/workload-identity-overview
 */
export function workloadIdentity(config: ManagedIdentityConfig, deps: AuthDeps): TokenSource {
  const { env } = deps;
  const clientId = config.clientId ?? env["AZURE_CLIENT_ID"];
  const tenantId = config.tenantId ?? env["AZURE_TENANT_ID"];
  const file = env["AZURE_FEDERATED_TOKEN_FILE"] ?? "";
  if (!clientId || !(tenantId || config.tokenUrl)) {
    throw new ActionError(
      "unauthorized",
      "AZURE_FEDERATED_TOKEN_FILE was set without AZURE_CLIENT_ID and AZURE_TENANT_ID.",
      {
        hint: "Annotate the pod's service account with the identity, or set `client-id` and `tenant-id`.",
      },
    );
  }
  const tokenUrl = config.tokenUrl ?? entraTokenUrl(tenantId ?? "", env["AZURE_AUTHORITY_HOST"]);
  const url = URL.parse(tokenUrl);
  if (!url || !(url.protocol === "https:" || isHttpLoopback(url))) {
    throw new ActionError("unauthorized", "AZURE_AUTHORITY_HOST was not an https URL.", {
      hint: "Correct AZURE_AUTHORITY_HOST in the pod's environment, or set `token-url`.",
    });
  }
  const application = { clientId, tokenUrl, scope: config.scope };
  return federated(application, deps, { getAssertion: () => readAssertion(file), issuedBy: "Kubernetes" });
}

async function readAssertion(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new ActionError("unauthorized", `The service account's token could not be read from ${file}.`, {
      hint: "Check AZURE_FEDERATED_TOKEN_FILE, and that the pod has the label azure.workload.identity/use.",
      cause: error,
    });
  }
}
