import {
  type AuthenticationResult,
  ConfidentialClientApplication,
  CryptoProvider,
  type INetworkModule,
  InteractionRequiredAuthError,
  LogLevel,
  ManagedIdentityApplication,
  type NetworkRequestOptions,
  type NodeAuthOptions,
  PublicClientApplication,
} from "@azure/msal-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IssuedCertificate, issueCertificate } from "../../simulator/entra/certificate.ts";
import { startEntra } from "../../simulator/entra/entra.ts";
import { startManagedIdentity } from "../../simulator/entra/managed-identity.ts";
import { decodeJwt } from "../../simulator/entra/tokens.ts";
import {
  clientId,
  followAuthorize,
  hexThumbprint,
  otherBranchClientId,
  postAuthorizeForm,
  publicClientId,
  redirectUri,
  rewriteHost,
  scope,
  secret,
  startTenant,
  tenantId,
} from "./entra-tenant.ts";

let tenant: Awaited<ReturnType<typeof startTenant>>;

beforeAll(async () => {
  tenant = await startTenant();
});

afterAll(() => tenant.close());

const authority = `https://login.microsoftonline.com/${tenantId}`;
const scopes = [scope];
const loggerOptions = { loggerCallback: () => undefined, logLevel: LogLevel.Error };

/** Sends the library's requests to the simulator instead of their host. */
function networkTo(simulatorUrl: string): INetworkModule {
  async function send<T>(method: string, url: string, options: NetworkRequestOptions = {}) {
    const request = { method, headers: options.headers ?? {}, body: options.body ?? null };
    const response = await fetch(rewriteHost(url, simulatorUrl), request);
    const responseHeaders = Object.fromEntries(response.headers);
    return { status: response.status, headers: responseHeaders, body: (await response.json()) as T };
  }
  return {
    sendGetRequestAsync: (url, options) => send("GET", url, options),
    sendPostRequestAsync: (url, options) => send("POST", url, options),
  };
}

function configuration(auth: Partial<NodeAuthOptions>) {
  const system = { networkClient: networkTo(tenant.entra.url), loggerOptions };
  return { auth: { clientId, authority, ...auth }, system };
}

function confidential(auth: Partial<NodeAuthOptions>): ConfidentialClientApplication {
  return new ConfidentialClientApplication(configuration(auth));
}

function publicClient(auth: Partial<NodeAuthOptions> = {}): PublicClientApplication {
  return new PublicClientApplication(configuration({ clientId: publicClientId, ...auth }));
}

function certificateAuth(
  { certificate, key }: Pick<IssuedCertificate, "certificate" | "key">,
  algorithm: "sha1" | "sha256",
  withChain = false,
): Partial<NodeAuthOptions> {
  const thumbprint = hexThumbprint(certificate, algorithm);
  const named = algorithm === "sha1" ? { thumbprint } : { thumbprintSha256: thumbprint };
  return { clientCertificate: { ...named, privateKey: key, ...(withChain && { x5c: certificate }) } };
}

const isLive = (result: AuthenticationResult | null) => tenant.entra.isLive(result?.accessToken ?? "");

