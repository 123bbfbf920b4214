import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultToken } from "../../runner-emulator/job.ts";
import { type ActionResult, type RunOptions, startAction } from "../../runner-emulator/runner.ts";
import { clientSecret } from "../support/authorization-server.ts";
import { hiddenFields, openBrowser } from "../support/browser.ts";
import { type IsolatedNetwork, openIsolatedNetwork } from "../support/isolated-network.ts";
import { expectFailure } from "../support/scenario.ts";
import { expectSecretsMasked } from "../support/secrets.ts";
import { expectRefreshedInTime, tokenCheckingAzure } from "../support/token-checking-azure.ts";

// No server here is a simulation of ours but Azure DevOps and the part of GitHub that hands out tokens: the tokens come
// from a real authorization server, over TLS of a private authority, through a proxy that wants a password.

const lifeSeconds = 2;

let stage: IsolatedNetwork;

beforeAll(async () => {
  stage = await openIsolatedNetwork({ lifetimeSeconds: lifeSeconds });
});

afterAll(() => stage.close());

type Inputs = Readonly<Record<string, string>>;

interface Story {
  readonly inputs: Inputs;
  readonly options?: RunOptions;
  readonly looks?: number;
  /** Once the run is under way. */
  readonly act?: (action: ReturnType<typeof startAction>) => Promise<void>;
}

async function play({ inputs, options = {}, looks: pollsBeforeCompletion = 1, act }: Story) {
  const azure = await tokenCheckingAzure({
    accepts: (token) => stage.server.isLive(token),
    pollsBeforeCompletion,
  });
  try {
    const organization = await stage.exposeOverTls(azure.organization);
    const where = { organization, project: "web", "pipeline-id": "42", ref: "main", "poll-interval": "1s" };
    const env = { ...stage.env, ...options.env };
    await using action = startAction({ ...where, scope: "builds", ...inputs }, { ...options, env });
    await act?.(action);
    return { result: await action.done, azure };
  } finally {
    await azure[Symbol.asyncDispose]();
  }
}

function expectGreen({ main }: ActionResult): void {
  expect([main.exitCode, main.outputs["result"]], main.raw).toEqual([0, "succeeded"]);
}

const bySecret = () => ({
  "client-id": "confidential",
  "client-secret": clientSecret,
  "token-url": stage.server.tokenUrl,
});

const byCertificate = ({ key, certificate }: { key: string; certificate: string }) => ({
  "client-id": "certified",
  "client-certificate": key + certificate,
  "token-url": stage.server.tokenUrl,
});

