import type { Application } from "../core/sign-in-way.ts";
import { federated } from "./federated.ts";
import type { FetchToken, Outside } from "./granted.ts";

const exchangeAudience = "api://AzureADTokenExchange";

/** GitHub's own identity: a token of this job, exchanged at Entra ID. Fresh for every exchange: it lives five minutes. */
export function githubOidc(
  { application }: { readonly application: Application },
  outside: Outside,
): FetchToken {
  return federated(application, outside, {
    assertion: (signal) => outside.host.identityToken(exchangeAudience, signal),
    issuedBy: "GitHub",
  });
}
