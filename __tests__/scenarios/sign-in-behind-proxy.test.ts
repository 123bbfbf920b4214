import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultToken } from "../../runner-emulator/job.ts";
import { type ActionResult, type RunOptions, startAction } from "../../runner-emulator/runner.ts";
import { clientSecret } from "../support/authorization-server.ts";
import { hiddenFields, openBrowser } from "../support/browser.ts";
import { type IsolatedNetwork, openIsolatedNetwork } from "../support/isolated-network.ts";
import { expectFailure } from "../support/scenario.ts";
import { clientAssertionsIn, expectSecretsMasked } from "../support/secrets.ts";
import { expectRefreshedInTime, tokenCheckingAzure } from "../support/token-checking-azure.ts";

// Only Azure DevOps and GitHub's token endpoint are simulated. The access tokens come from a real authorization server,
// over TLS with a private authority, through a proxy that requires a password.

const lifeSeconds = 2;

let network: IsolatedNetwork;

beforeAll(async () => {
  network = await openIsolatedNetwork({ lifetimeSeconds: lifeSeconds });
});

afterAll(() => network.close());

type Inputs = Readonly<Record<string, string>>;

interface Scenario {
  readonly inputs: Inputs;
  readonly options?: RunOptions;
  readonly pollsBeforeCompletion?: number;
  /** Called once the action has been started. */
  readonly act?: (action: ReturnType<typeof startAction>) => Promise<void>;
}

async function runBehindProxy({ inputs, options = {}, pollsBeforeCompletion = 1, act }: Scenario) {
  const azure = await tokenCheckingAzure({
    accepts: (token) => network.server.isLive(token),
    pollsBeforeCompletion,
  });
  try {
    const organization = await network.exposeOverTls(azure.organization);
    const where = { organization, project: "web", "pipeline-id": "42", ref: "main", "poll-interval": "1s" };
    const env = { ...network.env, ...options.env };
    await using action = startAction({ ...where, scope: "builds", ...inputs }, { ...options, env });
    await act?.(action);
    return { result: await action.done, azure };
  } finally {
    await azure[Symbol.asyncDispose]();
  }
}

function expectSuccess({ main }: ActionResult): void {
  expect([main.exitCode, main.outputs["result"]], main.raw).toEqual([0, "succeeded"]);
}

const bySecret = () => ({
  "client-id": "confidential",
  "client-secret": clientSecret,
  "token-url": network.server.tokenUrl,
});

const byCertificate = ({ key, certificate }: { key: string; certificate: string }) => ({
  "client-id": "certified",
  "client-certificate": key + certificate,
  "token-url": network.server.tokenUrl,
});