describe("@azure/msal-node as an application", () => {
  it.each<[string, () => Promise<Partial<NodeAuthOptions>>]>([
    ["secret", async () => ({ clientSecret: secret })],
    ["certificate by its SHA-256 thumbprint", async () => certificateAuth(tenant.certificate, "sha256")],
    [
      "certificate by its SHA-256 thumbprint, with its chain",
      async () => certificateAuth(tenant.certificate, "sha256", true),
    ],
    ["certificate by its SHA-1 thumbprint", async () => certificateAuth(tenant.certificate, "sha1")],
    [
      "certificate by its SHA-1 thumbprint, with its chain",
      async () => certificateAuth(tenant.certificate, "sha1", true),
    ],
    ["GitHub's token", async () => ({ clientAssertion: () => tenant.gitHubToken() })],
  ])("signs in with a %s", async (_, auth) => {
    const result = await confidential(await auth()).acquireTokenByClientCredential({ scopes });
    expect(isLive(result)).toBe(true);
    expect(result?.expiresOn?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  });

  it("signs in with a certificate at a regional endpoint", async () => {
    const client = confidential(certificateAuth(tenant.certificate, "sha256"));
    const azureRegion = "westeurope";
    expect(isLive(await client.acquireTokenByClientCredential({ scopes, azureRegion }))).toBe(true);
    const assertion = tenant.entra.requests.at(-1)?.form["client_assertion"];
    expect(decodeJwt(assertion ?? "")?.claims["aud"]).toMatch(
      /^https:\/\/westeurope\.login\.microsoft\.com\//,
    );
  });

  it("signs in at an authority whose endpoints it has to discover", async () => {
    const publicUrl = "https://login.contoso.example";
    const applications = [{ clientId, secrets: [{ value: secret }] }];
    const entra = await startEntra({ tenantId, applications, publicUrl });
    try {
      const auth = { clientId, authority: `${publicUrl}/${tenantId}`, clientSecret: secret };
      const system = { networkClient: networkTo(entra.url), loggerOptions };
      const client = new ConfidentialClientApplication({ auth, system });
      const result = await client.acquireTokenByClientCredential({ scopes });
      expect(entra.isLive(result?.accessToken ?? "")).toBe(true);
      expect(entra.requests.map(({ path }) => path.replace(/\?.*/, ""))).toEqual([
        "/common/discovery/instance",
        `/${tenantId}/v2.0/.well-known/openid-configuration`,
        `/${tenantId}/oauth2/v2.0/token`,
      ]);
    } finally {
      await entra.close();
    }
  });
});

describe("@azure/msal-node for a user", () => {
  it("signs in with an authorization code and PKCE, then with the refresh token", async () => {
    const client = publicClient();
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const request = { scopes, redirectUri };
    const address = await client.getAuthCodeUrl({
      ...request,
      codeChallenge: challenge,
      codeChallengeMethod: "S256",
      state: "s",
      nonce: "n",
    });
    const back = await followAuthorize(address, tenant.entra.url);
    expect(back.get("state")).toBe("s");
    const code = back.get("code") ?? "";
    const redemption = { ...request, code, codeVerifier: verifier, nonce: "n" };
    const first = await client.acquireTokenByCode(redemption);
    expect([isLive(first), first.account?.username]).toEqual([true, "robin@contoso.example"]);
    expect(first.idTokenClaims).toMatchObject({ nonce: "n", aud: publicClientId, iss: `${authority}/v2.0` });

    const account = first.account ?? undefined;
    const silent = account && (await client.acquireTokenSilent({ scopes, account, forceRefresh: true }));
    expect(silent?.accessToken).not.toBe(first.accessToken);
    expect(tenant.entra.requests.at(-1)?.form).toMatchObject({ grant_type: "refresh_token" });
    await expect(client.acquireTokenByCode({ ...request, code, codeVerifier: verifier })).rejects.toThrow(
      "AADSTS54005",
    );
  });

  it("signs in with acquireTokenInteractive in a browser", async () => {
    const openBrowser = (address: string) => postAuthorizeForm(address, tenant.entra.url);
    const result = await publicClient().acquireTokenInteractive({ scopes, openBrowser });
    expect([isLive(result), result.account?.username]).toEqual([true, "robin@contoso.example"]);
  });

  it("signs in with an authorization code of a confidential client", async () => {
    const client = confidential({ clientSecret: secret });
    const address = await client.getAuthCodeUrl({ scopes, redirectUri });
    const code = (await followAuthorize(address, tenant.entra.url)).get("code") ?? "";
    expect(isLive(await client.acquireTokenByCode({ scopes, redirectUri, code }))).toBe(true);
  });

  it("signs in with a stored refresh token", async () => {
    const refreshToken = tenant.entra.refreshTokens[0] ?? "";
    const result = await publicClient().acquireTokenByRefreshToken({ scopes, refreshToken });
    expect(isLive(result)).toBe(true);
  });

  it("signs in with a device code", async () => {
    const deviceCodeCallback = ({ userCode }: { userCode: string }) => tenant.entra.enter(userCode);
    const result = await publicClient().acquireTokenByDeviceCode({ scopes, deviceCodeCallback });
    expect([isLive(result), result?.account?.name]).toEqual([true, "Robin Example"]);
    expect(tenant.entra.requests.at(-1)?.form["grant_type"]).toBe("device_code");
  });

  it("signs in at the authority `common`", async () => {
    const client = publicClient({ authority: "https://login.microsoftonline.com/common" });
    const deviceCodeCallback = ({ userCode }: { userCode: string }) => tenant.entra.enter(userCode);
    const result = await client.acquireTokenByDeviceCode({ scopes, deviceCodeCallback });
    expect([isLive(result), result?.account?.tenantId]).toEqual([true, tenantId]);
  });
});

describe("@azure/msal-node's sign-in", () => {
  it.each<[string, () => Partial<NodeAuthOptions>, string]>([
    ["secret is wrong", () => ({ clientSecret: "wrong" }), "7000215"],
    ["secret has expired", () => ({ clientSecret: "expired" }), "7000222"],
    ["application is unknown", () => ({ clientId: tenantId, clientSecret: secret }), "700016"],
    [
      "tenant is unknown",
      () => ({ authority: `https://login.microsoftonline.com/${clientId}`, clientSecret: secret }),
      "90002",
    ],
    [
      "certificate is another one",
      () => certificateAuth(issueCertificate({ name: "other" }), "sha256"),
      "700027",
    ],
    [
      "key is another one",
      () => certificateAuth({ ...tenant.certificate, key: issueCertificate({ name: "other" }).key }, "sha1"),
      "700027",
    ],
    [
      "federated token's audience is another one",
      () => ({ clientAssertion: () => tenant.gitHubToken("api://other") }),
      "700212",
    ],
    [
      "federated token's subject is another one",
      () => ({ clientId: otherBranchClientId, clientAssertion: () => tenant.gitHubToken() }),
      "700213",
    ],
    ["assertion is no JWT", () => ({ clientAssertion: "opaque" }), "50027"],
  ])("fails if the %s", async (_, auth, code) => {
    const attempt = confidential(auth()).acquireTokenByClientCredential({ scopes });
    await expect(attempt).rejects.toThrow(`AADSTS${code}: `);
  });

  it.each([
    ["Azure DevOps", "499b84ac-1321-427f-aa17-267ca6975798/user_impersonation", "1002012"],
    ["an unknown resource", "https://nowhere.example/.default", "500011"],
  ])("fails with a wrong scope of %s: %s, AADSTS%s", async (_, wrong, code) => {
    const attempt = confidential({ clientSecret: secret }).acquireTokenByClientCredential({
      scopes: [wrong],
    });
    await expect(attempt).rejects.toThrow(`AADSTS${code}: `);
  });

  it("fails if the refresh token is wrong, and if a policy requires an interactive sign-in", async () => {
    const request = { scopes, refreshToken: "wrong" };
    await expect(publicClient().acquireTokenByRefreshToken(request)).rejects.toThrow("AADSTS70000: ");
    tenant.entra.fail(50158);
    await expect(publicClient().acquireTokenByRefreshToken(request)).rejects.toThrow(
      InteractionRequiredAuthError,
    );
  });
});

// The library caches the kind of machine and the tokens for the whole process, so there is only one test.
it("@azure/msal-node signs in with a managed identity", async () => {
  const machine = await startManagedIdentity();
  const before = { ...process.env };
  Object.assign(process.env, machine.env);
  try {
    const client = new ManagedIdentityApplication({ system: { loggerOptions } });
    const resource = scope.replace("/.default", "");
    const { accessToken } = await client.acquireToken({ resource, forceRefresh: true });
    expect(machine.isLive(accessToken)).toBe(true);
  } finally {
    process.env = before;
    await machine.close();
  }
});
