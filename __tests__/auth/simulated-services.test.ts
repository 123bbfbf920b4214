import { afterEach, describe, expect, it } from "vitest";
import { issueCertificate } from "../../simulator/entra/certificate.ts";
import { startEntra } from "../../simulator/entra/entra.ts";
import { startGitHubOidc } from "../../simulator/entra/github-oidc.ts";
import { startManagedIdentity } from "../../simulator/entra/managed-identity.ts";
import { createSignIn } from "../../src/auth/index.ts";
import type { SignInInputs } from "../../src/core/credentials.ts";
import { createTransport } from "../../src/http/transport.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { createAuthHarness, credentialConfigOf, neverAborted, scriptedTransport } from "./harness.ts";

const started: { close(): Promise<void> | void }[] = [];

afterEach(async () => {
  for (const each of started.splice(0)) await each.close();
});

async function closedAfterTest<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  started.push(server);
  return server;
}

const clock = createFakeClock(Date.parse("2026-06-02T12:00:00Z"));

function createSignInFor(
  inputs: SignInInputs,
  options: { env?: Readonly<Record<string, string>>; getIdToken?: () => Promise<string> } = {},
) {
  const transport = createTransport();
  started.push(transport);
  const harness = { ...createAuthHarness(scriptedTransport(), { env: options.env ?? {} }), transport, clock };
  const { getIdToken } = options;
  const runner = getIdToken ? { ...harness.runner, getIdToken } : harness.runner;
  return { harness, signIn: createSignIn(credentialConfigOf(inputs), { ...harness, runner }) };
}

const token = (authorization: string): string => authorization.replace(/^Bearer /, "");

const clientId = "1b2c3d4e-0000-4000-8000-000000000002";

describe("a sign-in at the simulated Entra ID", () => {
  it.each(["number", "text", "expires_on", "omitted"] as const)(
    "has a valid token throughout four hours, with the lifetime as %s",
    async (lifeAs) => {
      const applications = [{ clientId, secrets: [{ value: "s" }] }];
      const entra = await closedAfterTest(
        startEntra({ applications, lifeAs, lifeSeconds: 3_600, now: clock.now }),
      );
      const { signIn } = createSignInFor({
        auth: "auto",
        clientId,
        clientSecret: "s",
        tokenUrl: entra.tokenUrl,
      });
      for (let minute = 0; minute < 240; minute += 5) {
        expect(entra.isLive(token(await signIn.authorization(neverAborted)))).toBe(true);
        clock.advance(300_000);
      }
      expect(entra.issued.length).toBeGreaterThanOrEqual(4);
    },
  );

  it("succeeds with a registered certificate, and fails with another", async () => {
    const notAfter = new Date(clock.now() + 1e9);
    const [registered, other] = [
      issueCertificate({ name: "a", notBefore: new Date(0), notAfter }),
      issueCertificate({ name: "b", notBefore: new Date(0), notAfter }),
    ];
    const entra = await closedAfterTest(
      startEntra({ applications: [{ clientId, certificates: [registered.certificate] }], now: clock.now }),
    );
    const by = ({ certificate, key }: typeof registered) =>
      createSignInFor({
        auth: "auto",
        clientId,
        clientCertificate: certificate + key,
        tokenUrl: entra.tokenUrl,
      }).signIn;
    expect(entra.isLive(token(await by(registered).authorization(neverAborted)))).toBe(true);
    await expect(by(other).authorization(neverAborted)).rejects.toThrow("AADSTS700027");
  });

  it("succeeds with a device code once a person enters it", async () => {
    const entra = await closedAfterTest(
      startEntra({ applications: [{ clientId, isPublic: true }], now: clock.now }),
    );
    const { harness } = createSignInFor({ auth: "device-code", clientId, tokenUrl: entra.tokenUrl });
    // The person enters the code before the third poll.
    const sleep: typeof clock.sleep = async (ms, signal) => {
      await clock.sleep(ms, signal);
      if (entra.requests.length > 2) for (const code of entra.userCodes()) entra.enter(code);
    };
    const config = credentialConfigOf({ auth: "device-code", clientId, tokenUrl: entra.tokenUrl });
    const signIn = createSignIn(config, { ...harness, clock: { ...clock, sleep } });
    expect(entra.isLive(token(await signIn.authorization(neverAborted)))).toBe(true);
    expect(entra.requests).toHaveLength(4);
    expect(harness.summaries).toHaveLength(1);
    expect(await signIn.refresh(neverAborted)).toBe(true);
    expect(entra.requests.at(-1)?.form["grant_type"]).toBe("refresh_token");
  });

  it.each<[string, SignInInputs, string]>([
    ["tenant", { auth: "auto", clientId, clientSecret: "s", tenantId: "elsewhere" }, "AADSTS90002"],
    ["application", { auth: "auto", clientId: "other", clientSecret: "s" }, "AADSTS700016"],
    ["secret", { auth: "auto", clientId, clientSecret: "wrong" }, "AADSTS7000215"],
    ["(expired) secret", { auth: "auto", clientId, clientSecret: "old" }, "AADSTS7000222"],
    ["scope", { auth: "auto", clientId, clientSecret: "s", scope: "x" }, "AADSTS1002012"],
    ["refresh token", { auth: "auto", clientId, refreshToken: "r" }, "AADSTS70000"],
  ])("fails with a wrong %s: %j: %s", async (_, inputs, code) => {
    const applications = [
      { clientId, isPublic: true, secrets: [{ value: "s" }, { value: "old", expired: true }] },
    ];
    const entra = await closedAfterTest(startEntra({ applications, now: clock.now }));
    const tokenUrl =
      inputs.tenantId === undefined
        ? entra.tokenUrl
        : entra.tokenUrl.replace(entra.tenantId, inputs.tenantId);
    await expect(createSignInFor({ ...inputs, tokenUrl }).signIn.authorization(neverAborted)).rejects.toThrow(
      code,
    );
  });

  it("is retried while Entra ID has an outage", async () => {
    const entra = await closedAfterTest(
      startEntra({ applications: [{ clientId, secrets: [{ value: "s" }] }], now: clock.now }),
    );
    entra.fail(90033, 2);
    entra.order({ status: 200, hangUp: true }, { status: 429, headers: { "retry-after": "3" } });
    const { signIn } = createSignInFor({
      auth: "auto",
      clientId,
      clientSecret: "s",
      tokenUrl: entra.tokenUrl,
    });
    expect(entra.isLive(token(await signIn.authorization(neverAborted)))).toBe(true);
    expect(entra.requests).toHaveLength(5);
  });
});

