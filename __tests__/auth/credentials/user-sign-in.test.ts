import { describe, expect, it } from "vitest";
import { createSignIn, restoreSignIn } from "../../../src/auth/index.ts";
import type { SignInInputs } from "../../../src/core/credentials.ts";
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
} from "../harness.ts";

function attempt(inputs: SignInInputs, ...replies: readonly ScriptedReply[]) {
  const harness = createAuthHarness(scriptedTransport(...replies));
  return { harness, signIn: createSignIn(credentialConfigOf(inputs), harness) };
}

describe("a refresh token", () => {
  const inputs = { auth: "auto", ...ids, refreshToken: "r1" } as const;

  it("is exchanged, and the refresh token in the response is used next", async () => {
    const { harness, signIn } = attempt(
      inputs,
      tokenResponse("t1", { refresh_token: "r2", expires_in: 60 }),
      tokenResponse("t2", { expires_in: 60 }),
      tokenResponse("t3"),
    );
    for (let count = 0; count < 3; count += 1) {
      await signIn.authorization(neverAborted);
      harness.clock.advance(60_000);
    }
    const forms = harness.transport.requests.map(formParameters);
    expect(forms[0]).toEqual({
      grant_type: "refresh_token",
      client_id: ids.clientId,
      refresh_token: "r1",
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default offline_access",
    });
    expect(forms.map((form) => form["refresh_token"])).toEqual(["r1", "r2", "r2"]);
    expect(harness.masked).toEqual(["r1", "t1", "r2", "t2", "t3"]);
  });

  it("of a confidential application is sent with its secret", async () => {
    const { harness, signIn } = attempt(
      { ...inputs, auth: "refresh-token", clientSecret: "s" },
      tokenResponse("t"),
    );
    await signIn.authorization(neverAborted);
    expect(formParameters(harness.transport.requests[0])).toMatchObject({
      client_secret: "s",
      refresh_token: "r1",
    });
    expect(harness.masked).toEqual(["r1", "s", "t"]);
  });

  it("that has expired causes a hint about npm run authorize", async () => {
    const { signIn } = attempt(
      inputs,
      entraError(700082, "invalid_grant", "The refresh token has expired due to inactivity."),
    );
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      hint: expect.stringContaining("npm run authorize"),
    });
  });
});

describe("the sign-in of a legacy application", () => {
  const inputs = {
    auth: "azure-devops-oauth",
    clientSecret: "s",
    refreshToken: "r1",
    redirectUri: "https://x/cb",
  } as const;

  it("sends the secret as the client assertion, and warns once that the stored refresh token was used up", async () => {
    const rotating = (token: string, next: string) =>
      tokenResponse(token, { token_type: "jwt-bearer", expires_in: "60", refresh_token: next });
    const { harness, signIn } = attempt(inputs, rotating("t1", "r2"), rotating("t2", "r3"));
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t1");
    harness.clock.advance(60_000);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t2");
    expect(harness.transport.requests[0]?.url).toBe("https://app.vssps.visualstudio.com/oauth2/token");
    expect(harness.transport.requests.map(formParameters)).toEqual(
      ["r1", "r2"].map((assertion) => ({
        grant_type: "refresh_token",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: "s",
        assertion,
        redirect_uri: "https://x/cb",
      })),
    );
    expect(harness.lines).toEqual([
      expect.objectContaining({ type: "warning", title: "The stored refresh token was used up" }),
    ]);
    expect(JSON.stringify(harness.lines)).not.toMatch(/\br[123]\b/);
    expect(harness.masked).toEqual(["s", "r1", "t1", "r2", "t2", "r3"]);
  });

  it.each([
    { error: "InvalidRefreshToken", errordescription: "The token is invalid." },
    { Error: "InvalidRefreshToken", ErrorDescription: "The token is invalid." },
  ])("shows the errors of the endpoint, in either spelling: %j", async (body) => {
    const { signIn } = attempt(inputs, jsonResponse(400, body));
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      message:
        "The token endpoint app.vssps.visualstudio.com refused the sign-in: InvalidRefreshToken: The token is invalid.",
      hint: expect.stringContaining("authorize the application again"),
    });
  });
});

