import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ActionResult, type RunOptions, runAction, startAction } from "../../runner-emulator/runner.ts";
import { issueCertificate } from "../../simulator/entra/certificate.ts";
import { type Entra, startEntra } from "../../simulator/entra/entra.ts";
import { type GitHubOidc, startGitHubOidc } from "../../simulator/entra/github-oidc.ts";
import { startSimulator } from "../../simulator/index.ts";
import { errorReply, startRequestLine, startRoute } from "../support/azure-responses.ts";
import { expectFailure, inputsFor, token as pat } from "../support/scenario.ts";
import { type Reply, scriptedAzure } from "../support/scripted-azure.ts";
import { clientAssertionsIn, expectSecretsMasked } from "../support/secrets.ts";
import { type TokenCheckingAzure, tokenCheckingAzure } from "../support/token-checking-azure.ts";

const secret = "aB3~client.secret-of-the-application_0123";

const refreshToken = "0.AXkAr3fresh-token-of-a-user_0123456789abcdef";

const clientId = "1b2c3d4e-0000-4000-8000-000000000002";

const subject = "repo:octo@583231/shop@1296269:ref:refs/heads/main";

const known = issueCertificate({ name: "known" });

const pem = known.certificate + known.key;

let entra: Entra;

let github: GitHubOidc;

beforeAll(async () => {
  github = await startGitHubOidc({ subject });
  const credentials = [{ issuer: github.issuer, subject, publicKey: github.publicKey }];
  const application = {
    clientId,
    credentials,
    isPublic: true,
    secrets: [{ value: secret }, { value: "expired-secret", expired: true }],
    certificates: [known.certificate],
    refreshTokens: [refreshToken],
  };
  const unmatched = {
    clientId: "unmatched",
    credentials: [{ issuer: github.issuer, subject: "repo:octo/shop:ref:refs/heads/main" }],
  };
  const unfederated = { clientId: "unfederated" };
  const absent = { clientId: "absent", secrets: [{ value: secret }], hasServicePrincipal: false };
  entra = await startEntra({ applications: [application, unmatched, unfederated, absent] });
});

afterAll(() => Promise.all([entra.close(), github.close()]));

type Inputs = Readonly<Record<string, string>>;

/** Runs the action with the token endpoint of the simulated Entra ID, unless the inputs set another one. */
async function signInAndRun(inputs: Inputs, options: RunOptions = {}, azure?: TokenCheckingAzure) {
  const service = azure ?? (await tokenCheckingAzure({ accepts: entra.isLive, pollsBeforeCompletion: 0 }));
  try {
    const { token: _, ...where } = inputsFor(service);
    const all = { ...where, "client-id": clientId, "token-url": entra.tokenUrl, ...inputs };
    return { result: await runAction(all, options), azure: service };
  } finally {
    await service[Symbol.asyncDispose]();
  }
}

function expectSuccess({ main }: ActionResult): void {
  expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
}

describe.concurrent("a sign-in at Entra ID", () => {
  it.each<[string, Inputs, readonly string[]]>([
    ["client-secret", { "client-secret": secret }, [secret]],
    ["client-certificate", { "client-certificate": pem }, [pem]],
    ["refresh-token", { "refresh-token": refreshToken }, [refreshToken]],
  ])("succeeds with `auth: auto` and %s", async (_, inputs, secrets) => {
    const { result, azure } = await signInAndRun(inputs);
    expectSuccess(result);
    const fetched = result.main.masks.filter((mask) => entra.refreshTokens.includes(mask));
    const assertions = clientAssertionsIn(result);
    expectSecretsMasked(result, {
      secrets: [...secrets, ...assertions, ...fetched, ...azure.acceptedTokens],
    });
    expect(result.main.droppedOutputs).toEqual([]);
  });

  it.each<[string, Inputs, RegExp]>([
    ["secret", { "client-secret": "a-wrong-secret" }, /AADSTS7000215[\s\S]*value/],
    ["refresh token", { "refresh-token": "a-wrong-token" }, /AADSTS70000/],
  ])("fails with a wrong %s, which is not shown: %j: %s", async (_, inputs, words) => {
    const { result, azure } = await signInAndRun(inputs, { debug: true });
    const text = expectFailure(result, "unauthorized");
    expect(text).toMatch(words);
    expect(text).toMatch(/trace ID [\w-]{36}/);
    expect(azure.requests).toEqual([]);
    const [wrong = ""] = ["client-secret", "refresh-token"].flatMap((name) => inputs[name] ?? []);
    expectSecretsMasked(result, { secrets: [wrong] });
    expect(result.post?.log.trim()).toBe("");
  });

  it("fails with another certificate", async () => {
    const other = issueCertificate({ name: "other" });
    const otherPem = other.key + other.certificate;
    const { result, azure } = await signInAndRun({ "client-certificate": otherPem }, { debug: true });
    expect(expectFailure(result, "unauthorized")).toMatch(/AADSTS700027[\s\S]*Upload this certificate/);
    expect(azure.requests).toEqual([]);
    expectSecretsMasked(result, { secrets: [otherPem, ...clientAssertionsIn(result)] });
  });

  it("shows a device code in log and summary, and the post step of a killed step cancels with its token", async () => {
    await using azure = await tokenCheckingAzure({ accepts: entra.isLive, pollsBeforeCompletion: 99 });
    const { token: _, ...where } = inputsFor(azure);
    const inputs = { ...where, auth: "device-code", "client-id": clientId, "token-url": entra.tokenUrl };
    await using action = startAction(inputs);
    const invitation = await action.waitFor(
      /Open https:\/\/microsoft\.com\/devicelogin and enter the code \w+/,
    );
    const code = invitation.split(" ").at(-1) ?? "";
    entra.enter(code);
    await action.waitFor(/Started /);
    action.kill();
    const result = await action.done;
    expect(result.main.summary).toContain(
      `<https://microsoft.com/devicelogin> and enter the code \`${code}\``,
    );
    expect(result.post?.log).toContain("was cancelled");
    expect(azure.requests.at(-1)?.method).toBe("PATCH");
    const deviceCodes = result.main.masks.filter((mask) => /^[\w-]{64}$/.test(mask));
    const fetched = result.main.masks.filter((mask) => entra.refreshTokens.includes(mask));
    const secrets = [...deviceCodes, ...fetched, ...azure.acceptedTokens];
    expectSecretsMasked(result, { secrets, storedTokenKey: "token" });
    expect(JSON.parse(result.main.state["token"] ?? "")).toEqual({
      token: azure.acceptedTokens[0],
      expiresAt: expect.any(Number),
    });
  });

  it("stores no token for the post step, except with device-code", async () => {
    const { result } = await signInAndRun({ "client-secret": secret });
    expect(Object.keys(result.main.state).sort()).not.toContain("token");
  });
});