describe.concurrent("through a proxy with a password, to a private authority", () => {
  it("a client secret outlives three tokens", async () => {
    const { result, azure } = await play({ inputs: bySecret(), looks: 7 });
    expectGreen(result);
    expect(azure.acceptedTokens.length).toBeGreaterThan(3);
    expectRefreshedInTime(azure);
    expectSecretsMasked(result, {
      secrets: [clientSecret, ...fetchedBy(result), ...azure.receivedTokens],
      unmasked: stage.proxySecrets,
    });
    const { host } = new URL(stage.server.tokenUrl);
    expect(stage.proxy.tunnels).toContain(`${host} 200`);
  });

  it("a certificate's assertion is believed", async () => {
    const inputs = byCertificate(stage.server.clientCertificate);
    const { result, azure } = await play({ inputs });
    expectGreen(result);
    const secrets = [inputs["client-certificate"], ...fetchedBy(result), ...azure.receivedTokens];
    expectSecretsMasked(result, { secrets, unmasked: stage.proxySecrets });
  });

  it("another's certificate is not, and nothing is asked of Azure DevOps", async () => {
    const inputs = byCertificate(stage.server.authority);
    const { result, azure } = await play({ inputs, options: { debug: true } });
    expect(expectFailure(result, "unauthorized")).toContain("invalid_client");
    expect(azure.requests).toEqual([]);
    expectSecretsMasked(result, { secrets: [inputs["client-certificate"]], unmasked: stage.proxySecrets });
  });

  it("a wrong secret is refused at once, in the server's words", async () => {
    const { result, azure } = await play({ inputs: { ...bySecret(), "client-secret": "wrong-one" } });
    const { host } = new URL(stage.server.tokenUrl);
    expect(expectFailure(result, "unauthorized")).toContain(
      `The token endpoint ${host} refused the sign-in: invalid_client: client authentication failed`,
    );
    expect(azure.requests).toEqual([]);
    expectSecretsMasked(result, { secrets: ["wrong-one"] });
  });

  it("GitHub's own identity is exchanged, and is a fresh one at every renewal", async () => {
    const inputs = { "client-id": "federated", "token-url": stage.server.tokenUrl };
    const { result, azure } = await play({ inputs, looks: 3, options: { env: await stage.githubEnv() } });
    // The server takes no assertion twice.
    expectGreen(result);
    const assertions = result.main.masks.filter((mask) => stage.github.issued.includes(mask));
    expect(azure.acceptedTokens.length).toBeGreaterThan(1);
    expect(new Set(assertions).size).toBeGreaterThanOrEqual(azure.acceptedTokens.length);
    const requestToken = stage.github.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    expectSecretsMasked(result, {
      secrets: [...assertions, ...fetchedBy(result), ...azure.receivedTokens],
      unmasked: [requestToken, ...stage.proxySecrets],
    });
  });

  it("a pod's identity is exchanged", async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } =
      stage.kubernetes.env;
    const address = `${url}&audience=x`;
    const headers = { authorization: `Bearer ${bearer}` };
    const { value } = (await (await fetch(address, { headers })).json()) as { value: string };
    const file = join(stage.folder, "service-account-token");
    writeFileSync(file, `${value}\n`);
    const inputs = { auth: "managed-identity", "token-url": stage.server.tokenUrl };
    const env = { AZURE_FEDERATED_TOKEN_FILE: file, AZURE_CLIENT_ID: "pod" };
    const { result, azure } = await play({ inputs, options: { env } });
    expectGreen(result);
    expectSecretsMasked(result, { secrets: [value, ...fetchedBy(result), ...azure.receivedTokens] });
  });

  it("a refresh token is replaced at every use, and none is shown twice", async () => {
    const refreshToken = await stage.server.refreshTokenFor("public");
    const inputs = {
      "client-id": "public",
      "refresh-token": refreshToken,
      "token-url": stage.server.tokenUrl,
      scope: "openid builds",
    };
    // The server revokes everything when a refresh token that was replaced is shown again.
    const { result, azure } = await play({ inputs, looks: 5 });
    expectGreen(result);
    expect(azure.acceptedTokens.length).toBeGreaterThan(2);
    const fetched = fetchedBy(result);
    expect(fetched.length).toBeGreaterThan(3);
    expectSecretsMasked(result, {
      secrets: [...fetched, ...idTokensIn(result), ...azure.receivedTokens],
    });
    const again = await play({ inputs });
    expect(expectFailure(again.result, "unauthorized")).toContain("npm run authorize");
    expect(again.azure.requests).toEqual([]);
    expectSecretsMasked(again.result, { secrets: [refreshToken] });
  });

  it("the legacy application warns that its stored token is spent, and goes on with the next", async () => {
    const refreshToken = await stage.server.refreshTokenFor("legacy");
    const inputs = {
      auth: "azure-devops-oauth",
      "client-secret": clientSecret,
      "refresh-token": refreshToken,
      "redirect-uri": "https://example.com/callback",
      "token-url": stage.server.legacyTokenUrl,
    };
    const { result, azure } = await play({ inputs, looks: 3 });
    expectGreen(result);
    expect(azure.acceptedTokens.length).toBeGreaterThan(1);
    const warnings = result.main.annotations.filter(({ level }) => level === "warning");
    expect(warnings).toMatchObject([
      { message: expect.stringMatching(/azure-devops-oauth/) },
      { title: "The stored refresh token is spent" },
    ]);
    const fetched = fetchedBy(result);
    expectSecretsMasked(result, { secrets: [clientSecret, ...fetched, ...azure.receivedTokens] });
    const again = await play({ inputs });
    expect(expectFailure(again.result, "unauthorized")).toMatch(
      /InvalidRefreshToken[\s\S]*Let the user authorize the application again/,
    );
    expect(again.azure.requests).toEqual([]);
  });

  it("the legacy application has no second sign-in for the post step of a killed one, which says so", async () => {
    const inputs = {
      auth: "azure-devops-oauth",
      "client-secret": clientSecret,
      "refresh-token": await stage.server.refreshTokenFor("legacy"),
      "redirect-uri": "https://example.com/callback",
      "token-url": stage.server.legacyTokenUrl,
    };
    const { result, azure } = await play({
      inputs,
      looks: 99,
      act: async (action) => {
        await action.waitFor(/Started /);
        action.kill();
      },
    });
    const { main, post } = result;
    expect(Object.keys(main.state).sort()).not.toContain("token");
    expect([post?.exitCode, post?.annotations.map(({ level }) => level)]).toEqual([0, ["warning"]]);
    expect(post?.annotations[0]?.message).toMatch(
      /could not be cancelled \(https:\S+buildId=345\): .*InvalidRefreshToken/,
    );
    expect(azure.requests.some(({ method }) => method === "PATCH")).toBe(false);
    expectSecretsMasked(result, { secrets: [clientSecret, ...fetchedBy(result), ...azure.receivedTokens] });
  });

  it("a person enters a device code, and its token is renewed without", async () => {
    const person = openBrowser(stage.server.authority.certificate);
    const { result, azure } = await play({
      inputs: byDevice("public"),
      looks: 3,
      act: async (action) => enterCode(person, await action.waitFor(/Open \S+ and enter the code \S+/)),
    });
    expectGreen(result);
    expect(azure.acceptedTokens.length).toBeGreaterThan(1);
    const fetched = fetchedBy(result);
    const kept = /"token":"([^"]+)"/.exec(result.main.state["token"] ?? "")?.[1] ?? "";
    const [deviceCode = ""] = codesIn(result, azure.acceptedTokens);
    const secrets = [...fetched, ...idTokensIn(result), ...azure.receivedTokens, kept, deviceCode];
    expectSecretsMasked(result, { secrets, storedTokenKey: "token" });
  });

  it("a person enters a device code; the post step of a killed one cancels with the token that was kept", async () => {
    const person = openBrowser(stage.server.authority.certificate);
    const { result, azure } = await play({
      inputs: byDevice("long-lived"),
      looks: 99,
      act: async (action) => {
        await enterCode(person, await action.waitFor(/Open \S+ and enter the code \S+/));
        await action.waitFor(/Started /);
        action.kill();
      },
    });
    const { main, post } = result;
    expect(main.result).toBe("failure");
    expect([post?.exitCode, post?.log], main.log).toEqual([0, expect.stringContaining("was cancelled")]);
    expect(azure.requests.at(-1)).toMatchObject({
      method: "PATCH",
      headers: { authorization: `Bearer ${azure.acceptedTokens.at(-1)}` },
    });
    expect(main.summary).toMatch(/Open <https:\S+> and enter the code `\S+` before \d\d:\d\d UTC/);
    const kept = azure.acceptedTokens.at(-1) ?? "";
    const fetched = fetchedBy(result);
    const [deviceCode = ""] = codesIn(result, azure.acceptedTokens);
    const secrets = [...fetched, ...idTokensIn(result), ...azure.receivedTokens, deviceCode];
    expectSecretsMasked(result, { secrets, storedTokenKey: "token" });
    expect(main.state["token"]).toContain(kept);
    expect(main.state["token"]).not.toContain("refresh");
  });

  const byDevice = (clientId: string) => ({
    auth: "device-code",
    "client-id": clientId,
    "token-url": stage.server.tokenUrl,
    scope: "openid builds",
  });

  async function enterCode(person: ReturnType<typeof openBrowser>, invitation: string): Promise<void> {
    const [, address = "", code = ""] = /Open (\S+) and enter the code (\S+)/.exec(invitation) ?? [];
    const form = await person.visit(address);
    const confirmation = await person.visit(address, { ...hiddenFields(form), user_code: code });
    const answer = { ...hiddenFields(confirmation), user_code: code, confirm: "yes" };
    const done = await person.visit(address, answer);
    expect(done).toMatchObject({ status: 200, text: expect.stringContaining("Signed in.") });
  }
});

