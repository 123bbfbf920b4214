import { describe, expect, it } from "vitest";
import { createSignIn } from "../../src/auth/index.ts";
import type { HttpRequest, HttpResponse } from "../../src/ports.ts";
import {
  connectionLost,
  createAuthHarness,
  credentialConfigOf,
  entraError,
  formParameters,
  ids,
  jsonResponse,
  neverAborted,
  type ScriptedReply,
  scriptedTransport,
  tokenResponse,
} from "./harness.ts";

const config = credentialConfigOf({ auth: "auto", ...ids, clientSecret: "s3cr3t" });

function attempt(...replies: readonly ScriptedReply[]) {
  const harness = createAuthHarness(scriptedTransport(...replies));
  return { harness, signIn: createSignIn(config, harness) };
}

const html: HttpResponse = { status: 200, headers: { "content-type": "text/html" }, body: "<html>" };

const blockedPage = {
  status: 403,
  headers: { "content-type": "text/html" },
  body: "<html><body><h2>The request is blocked.</h2></body></html>",
};

describe("a client secret", () => {
  it("is exchanged for a token by one request", async () => {
    const { harness, signIn } = attempt(tokenResponse("thisIs.an.accessT0ken"));
    expect(harness.masked).toEqual(["s3cr3t"]);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer thisIs.an.accessT0ken");
    const [request] = harness.transport.requests;
    expect(request).toMatchObject({
      method: "POST",
      url: `https://login.microsoftonline.com/${ids.tenantId}/oauth2/v2.0/token`,
      timeoutMs: 30_000,
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
      },
    });
    expect(request?.headers).not.toHaveProperty("authorization");
    expect(formParameters(request)).toEqual({
      grant_type: "client_credentials",
      client_id: ids.clientId,
      client_secret: "s3cr3t",
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
    });
    expect(harness.masked).toEqual(["s3cr3t", "thisIs.an.accessT0ken"]);
    expect(signIn.tokenToPersist()).toBeUndefined();
    expect(signIn.description).toBe(
      `Signed in as the application ${ids.clientId} with its client secret; valid for 1 h, renewed automatically.`,
    );
  });

  it.each([
    { expires_in: "60" },
    { expires_in: "" },
    { expires_in: null, expires_on: "60" },
    { scope: null, id_token: 7 },
    { token_type: null },
    { token_type: undefined },
    { refresh_token: "" },
    { refresh_token: null },
  ])("is exchanged even if the response has unusual fields: %j", async (overrides) => {
    expect(await attempt(tokenResponse("t", overrides)).signIn.authorization(neverAborted)).toBe("Bearer t");
  });

  it.each<[string, ScriptedReply]>([
    ["a lost connection", connectionLost],
    ["503 with Retry-After", jsonResponse(503, {}, { "retry-after": "7" })],
    ["429", jsonResponse(429, { error: "too_many" })],
    ["a gateway's page", { status: 502, headers: {}, body: "<html>" }],
    ["a front door's page", blockedPage],
    ["a transient error", entraError(90033, "temporarily_unavailable", "A transient error has occurred.")],
    ["truncated JSON", { ...tokenResponse("t"), body: '{"access_tok' }],
  ])("is sent again after: %s", async (name, reply) => {
    const { harness, signIn } = attempt(reply, tokenResponse("t"));
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t");
    expect(harness.clock.sleeps).toEqual([name.includes("Retry-After") ? 7_000 : 1_000]);
  });

  it("causes unreachable with the authority's name if it cannot be reached", async () => {
    await expect(attempt(connectionLost).signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringMatching(
        /^No access token could be requested: login\.microsoftonline\.com: the connection was lost .*tried 7 times in 60 s/,
      ),
    });
  });

  it.each<[string, HttpResponse]>([
    ["an HTML page", html],
    ["an HTML page with 203", { ...html, status: 203 }],
    ["a redirect", { status: 302, headers: { location: "https://elsewhere" }, body: "" }],
    ["404 without a body", { status: 404, headers: {}, body: "" }],
    ["a list", jsonResponse(200, [{ access_token: "t" }])],
    ["JSON without a token", jsonResponse(200, { token_type: "Bearer" })],
    ["a token of another kind", tokenResponse("t", { token_type: "mac" })],
  ])("causes unauthorized, without a retry, if the response is %s", async (_, response) => {
    const { harness, signIn } = attempt(response);
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      hint: expect.stringContaining("`token-url`"),
    });
    expect(harness.transport.requests).toHaveLength(1);
  });

  it.each(["a\nb", "a b", "tokén", "a\u0000"])(
    "causes unexpected-response for a token that a header can't contain: %j",
    async (token) => {
      const { signIn } = attempt(tokenResponse(token));
      await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
        code: "unexpected-response",
        message: expect.stringMatching(/^The token endpoint login\.microsoftonline\.com returned/),
      });
    },
  );

  it("causes unexpected-response with the words of a front door's page that always comes", async () => {
    await expect(attempt(blockedPage).signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unexpected-response",
      message: expect.stringMatching(/answered 403 with a body .*: "The request is blocked\."/),
      hint: expect.stringContaining("proxy"),
    });
  });

  it("is not in the words of a page that repeats it, even in part", async () => {
    const clientSecret = "zX8Q~fGh1Lm2Np3Qr4St5Uv6Wx7Yz8";
    const repeat = (request: HttpRequest) => ({
      ...blockedPage,
      body: `${"blocked:".repeat(23)}${formParameters(request)["client_secret"]}`,
    });
    const signIn = createSignIn(
      credentialConfigOf({ auth: "auto", ...ids, clientSecret }),
      createAuthHarness(scriptedTransport(repeat)),
    );
    const error = await signIn.authorization(neverAborted).catch(String);
    expect(error).toMatch(/blocked:\*\*\*"/);
  });

  it("causes busy with the time of a Retry-After that is too long", async () => {
    const { harness, signIn } = attempt(jsonResponse(429, { error: "x" }, { "retry-after": "600" }));
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "busy",
      message:
        "No access token could be requested: login.microsoftonline.com answered 429: x; it requested a delay of 10 min.",
      hint: expect.stringMatching(/fewer jobs at once/),
    });
    expect(harness.clock.sleeps).toEqual([]);
  });

  it("rejects with the signal's reason if it is aborted", async () => {
    const controller = new AbortController();
    const { signIn } = attempt((request) => {
      controller.abort(new Error("cancelled"));
      request.signal.throwIfAborted();
      return html;
    });
    await expect(signIn.authorization(controller.signal)).rejects.toThrow("cancelled");
  });
});

