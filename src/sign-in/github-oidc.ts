import type { Application } from "../core/sign-in-way.ts";
import { federated } from "./federated.ts";
import type { AuthDeps, TokenSource } from "./granted.ts";

const exchangeAudience = "api://AzureADTokenExchange";

/** GitHub's own identity: a token of this job, exchanged at Entra ID. Fresh for every exchange: it lives five minutes. */
export function githubOidc(
  { application }: { readonly application: Application },
  deps: AuthDeps,
): TokenSource {
  return federated(application, deps, {
    getAssertion: (signal) => deps.runner.getIdToken(exchangeAudience, signal),
    issuedBy: "GitHub",
  });
}
