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

async function starting<T extends { close(): Promise<void> }>(neighbour: Promise<T>): Promise<T> {
  const server = await neighbour;
  started.push(server);
  return server;
}

const clock = createFakeClock(Date.parse("2026-06-02T12:00:00Z"));

function signingIn(
  inputs: SignInInputs,
  setting: { env?: Readonly<Record<string, string>>; identity?: () => Promise<string> } = {},
) {
  const transport = createTransport();
  started.push(transport);
  const outside = { ...createAuthHarness(scriptedTransport(), { env: setting.env ?? {} }), transport, clock };
  const { identity } = setting;
  const runner = identity ? { ...outside.runner, getIdToken: identity } : outside.runner;
  return { outside, signedIn: createSignIn(credentialConfigOf(inputs), { ...outside, runner }) };
}

const token = (authorization: string): string => authorization.replace(/^Bearer /, "");

const clientId = "1b2c3d4e-0000-4000-8000-000000000002";

describe("the simulated Entra ID", () => {
  it.each(["number", "text", "expires_on", "untold"] as const)(
    "is outlived by a wait, its tokens' life told as %s",
    async (lifeAs) => {
      const applications = [{ clientId, secrets: [{ value: "s" }] }];
      const entra = await starting(startEntra({ applications, lifeAs, lifeSeconds: 3_600, now: clock.now }));
      const { signedIn } = signingIn({ auth: "auto", clientId, clientSecret: "s", tokenUrl: entra.tokenUrl });
      for (let minute = 0; minute < 240; minute += 5) {
        expect(entra.isLive(token(await signedIn.authorization(neverAborted)))).toBe(true);
        clock.advance(300_000);
      }
      expect(entra.issued.length).toBeGreaterThanOrEqual(4);
    },
  );

  it("takes a certificate that it knows, and no other", async () => {
    const notAfter = new Date(clock.now() + 1e9);
    const [known, unknown] = [
      issueCertificate({ name: "a", notBefore: new Date(0), notAfter }),
      issueCertificate({ name: "b", notBefore: new Date(0), notAfter }),
    ];
    const entra = await starting(
      startEntra({ applications: [{ clientId, certificates: [known.certificate] }], now: clock.now }),
    );
    const by = ({ certificate, key }: typeof known) =>
      signingIn({ auth: "auto", clientId, clientCertificate: certificate + key, tokenUrl: entra.tokenUrl })
        .signedIn;
    expect(entra.isLive(token(await by(known).authorization(neverAborted)))).toBe(true);
    await expect(by(unknown).authorization(neverAborted)).rejects.toThrow("AADSTS700027");
  });

  it("lets a device in when somebody says yes", async () => {
    const entra = await starting(
      startEntra({ applications: [{ clientId, isPublic: true }], now: clock.now }),
    );
    const { outside } = signingIn({ auth: "device-code", clientId, tokenUrl: entra.tokenUrl });
    // Somebody is there by the third time that the step asks.
    const sleep: typeof clock.sleep = async (ms, signal) => {
      await clock.sleep(ms, signal);
      if (entra.requests.length > 2) for (const code of entra.userCodes()) entra.enter(code);
    };
    const way = credentialConfigOf({ auth: "device-code", clientId, tokenUrl: entra.tokenUrl });
    const signedIn = createSignIn(way, { ...outside, clock: { ...clock, sleep } });
    expect(entra.isLive(token(await signedIn.authorization(neverAborted)))).toBe(true);
    expect(entra.requests).toHaveLength(4);
    expect(outside.summaries).toHaveLength(1);
    expect(await signedIn.refresh(neverAborted)).toBe(true);
    expect(entra.requests.at(-1)?.form["grant_type"]).toBe("refresh_token");
  });

  it.each<[string, SignInInputs, string]>([
    ["tenant", { auth: "auto", clientId, clientSecret: "s", tenantId: "elsewhere" }, "AADSTS90002"],
    ["application", { auth: "auto", clientId: "other", clientSecret: "s" }, "AADSTS700016"],
    ["secret", { auth: "auto", clientId, clientSecret: "wrong" }, "AADSTS7000215"],
    ["date of a secret", { auth: "auto", clientId, clientSecret: "old" }, "AADSTS7000222"],
    ["scope", { auth: "auto", clientId, clientSecret: "s", scope: "x" }, "AADSTS1002012"],
    ["refresh token", { auth: "auto", clientId, refreshToken: "r" }, "AADSTS70000"],
  ])("says which %s is wrong", async (_, inputs, code) => {
    const applications = [
      { clientId, isPublic: true, secrets: [{ value: "s" }, { value: "old", expired: true }] },
    ];
    const entra = await starting(startEntra({ applications, now: clock.now }));
    const tokenUrl =
      inputs.tenantId === undefined
        ? entra.tokenUrl
        : entra.tokenUrl.replace(entra.tenantId, inputs.tenantId);
    await expect(signingIn({ ...inputs, tokenUrl }).signedIn.authorization(neverAborted)).rejects.toThrow(
      code,
    );
  });

  it("that is down for a while is waited for", async () => {
    const entra = await starting(
      startEntra({ applications: [{ clientId, secrets: [{ value: "s" }] }], now: clock.now }),
    );
    entra.fail(90033, 2);
    entra.order({ status: 200, hangUp: true }, { status: 429, headers: { "retry-after": "3" } });
    const { signedIn } = signingIn({ auth: "auto", clientId, clientSecret: "s", tokenUrl: entra.tokenUrl });
    expect(entra.isLive(token(await signedIn.authorization(neverAborted)))).toBe(true);
    expect(entra.requests).toHaveLength(5);
  });
});