describe.concurrent("a sign-in through a proxy with a password and a private authority", () => {
  it("with a client secret refreshes three tokens", async () => {
    const { result, azure } = await runBehindProxy({ inputs: bySecret(), pollsBeforeCompletion: 7 });
    expectSuccess(result);
    expect(azure.acceptedTokens.length).toBeGreaterThan(3);
    expectRefreshedInTime(azure);
    expectSecretsMasked(result, {
      secrets: [clientSecret, ...fetchedBy(result), ...azure.receivedTokens],
      unmasked: network.proxySecrets,
    });
    const { host } = new URL(network.server.tokenUrl);
    expect(network.proxy.tunnels).toContain(`${host} 200`);
  });

  it("with a client certificate succeeds", async () => {
    const inputs = byCertificate(network.server.clientCertificate);
    const { result, azure } = await runBehindProxy({ inputs });
    expectSuccess(result);
    const made = [...clientAssertionsIn(result), ...fetchedBy(result)];
    const secrets = [inputs["client-certificate"], ...made, ...azure.receivedTokens];
    expectSecretsMasked(result, { secrets, unmasked: network.proxySecrets });
  });

  it("with another certificate fails before any request to Azure DevOps", async () => {
    const inputs = byCertificate(network.server.authority);
    const { result, azure } = await runBehindProxy({ inputs, options: { debug: true } });
    expect(expectFailure(result, "unauthorized")).toContain("invalid_client");
    expect(azure.requests).toEqual([]);
    const secrets = [inputs["client-certificate"], ...clientAssertionsIn(result)];
    expectSecretsMasked(result, { secrets, unmasked: network.proxySecrets });
  });

  it("with a wrong secret fails at once with the server's words", async () => {
    const { result, azure } = await runBehindProxy({
      inputs: { ...bySecret(), "client-secret": "wrong-one" },
    });
    const { host } = new URL(network.server.tokenUrl);
    expect(expectFailure(result, "unauthorized")).toContain(
      `The token endpoint ${host} refused the sign-in: invalid_client: client authentication failed`,
    );
    expect(azure.requests).toEqual([]);
    expectSecretsMasked(result, { secrets: ["wrong-one"] });
  });

  it("with github-oidc uses a new ID token at every refresh", async () => {
    const inputs = { "client-id": "federated", "token-url": network.server.tokenUrl };
    const { result, azure } = await runBehindProxy({
      inputs,
      pollsBeforeCompletion: 3,
      options: { env: await network.githubEnv() },
    });
    // The server accepts each assertion once.
    expectSuccess(result);
    const assertions = result.main.masks.filter((mask) => network.github.issued.includes(mask));
    expect(azure.acceptedTokens.length).toBeGreaterThan(1);
    expect(new Set(assertions).size).toBeGreaterThanOrEqual(azure.acceptedTokens.length);
    const requestToken = network.github.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    expectSecretsMasked(result, {
      secrets: [...assertions, ...fetchedBy(result), ...azure.receivedTokens],
      unmasked: [requestToken, ...network.proxySecrets],
    });
  });

  it("with a pod's workload identity succeeds", async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } =
      network.kubernetes.env;
    const address = `${url}&audience=x`;
    const headers = { authorization: `Bearer ${bearer}` };
    const { value } = (await (await fetch(address, { headers })).json()) as { value: string };
    const file = join(network.folder, "service-account-token");
    writeFileSync(file, `${value}\n`);
    const inputs = { auth: "managed-identity", "token-url": network.server.tokenUrl };
    const env = { AZURE_FEDERATED_TOKEN_FILE: file, AZURE_CLIENT_ID: "pod" };
    const { result, azure } = await runBehindProxy({ inputs, options: { env } });
    expectSuccess(result);
    expectSecretsMasked(result, { secrets: [value, ...fetchedBy(result), ...azure.receivedTokens] });
  });

  it("with a refresh token uses each one once", async () => {
    const refreshToken = await network.server.refreshTokenFor("public");
    const inputs = {
      "client-id": "public",
      "refresh-token": refreshToken,
      "token-url": network.server.tokenUrl,
      scope: "openid builds",
    };
    // The server revokes all tokens if a replaced refresh token is used again.
    const { result, azure } = await runBehindProxy({ inputs, pollsBeforeCompletion: 5 });
    expectSuccess(result);
    expect(azure.acceptedTokens.length).toBeGreaterThan(2);
    const fetched = fetchedBy(result);
    expect(fetched.length).toBeGreaterThan(3);
    expectSecretsMasked(result, {
      secrets: [...fetched, ...idTokensIn(result), ...azure.receivedTokens],
    });
    const again = await runBehindProxy({ inputs });
    expect(expectFailure(again.result, "unauthorized")).toContain("npm run authorize");
    expect(again.azure.requests).toEqual([]);
    expectSecretsMasked(again.result, { secrets: [refreshToken] });
  });

  it("with a legacy application warns that its stored refresh token was used up, and uses the next", async () => {
    const refreshToken = await network.server.refreshTokenFor("legacy");
    const inputs = {
      auth: "azure-devops-oauth",
      "client-secret": clientSecret,
      "refresh-token": refreshToken,
      "redirect-uri": "https://example.com/callback",
      "token-url": network.server.legacyTokenUrl,
    };
    const { result, azure } = await runBehindProxy({ inputs, pollsBeforeCompletion: 3 });
    expectSuccess(result);
    expect(azure.acceptedTokens.length).toBeGreaterThan(1);
    const warnings = result.main.annotations.filter(({ level }) => level === "warning");
    expect(warnings).toMatchObject([
      { message: expect.stringMatching(/azure-devops-oauth/) },
      { title: "The stored refresh token was used up" },
    ]);
    const fetched = fetchedBy(result);
    expectSecretsMasked(result, { secrets: [clientSecret, ...fetched, ...azure.receivedTokens] });
    const again = await runBehindProxy({ inputs });
    expect(expectFailure(again.result, "unauthorized")).toMatch(
      /InvalidRefreshToken[\s\S]*Let the user authorize the application again/,
    );
    expect(again.azure.requests).toEqual([]);
  });

  it("with a legacy application is not possible for the post step of a killed step, which says so", async () => {
    const inputs = {
      auth: "azure-devops-oauth",
      "client-secret": clientSecret,
      "refresh-token": await network.server.refreshTokenFor("legacy"),
      "redirect-uri": "https://example.com/callback",
      "token-url": network.server.legacyTokenUrl,
    };
    const { result, azure } = await runBehindProxy({
      inputs,
      pollsBeforeCompletion: 99,
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

  it("with a device code refreshes the token without another code", async () => {
    const browser = openBrowser(network.server.authority.certificate);
    const { result, azure } = await runBehindProxy({
      inputs: byDevice("public"),
      pollsBeforeCompletion: 3,
      act: async (action) => enterCode(browser, await action.waitFor(/Open \S+ and enter the code \S+/)),
    });
    expectSuccess(result);
    expect(azure.acceptedTokens.length).toBeGreaterThan(1);
    const fetched = fetchedBy(result);
    const kept = /"token":"([^"]+)"/.exec(result.main.state["token"] ?? "")?.[1] ?? "";
    const [deviceCode = ""] = codesIn(result, azure.acceptedTokens);
    const secrets = [...fetched, ...idTokensIn(result), ...azure.receivedTokens, kept, deviceCode];
    expectSecretsMasked(result, { secrets, storedTokenKey: "token" });
  });

  it("with a device code stores the token, with which the post step of a killed step cancels", async () => {
    const browser = openBrowser(network.server.authority.certificate);
    const { result, azure } = await runBehindProxy({
      inputs: byDevice("long-lived"),
      pollsBeforeCompletion: 99,
      act: async (action) => {
        await enterCode(browser, await action.waitFor(/Open \S+ and enter the code \S+/));
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
    "token-url": network.server.tokenUrl,
    scope: "openid builds",
  });

  async function enterCode(browser: ReturnType<typeof openBrowser>, invitation: string): Promise<void> {
    const [, address = "", code = ""] = /Open (\S+) and enter the code (\S+)/.exec(invitation) ?? [];
    const form = await browser.visit(address);
    const confirmation = await browser.visit(address, { ...hiddenFields(form), user_code: code });
    const answer = { ...hiddenFields(confirmation), user_code: code, confirm: "yes" };
    const done = await browser.visit(address, answer);
    expect(done).toMatchObject({ status: 200, text: expect.stringContaining("Signed in.") });
  }
});

/** The access and refresh tokens that this step received, found by its masks. */
function fetchedBy({ main }: ActionResult): readonly string[] {
  const { accessTokens, refreshTokens } = network.server;
  return main.masks.filter((mask) => accessTokens.has(mask) || refreshTokens.has(mask));
}

/** ID tokens, which this server sends although they are not requested. */
function idTokensIn({ main }: ActionResult): readonly string[] {
  return main.masks.filter((mask) => /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(mask));
}

/** The device code: the only mask that is not a token. */
function codesIn({ main }: ActionResult, tokens: readonly string[]): readonly string[] {
  const others = new Set([
    ...tokens,
    ...network.server.refreshTokens,
    ...network.server.accessTokens,
    defaultToken,
  ]);
  return main.masks.filter((mask) => !others.has(mask) && !mask.startsWith("eyJ"));
}

describe.concurrent("the error of a sign-in that cannot reach its server", () => {
  it("names a proxy whose password is missing", async () => {
    const env = { https_proxy: network.proxy.url.replace(/\/\/.*@/, "//") };
    const { result, azure } = await runBehindProxy({ inputs: bySecret(), options: { env } });
    expect(expectFailure(result, "unreachable")).toMatch(
      /The proxy 127\S+ required a user name and password[\s\S]*https_proxy/,
    );
    expect(azure.requests).toEqual([]);
  });

  it("names an unknown certificate authority", async () => {
    const { result } = await runBehindProxy({
      inputs: bySecret(),
      options: { env: { NODE_EXTRA_CA_CERTS: "" } },
    });
    expect(expectFailure(result, "unreachable")).toMatch(/not trusted[\s\S]*NODE_EXTRA_CA_CERTS/);
    expectSecretsMasked(result, { secrets: [clientSecret], unmasked: network.proxySecrets });
  });
});
