import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  answerChallenge,
  hasArcAgent,
  managedIdentityEndpoint,
} from "../../../src/auth/credentials/managed-identity-endpoints.ts";
import { createSignIn } from "../../../src/auth/index.ts";
import type { SignInInputs } from "../../../src/core/credentials.ts";
import {
  connectionLost,
  createAuthHarness,
  credentialConfigOf,
  formParameters,
  jsonResponse,
  jwt,
  neverAborted,
  type ScriptedReply,
  scriptedTransport,
  tokenResponse,
} from "../harness.ts";

const resource = "499b84ac-1321-427f-aa17-267ca6975798";

const inputs = { auth: "managed-identity" } as const;

function attempt(
  options: { env?: Record<string, string>; inputs?: SignInInputs; now?: number },
  ...replies: readonly ScriptedReply[]
) {
  const harness = createAuthHarness(scriptedTransport(...replies), options);
  return { harness, signIn: createSignIn(credentialConfigOf(options.inputs ?? inputs), harness) };
}

const tokenJson = jsonResponse(200, {
  access_token: "t",
  client_id: "c",
  expires_in: "86399",
  expires_on: "1600",
  ext_expires_in: "86399",
  not_before: "1000",
  resource,
  token_type: "Bearer",
});

describe("the managed identity of a virtual machine", () => {
  it("is queried without a proxy, and its token expires at expires_on", async () => {
    const { harness, signIn } = attempt({ now: 1_000_000 }, tokenJson);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t");
    expect(signIn.description).toBe(
      "Signed in as the managed identity of this machine; valid for 10 min, renewed automatically.",
    );
    expect(harness.transport.requests).toMatchObject([
      {
        method: "GET",
        url: `http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${resource}`,
        headers: { Metadata: "true" },
        direct: true,
        timeoutMs: 5_000,
      },
    ]);
    expect(harness.masked).toEqual(["t"]);
  });

  it("is selected by client-id", async () => {
    const { harness, signIn } = attempt({ inputs: { ...inputs, clientId: "c/1" } }, tokenJson);
    await signIn.authorization(neverAborted);
    expect(harness.transport.requests[0]?.url).toMatch(/&client_id=c%2F1$/);
  });

  it.each([404, 429, 500, 503])("is queried again after %i", async (status) => {
    const { harness, signIn } = attempt({}, jsonResponse(status, { error: "x" }), tokenJson);
    await signIn.authorization(neverAborted);
    expect(harness.clock.sleeps).toEqual([1_000]);
  });

  it("is queried for 70 seconds after 410, which means an update", async () => {
    const gone = jsonResponse(410, { error: "x" });
    const { harness, signIn } = attempt({}, ...Array(7).fill(gone), tokenJson);
    await signIn.authorization(neverAborted);
    expect(harness.clock.sleeps).toEqual(Array(7).fill(10_000));
    const neverAvailable = attempt({}, gone);
    await expect(neverAvailable.signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("answered 410"),
    });
    expect(neverAvailable.harness.clock.now()).toBe(70_000);
  });

  it("is queried again after a truncated response", async () => {
    const truncated = { ...jsonResponse(200, {}), body: '{"access_token":"ey' };
    const { harness, signIn } = attempt({}, truncated, tokenJson);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t");
    expect(harness.clock.sleeps).toEqual([1_000]);
  });

  it.each<[string, ScriptedReply, string, string]>([
    [
      "an HTML page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
      "unauthorized",
      "with a body that is not a JSON object",
    ],
    ["no token", jsonResponse(200, { expires_in: "3" }), "unauthorized", "with JSON without a token"],
    [
      "a token of two lines",
      jsonResponse(200, { access_token: "a\nb" }),
      "unexpected-response",
      "invalid in an HTTP header",
    ],
  ])("causes an error for a response with %s", async (_, reply, code, words) => {
    const { harness, signIn } = attempt({}, reply);
    const response = signIn.authorization(neverAborted);
    await expect(response).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect(harness.transport.requests).toHaveLength(1);
  });

  it("causes unauthorized with a hint if none is assigned", async () => {
    const none = jsonResponse(400, { error: "invalid_request", error_description: "Identity not found" });
    const { signIn } = attempt({}, none);
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      message:
        "The managed identity endpoint (virtual machine) answered 400: invalid_request: Identity not found.",
      hint: expect.stringMatching(/^Assign an identity to this machine/),
    });
  });

  it("causes unreachable with a hint outside Azure", async () => {
    const { signIn } = attempt({}, connectionLost);
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unreachable",
      hint: expect.stringContaining("hosted by GitHub"),
    });
  });
});

