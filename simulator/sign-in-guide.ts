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
  const variables = {
    ...env,
    ORGANIZATION: organization,
    TENANT_ID: entra.tenantId,
    CLIENT_ID: entra.clientId,
    CLIENT_SECRET: entra.clientSecret,
    CERTIFICATE_FILE: entra.certificateFile,
    PUBLIC_CLIENT_ID: entra.publicClientId,
    TOKEN_URL: entra.tokenUrl,
  };
  const exports = Object.entries(variables).map(([name, value]) => `  export ${name}='${value}'`);
  const start = `npm start -- --organization "$ORGANIZATION" --project ${project} --pipeline-id 49 --ref main`;
  const application = '--tenant-id "$TENANT_ID" --client-id "$CLIENT_ID" --token-url "$TOKEN_URL"';
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

In another terminal, set these variables:

${exports.join("\n")}

Then try a way to sign in:

  ${start} \\
    --auth github-oidc ${application}
  ${start} \\
    --auth client-certificate --client-certificate "$(cat "$CERTIFICATE_FILE")" ${application}
  ${start} \\
    --auth client-secret --client-secret "$CLIENT_SECRET" ${application}
  ${start} \\
    --auth device-code --tenant-id "$TENANT_ID" --client-id "$PUBLIC_CLIENT_ID" --token-url "$TOKEN_URL"
  ${start} \\
    --auth managed-identity

Requests are logged below. Ctrl+C stops all services.
`;
}