describe("a sign-in with the simulated GitHub's ID token", () => {
  it("succeeds, with a new ID token each time", async () => {
    const github = await closedAfterTest(startGitHubOidc({ now: clock.now }));
    const credential = {
      issuer: github.issuer,
      subject: "repo:octo/shop:ref:refs/heads/main",
      publicKey: github.publicKey,
    };
    const entra = await closedAfterTest(
      startEntra({ applications: [{ clientId, credentials: [credential] }], now: clock.now }),
    );
    const getIdToken = () => fetchIdToken(github.env);
    const { signIn } = createSignInFor({ auth: "auto", clientId, tokenUrl: entra.tokenUrl }, { getIdToken });
    expect(entra.isLive(token(await signIn.authorization(neverAborted)))).toBe(true);
    expect(await signIn.refresh(neverAborted)).toBe(true);
    expect(new Set(github.issued).size).toBe(2);
  });

  it("fails for another subject, with the received and the expected one", async () => {
    const github = await closedAfterTest(
      startGitHubOidc({ now: clock.now, subject: "repo:octo@1/shop@2:pull_request" }),
    );
    const credential = { issuer: github.issuer, subject: "repo:octo/shop:pull_request" };
    const entra = await closedAfterTest(
      startEntra({ applications: [{ clientId, credentials: [credential] }], now: clock.now }),
    );
    const { signIn } = createSignInFor(
      { auth: "auto", clientId, tokenUrl: entra.tokenUrl },
      { getIdToken: () => fetchIdToken(github.env) },
    );
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      message: expect.stringMatching(/AADSTS700213[\s\S]*subject {2}repo:octo@1\/shop@2:pull_request/),
      hint: expect.stringContaining('"subject":"repo:octo@1/shop@2:pull_request"'),
    });
  });

  async function fetchIdToken(env: Readonly<Record<string, string>>): Promise<string> {
    const address = `${env["ACTIONS_ID_TOKEN_REQUEST_URL"]}&audience=${encodeURIComponent("api://AzureADTokenExchange")}`;
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]}` },
    });
    return ((await response.json()) as { value: string }).value;
  }
});

describe("a sign-in with the simulated managed identity", () => {
  it.each(["machine", "app-service", "cloud-shell"] as const)(
    "succeeds with the endpoint of %s",
    async (host) => {
      const machine = await closedAfterTest(startManagedIdentity({ host, now: clock.now }));
      const { signIn } = createSignInFor({ auth: "managed-identity" }, { env: machine.env });
      expect(machine.isLive(token(await signIn.authorization(neverAborted)))).toBe(true);
    },
  );

  it("succeeds with the assigned identity, and fails with another", async () => {
    const machine = await closedAfterTest(startManagedIdentity({ identities: ["mine"], now: clock.now }));
    const as = (id: string) =>
      createSignInFor({ auth: "managed-identity", clientId: id }, { env: machine.env }).signIn;
    expect(machine.isLive(token(await as("mine").authorization(neverAborted)))).toBe(true);
    await expect(as("other").authorization(neverAborted)).rejects.toThrow("Identity not found");
  });

  it.each(["client_id", "object_id", "msi_res_id", "mi_res_id"])("knows an identity by %s", async (name) => {
    const machine = await closedAfterTest(startManagedIdentity({ identities: ["mine"] }));
    const statusOf = async (id: string) => {
      const query = `api-version=2018-02-01&resource=499b84ac-1321-427f-aa17-267ca6975798&${name}=${id}`;
      const url = `${machine.url}/metadata/identity/oauth2/token?${query}`;
      return (await fetch(url, { headers: { metadata: "true" } })).status;
    };
    expect([await statusOf("mine"), await statusOf("other")]).toEqual([200, 400]);
  });
});