describe.concurrent("a sign-in with github-oidc", () => {
  it("succeeds at the simulated Azure DevOps", async () => {
    await using azure = await startSimulator({
      speed: 60,
      accepts: ({ kind, value = "" }: { kind: string; value?: string }) =>
        kind === "bearer" && entra.isLive(value) ? "yes" : "expired",
    });
    const { token: _, ...where } = inputsFor(azure);
    const result = await runAction(
      { ...where, "client-id": clientId, "token-url": entra.tokenUrl },
      { env: github.env },
    );
    expect(result.main.outputs["run-id"], result.main.log).toBeDefined();
    expect(result.main.outputs["error-code"] ?? "").toBe("");
    const assertions = result.main.masks.filter((mask) => github.issued.includes(mask));
    const tokens = result.main.masks.filter((mask) => entra.issued.includes(mask));
    expect([assertions.length, tokens.length]).toEqual([1, 1]);
    const requestToken = github.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    expectSecretsMasked(result, { secrets: [...assertions, ...tokens], unmasked: [requestToken] });
  });

  it("shows the received and the matching credential, never the token, if no credential matches", async () => {
    const { result, azure } = await signInAndRun(
      { "client-id": "unmatched" },
      { env: github.env, debug: true },
    );
    const text = expectFailure(result, "unauthorized");
    expect(text).toContain("AADSTS700213");
    expect(text).toContain(
      `  issuer   ${github.issuer}\n  subject  ${subject}\n  audience api://AzureADTokenExchange`,
    );
    const parameters = /--id unmatched --parameters '(.*)'$/m.exec(text)?.[1] ?? "";
    expect(JSON.parse(parameters)).toMatchObject({
      issuer: github.issuer,
      subject,
      audiences: ["api://AzureADTokenExchange"],
    });
    expect(azure.requests).toEqual([]);
    const assertions = result.main.masks.filter((mask) => github.issued.includes(mask));
    expect(assertions.length).toBe(3);
    expectSecretsMasked(result, { secrets: assertions });
    for (const part of assertions.flatMap((token) => token.split("."))) {
      expect(result.main.raw.replaceAll(/^::add-mask::.*$/gm, "")).not.toContain(part);
    }
  });

  it("shows the subject and the commands for both kinds of identity if there is no federated credential", async () => {
    const { result, azure } = await signInAndRun({ "client-id": "unfederated" }, { env: github.env });
    const text = expectFailure(result, "unauthorized");
    expect(text).toMatch(/AADSTS70025/);
    expect(text).toContain(`  subject  ${subject}`);
    expect(text).toMatch(/^az ad app federated-credential create --id unfederated /m);
    expect(text).toMatch(/^az identity federated-credential create /m);
    expect(result.main.masks.filter((mask) => github.issued.includes(mask))).toHaveLength(3);
    expect(azure.requests).toEqual([]);
  });

  it("shows the command, and no hint about a secret, if the tenant has no service principal", async () => {
    const { result } = await signInAndRun({ "client-id": "absent", "client-secret": secret });
    const text = expectFailure(result, "unauthorized");
    expect(text).toMatch(/AADSTS7000229[\s\S]*az ad sp create --id/);
    expect(text).not.toMatch(/client-secret|expired/);
  });

  it("names the missing permission and where to set it", async () => {
    const { result, azure } = await signInAndRun({});
    expect(expectFailure(result, "unauthorized")).toMatch(/id-token: write[\s\S]*reusable workflow/);
    expect(azure.requests).toEqual([]);
  });

  it("names the fork as the reason in a fork's pull request", async () => {
    const payload = {
      pull_request: {
        number: 7,
        head: { ref: "fix", sha: "a".repeat(40), repo: { full_name: "mallory/shop" } },
        base: { ref: "main" },
      },
      repository: { default_branch: "main", full_name: "octo/shop" },
    };
    const { result, azure } = await signInAndRun({}, { event: { name: "pull_request", payload } });
    expect(expectFailure(result, "unauthorized")).toMatch(/pull request from a fork[\s\S]*workflow_run/);
    expect(azure.requests).toEqual([]);
  });
});

