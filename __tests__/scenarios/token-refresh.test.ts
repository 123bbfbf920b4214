import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ActionResult, runAction } from "../../runner-emulator/runner.ts";
import { type Entra, startEntra } from "../../simulator/entra/entra.ts";
import { htmlReply, runUrl } from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { expectSecretsMasked } from "../support/secrets.ts";
import {
  expectRefreshedInTime,
  type TokenCheckingAzure,
  tokenCheckingAzure,
} from "../support/token-checking-azure.ts";

// A wait that is longer than the lifetime of its tokens, with a scripted Entra ID.

const secret = "aB3~client.secret-of-the-application_0123";

const clientId = "1b2c3d4e-0000-4000-8000-000000000002";

/** A token that expires on its way to the server still counts as valid. */
const leewayMs = 4_000;

const running: Entra[] = [];

type Options = NonNullable<Parameters<typeof startEntra>[0]>;

async function entraOf(options: Options): Promise<Entra> {
  const applications = [{ clientId, secrets: [{ value: secret }] }];
  const entra = await startEntra({ applications, ...options });
  running.push(entra);
  return entra;
}

// The first one creates the signing key of all.
beforeAll(() => entraOf({}));

afterAll(() => Promise.all(running.map((each) => each.close())));

const inputsAt = (azure: TokenCheckingAzure, entra: Entra, more = {}) => {
  const { token: _, ...where } = inputsFor(azure);
  return { ...where, "client-id": clientId, "client-secret": secret, "token-url": entra.tokenUrl, ...more };
};

function expectMasked(result: ActionResult, entra: Entra): void {
  expectSecretsMasked(result, { secrets: [secret, ...entra.issued] });
}

const patches = ({ requests }: TokenCheckingAzure) => requests.filter(({ method }) => method === "PATCH");

/** Expects that the run was not cancelled and that the log has its URL. */
function expectNotCancelled(result: ActionResult, azure: TokenCheckingAzure): void {
  expect(patches(azure)).toEqual([]);
  expect(result.post?.log.trim()).toBe("");
  expect(result.main.log).toContain(runUrl);
  expect(result.main.outputs).toMatchObject({ "run-id": "345", status: "inProgress", result: "" });
}

describe.concurrent("a wait that is longer than the lifetime of three tokens", () => {
  it("refreshes them in time", async () => {
    const entra = await entraOf({ lifeSeconds: 2 });
    await using azure = await tokenCheckingAzure({
      accepts: (token) => entra.isLive(token, leewayMs),
      pollsBeforeCompletion: 6,
    });
    const result = await runAction(inputsAt(azure, entra));
    expect([result.main.exitCode, result.main.outputs["result"]], result.main.log).toEqual([0, "succeeded"]);
    expect(azure.acceptedTokens.length).toBeGreaterThan(3);
    expectRefreshedInTime(azure);
    expectMasked(result, entra);
  });
});

describe.concurrent("a token that is rejected in the middle of a wait", () => {
  it("is refreshed once, also if the rejection is a sign-in page with 203", async () => {
    const entra = await entraOf({});
    // The first token is revoked before it expires.
    let revoked: string | undefined;
    await using azure = await tokenCheckingAzure({
      accepts: (token) => entra.isLive(token) && token !== revoked,
      pollsBeforeCompletion: 2,
      rejection: htmlReply(203, "Azure DevOps Services | Sign In"),
      onPoll: (count) => {
        if (count === 1) revoked = entra.issued[0];
        return undefined;
      },
    });
    const result = await runAction(inputsAt(azure, entra));
    expect([result.main.exitCode, result.main.outputs["result"]], result.main.log).toEqual([0, "succeeded"]);
    expect([entra.issued.length, azure.rejectedCount]).toEqual([2, 1]);
    expectMasked(result, entra);
  });

  it("fails the step if the refreshed one is rejected too; the run continues, and its URL is shown", async () => {
    const entra = await entraOf({});
    let isOpen = true;
    await using azure = await tokenCheckingAzure({
      accepts: (token) => isOpen && entra.isLive(token),
      pollsBeforeCompletion: 9,
      onPoll: (count) => {
        if (count === 2) isOpen = false;
        return undefined;
      },
    });
    const result = await runAction(inputsAt(azure, entra));
    expectFailure(result, "unauthorized");
    expect(entra.issued).toHaveLength(2);
    expectNotCancelled(result, azure);
    expectMasked(result, entra);
  });
});

describe.concurrent("a token refresh", () => {
  it("that fails with a transient error is retried", async () => {
    const entra = await entraOf({ lifeSeconds: 2 });
    await using azure = await tokenCheckingAzure({
      accepts: (token) => entra.isLive(token, leewayMs),
      pollsBeforeCompletion: 4,
      onPoll: (count) => {
        if (count === 1) entra.order({ status: 503, body: "away" }, { status: 200, hangUp: true });
        return undefined;
      },
    });
    const result = await runAction(inputsAt(azure, entra));
    expect([result.main.exitCode, result.main.outputs["result"]], result.main.log).toEqual([0, "succeeded"]);
    expect(entra.requests.length).toBe(entra.issued.length + 2);
    expectMasked(result, entra);
  });

  it("that is refused fails the step; the run continues, and its URL is shown", async () => {
    const entra = await entraOf({ lifeSeconds: 2 });
    await using azure = await tokenCheckingAzure({
      accepts: (token) => entra.isLive(token, leewayMs),
      pollsBeforeCompletion: 9,
      onPoll: (count) => {
        if (count === 1) entra.fail(7000222, 99);
        return undefined;
      },
    });
    const result = await runAction(inputsAt(azure, entra), { debug: true });
    const text = expectFailure(result, "unauthorized");
    expect(text).toMatch(/AADSTS7000222[\s\S]*Create a new secret/);
    expectNotCancelled(result, azure);
    expectMasked(result, entra);
  });

  it("that is slow does not exceed the `timeout`", async () => {
    const entra = await entraOf({ lifeSeconds: 2 });
    await using azure = await tokenCheckingAzure({
      accepts: (token) => entra.isLive(token, leewayMs),
      pollsBeforeCompletion: 99,
      onPoll: (count) => {
        if (count === 1) entra.order(...Array(50).fill({ status: 503, body: "away" }));
        return undefined;
      },
    });
    const result = await runAction(inputsAt(azure, entra, { timeout: "4s" }));
    expect(expectFailure(result, "timeout")).toContain(runUrl);
    expectNotCancelled(result, azure);
  });
});
