import { createHash, sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { issueCertificate } from "../../simulator/entra/certificate.ts";
import { type Entra, startEntra } from "../../simulator/entra/entra.ts";
import { type GitHubOidc, startGitHubOidc } from "../../simulator/entra/github-oidc.ts";

const clientId = "1b2c3d4e-0000-4000-8000-000000000002";
const subject = "repo:octo/shop:ref:refs/heads/main";
const issuer = "https://token.actions.githubusercontent.com";
const scope = "499b84ac-1321-427f-aa17-267ca6975798/.default";

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

async function requestToken(entra: Entra, fields: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({
    client_id: clientId,
    grant_type: "client_credentials",
    scope,
    ...(fields["client_assertion"] !== undefined && {
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }),
    ...fields,
  });
  const response = await fetch(entra.tokenUrl, { method: "POST", body });
  const json = (await response.json()) as { error_codes?: number[] };
  return { status: response.status, ...json };
}

type GitHubOptions = NonNullable<Parameters<typeof startGitHubOidc>[0]>;

let defaultGitHub: GitHubOidc;

beforeAll(async () => {
  defaultGitHub = await startGitHubOidc({ subject });
});

afterAll(() => defaultGitHub.close());

async function gitHubToken(options?: GitHubOptions) {
  const github = options === undefined ? defaultGitHub : await startGitHubOidc({ subject, ...options });
  if (options !== undefined) servers.push(github);
  const url = `${github.env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=api%3A%2F%2FAzureADTokenExchange`;
  const authorization = `Bearer ${github.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
  const { value } = (await (await fetch(url, { headers: { authorization } })).json()) as { value: string };
  return { client_assertion: value, publicKey: github.publicKey };
}

describe("Entra ID's error for a federated assertion", () => {
  it("is 70025 for an application without federated credentials", async () => {
    const { client_assertion } = await gitHubToken();
    expect(await requestToken(await entraWith({}), { client_assertion })).toMatchObject({
      status: 400,
      error: "invalid_client",
      error_codes: [70025],
      error_description: expect.stringMatching(
        /^AADSTS70025: The client '.+' has no configured federated identity credentials\./,
      ),
    });
  });

  it("is 70025 until a new credential has propagated, or 700213 if the application has another one", async () => {
    const { client_assertion } = await gitHubToken();
    const created = { issuer, subject, unknownFor: 2 };
    const entra = await entraWith({ credentials: [created] });
    const statuses: unknown[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { status, error_codes: codes } = await requestToken(entra, { client_assertion });
      statuses.push([status, codes]);
    }
    expect(statuses).toEqual([
      [400, [70025]],
      [400, [70025]],
      [200, undefined],
    ]);
    const withOther = await entraWith({ credentials: [created, { issuer, subject: "repo:octo/other" }] });
    expect(await requestToken(withOther, { client_assertion })).toMatchObject({
      status: 401,
      error_codes: [700213],
      error_description: expect.stringContaining(`subject '${subject}'. Please check`),
    });
  });

  it.each<[string, object, number, number]>([
    ["subject in other case", { subject: subject.toUpperCase() }, 401, 7002138],
    ["subject", { subject: "repo:octo/other" }, 401, 700213],
    ["issuer", { issuer: "https://github.example/_services/token" }, 401, 700211],
    ["audience", { audience: "api://other" }, 401, 700212],
  ])("names a different %s: %j, HTTP %d, AADSTS%d", async (_, difference, status, code) => {
    const { client_assertion } = await gitHubToken();
    const entra = await entraWith({ credentials: [{ issuer, subject, ...difference }] });
    const response = await requestToken(entra, { client_assertion });
    expect(response).toMatchObject({ status, error: "invalid_client", error_codes: [code] });
  });

  it("is 7002381 for an empty `enterprise` claim if the tenant's policy requires one", async () => {
    const credentials = [{ issuer, subject }];
    const entra = await entraWith({ credentials }, { enterprises: ["octo-corp"] });
    const empty = await gitHubToken({ claims: { enterprise: "" } });
    expect(await requestToken(entra, { client_assertion: empty.client_assertion })).toMatchObject({
      status: 400,
      error_codes: [7002381],
      error_description: expect.stringContaining("with value 'octo-corp' but actual value is ''"),
    });
    const member = await gitHubToken({ claims: { enterprise: "octo-corp" } });
    expect(await requestToken(entra, { client_assertion: member.client_assertion })).toMatchObject({
      status: 200,
    });
  });

  it("is 700222 for a token that Entra ID itself issued", async () => {
    const { client_assertion } = await gitHubToken({ issuer: "https://sts.windows.net/tenant/" });
    const response = await requestToken(await entraWith({}), { client_assertion });
    expect(response).toMatchObject({ status: 400, error_codes: [700222] });
  });

  it("is 700027 for a signature by another key", async () => {
    const [{ client_assertion }, { publicKey }] = [await gitHubToken(), await gitHubToken({})];
    const entra = await entraWith({ credentials: [{ issuer, subject, publicKey }] });
    const response = await requestToken(entra, { client_assertion });
    expect(response).toMatchObject({ status: 401, error: "invalid_client", error_codes: [700027] });
  });
});

describe("Entra ID's error after the client is authenticated", () => {
  it("is 7000229 without a service principal, but 7000215 if the secret is wrong", async () => {
    const entra = await entraWith({ secrets: [{ value: "s" }], hasServicePrincipal: false });
    expect(await requestToken(entra, { client_secret: "s" })).toMatchObject({
      status: 401,
      error: "invalid_client",
      error_codes: [7000229],
      error_description: expect.stringContaining(`missing service principal in the tenant ${entra.tenantId}`),
    });
    expect(await requestToken(entra, { client_secret: "wrong" })).toMatchObject({ error_codes: [7000215] });
  });

  it.each([
    [90072, "invalid_grant"],
    [530035, "invalid_grant"],
    [53003, "invalid_grant"],
    [50158, "interaction_required"],
    [900382, "invalid_request"],
    [900384, "invalid_request"],
    [999999, "invalid_request"],
  ])("is AADSTS%d, %s, for an application that is refused with it", async (code, error) => {
    const secrets = [{ value: "s" }];
    const entra = await entraWith({ secrets, refreshTokens: ["r"], isPublic: true, refusedWith: code });
    const byUser = { grant_type: "refresh_token", refresh_token: "r" };
    for (const fields of [{ client_secret: "s" }, byUser]) {
      const response = await requestToken(entra, fields);
      expect(response).toMatchObject({ status: 400, error, error_codes: [code] });
      expect(response).toHaveProperty(
        "error_description",
        expect.stringMatching(`^AADSTS${code}: .+\\r\\nTrace ID: `),
      );
    }
    expect(entra.issued).toEqual([]);
  });
});

describe("the device code flow", () => {
  it("accepts the code on the simulator's own page with ownDeviceLogin, and a declined sign-in", async () => {
    const entra = await entraWith({ isPublic: true }, { ownDeviceLogin: true });
    const start = async () => {
      const body = new URLSearchParams({ client_id: clientId, scope });
      const response = await fetch(entra.tokenUrl.replace(/token$/, "devicecode"), { method: "POST", body });
      return (await response.json()) as Record<string, string>;
    };
    const poll = (flow: Record<string, string>) =>
      requestToken(entra, { grant_type: "device_code", device_code: flow["device_code"] ?? "" });
    const enter = (page: string, fields: Record<string, string>) =>
      fetch(page, { method: "POST", body: new URLSearchParams(fields) });

    const [first, second] = [await start(), await start()];
    const page = first["verification_uri"] ?? "";
    expect(await (await fetch(`${page}?otc=<b>`)).text()).toContain('name="otc" value="&#60;b&#62;"');
    expect(await poll(first)).toMatchObject({ error: "authorization_pending" });
    expect((await enter(page, { otc: "WRONG" })).status).toBe(400);
    await enter(page, { otc: ` ${first["user_code"]?.toLowerCase()} ` });
    await enter(page, { otc: second["user_code"] ?? "", decision: "decline" });
    expect(await poll(first)).toMatchObject({ status: 200, token_type: "Bearer" });
    expect(await poll(second)).toMatchObject({ status: 400, error: "authorization_declined" });
  });
});

describe("Entra ID's response to a certificate's assertion", () => {
  const registered = issueCertificate({ name: "registered" });
  const sha1 = createHash("sha1").update(new X509Certificate(registered.certificate).raw).digest("base64url");

  function assertion(claims: object, header: object = {}): string {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const now = Math.floor(Date.now() / 1_000);
    const defaults = { iss: clientId, sub: clientId, nbf: now, exp: now + 300 };
    const input = `${encode({ alg: "RS256", x5t: sha1, ...header })}.${encode({ ...defaults, ...claims })}`;
    return `${input}.${sign("sha256", Buffer.from(input), registered.privateKey).toString("base64url")}`;
  }

  const own = (end: string) => `https://login.microsoftonline.com/TENANT${end}`;

  it.each<[string, object, object, number | undefined]>([
    ["is a token for the token endpoint as audience", { aud: own("/oauth2/v2.0/token") }, {}, undefined],
    ["is a token for the issuer as audience", { aud: own("/v2.0") }, {}, undefined],
    ["is 700023 for another tenant's token endpoint", { aud: own("2/oauth2/v2.0/token") }, {}, 700023],
    ["is 700023 for another host", { aud: "https://evil.example/TENANT/oauth2/v2.0/token" }, {}, 700023],
    ["is 700021 for another application", { iss: "other", sub: "other", aud: own("/v2.0") }, {}, 700021],
    ["is 700024 for an expired assertion", { aud: own("/v2.0"), exp: 1 }, {}, 700024],
    ["is 700027 for another certificate's chain", { aud: own("/v2.0") }, { x5c: ["AAAA"] }, 700027],
    ["is 700027 for the algorithm none", { aud: own("/v2.0") }, { alg: "none" }, 700027],
  ])("%s", async (_, claims, header, code) => {
    const entra = await entraWith({ certificates: [registered.certificate] }, { tenantId: "TENANT" });
    const response = await requestToken(entra, { client_assertion: assertion(claims, header) });
    expect([response.status === 200, response.error_codes?.[0]]).toEqual([code === undefined, code]);
  });

  it("is 700027 if the certificate has expired", async () => {
    const now = () => Date.now() + 40 * 86_400_000;
    const certificates = [registered.certificate];
    const entra = await entraWith({ certificates }, { tenantId: "TENANT", now });
    const later = Math.floor(now() / 1_000);
    const claims = { aud: own("/v2.0"), nbf: later, exp: later + 300 };
    const response = await requestToken(entra, { client_assertion: assertion(claims) });
    expect(response).toMatchObject({
      error_codes: [700027],
      error_description: expect.stringContaining("[Reason - The key used is expired."),
    });
  });
});

it("Entra ID still answers after an aborted request and after requests with malformed paths", async () => {
  const entra = await entraWith({ secrets: [{ value: "s" }] });
  const { port } = new URL(entra.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.write("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
  socket.end();
  await once(socket.resume(), "close");
  for (const path of ["//", "/toString/constructor", "/%"])
    expect((await fetch(entra.url + path)).status).toBe(404);
  expect(await requestToken(entra, { client_secret: "s" })).toMatchObject({ status: 200 });
});