describe("the managed identity of other hosts", () => {
  const endpoint = "http://127.0.0.1:41000/msi/token";

  it("is queried with X-IDENTITY-HEADER on App Service", async () => {
    const env = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: "h" };
    const { harness, signIn } = attempt(
      { env },
      jsonResponse(200, { access_token: "t", expires_on: "600", token_type: "Bearer" }),
    );
    await signIn.authorization(neverAborted);
    expect(signIn.description).toContain("valid for 10 min");
    expect(harness.masked).toEqual(["h", "t"]);
    expect(harness.transport.requests[0]).toMatchObject({
      url: `${endpoint}?api-version=2019-08-01&resource=${resource}`,
      headers: { "X-IDENTITY-HEADER": "h" },
      direct: true,
    });
  });

  it.each([
    [{ message: "No managed identity found", correlation_id: "x" }, "No managed identity found"],
    [{ statusCode: 400, message: "Bad." }, "Bad"],
    [{ error: { code: "bad", message: "worse" } }, "bad: worse"],
  ])("causes an error with the host's words: %j: %s", async (body, words) => {
    const { signIn } = attempt(
      { env: { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: "h" } },
      jsonResponse(400, body),
    );
    await expect(signIn.authorization(neverAborted)).rejects.toThrow(`(App Service) answered 400: ${words}.`);
  });

  it("is queried with POST on Cloud Shell", async () => {
    const { harness, signIn } = attempt(
      { env: { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" } },
      tokenJson,
    );
    await signIn.authorization(neverAborted);
    expect(harness.transport.requests[0]).toMatchObject({ method: "POST", headers: { Metadata: "true" } });
    expect(formParameters(harness.transport.requests[0])).toEqual({ resource });
  });

  it("is queried with the header secret and the thumbprint on Service Fabric", async () => {
    const env = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: "h", IDENTITY_SERVER_THUMBPRINT: "AB12" };
    const { harness, signIn } = attempt({ env }, jsonResponse(200, { access_token: "t", expires_on: 600 }));
    await signIn.authorization(neverAborted);
    expect(signIn.description).toContain("valid for 10 min");
    expect(harness.transport.requests[0]).toMatchObject({
      method: "GET",
      url: `${endpoint}?api-version=2019-07-01-preview&resource=${resource}`,
      headers: { secret: "h" },
      direct: true,
      thumbprint: "AB12",
    });
    expect(harness.masked).toContain("h");
  });

  it.each<[string, Record<string, string>]>([
    ["Azure Arc", { IMDS_ENDPOINT: "http://x" }],
    ["Cloud Shell", { MSI_ENDPOINT: "http://x" }],
    ["Service Fabric", { IDENTITY_ENDPOINT: "x", IDENTITY_HEADER: "h", IDENTITY_SERVER_THUMBPRINT: "x" }],
  ])("can't be selected by client-id on %s", async (name, env) => {
    const { signIn } = attempt({ env, inputs: { ...inputs, clientId: "c" } });
    await expect(signIn.authorization(neverAborted)).rejects.toThrow(`client-id: ${name} does not support`);
  });
});

