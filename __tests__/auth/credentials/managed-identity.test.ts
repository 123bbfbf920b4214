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
  setting: { env?: Record<string, string>; inputs?: SignInInputs; now?: number },
  ...replies: readonly ScriptedReply[]
) {
  const outside = createAuthHarness(scriptedTransport(...replies), setting);
  return { outside, signedIn: createSignIn(credentialConfigOf(setting.inputs ?? inputs), outside) };
}

const granted = jsonResponse(200, {
  access_token: "t",
  client_id: "c",
  expires_in: "86399",
  expires_on: "1600",
  ext_expires_in: "86399",
  not_before: "1000",
  resource,
  token_type: "Bearer",
});

describe("a virtual machine", () => {
  it("is asked past every proxy, and its cached token ends when it says", async () => {
    const { outside, signedIn } = attempt({ now: 1_000_000 }, granted);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t");
    expect(signedIn.description).toBe(
      "Signed in as the managed identity of this machine; good for 10 min, renewed by itself.",
    );
    expect(outside.transport.requests).toMatchObject([
      {
        method: "GET",
        url: `http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${resource}`,
        headers: { Metadata: "true" },
        direct: true,
        timeoutMs: 5_000,
      },
    ]);
    expect(outside.masked).toEqual(["t"]);
  });

  it("is told which of its identities", async () => {
    const { outside, signedIn } = attempt({ inputs: { ...inputs, clientId: "c/1" } }, granted);
    await signedIn.authorization(neverAborted);
    expect(outside.transport.requests[0]?.url).toMatch(/&client_id=c%2F1$/);
  });

  it.each([404, 429, 500, 503])("that answers %i is asked again", async (status) => {
    const { outside, signedIn } = attempt({}, jsonResponse(status, { error: "x" }), granted);
    await signedIn.authorization(neverAborted);
    expect(outside.clock.sleeps).toEqual([1_000]);
  });

  it("that is being updated gets 70 seconds", async () => {
    const gone = jsonResponse(410, { error: "x" });
    const { outside, signedIn } = attempt({}, ...Array(7).fill(gone), granted);
    await signedIn.authorization(neverAborted);
    expect(outside.clock.sleeps).toEqual(Array(7).fill(10_000));
    const never410 = attempt({}, gone);
    await expect(never410.signedIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("answered 410"),
    });
    expect(never410.outside.clock.now()).toBe(70_000);
  });

  it("that is cut off in its answer is asked again", async () => {
    const cut = { ...jsonResponse(200, {}), body: '{"access_token":"ey' };
    const { outside, signedIn } = attempt({}, cut, granted);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t");
    expect(outside.clock.sleeps).toEqual([1_000]);
  });

  it.each<[string, ScriptedReply, string, string]>([
    [
      "a page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
      "unauthorized",
      "with something that is no JSON object",
    ],
    ["no token", jsonResponse(200, { expires_in: "3" }), "unauthorized", "with JSON without a token"],
    [
      "a token of two lines",
      jsonResponse(200, { access_token: "a\nb" }),
      "unexpected-response",
      "no header may hold",
    ],
  ])("that answers with %s is told as such", async (_, reply, code, words) => {
    const { outside, signedIn } = attempt({}, reply);
    const answer = signedIn.authorization(neverAborted);
    await expect(answer).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect(outside.transport.requests).toHaveLength(1);
  });

  it("without an identity is said to be so", async () => {
    const none = jsonResponse(400, { error: "invalid_request", error_description: "Identity not found" });
    const { signedIn } = attempt({}, none);
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      message:
        "The managed identity endpoint (virtual machine) answered 400: invalid_request: Identity not found.",
      hint: expect.stringMatching(/^Assign an identity to this machine/),
    });
  });

  it("that is none is said to be so", async () => {
    const { signedIn } = attempt({}, connectionLost);
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unreachable",
      hint: expect.stringContaining("hosted by GitHub"),
    });
  });
});

describe("the other hosts", () => {
  const endpoint = "http://127.0.0.1:41000/msi/token";

  it("App Service wants its header", async () => {
    const env = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: "h" };
    const { outside, signedIn } = attempt(
      { env },
      jsonResponse(200, { access_token: "t", expires_on: "600", token_type: "Bearer" }),
    );
    await signedIn.authorization(neverAborted);
    expect(signedIn.description).toContain("good for 10 min");
    expect(outside.masked).toEqual(["h", "t"]);
    expect(outside.transport.requests[0]).toMatchObject({
      url: `${endpoint}?api-version=2019-08-01&resource=${resource}`,
      headers: { "X-IDENTITY-HEADER": "h" },
      direct: true,
    });
  });

  it.each([
    [{ message: "No managed identity found", correlation_id: "x" }, "No managed identity found"],
    [{ statusCode: 400, message: "Bad." }, "Bad"],
    [{ error: { code: "bad", message: "worse" } }, "bad: worse"],
  ])("each has its own form of saying no: %j", async (body, words) => {
    const { signedIn } = attempt(
      { env: { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: "h" } },
      jsonResponse(400, body),
    );
    await expect(signedIn.authorization(neverAborted)).rejects.toThrow(
      `(App Service) answered 400: ${words}.`,
    );
  });

  it("Cloud Shell is posted to", async () => {
    const { outside, signedIn } = attempt(
      { env: { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" } },
      granted,
    );
    await signedIn.authorization(neverAborted);
    expect(outside.transport.requests[0]).toMatchObject({ method: "POST", headers: { Metadata: "true" } });
    expect(formParameters(outside.transport.requests[0])).toEqual({ resource });
  });

  it("Service Fabric is asked in its own version, with its own header, of a server with its certificate", async () => {
    const env = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: "h", IDENTITY_SERVER_THUMBPRINT: "AB12" };
    const { outside, signedIn } = attempt({ env }, jsonResponse(200, { access_token: "t", expires_on: 600 }));
    await signedIn.authorization(neverAborted);
    expect(signedIn.description).toContain("good for 10 min");
    expect(outside.transport.requests[0]).toMatchObject({
      method: "GET",
      url: `${endpoint}?api-version=2019-07-01-preview&resource=${resource}`,
      headers: { secret: "h" },
      direct: true,
      thumbprint: "AB12",
    });
    expect(outside.masked).toContain("h");
  });

  it.each<[string, Record<string, string>]>([
    ["Azure Arc", { IMDS_ENDPOINT: "http://x" }],
    ["Cloud Shell", { MSI_ENDPOINT: "http://x" }],
    ["Service Fabric", { IDENTITY_ENDPOINT: "x", IDENTITY_HEADER: "h", IDENTITY_SERVER_THUMBPRINT: "x" }],
  ])("%s has no identities to choose from", async (name, env) => {
    const { signedIn } = attempt({ env, inputs: { ...inputs, clientId: "c" } });
    await expect(signedIn.authorization(neverAborted)).rejects.toThrow(`client-id: ${name} knows only`);
  });
});