/** Tokens of both kinds that this step was given, by what it masked. */
function fetchedBy({ main }: ActionResult): readonly string[] {
  const { accessTokens, refreshTokens } = stage.server;
  return main.masks.filter((mask) => accessTokens.has(mask) || refreshTokens.has(mask));
}

/** Nobody asks for them, and this server sends them all the same. */
function idTokensIn({ main }: ActionResult): readonly string[] {
  return main.masks.filter((mask) => /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(mask));
}

/** The device code is nobody else's to know: it is the one mask that is no token of any kind. */
function codesIn({ main }: ActionResult, tokens: readonly string[]): readonly string[] {
  const others = new Set([
    ...tokens,
    ...stage.server.refreshTokens,
    ...stage.server.accessTokens,
    defaultToken,
  ]);
  return main.masks.filter((mask) => !others.has(mask) && !mask.startsWith("eyJ"));
}

describe.concurrent("what is in the way is named", () => {
  it("a proxy that wants a password and got none", async () => {
    const env = { https_proxy: stage.proxy.url.replace(/\/\/.*@/, "//") };
    const { result, azure } = await play({ inputs: bySecret(), options: { env } });
    expect(expectFailure(result, "unreachable")).toMatch(
      /The proxy 127\S+ wanted a user name and password[\s\S]*https_proxy/,
    );
    expect(azure.requests).toEqual([]);
  });

  it("an authority that nobody vouched for", async () => {
    const { result } = await play({ inputs: bySecret(), options: { env: { NODE_EXTRA_CA_CERTS: "" } } });
    expect(expectFailure(result, "unreachable")).toMatch(/not trusted[\s\S]*NODE_EXTRA_CA_CERTS/);
    expectSecretsMasked(result, { secrets: [clientSecret], unmasked: stage.proxySecrets });
  });
});
