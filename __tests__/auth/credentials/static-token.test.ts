import { describe, expect, it } from "vitest";
import { rejectedTokenHint } from "../../../src/auth/credentials/static-token.ts";
import { createSignIn } from "../../../src/auth/index.ts";
import { createAuthHarness, credentialConfigOf, jwt, neverAborted, scriptedTransport } from "../harness.ts";

const noon = Date.parse("2026-06-02T12:00:00Z");

function signInWith(token: string) {
  const harness = createAuthHarness(scriptedTransport(), { now: noon });
  return { harness, signIn: createSignIn(credentialConfigOf({ auth: "auto", token }), harness) };
}

describe("a personal access token", () => {
  it("is sent as Basic, and is masked in both forms before it is used", async () => {
    const { harness, signIn } = signInWith("  abc123\n");
    const encoded = Buffer.from(":abc123").toString("base64");
    expect(harness.masked).toEqual(["abc123", encoded]);
    expect(await signIn.authorization(neverAborted)).toBe(`Basic ${encoded}`);
    expect(await signIn.refresh(neverAborted)).toBe(false);
    expect(signIn.tokenToPersist()).toBeUndefined();
    expect(harness.transport.requests).toEqual([]);
  });

  it.each(["a.b.c", "eyJhbGciOiJub25lIn0.only-two", `${Buffer.from("[1]").toString("base64url")}.e30.c2ln`])(
    "is assumed for a token that is not a JWT: %s",
    async (token) => {
      expect(await signInWith(token).signIn.authorization(neverAborted)).toMatch(/^Basic /);
    },
  );
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("an encrypted access token", () => {
  it.each([
    `${part({ alg: "RSA-OAEP", enc: "A256GCM" })}.a2V5.aXY.dGV4dA.dGFn`,
    `${part({ alg: "dir", enc: "A128CBC-HS256" })}..aXY.dGV4dA.dGFn`,
    `${part({ kid: "x" })}.${part({ aud: "x" })}.c2ln`,
  ])("is sent as Bearer: %s", async (token) => {
    const { harness, signIn } = signInWith(token);
    expect(await signIn.authorization(neverAborted)).toBe(`Bearer ${token}`);
    expect([harness.masked, signIn.description]).toEqual([[token], undefined]);
  });

  it.each([
    `${part({ alg: "dir" })}.a.b.c`,
    `${part({ alg: "dir" })}.a..c.d`,
    `.a.b.c.d`,
    `${part({ alg: "dir" })}.a.b.c.d.e`,
    `${part({ alg: "dir" })}.a.b.c.d=`,
  ])("is not assumed without five parts, of which only the second may be empty: %s", async (token) => {
    expect(await signInWith(token).signIn.authorization(neverAborted)).toMatch(/^Basic /);
  });
});

describe("the hint for a rejected token", () => {
  const pat = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst";
  const services = { isServices: true };

  it.each([":", "user:", "someone@example.com:"])("says that it is base64 of %sTOKEN", (user) => {
    const encoded = Buffer.from(`${user}${pat}`).toString("base64");
    expect(rejectedTokenHint(encoded, { isServices: false })).toBe(
      "The token is base64 of `user:TOKEN`: store the personal access token itself.",
    );
  });

  it("mentions the end of organization-wide tokens only for Azure DevOps Services", () => {
    expect(rejectedTokenHint(pat, services)).toMatch(/2026-12-01/);
    expect(rejectedTokenHint(pat, { isServices: false })).toBeUndefined();
    expect(rejectedTokenHint(jwt({}), services)).toBeUndefined();
  });
});

describe("an access token", () => {
  it("is sent as Bearer, and its remaining lifetime is shown", async () => {
    const token = jwt({ exp: noon / 1_000 + 2_580 });
    const { harness, signIn } = signInWith(token);
    expect(await signIn.authorization(neverAborted)).toBe(`Bearer ${token}`);
    expect(harness.masked).toEqual([token]);
    expect(signIn.description).toBe(
      "Signed in with the given access token; valid for 43 min, not renewable.",
    );
  });

  it.each([
    ["https://management.azure.com/", "Azure Resource Manager"],
    ["00000003-0000-0000-c000-000000000000", "Microsoft Graph"],
  ])("for the audience %s is rejected with the name %s", async (aud, purpose) => {
    await expect(signInWith(jwt({ aud })).signIn.authorization(neverAborted)).rejects.toThrow(purpose);
  });

  it("without an expiry or with an invalid one is used as it is", async () => {
    expect(await signInWith(jwt({})).signIn.authorization(neverAborted)).toMatch(/^Bearer /);
    expect(await signInWith(jwt({ exp: 1e300 })).signIn.authorization(neverAborted)).toMatch(/^Bearer /);
  });
});
