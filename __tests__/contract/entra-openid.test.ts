import * as oauth from "oauth4webapi";
import { afterEach, describe, expect, it } from "vitest";
import { type Entra, startEntra } from "../../simulator/entra/entra.ts";
import { decodeJwt, tokenHash } from "../../simulator/entra/tokens.ts";
import { clientId, scope } from "./entra-tenant.ts";

type Options = NonNullable<Parameters<typeof startEntra>[0]>;

const servers: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function entraWith(
  application: Partial<NonNullable<Options["applications"]>[number]>,
  options: Options = {},
) {
  const entra = await startEntra({ ...options, applications: [{ clientId, ...application }] });
  servers.push(entra);
  return entra;
}

const overHttp = { [oauth.allowInsecureRequests]: true };

/** Finds the server's endpoints by its issuer, as an OpenID Connect client does. */
async function discover(entra: Entra): Promise<oauth.AuthorizationServer> {
  const issuerUrl = new URL(`${entra.url}/${entra.tenantId}/v2.0`);
  return oauth.processDiscoveryResponse(issuerUrl, await oauth.discoveryRequest(issuerUrl, overHttp));
}

describe("an OpenID Connect client that discovers Entra ID's endpoints", () => {
  const client = { client_id: clientId };
  const redirectUri = "http://localhost:54321/";

  async function authorizeUrl(entra: Entra, parameters: Readonly<Record<string, string>>) {
    const server = await discover(entra);
    const url = new URL(server.authorization_endpoint ?? "");
    const defaults = { client_id: clientId, response_type: "code", redirect_uri: redirectUri, state: "s" };
    url.search = new URLSearchParams({
      ...defaults,
      scope: `openid profile ${scope}`,
      ...parameters,
    }).toString();
    return { server, url };
  }

  it("gets a user's tokens for a code, with an id token signed by Entra ID's keys", async () => {
    const entra = await entraWith({ isPublic: true, redirectUris: ["http://localhost/"] });
    const verifier = oauth.generateRandomCodeVerifier();
    const { server, url } = await authorizeUrl(entra, {
      nonce: "n",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    const back = await fetch(url, { redirect: "manual" });
    const answer = new URL(back.headers.get("location") ?? "");
    const parameters = oauth.validateAuthResponse(server, client, answer, "s");
    const redeem = (proof: string) =>
      oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        parameters,
        redirectUri,
        proof,
        overHttp,
      );
    expect(await (await redeem(oauth.generateRandomCodeVerifier())).json()).toMatchObject({
      error_codes: [501481],
    });
    const response = await redeem(verifier);
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: "n",
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, overHttp);
    expect(entra.isLive(tokens.access_token)).toBe(true);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    expect(claims).toMatchObject({ aud: clientId, tid: entra.tenantId });
    const userInfo = await oauth.userInfoRequest(server, client, tokens.access_token, overHttp);
    const user = await oauth.processUserInfoResponse(server, client, claims?.sub ?? "", userInfo);
    expect(user["name"]).toBe("Robin Example");
  });

  it("authenticates with `client_secret_basic`", async () => {
    const secret = "a secret: with &+%/ö";
    const entra = await entraWith({ secrets: [{ value: secret }] });
    const server = await discover(entra);
    const request = (value: string) =>
      oauth.clientCredentialsGrantRequest(
        server,
        client,
        oauth.ClientSecretBasic(value),
        { scope },
        overHttp,
      );
    const granted = await oauth.processClientCredentialsResponse(server, client, await request(secret));
    expect(entra.isLive(granted.access_token)).toBe(true);
    expect(await (await request("wrong")).json()).toMatchObject({ error_codes: [7000215] });
  });

  it("is redirected with an error, or shown a page if the redirect URI is not registered", async () => {
    const entra = await entraWith({ redirectUris: ["https://app.example/cb"] });
    const registered = { redirect_uri: "https://app.example/cb", response_type: "id_token" };
    const { url } = await authorizeUrl(entra, registered);
    const location = (await fetch(url, { redirect: "manual" })).headers.get("location");
    expect(location).toMatch(/^https:\/\/app\.example\/cb#error=unsupported_response_type&.*state=s$/);
    const { url: elsewhere } = await authorizeUrl(entra, { redirect_uri: "https://evil.example/" });
    const page = await fetch(elsewhere, { redirect: "manual" });
    expect([page.status, page.headers.get("location")]).toEqual([400, null]);
    expect(await page.text()).toContain("AADSTS50011: ");
  });

  it.each([
    ["fragment", /^http:\/\/localhost:54321\/#code=/],
    [
      "form_post",
      /<form method="post" action="http:\/\/localhost:54321\/"><input type="hidden" name="code" value="1\./,
    ],
  ])("receives the code as %s", async (mode, expected) => {
    const { url } = await authorizeUrl(await entraWith({}), { response_mode: mode });
    const response = await fetch(url, { redirect: "manual" });
    expect(response.headers.get("location") ?? (await response.text())).toMatch(expected);
  });

  it("gets an id token with the code if the application allows it, bound to the code", async () => {
    const entra = await entraWith({ implicitGrants: ["id_token"] });
    const { server, url } = await authorizeUrl(entra, { response_type: "code id_token", nonce: "n" });
    const location = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
    const answer = await oauth.validateCodeIdTokenResponse(
      server,
      client,
      location,
      "n",
      "s",
      undefined,
      overHttp,
    );
    expect(answer.get("code")).toMatch(/^1\./);
    const query = { response_type: "id_token", nonce: "n", response_mode: "query" };
    const { url: refused } = await authorizeUrl(entra, query);
    expect((await fetch(refused, { redirect: "manual" })).headers.get("location")).toMatch(
      /#error=unsupported_response_mode&/,
    );
  });

  it("gets an access token and its hash without a code", async () => {
    const entra = await entraWith({ implicitGrants: ["id_token", "token"] });
    const { url } = await authorizeUrl(entra, { response_type: "id_token token", nonce: "n" });
    const location = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
    const answer = new URLSearchParams(location.hash.slice(1));
    const token = answer.get("access_token") ?? "";
    expect(entra.isLive(token)).toBe(true);
    expect(decodeJwt(answer.get("id_token") ?? "")?.claims).toMatchObject({
      nonce: "n",
      at_hash: tokenHash(token),
    });
  });

  it("refreshes without a scope for what the token was issued for", async () => {
    const entra = await entraWith({ isPublic: true });
    const { server, url } = await authorizeUrl(entra, { scope: `openid offline_access ${scope}` });
    const location = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
    const request = (grant: Readonly<Record<string, string>>) =>
      fetch(server.token_endpoint ?? "", {
        method: "POST",
        body: new URLSearchParams({ client_id: clientId, ...grant }),
      }).then((response) => response.json() as Promise<Record<string, string>>);
    const code = location.searchParams.get("code") ?? "";
    const first = await request({ grant_type: "authorization_code", code, redirect_uri: redirectUri });
    const second = await request({
      grant_type: "refresh_token",
      refresh_token: first["refresh_token"] ?? "",
    });
    expect(second["scope"]).toBe(first["scope"]);
    expect([entra.isLive(second["access_token"] ?? ""), second["refresh_token"]]).toEqual([
      true,
      expect.any(String),
    ]);
  });

  it("is redirected after signing out", async () => {
    const server = await discover(await entraWith({}));
    const back = new URLSearchParams({ post_logout_redirect_uri: "https://app.example/", state: "s" });
    const response = await fetch(`${server.end_session_endpoint}?${back}`, { redirect: "manual" });
    expect(response.headers.get("location")).toBe("https://app.example/?state=s");
  });

  it("gets AADSTS90002 for an unknown tenant", async () => {
    const entra = await entraWith({});
    const response = await fetch(`${entra.url}/unknown/v2.0/.well-known/openid-configuration`);
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ error: "invalid_tenant", error_codes: [90002] }),
    ]);
  });
});

