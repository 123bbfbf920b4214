import { describe, expect, it } from "vitest";
import { rejectedTokenHint } from "../../../src/auth/credentials/static-token.ts";
import { createSignIn } from "../../../src/auth/index.ts";
import { createAuthHarness, credentialConfigOf, jwt, neverAborted, scriptedTransport } from "../harness.ts";

const noon = Date.parse("2026-06-02T12:00:00Z");

function given(token: string) {
  const outside = createAuthHarness(scriptedTransport(), { now: noon });
  return { outside, signedIn: createSignIn(credentialConfigOf({ auth: "auto", token }), outside) };
}

describe("a personal access token", () => {
  it("travels as Basic, and is masked in both forms before it is used", async () => {
    const { outside, signedIn } = given("  abc123\n");
    const encoded = Buffer.from(":abc123").toString("base64");
    expect(outside.masked).toEqual(["abc123", encoded]);
    expect(await signedIn.authorization(neverAborted)).toBe(`Basic ${encoded}`);
    expect(await signedIn.refresh(neverAborted)).toBe(false);
    expect(signedIn.tokenToPersist()).toBeUndefined();
    expect(outside.transport.requests).toEqual([]);
  });

  it.each(["a.b.c", "eyJhbGciOiJub25lIn0.only-two", `${Buffer.from("[1]").toString("base64url")}.e30.c2ln`])(
    "is what anything is that is no JWT: %s",
    async (token) => {
      expect(await given(token).signedIn.authorization(neverAborted)).toMatch(/^Basic /);
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
    const { outside, signedIn } = given(token);
    expect(await signedIn.authorization(neverAborted)).toBe(`Bearer ${token}`);
    expect([outside.masked, signedIn.description]).toEqual([[token], undefined]);
  });

  it.each([
    `${part({ alg: "dir" })}.a.b.c`,
    `${part({ alg: "dir" })}.a..c.d`,
    `.a.b.c.d`,
    `${part({ alg: "dir" })}.a.b.c.d.e`,
    `${part({ alg: "dir" })}.a.b.c.d=`,
  ])("has five parts, of which only the second may be empty: %s", async (token) => {
    expect(await given(token).signedIn.authorization(neverAborted)).toMatch(/^Basic /);
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

  it("names the end of organization-wide tokens on Azure DevOps Services only", () => {
    expect(rejectedTokenHint(pat, services)).toMatch(/2026-12-01/);
    expect(rejectedTokenHint(pat, { isServices: false })).toBeUndefined();
    expect(rejectedTokenHint(jwt({}), services)).toBeUndefined();
  });
});

describe("an access token", () => {
  it("travels as Bearer, and says how long it is good for", async () => {
    const token = jwt({ exp: noon / 1_000 + 2_580 });
    const { outside, signedIn } = given(token);
    expect(await signedIn.authorization(neverAborted)).toBe(`Bearer ${token}`);
    expect(outside.masked).toEqual([token]);
    expect(signedIn.description).toBe(
      "Signed in with the given access token, valid for 43 min; it cannot be renewed.",
    );
  });

  it.each([
    ["https://management.azure.com/", "Azure Resource Manager"],
    ["00000003-0000-0000-c000-000000000000", "Microsoft Graph"],
  ])("for %s is refused by name", async (aud, purpose) => {
    await expect(given(jwt({ aud })).signedIn.authorization(neverAborted)).rejects.toThrow(purpose);
  });

  it("without an end or with a strange one is used as it is", async () => {
    expect(await given(jwt({})).signedIn.authorization(neverAborted)).toMatch(/^Bearer /);
    expect(await given(jwt({ exp: 1e300 })).signedIn.authorization(neverAborted)).toMatch(/^Bearer /);
  });
});