describe.concurrent("the input token", () => {
  const good: Readonly<Record<string, Reply>> = { [startRoute]: { body: { id: 345, name: "20260602.13" } } };
  const once = { wait: "false" };

  it("is sent as Basic if it is a personal access token, and both forms are masked", async () => {
    await using azure = await scriptedAzure(good);
    const result = await runAction(inputsFor(azure, once));
    expect(result.main.exitCode, result.main.log).toBe(0);
    const encoded = Buffer.from(`:${pat}`).toString("base64");
    expect(azure.requests[0]?.headers.authorization).toBe(`Basic ${encoded}`);
    expect(result.main.masks).toContain(encoded);
    expectSecretsMasked(result, { secrets: [pat] });
  });

  it("causes hints about its form and expiry if it is rejected", async () => {
    await using azure = await scriptedAzure({
      [startRoute]: errorReply(401, "UnauthorizedRequestException", "TF400813: Not authorized."),
    });
    const encoded = Buffer.from(`:${pat}`).toString("base64");
    const result = await runAction(inputsFor(azure, { token: encoded }));
    expect(expectFailure(result, "unauthorized")).toMatch(/base64 of `user:TOKEN`.*2026-12-01/);
    expectSecretsMasked(result, { secrets: [encoded] });
  });

  it("is sent as Bearer if it is a JWT", async () => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const jwt = `${encode({ alg: "RS256" })}.${encode({ aud: "499b84ac-1321-427f-aa17-267ca6975798", exp: 4e9 })}.c2lnbmF0dXJl`;
    await using azure = await scriptedAzure(good);
    const result = await runAction(inputsFor(azure, { ...once, token: jwt }));
    expect(azure.requests[0]?.headers.authorization, result.main.log).toBe(`Bearer ${jwt}`);
    expectSecretsMasked(result, { secrets: [jwt] });
  });
});

it("contradictory credentials are named in the error, and no request is sent", async () => {
  await using azure = await scriptedAzure({});
  const result = await runAction(inputsFor(azure, { "client-secret": secret }));
  expect(expectFailure(result, "bad-input")).toMatch(/`token` and `client-secret` were given together/);
  expect(azure.requests).toEqual([]);
  expectSecretsMasked(result, { secrets: [pat, secret] });
});

describe.concurrent("an identity that Azure DevOps rejects", () => {
  const drained: Reply = {
    status: 429,
    headers: { "retry-after": "619", "x-ratelimit-remaining": "0" },
    body: "<html>Request was blocked.</html>",
  };

  it("gets an error that names the tenant if its token is from another tenant", async () => {
    await using azure = await scriptedAzure({ [startRoute]: drained });
    const result = await runAction(inputsFor(azure));
    expect(expectFailure(result, "busy")).toMatch(/another tenant/);
    expect(azure.requests).toHaveLength(1);
  });

  it("gets a hint to add it to the organization if it is a service principal", async () => {
    const message = "TF401444: Please sign-in at least once as 9f1c\\9f1c\\1b2c3d4e in a web browser.";
    const reply = errorReply(401, "UnauthorizedRequestException", message);
    await using azure = await scriptedAzure({
      [startRoute]: {
        ...reply,
        headers: { ...reply.headers, "x-vss-resourcetenant": "9f1c2b1e-0000-4000-8000-000000000001" },
      },
    });
    const server = Object.assign(azure, { acceptedTokens: [], receivedTokens: [], rejectedCount: 0 });
    const { result } = await signInAndRun({ "client-secret": secret }, {}, server);
    const text = expectFailure(result, "unauthorized");
    expect(text).toContain("TF401444");
    expect(text).toMatch(/Add the identity[\s\S]*to the organization[\s\S]*tenant is 9f1c2b1e/);
    // The token is new, so it is not refreshed.
    expect(azure.requestLines()).toEqual([startRequestLine]);
  });
});