describe("a device code", () => {
  const inputs = { auth: "device-code", ...ids } as const;
  const flowStarted = jsonResponse(200, {
    user_code: "ABCD-EFGH",
    device_code: "d3v1ce",
    verification_uri: "https://microsoft.com/devicelogin",
    expires_in: 900,
    interval: 5,
    message: "…",
  });
  const pending = entraError(
    70016,
    "authorization_pending",
    "OAuth 2.0 device flow error. Authorization is pending.",
  );

  it("is requested, shown, and polled for at the server's interval", async () => {
    const { harness, signIn } = attempt(
      inputs,
      flowStarted,
      pending,
      jsonResponse(400, { error: "slow_down" }),
      connectionLost,
      pending,
      tokenResponse("t"),
    );
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t");
    expect(harness.clock.sleeps).toEqual([5_000, 5_000, 10_000, 20_000, 10_000]);
    const [first, second] = harness.transport.requests;
    expect(first?.url).toBe(`https://login.microsoftonline.com/${ids.tenantId}/oauth2/v2.0/devicecode`);
    expect(formParameters(first)).toEqual({
      client_id: ids.clientId,
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default offline_access",
    });
    expect(formParameters(second)).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: ids.clientId,
      device_code: "d3v1ce",
    });
    expect(harness.lines).toEqual([
      expect.objectContaining({
        text: expect.stringMatching(/https:\/\/microsoft\.com\/devicelogin .*ABCD-EFGH before 00:15 UTC/),
      }),
    ]);
    expect(harness.summaries[0]).toContain(
      "<https://microsoft.com/devicelogin> and enter the code `ABCD-EFGH`",
    );
    expect(harness.masked).toEqual(["d3v1ce", "t"]);
  });

  it("yields a token that is stored for the post step, which can restore it", async () => {
    const { harness, signIn } = attempt(inputs, flowStarted, tokenResponse("t"));
    expect(signIn.tokenToPersist()).toBeUndefined();
    await signIn.authorization(neverAborted);
    const post = createAuthHarness(scriptedTransport(), { now: harness.clock.now() });
    const resumed = restoreSignIn(signIn.tokenToPersist() ?? "", post);
    expect(post.masked).toEqual(["t"]);
    expect(await resumed?.authorization(neverAborted)).toBe("Bearer t");
    expect(await resumed?.refresh(neverAborted)).toBe(false);
    expect(restoreSignIn("{}", post)).toBeUndefined();
  });

  it("is not needed for a refresh if the response had a refresh token", async () => {
    const refreshable = attempt(
      inputs,
      flowStarted,
      tokenResponse("t1", { refresh_token: "r", expires_in: 60 }),
      tokenResponse("t2"),
    );
    await refreshable.signIn.authorization(neverAborted);
    refreshable.harness.clock.advance(60_000);
    expect(await refreshable.signIn.authorization(neverAborted)).toBe("Bearer t2");
    const single = attempt(inputs, flowStarted, tokenResponse("t1", { expires_in: 60 }));
    await single.signIn.authorization(neverAborted);
    expect(single.signIn.description).toMatch(/not renewable\.$/);
    single.harness.clock.advance(60_000);
    await expect(single.signIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unauthorized" });
  });

  it.each<[string, readonly ScriptedReply[], RegExp]>([
    ["expired", [jsonResponse(400, { error: "expired_token" })], /was not entered/],
    ["never entered", [pending], /was not entered/],
    ["declined", [jsonResponse(400, { error: "authorization_declined" })], /authorization_declined/],
  ])("that is %s causes an error", async (_, replies, message) => {
    const { harness, signIn } = attempt(inputs, flowStarted, ...replies);
    await expect(signIn.authorization(neverAborted)).rejects.toThrow(message);
    expect(harness.clock.now()).toBeLessThanOrEqual(900_000);
  });

  it("of a hostile server is shown without its markup", async () => {
    const hostile = jsonResponse(200, {
      user_code: "`x`\n# h",
      device_code: "d",
      verification_uri: "javascript:alert(1)",
      expires_in: 10,
    });
    const { harness, signIn } = attempt(inputs, hostile, tokenResponse("t"));
    await signIn.authorization(neverAborted);
    expect(harness.summaries[0]).toContain("Open `javascript:alert(1)` and enter the code `x  # h` before");
  });
});
