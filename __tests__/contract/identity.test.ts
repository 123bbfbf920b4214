import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as sendHttp } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  AuthorizationCodeCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DeviceCodeCredential,
  type TokenCredential,
  type TokenCredentialOptions,
  WorkloadIdentityCredential,
} from "@azure/identity";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueCertificate } from "../../simulator/entra/certificate.ts";
import { startEntra } from "../../simulator/entra/entra.ts";
import { startManagedIdentity } from "../../simulator/entra/managed-identity.ts";
import {
  clientId,
  followAuthorize,
  otherBranchClientId,
  publicClientId,
  redirectUri,
  rewriteHost,
  scope,
  secret,
  startTenant,
  tenantId,
} from "./entra-tenant.ts";

let tenant: Awaited<ReturnType<typeof startTenant>>;
let folder: string;

beforeAll(async () => {
  tenant = await startTenant();
  folder = mkdtempSync(join(tmpdir(), "identity-"));
});

afterAll(async () => {
  await tenant.close();
  rmSync(folder, { recursive: true });
});

const unknownId = "1b2c3d4e-0000-4000-8000-00000000ffff";

/** Sends the library's requests to the simulator instead of their host. */
function toSimulator(): TokenCredentialOptions {
  const policy: Policy = {
    name: "toSimulator",
    sendRequest: (request, next) => {
      request.url = rewriteHost(request.url, tenant.entra.url);
      request.allowInsecureConnection = true;
      return next(request);
    },
  };
  return { additionalPolicies: [{ policy, position: "perCall" }], retryOptions: { maxRetries: 0 } };
}

type Policy = NonNullable<TokenCredentialOptions["additionalPolicies"]>[number]["policy"];

async function expectSignedIn(credential: TokenCredential): Promise<void> {
  const token = await credential.getToken(scope);
  expect(tenant.entra.isLive(token?.token ?? "")).toBe(true);
  expect(token?.expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_500_000);
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function bySecret(value: string, [tenantName, client] = [tenantId, clientId]) {
  return new ClientSecretCredential(tenantName, client, value, toSimulator());
}

function byCertificate(
  { certificate, key }: { certificate: string; key: string },
  sendCertificateChain = false,
) {
  const options = { ...toSimulator(), sendCertificateChain };
  return new ClientCertificateCredential(tenantId, clientId, { certificate: certificate + key }, options);
}

function byAssertion(audience?: string, client = clientId) {
  return new ClientAssertionCredential(tenantId, client, () => tenant.gitHubToken(audience), toSimulator());
}

async function byCode(clientSecret: string) {
  const address = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize?${new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope,
  })}`;
  const code = (await followAuthorize(address, tenant.entra.url)).get("code") ?? "";
  return new AuthorizationCodeCredential(tenantId, clientId, clientSecret, code, redirectUri, toSimulator());
}

describe("@azure/identity", () => {
  it.each<[string, () => TokenCredential | Promise<TokenCredential>]>([
    ["ClientSecretCredential", () => bySecret(secret)],
    ["ClientCertificateCredential", () => byCertificate(tenant.certificate)],
    ["ClientCertificateCredential with its chain", () => byCertificate(tenant.certificate, true)],
    ["ClientAssertionCredential", () => byAssertion()],
    [
      "WorkloadIdentityCredential",
      async () => {
        const tokenFilePath = written("token", await tenant.gitHubToken());
        return new WorkloadIdentityCredential({ ...toSimulator(), tenantId, clientId, tokenFilePath });
      },
    ],
    ["AuthorizationCodeCredential", () => byCode(secret)],
    [
      "DeviceCodeCredential",
      () =>
        new DeviceCodeCredential({
          ...toSimulator(),
          tenantId,
          clientId: publicClientId,
          userPromptCallback: ({ userCode }) => tenant.entra.enter(userCode),
        }),
    ],
  ])("signs in with a %s", async (_, credential) => expectSignedIn(await credential()));

  it("signs in over TLS at an authority whose endpoints it has to discover", async () => {
    const applications = [
      { clientId, secrets: [{ value: secret }], certificates: [tenant.certificate.certificate] },
    ];
    const entra = await startEntra({ tenantId, applications });
    await using tlsProxy = await startTlsProxy(entra.url);
    const options = {
      authorityHost: tlsProxy.url,
      // Otherwise the library asks login.microsoft.com whether this is an authority.
      disableInstanceDiscovery: true,
      tlsOptions: { ca: tlsProxy.authority },
    };
    try {
      const bySecretOnly = new ClientSecretCredential(tenantId, clientId, secret, options);
      expect(entra.isLive((await bySecretOnly.getToken(scope)).token)).toBe(true);
      const pem = { certificate: tenant.certificate.certificate + tenant.certificate.key };
      const withKey = new ClientCertificateCredential(tenantId, clientId, pem, options);
      expect(entra.isLive((await withKey.getToken(scope)).token)).toBe(true);
      expect(entra.requests.map(({ path }) => path.split("?")[0])).toContain(
        `/${tenantId}/v2.0/.well-known/openid-configuration`,
      );
    } finally {
      await entra.close();
    }
  });

  it("signs in with a ManagedIdentityCredential on App Service", async () => {
    const machine = await startManagedIdentity({ host: "app-service" });
    // The library caches the kind of machine for the whole process.
    const script = `
      import { ManagedIdentityCredential } from "@azure/identity";
      console.log((await new ManagedIdentityCredential().getToken("${scope}")).token);`;
    try {
      const env = { PATH: process.env["PATH"], ...machine.env };
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
        env,
      });
      expect(machine.isLive(stdout.trim())).toBe(true);
    } finally {
      await machine.close();
    }
  });
});

describe("@azure/identity's sign-in", () => {
  it.each<[string, () => TokenCredential | Promise<TokenCredential>, string]>([
    ["secret is wrong", () => bySecret("wrong"), "7000215"],
    ["secret has expired", () => bySecret("expired"), "7000222"],
    ["application is unknown", () => bySecret(secret, [tenantId, unknownId]), "700016"],
    ["tenant is unknown", () => bySecret(secret, [unknownId, clientId]), "90002"],
    ["certificate is another one", () => byCertificate(issueCertificate({ name: "other" })), "700027"],
    ["audience is another one", () => byAssertion("api://other"), "700212"],
    ["subject is another one", () => byAssertion(undefined, otherBranchClientId), "700213"],
    ["code is redeemed by a wrong secret", () => byCode("wrong"), "7000215"],
  ])("fails if the %s", async (_, credential, code) => {
    await expect((await credential()).getToken(scope)).rejects.toThrow(`AADSTS${code}: `);
  });

  it("fails if the scope is wrong: AADSTS1002012", async () => {
    const wrong = "499b84ac-1321-427f-aa17-267ca6975798/user_impersonation";
    await expect(bySecret(secret).getToken(wrong)).rejects.toThrow("AADSTS1002012: ");
  });
});

/** A TLS server that forwards requests to the simulator. */
async function startTlsProxy(simulatorUrl: string) {
  const { certificate, key } = issueCertificate({ name: "localhost", isAuthority: true });
  const server = createServer({ cert: certificate, key }, (incoming, outgoing) => {
    const headers = { ...incoming.headers, "x-forwarded-proto": "https" };
    const options = { method: incoming.method, headers };
    const inner = sendHttp(`${simulatorUrl}${incoming.url}`, options, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    authority: certificate,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