describe("an error response of the token endpoint", () => {
  it("is shown in Microsoft's words, with the trace ID at the end, and a hint", async () => {
    const { signIn } = attempt(
      entraError(
        7000215,
        "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent is the client secret value.",
      ),
    );
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      message:
        "Microsoft Entra ID refused the sign-in: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client secret value. (trace ID 01707a0c-640b-4049-8cbb-ee2304dc0700)",
      hint: expect.stringMatching(/^Store the secret's \*value\*/),
    });
  });

  it("of another provider is shown in its own words", async () => {
    const harness = createAuthHarness(
      scriptedTransport(
        jsonResponse(401, { error: "invalid_client", error_description: "client authentication failed" }),
      ),
    );
    const other = credentialConfigOf({
      auth: "auto",
      clientId: "c",
      clientSecret: "s",
      tokenUrl: "https://id.example/token",
    });
    await expect(createSignIn(other, harness).authorization(neverAborted)).rejects.toMatchObject({
      message:
        "The token endpoint id.example refused the sign-in: invalid_client: client authentication failed",
      hint: expect.stringContaining("`client-secret`"),
    });
  });

  const codes = [
    7000215, 7000222, 700213, 70021, 700024, 700016, 90002, 900023, 70011, 1002012, 700081, 70008, 70043,
    53003, 70025, 7002381, 7000229, 90072, 530035, 50158, 700222, 900384, 900382,
  ];
  it.each(codes)("has a hint of its own for AADSTS%i", async (code) => {
    const { signIn } = attempt(entraError(code, "invalid_request", "No."));
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      hint: expect.not.stringContaining("docs/sign-in.md"),
    });
  });

  it("does not blame the secret for an AADSTS code that it does not know", async () => {
    const { signIn } = attempt(entraError(9999999, "invalid_client", "No."));
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      hint: "Look up the code at https://login.microsoftonline.com/error?code=9999999, and compare the sign-in inputs of this step with docs/sign-in.md.",
    });
  });
});
