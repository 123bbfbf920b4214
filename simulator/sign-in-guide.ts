import type { AllAddresses } from "./all.ts";

/** How to reach the services around Azure DevOps, and how to try each way to sign in, for a terminal. */
export function signInGuide({
  azureDevOps,
  entra,
  githubOidc,
  github,
  managedIdentity,
  env,
}: AllAddresses): string {
  const { organization, project } = azureDevOps;
  const application = `--tenant-id ${entra.tenantId} --client-id ${entra.clientId} --token-url ${entra.tokenUrl}`;
  const start = `npm start -- --organization ${organization} --project ${project} --pipeline-id 49 --ref main`;
  const variables = Object.entries(env).map(([name, value]) => `  export ${name}='${value}'`);
  return `
Entra ID
  token-url         ${entra.tokenUrl}
  tenant-id         ${entra.tenantId}
  client-id         ${entra.clientId}
  client-secret     ${entra.clientSecret}
  certificate file  ${entra.certificateFile}
  public client-id  ${entra.publicClientId}
GitHub's OIDC
  request address   ${githubOidc.requestUrl}
  request token     ${githubOidc.requestToken}
  subject           ${githubOidc.subject}
GitHub's REST API
  address           ${github.apiUrl}
  repository        ${github.repository}
  token             ${github.token}
Managed identity
  endpoint          ${managedIdentity.endpoint}

In another terminal, set the variables of a runner:

${variables.join("\n")}

and try a way to sign in:

  ${start} \\
    --auth github-oidc ${application}
  ${start} \\
    --auth client-certificate --client-certificate "$(cat ${entra.certificateFile})" ${application}
  ${start} \\
    --auth client-secret --client-secret '${entra.clientSecret}' ${application}
  ${start} \\
    --auth device-code --tenant-id ${entra.tenantId} --client-id ${entra.publicClientId} --token-url ${entra.tokenUrl}
  ${start} \\
    --auth managed-identity

Requests are logged below. Ctrl+C ends all of it.
`;
}
