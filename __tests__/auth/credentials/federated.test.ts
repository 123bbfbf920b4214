import { describe, expect, it } from "vitest";
import { createSignIn } from "../../../src/auth/index.ts";
import { TransientError } from "../../../src/errors.ts";
import {
  connectionLost,
  createAuthHarness,
  credentialConfigOf,
  entraError,
  formParameters,
  ids,
  jwt,
  neverAborted,
  type ScriptedReply,
  scriptedTransport,
  tokenResponse,
} from "../harness.ts";

const subject = "repo:octo@1/o'shop@22:environment:staging";

const claims = {
  iss: "https://token.actions.githubusercontent.com",
  sub: subject,
  aud: "api://AzureADTokenExchange",
};

function attempt(...replies: readonly ScriptedReply[]) {
  let count = 0;
  const outside = createAuthHarness(scriptedTransport(...replies), {
    nextIdToken: () => {
      count += 1;
      return jwt({ ...claims, jti: count });
    },
  });
  return { outside, signedIn: createSignIn(credentialConfigOf({ auth: "auto", ...ids }), outside) };
}

const noMatch = entraError(
  700213,
  "invalid_request",
  `No matching federated identity record found for presented assertion subject '${subject}'.`,
);

describe("GitHub's own identity", () => {
  it("is exchanged for a token, a fresh one each time", async () => {
    const { outside, signedIn } = attempt(
      tokenResponse("t1", { expires_in: 60 }),
      connectionLost,
      tokenResponse("t2"),
    );
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t1");
    outside.clock.advance(60_000);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t2");
    expect(outside.audiences).toEqual(Array(3).fill("api://AzureADTokenExchange"));
    const forms = outside.transport.requests.map(formParameters);
    expect(forms[0]).toEqual({
      grant_type: "client_credentials",
      client_id: ids.clientId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: jwt({ ...claims, jti: 1 }),
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
    });
    expect(new Set(forms.map((form) => form["client_assertion"])).size).toBe(3);
    expect(outside.masked).toContain(jwt({ ...claims, jti: 3 }));
  });

  it("gives a credential that was added just now a few seconds, and only at first", async () => {
    const { outside, signedIn } = attempt(noMatch, noMatch, tokenResponse("t", { expires_in: 60 }), noMatch);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t");
    expect(outside.clock.sleeps).toEqual([2_000, 4_000]);
    expect(outside.lines).toMatchObject([
      { text: expect.stringMatching(/no matching federated credential; .* Trying again in 2 s\.$/) },
      { text: expect.stringMatching(/Trying again in 4 s\.$/) },
    ]);
    outside.clock.advance(60_000);
    await expect(signedIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unauthorized" });
    expect(outside.transport.requests).toHaveLength(4);
  });

  it("that no credential matches is shown as it was received, beside the credential that would", async () => {
    const { outside, signedIn } = attempt(noMatch);
    const error = await signedIn.authorization(neverAborted).catch((thrown) => thrown);
    expect(error.message).toContain("AADSTS700213");
    expect(error.message).toContain(
      `  issuer   ${claims.iss}\n  subject  ${subject}\n  audience ${claims.aud}`,
    );
    const [said, command = "", , identityCommand] = String(error.hint).split("\n");
    expect(said).toMatch(/^Add a federated credential with exactly these values/);
    expect(identityCommand).toBe(
      "az identity federated-credential create --name github-octo-1-o-shop-22-environment-staging --identity-name IDENTITY " +
        `--resource-group GROUP --issuer '${claims.iss}' --subject '${subject.replace("'", String.raw`'\''`)}' --audiences '${claims.aud}'`,
    );
    const parameters = /^az ad app federated-credential create --id (\S+) --parameters '(.*)'$/.exec(command);
    expect(parameters?.[1]).toBe(ids.clientId);
    expect(JSON.parse(parameters?.[2]?.replaceAll(String.raw`'\''`, "'") ?? "")).toEqual({
      name: "github-octo-1-o-shop-22-environment-staging",
      issuer: claims.iss,
      subject,
      audiences: [claims.aud],
    });
    expect(`${error.message}${error.hint}`).not.toContain(jwt(claims).split(".")[1]?.slice(0, 40));
    expect(outside.transport.requests).toHaveLength(3);
  });

  it.each([70025, 70021, 700211, 700212, 700213])("retries AADSTS%d, and shows the subject", async (code) => {
    const { outside, signedIn } = attempt(entraError(code, "invalid_client", "no"));
    const error = await signedIn.authorization(neverAborted).catch((thrown) => thrown);
    expect(error.message).toContain(`  subject  ${subject}`);
    expect(error.hint).toMatch(/az ad app federated-credential[\s\S]*az identity federated-credential/);
    const assertions = outside.transport.requests.map(
      (request) => formParameters(request)["client_assertion"],
    );
    expect(new Set(assertions).size).toBe(3);
  });

  it("retries AADSTS7002381, at a renewal too", async () => {
    const noClaim = entraError(7002381, "invalid_request", "must contain the enterprise claim");
    const { outside, signedIn } = attempt(
      noClaim,
      tokenResponse("t1", { expires_in: 60 }),
      noClaim,
      tokenResponse("t2"),
    );
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t1");
    outside.clock.advance(60_000);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t2");
    expect(outside.lines[0]).toMatchObject({
      text: "The identity token lacked the claim `enterprise`. Trying again in 2 s.",
    });
    const persistent = attempt(noClaim).signedIn.authorization(neverAborted);
    await expect(persistent).rejects.toMatchObject({
      hint: expect.stringMatching(/^Run the job again: .*`enterprise`/),
    });
  });

  it("is asked no second time when only upper and lower case differ", async () => {
    const { outside, signedIn } = attempt(
      entraError(7002138, "invalid_request", "matches with case-insensitive comparison"),
    );
    await expect(signedIn.authorization(neverAborted)).rejects.toThrow(subject);
    expect(outside.transport.requests).toHaveLength(1);
  });

  it("that GitHub hands out no more for a while is waited for like the exchange itself", async () => {
    const { outside } = attempt(tokenResponse("t"));
    let asked = 0;
    const getIdToken = async () => {
      asked += 1;
      if (asked < 5) throw new TransientError("away", { retryAfterMs: asked === 1 ? 10_000 : undefined });
      return jwt(claims);
    };
    const runner = { ...outside.runner, getIdToken };
    const signedIn = createSignIn(credentialConfigOf({ auth: "auto", ...ids }), { ...outside, runner });
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t");
    expect(outside.clock.sleeps).toEqual([10_000, 2_000, 4_000, 8_000]);
  });

  it("that this job may not have is GitHub's own refusal", async () => {
    const { outside } = attempt(tokenResponse("t"));
    const no = new Error("no id-token permission");
    const runner = { ...outside.runner, getIdToken: () => Promise.reject(no) };
    await expect(
      createSignIn(credentialConfigOf({ auth: "auto", ...ids }), { ...outside, runner }).authorization(
        neverAborted,
      ),
    ).rejects.toBe(no);
  });
});