describe("Azure Arc", () => {
  const source = managedIdentityEndpoint(
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

  it("is shown the text of the file that it names", async () => {
    const path = join(tokens(), "x.key");
    writeFileSync(path, "proof\n");
    const asked: unknown[] = [];
    const answer = await answerChallenge(
      source,
      challenge(path),
      {
        send: async (again) => {
          asked.push(again.headers);
          return tokenResponse("t");
        },
        mask: (secret) => asked.push(secret),
      },
      tokens(),
    );
    expect(answer.status).toBe(200);
    expect(asked).toEqual(["proof", { Metadata: "true", Authorization: "Basic proof" }]);
  });

  it.each<[string, (folder: string) => string]>([
    ["outside the agent's folder", (base) => join(base, "x.key")],
    ["by a way round", (base) => join(base, "tokens", "..", "x.key")],
    ["by a link", (base) => join(base, "tokens", "link.key")],
    ["that is no key", (base) => join(base, "tokens", "x.txt")],
    ["that is too large", (base) => join(base, "tokens", "large.key")],
  ])("is shown no file %s", async (_, pathIn) => {
    writeFileSync(join(folder, "x.key"), "secret");
    writeFileSync(join(tokens(), "x.txt"), "secret");
    writeFileSync(join(tokens(), "large.key"), "x".repeat(4_097));
    symlinkSync(join(folder, "x.key"), join(tokens(), "link.key"));
    const desk = { send: () => Promise.reject(new Error("was asked")), mask: () => undefined };
    await expect(answerChallenge(source, challenge(pathIn(folder)), desk, tokens())).rejects.toMatchObject({
      code: "unauthorized",
    });
  });

  it("is known by its agent's program, where the environment does not tell", () => {
    const program = join(folder, "himds");
    expect(hasArcAgent(program)).toBe(false);
    writeFileSync(program, "");
    expect(hasArcAgent(program)).toBe(true);
    const wanted = { resource, clientId: undefined };
    expect(managedIdentityEndpoint(wanted, {}, true)).toMatchObject({
      kind: "arc",
      url: `http://127.0.0.1:40342/metadata/identity/oauth2/token?api-version=2019-11-01&resource=${resource}`,
    });
    expect(managedIdentityEndpoint(wanted, { MSI_ENDPOINT: "http://x" }, true).kind).toBe("cloud-shell");
  });

  it("asks for the group where the file may not be read", async () => {
    const { signedIn } = attempt(
      { env: { IMDS_ENDPOINT: "http://127.0.0.1:40342" } },
      challenge("/nowhere/x.key"),
    );
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({
      hint: expect.stringContaining("himds"),
    });
  });
});

describe("a pod of AKS", () => {
  const env = (file: string) => ({
    AZURE_FEDERATED_TOKEN_FILE: file,
    AZURE_CLIENT_ID: "pod",
    AZURE_TENANT_ID: "tenant",
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us/",
  });

  it("shows the token of its service account, read anew each time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aks-"));
    const file = join(folder, "token");
    const { outside, signedIn } = attempt(
      { env: env(file) },
      tokenResponse("t1", { expires_in: 60 }),
      tokenResponse("t2"),
    );
    for (const sub of ["first", "second"]) {
      writeFileSync(file, `${jwt({ sub })}\n`);
      await signedIn.authorization(neverAborted);
      outside.clock.advance(60_000);
    }
    rmSync(folder, { recursive: true });
    expect(outside.transport.requests[0]?.url).toBe(
      "https://login.microsoftonline.us/tenant/oauth2/v2.0/token",
    );
    const forms = outside.transport.requests.map(formParameters);
    expect(forms.map((form) => form["client_assertion"])).toEqual([
      jwt({ sub: "first" }),
      jwt({ sub: "second" }),
    ]);
    expect(forms[0]).toMatchObject({ client_id: "pod", scope: `${resource}/.default` });
    expect(outside.masked).toContain(jwt({ sub: "second" }));
  });

  it.each<[string, Record<string, string>]>([
    ["without the file", env("/nowhere/token")],
    ["without ids", { AZURE_FEDERATED_TOKEN_FILE: "/x" }],
    ["with an authority in the clear", { ...env("/x"), AZURE_AUTHORITY_HOST: "http://login.example" }],
  ])("%s is refused", async (_, environment) => {
    const { outside, signedIn } = attempt({ env: environment }, tokenResponse("t"));
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unauthorized" });
    expect(outside.transport.requests).toEqual([]);
  });
});