describe("an access token", () => {
  it("for Azure DevOps has five parts that only the service can read", async () => {
    const entra = await entraWith({ secrets: [{ value: "s" }] });
    const request = (resource: string) =>
      fetch(entra.tokenUrl, {
        method: "POST",
        body: new URLSearchParams({
          client_id: clientId,
          client_secret: "s",
          grant_type: "client_credentials",
          scope: `${resource}/.default`,
        }),
      }).then(async (response) => ((await response.json()) as { access_token: string }).access_token);
    const token = await request("499b84ac-1321-427f-aa17-267ca6975798");
    expect(token.split(".")).toHaveLength(5);
    expect(decodeJwt(token)).toBeUndefined();
    expect(entra.claimsOf(token)).toMatchObject({ appid: clientId, tid: entra.tenantId });
    expect(decodeJwt(await request("https://graph.microsoft.com"))?.claims["aud"]).toBe(
      "https://graph.microsoft.com",
    );
  });
});

describe("the URLs in Entra ID's discovery document", () => {
  it.each<[string, Options, Record<string, string>, RegExp]>([
    ["the host of the request over http, for loopback", {}, {}, /^http:\/\/127\.0\.0\.1:\d+$/],
    ["https behind a proxy", {}, { "x-forwarded-proto": "https" }, /^https:\/\/127\.0\.0\.1:\d+$/],
    ["the public URL", { publicUrl: "https://sts.example/" }, {}, /^https:\/\/sts\.example$/],
  ])("have %s", async (_, options, headers, origin) => {
    const entra = await entraWith({}, options);
    const path = `/${entra.tenantId}/.well-known/openid-configuration`;
    const json = (await (await fetch(entra.url + path, { headers })).json()) as Record<string, string>;
    for (const name of ["token_endpoint", "jwks_uri", "authorization_endpoint", "issuer"])
      expect(new URL(json[name] ?? "").origin).toMatch(origin);
  });
});
