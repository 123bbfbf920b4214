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
  const outside = createAuthHarness(scriptedTransport(...replies));
  return { outside, signedIn: createSignIn(credentialConfigOf(inputs), outside) };
}

describe("a refresh token", () => {
  const inputs = { auth: "auto", ...ids, refreshToken: "r1" } as const;

  it("is exchanged, and the one that replaces it is used next", async () => {
    const { outside, signedIn } = attempt(
      inputs,
      tokenResponse("t1", { refresh_token: "r2", expires_in: 60 }),
      tokenResponse("t2", { expires_in: 60 }),
      tokenResponse("t3"),
    );
    for (let count = 0; count < 3; count += 1) {
      await signedIn.authorization(neverAborted);
      outside.clock.advance(60_000);
    }
    const forms = outside.transport.requests.map(formParameters);
    expect(forms[0]).toEqual({
      grant_type: "refresh_token",
      client_id: ids.clientId,
      refresh_token: "r1",
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default offline_access",
    });
    expect(forms.map((form) => form["refresh_token"])).toEqual(["r1", "r2", "r2"]);
    expect(outside.masked).toEqual(["r1", "t1", "r2", "t2", "t3"]);
  });

  it("of a confidential application goes with its secret", async () => {
    const { outside, signedIn } = attempt(
      { ...inputs, auth: "refresh-token", clientSecret: "s" },
      tokenResponse("t"),
    );
    await signedIn.authorization(neverAborted);
    expect(formParameters(outside.transport.requests[0])).toMatchObject({
      client_secret: "s",
      refresh_token: "r1",
    });
    expect(outside.masked).toEqual(["r1", "s", "t"]);
  });

  it("that has expired asks for a new sign-in", async () => {
    const { signedIn } = attempt(
      inputs,
      entraError(700082, "invalid_grant", "The refresh token has expired due to inactivity."),
    );
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({
      hint: expect.stringContaining("npm run authorize"),
    });
  });
});

describe("the legacy application", () => {
  const inputs = {
    auth: "azure-devops-oauth",
    clientSecret: "s",
    refreshToken: "r1",
    redirectUri: "https://x/cb",
  } as const;

  it("sends its secret as client assertion, and warns once that the stored token is spent", async () => {
    const rotating = (token: string, next: string) =>
      tokenResponse(token, { token_type: "jwt-bearer", expires_in: "60", refresh_token: next });
    const { outside, signedIn } = attempt(inputs, rotating("t1", "r2"), rotating("t2", "r3"));
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t1");
    outside.clock.advance(60_000);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t2");
    expect(outside.transport.requests[0]?.url).toBe("https://app.vssps.visualstudio.com/oauth2/token");
    expect(outside.transport.requests.map(formParameters)).toEqual(
      ["r1", "r2"].map((assertion) => ({
        grant_type: "refresh_token",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: "s",
        assertion,
        redirect_uri: "https://x/cb",
      })),
    );
    expect(outside.lines).toEqual([
      expect.objectContaining({ type: "warning", title: "The stored refresh token is spent" }),
    ]);
    expect(JSON.stringify(outside.lines)).not.toMatch(/\br[123]\b/);
    expect(outside.masked).toEqual(["s", "r1", "t1", "r2", "t2", "r3"]);
  });

  it.each([
    { error: "InvalidRefreshToken", errordescription: "The token is invalid." },
    { Error: "InvalidRefreshToken", ErrorDescription: "The token is invalid." },
  ])("its errors are read, whichever way they are spelt: %j", async (body) => {
    const { signedIn } = attempt(inputs, jsonResponse(400, body));
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      message:
        "The token endpoint app.vssps.visualstudio.com refused the sign-in: InvalidRefreshToken: The token is invalid.",
      hint: expect.stringContaining("authorize the application again"),
    });
  });
});

describe("a device code", () => {
  const inputs = { auth: "device-code", ...ids } as const;
  const begun = jsonResponse(200, {
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

  it("is asked for, shown, and polled for as the server wants it", async () => {
    const { outside, signedIn } = attempt(
      inputs,
      begun,
      pending,
      jsonResponse(400, { error: "slow_down" }),
      connectionLost,
      pending,
      tokenResponse("t"),
    );
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t");
    expect(outside.clock.sleeps).toEqual([5_000, 5_000, 10_000, 20_000, 10_000]);
    const [first, second] = outside.transport.requests;
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
    expect(outside.lines).toEqual([
      expect.objectContaining({
        text: expect.stringMatching(/https:\/\/microsoft\.com\/devicelogin .*ABCD-EFGH before 00:15 UTC/),
      }),
    ]);
    expect(outside.summaries[0]).toContain(
      "<https://microsoft.com/devicelogin> and enter the code `ABCD-EFGH`",
    );
    expect(outside.masked).toEqual(["d3v1ce", "t"]);
  });

  it("is kept for the post step, and for nothing else is there anything to keep", async () => {
    const { outside, signedIn } = attempt(inputs, begun, tokenResponse("t"));
    expect(signedIn.tokenToPersist()).toBeUndefined();
    await signedIn.authorization(neverAborted);
    const post = createAuthHarness(scriptedTransport(), { now: outside.clock.now() });
    const resumed = restoreSignIn(signedIn.tokenToPersist() ?? "", post);
    expect(post.masked).toEqual(["t"]);
    expect(await resumed?.authorization(neverAborted)).toBe("Bearer t");
    expect(await resumed?.refresh(neverAborted)).toBe(false);
    expect(restoreSignIn("{}", post)).toBeUndefined();
  });

  it("is renewed without a person where a refresh token came along, and not where none did", async () => {
    const renewable = attempt(
      inputs,
      begun,
      tokenResponse("t1", { refresh_token: "r", expires_in: 60 }),
      tokenResponse("t2"),
    );
    await renewable.signedIn.authorization(neverAborted);
    renewable.outside.clock.advance(60_000);
    expect(await renewable.signedIn.authorization(neverAborted)).toBe("Bearer t2");
    const single = attempt(inputs, begun, tokenResponse("t1", { expires_in: 60 }));
    await single.signedIn.authorization(neverAborted);
    expect(single.signedIn.description).toMatch(/not renewable\.$/);
    single.outside.clock.advance(60_000);
    await expect(single.signedIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unauthorized" });
  });

  it.each<[string, readonly ScriptedReply[], RegExp]>([
    ["expired", [jsonResponse(400, { error: "expired_token" })], /Nobody entered/],
    ["never entered", [pending], /Nobody entered/],
    ["declined", [jsonResponse(400, { error: "authorization_declined" })], /authorization_declined/],
  ])("that is %s ends the step", async (_, replies, message) => {
    const { outside, signedIn } = attempt(inputs, begun, ...replies);
    await expect(signedIn.authorization(neverAborted)).rejects.toThrow(message);
    expect(outside.clock.now()).toBeLessThanOrEqual(900_000);
  });

  it("of a hostile server makes no markup", async () => {
    const evil = jsonResponse(200, {
      user_code: "`x`\n# h",
      device_code: "d",
      verification_uri: "javascript:alert(1)",
      expires_in: 10,
    });
    const { outside, signedIn } = attempt(inputs, evil, tokenResponse("t"));
    await signedIn.authorization(neverAborted);
    expect(outside.summaries[0]).toContain("Open `javascript:alert(1)` and enter the code `x  # h` before");
  });
});
