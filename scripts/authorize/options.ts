import { azureDevOpsScope } from "../../src/core/credentials.ts";
import { listed } from "../../src/lib/text.ts";
import { isHttpLoopback } from "../../src/lib/url.ts";
import { readArguments } from "../arguments.ts";

export interface Options {
  readonly tenant: string;
  readonly clientId: string;
  readonly scope: string;
  readonly tokenUrl: string | undefined;
  readonly authorizeUrl: string | undefined;
  readonly browser: boolean;
  /** The name of the GitHub secret in which the GitHub CLI stores the token. */
  readonly secret: string | undefined;
  readonly repo: string | undefined;
}

export const usage = `npm run authorize -- --tenant TENANT --client-id CLIENT [options]

  --tenant         Entra ID tenant that the Azure DevOps organization is connected to
  --client-id      application of that tenant with the redirect http://localhost (mobile and desktop)
  --secret         name of the GitHub secret to store the refresh token in (by \`gh secret set\`), instead of printing it
  --repo           with --secret: the repository, as ORG/REPO (default: that of this clone)
  --scope          scope of the token (default: Azure DevOps)
  --token-url      token endpoint (default: that of the tenant)
  --authorize-url  authorization endpoint (default: that of the tenant)
  --no-browser     only print the address to open
`;

/** Throws an error of one sentence for a mistake. */
export function parseOptions(args: readonly string[]): Options {
  const values = readArguments(
    usage,
    {
      tenant: { type: "string", default: "" },
      "client-id": { type: "string", default: "" },
      scope: { type: "string", default: azureDevOpsScope },
      "token-url": { type: "string" },
      "authorize-url": { type: "string" },
      "no-browser": { type: "boolean", default: false },
      secret: { type: "string" },
      repo: { type: "string" },
    },
    args,
  );
  const hasOwnEndpoints = values["token-url"] !== undefined && values["authorize-url"] !== undefined;
  const missing = [
    ...(values.tenant === "" && !hasOwnEndpoints ? ["--tenant"] : []),
    ...(values["client-id"] === "" ? ["--client-id"] : []),
  ];
  if (missing.length > 0) throw new Error(`Set ${listed(missing)}. See \`npm run authorize -- --help\`.`);
  if (values.tenant !== "" && !/^[a-z0-9][a-z0-9.-]*$/i.test(values.tenant))
    throw new Error("--tenant: expected a GUID or a domain name.");
  if (values.repo !== undefined && values.secret === undefined) throw new Error("--repo needs --secret.");
  for (const name of ["token-url", "authorize-url"] as const) requireHttps(name, values[name]);
  return {
    tenant: values.tenant,
    clientId: values["client-id"],
    scope: values.scope,
    tokenUrl: values["token-url"],
    authorizeUrl: values["authorize-url"],
    browser: !values["no-browser"],
    secret: values.secret,
    repo: values.repo,
  };
}

function requireHttps(name: string, raw: string | undefined): void {
  if (raw === undefined) return;
  const url = URL.parse(raw);
  if (url?.protocol !== "https:" && !(url && isHttpLoopback(url)))
    throw new Error(`--${name}: expected an https URL.`);
}
