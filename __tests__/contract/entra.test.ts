import { afterEach, describe, expect, it } from "vitest";
import { type Entra, startEntra } from "../../simulator/entra/entra.ts";
import { startGitHubOidc } from "../../simulator/entra/github-oidc.ts";

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
    ...fields,
  });
  const response = await fetch(entra.tokenUrl, { method: "POST", body });
  const json = (await response.json()) as { error_codes?: number[] };
  return { status: response.status, ...json };
}

async function gitHubToken(options: NonNullable<Parameters<typeof startGitHubOidc>[0]> = {}) {
  const github = await startGitHubOidc({ subject, ...options });
  servers.push(github);
  const url = `${github.env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=api%3A%2F%2FAzureADTokenExchange`;
  const authorization = `Bearer ${github.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
  const { value } = (await (await fetch(url, { headers: { authorization } })).json()) as { value: string };
  return { client_assertion: value, publicKey: github.publicKey };
}

describe("Entra ID's refusals of a federated assertion", () => {
  it("are 70025 for an application without federated credentials", async () => {
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

  it("are 70025 until a new credential is known, and 700213 where there is another one", async () => {
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
  ])("name the %s that differs", async (_, difference, status, code) => {
    const { client_assertion } = await gitHubToken();
    const entra = await entraWith({ credentials: [{ issuer, subject, ...difference }] });
    const response = await requestToken(entra, { client_assertion });
    expect(response).toMatchObject({ status, error: "invalid_client", error_codes: [code] });
  });

  it("are 7002381 for an empty `enterprise` claim where the tenant's policy asks for one", async () => {
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

  it("are 700222 for a token that Entra ID itself issued", async () => {
    const { client_assertion } = await gitHubToken({ issuer: "https://sts.windows.net/tenant/" });
    const response = await requestToken(await entraWith({}), { client_assertion });
    expect(response).toMatchObject({ status: 400, error_codes: [700222] });
  });

  it("are 700027 for a signature by another key", async () => {
    const [{ client_assertion }, { publicKey }] = [await gitHubToken(), await gitHubToken()];
    const entra = await entraWith({ credentials: [{ issuer, subject, publicKey }] });
    const response = await requestToken(entra, { client_assertion });
    expect(response).toMatchObject({ status: 401, error: "invalid_client", error_codes: [700027] });
  });
});

describe("Entra ID's refusals after the client is authenticated", () => {
  it("are 7000229 without a service principal, but only once the secret is right", async () => {
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
  ])("are AADSTS%d where the application is refused so", async (code, error) => {
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