describe("the simulated GitHub", () => {
  it("vouches for a job at Entra ID, anew each time", async () => {
    const github = await starting(startGitHubOidc({ now: clock.now }));
    const credential = {
      issuer: github.issuer,
      subject: "repo:octo/shop:ref:refs/heads/main",
      publicKey: github.publicKey,
    };
    const entra = await starting(
      startEntra({ applications: [{ clientId, credentials: [credential] }], now: clock.now }),
    );
    const identity = () => identityToken(github.env);
    const { signedIn } = signingIn({ auth: "auto", clientId, tokenUrl: entra.tokenUrl }, { identity });
    expect(entra.isLive(token(await signedIn.authorization(neverAborted)))).toBe(true);
    expect(await signedIn.refresh(neverAborted)).toBe(true);
    expect(new Set(github.issued).size).toBe(2);
  });

  it("vouches for somebody else, and both sides are shown", async () => {
    const github = await starting(
      startGitHubOidc({ now: clock.now, subject: "repo:octo@1/shop@2:pull_request" }),
    );
    const credential = { issuer: github.issuer, subject: "repo:octo/shop:pull_request" };
    const entra = await starting(
      startEntra({ applications: [{ clientId, credentials: [credential] }], now: clock.now }),
    );
    const { signedIn } = signingIn(
      { auth: "auto", clientId, tokenUrl: entra.tokenUrl },
      { identity: () => identityToken(github.env) },
    );
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({
      message: expect.stringMatching(/AADSTS700213[\s\S]*subject {2}repo:octo@1\/shop@2:pull_request/),
      hint: expect.stringContaining('"subject":"repo:octo@1/shop@2:pull_request"'),
    });
  });

  async function identityToken(env: Readonly<Record<string, string>>): Promise<string> {
    const address = `${env["ACTIONS_ID_TOKEN_REQUEST_URL"]}&audience=${encodeURIComponent("api://AzureADTokenExchange")}`;
    const answer = await fetch(address, {
      headers: { authorization: `Bearer ${env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]}` },
    });
    return ((await answer.json()) as { value: string }).value;
  }
});

describe("the simulated machine", () => {
  it.each(["machine", "app-service", "cloud-shell"] as const)(
    "hands out its identity's tokens as %s does",
    async (host) => {
      const machine = await starting(startManagedIdentity({ host, now: clock.now }));
      const { signedIn } = signingIn({ auth: "managed-identity" }, { env: machine.env });
      expect(machine.isLive(token(await signedIn.authorization(neverAborted)))).toBe(true);
    },
  );

  it("has the identity that was assigned, or none", async () => {
    const machine = await starting(startManagedIdentity({ clientIds: ["mine"], now: clock.now }));
    const as = (id: string) =>
      signingIn({ auth: "managed-identity", clientId: id }, { env: machine.env }).signedIn;
    expect(machine.isLive(token(await as("mine").authorization(neverAborted)))).toBe(true);
    await expect(as("other").authorization(neverAborted)).rejects.toThrow("Identity not found");
  });
});
