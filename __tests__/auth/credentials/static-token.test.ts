import { describe, expect, it } from "vitest";
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

describe("an access token", () => {
  it("travels as Bearer, and says how long it is good for", async () => {
    const token = jwt({ exp: noon / 1_000 + 2_580 });
    const { outside, signedIn } = given(token);
    expect(await signedIn.authorization(neverAborted)).toBe(`Bearer ${token}`);
    expect(outside.masked).toEqual([token]);
    expect(signedIn.description).toBe(
      "Signed in with the access token that was given; it is good for 43 min and cannot be renewed.",
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