describe("the managed identity on Azure Arc", () => {
  const endpoint = managedIdentityEndpoint(
    { resource, clientId: undefined },
    { IMDS_ENDPOINT: "http://127.0.0.1:40342" },
  );
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "arc-"));
    mkdirSync(join(folder, "tokens"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const challenge = (path: string) => jsonResponse(401, {}, { "www-authenticate": `Basic realm=${path}` });
  const tokens = () => join(folder, "tokens");

  it("is queried again with the contents of the file that the challenge names", async () => {
    const path = join(tokens(), "x.key");
    writeFileSync(path, "proof\n");
    const calls: unknown[] = [];
    const response = await answerChallenge(
      endpoint,
      challenge(path),
      {
        send: async (request) => {
          calls.push(request.headers);
          return tokenResponse("t");
        },
        mask: (secret) => calls.push(secret),
      },
      tokens(),
    );
    expect(response.status).toBe(200);
    expect(calls).toEqual(["proof", { Metadata: "true", Authorization: "Basic proof" }]);
  });

  it.each<[string, (folder: string) => string]>([
    ["harness the agent's folder", (base) => join(base, "x.key")],
    ["through `..`", (base) => join(base, "tokens", "..", "x.key")],
    ["through a link", (base) => join(base, "tokens", "link.key")],
    ["that is not a .key file", (base) => join(base, "tokens", "x.txt")],
    ["that is too large", (base) => join(base, "tokens", "large.key")],
  ])("is not queried with a file %s", async (_, pathIn) => {
    writeFileSync(join(folder, "x.key"), "secret");
    writeFileSync(join(tokens(), "x.txt"), "secret");
    writeFileSync(join(tokens(), "large.key"), "x".repeat(4_097));
    symlinkSync(join(folder, "x.key"), join(tokens(), "link.key"));
    const deps = { send: () => Promise.reject(new Error("unexpected request")), mask: () => undefined };
    await expect(answerChallenge(endpoint, challenge(pathIn(folder)), deps, tokens())).rejects.toMatchObject({
      code: "unauthorized",
    });
  });

  it("is detected by the agent's program if the environment lacks IMDS_ENDPOINT", () => {
    const program = join(folder, "himds");
    expect(hasArcAgent(program)).toBe(false);
    writeFileSync(program, "");
    expect(hasArcAgent(program)).toBe(true);
    const request = { resource, clientId: undefined };
    expect(managedIdentityEndpoint(request, {}, true)).toMatchObject({
      kind: "arc",
      url: `http://127.0.0.1:40342/metadata/identity/oauth2/token?api-version=2019-11-01&resource=${resource}`,
    });
    expect(managedIdentityEndpoint(request, { MSI_ENDPOINT: "http://x" }, true).kind).toBe("cloud-shell");
  });

  it("causes a hint about the group himds if the file cannot be read", async () => {
    const { signIn } = attempt(
      { env: { IMDS_ENDPOINT: "http://127.0.0.1:40342" } },
      challenge("/nowhere/x.key"),
    );
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      hint: expect.stringContaining("himds"),
    });
  });
});

describe("the workload identity of an AKS pod", () => {
  const env = (file: string) => ({
    AZURE_FEDERATED_TOKEN_FILE: file,
    AZURE_CLIENT_ID: "pod",
    AZURE_TENANT_ID: "tenant",
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us/",
  });

  it("is signed in with the service account's token, which is read again each time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aks-"));
    const file = join(folder, "token");
    const { harness, signIn } = attempt(
      { env: env(file) },
      tokenResponse("t1", { expires_in: 60 }),
      tokenResponse("t2"),
    );
    for (const sub of ["first", "second"]) {
      writeFileSync(file, `${jwt({ sub })}\n`);
      await signIn.authorization(neverAborted);
      harness.clock.advance(60_000);
    }
    rmSync(folder, { recursive: true });
    expect(harness.transport.requests[0]?.url).toBe(
      "https://login.microsoftonline.us/tenant/oauth2/v2.0/token",
    );
    const forms = harness.transport.requests.map(formParameters);
    expect(forms.map((form) => form["client_assertion"])).toEqual([
      jwt({ sub: "first" }),
      jwt({ sub: "second" }),
    ]);
    expect(forms[0]).toMatchObject({ client_id: "pod", scope: `${resource}/.default` });
    expect(harness.masked).toContain(jwt({ sub: "second" }));
  });

  it.each<[string, Record<string, string>]>([
    ["without the file", env("/nowhere/token")],
    ["without ids", { AZURE_FEDERATED_TOKEN_FILE: "/x" }],
    ["with an authority over http", { ...env("/x"), AZURE_AUTHORITY_HOST: "http://login.example" }],
  ])("causes unauthorized before any request %s", async (_, environment) => {
    const { harness, signIn } = attempt({ env: environment }, tokenResponse("t"));
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unauthorized" });
    expect(harness.transport.requests).toEqual([]);
  });
});
