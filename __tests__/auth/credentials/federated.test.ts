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
  const harness = createAuthHarness(scriptedTransport(...replies), {
    nextIdToken: () => {
      count += 1;
      return jwt({ ...claims, jti: count });
    },
  });
  return { harness, signIn: createSignIn(credentialConfigOf({ auth: "auto", ...ids }), harness) };
}

const noMatch = entraError(
  700213,
  "invalid_request",
  `No matching federated identity record found for presented assertion subject '${subject}'.`,
);

describe("GitHub's ID token", () => {
  it("is exchanged for an access token, with a new ID token each time", async () => {
    const { harness, signIn } = attempt(
      tokenResponse("t1", { expires_in: 60 }),
      connectionLost,
      tokenResponse("t2"),
    );
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t1");
    harness.clock.advance(60_000);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t2");
    expect(harness.audiences).toEqual(Array(3).fill("api://AzureADTokenExchange"));
    const forms = harness.transport.requests.map(formParameters);
    expect(forms[0]).toEqual({
      grant_type: "client_credentials",
      client_id: ids.clientId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: jwt({ ...claims, jti: 1 }),
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
    });
    expect(new Set(forms.map((form) => form["client_assertion"])).size).toBe(3);
    expect(harness.masked).toContain(jwt({ ...claims, jti: 3 }));
  });

  it("is exchanged again after 2 s and 4 s if no credential matches, but only at first", async () => {
    const { harness, signIn } = attempt(noMatch, noMatch, tokenResponse("t", { expires_in: 60 }), noMatch);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t");
    expect(harness.clock.sleeps).toEqual([2_000, 4_000]);
    expect(harness.lines).toMatchObject([
      { text: expect.stringMatching(/no matching federated credential; .* Retrying in 2 s\.$/) },
      { text: expect.stringMatching(/Retrying in 4 s\.$/) },
    ]);
    harness.clock.advance(60_000);
    await expect(signIn.authorization(neverAborted)).rejects.toMatchObject({ code: "unauthorized" });
    expect(harness.transport.requests).toHaveLength(4);
  });

  it("is shown, if no credential matches, with a command that adds the matching credential", async () => {
    const { harness, signIn } = attempt(noMatch);
    const error = await signIn.authorization(neverAborted).catch((thrown) => thrown);
    expect(error.message).toContain("AADSTS700213");
    expect(error.message).toContain(
      `  issuer   ${claims.iss}\n  subject  ${subject}\n  audience ${claims.aud}`,
    );
    const [advice, command = "", , identityCommand] = String(error.hint).split("\n");
    expect(advice).toMatch(/^Add a federated credential with exactly these values/);
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
    expect(harness.transport.requests).toHaveLength(3);
  });

  it.each([70025, 70021, 700211, 700212, 700213])(
    "is exchanged again after AADSTS%d, and its subject is shown",
    async (code) => {
      const { harness, signIn } = attempt(entraError(code, "invalid_client", "no"));
      const error = await signIn.authorization(neverAborted).catch((thrown) => thrown);
      expect(error.message).toContain(`  subject  ${subject}`);
      expect(error.hint).toMatch(/az ad app federated-credential[\s\S]*az identity federated-credential/);
      const assertions = harness.transport.requests.map(
        (request) => formParameters(request)["client_assertion"],
      );
      expect(new Set(assertions).size).toBe(3);
    },
  );

  it("is exchanged again after AADSTS7002381, also during a refresh", async () => {
    const noClaim = entraError(7002381, "invalid_request", "must contain the enterprise claim");
    const { harness, signIn } = attempt(
      noClaim,
      tokenResponse("t1", { expires_in: 60 }),
      noClaim,
      tokenResponse("t2"),
    );
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t1");
    harness.clock.advance(60_000);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t2");
    expect(harness.lines[0]).toMatchObject({
      text: "GitHub's identity token had no `enterprise` claim. Retrying in 2 s.",
    });
    const persistent = attempt(noClaim).signIn.authorization(neverAborted);
    await expect(persistent).rejects.toMatchObject({
      hint: expect.stringMatching(/^Run the job again: .*`enterprise`/),
    });
  });

  it("is not exchanged again if only upper and lower case differ", async () => {
    const { harness, signIn } = attempt(
      entraError(7002138, "invalid_request", "matches with case-insensitive comparison"),
    );
    await expect(signIn.authorization(neverAborted)).rejects.toThrow(subject);
    expect(harness.transport.requests).toHaveLength(1);
  });

  it("is requested again after transient errors", async () => {
    const { harness } = attempt(tokenResponse("t"));
    let count = 0;
    const getIdToken = async () => {
      count += 1;
      if (count < 5) throw new TransientError("away", { retryAfterMs: count === 1 ? 10_000 : undefined });
      return jwt(claims);
    };
    const runner = { ...harness.runner, getIdToken };
    const signIn = createSignIn(credentialConfigOf({ auth: "auto", ...ids }), { ...harness, runner });
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t");
    expect(harness.clock.sleeps).toEqual([10_000, 2_000, 4_000, 8_000]);
  });

  it("causes GitHub's own error if the job has no permission for it", async () => {
    const { harness } = attempt(tokenResponse("t"));
    const refusal = new Error("no id-token permission");
    const runner = { ...harness.runner, getIdToken: () => Promise.reject(refusal) };
    await expect(
      createSignIn(credentialConfigOf({ auth: "auto", ...ids }), { ...harness, runner }).authorization(
        neverAborted,
      ),
    ).rejects.toBe(refusal);
  });
});
