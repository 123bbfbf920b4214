import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ActionResult, runAction } from "../../runner-emulator/runner.ts";
import { type Entra, startEntra } from "../../simulator/entra/entra.ts";
import { htmlReply, runUrl } from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import type { Reply } from "../support/scripted-azure.ts";
import { expectSecretsMasked } from "../support/secrets.ts";
import {
  expectRefreshedInTime,
  type TokenCheckingAzure,
  tokenCheckingAzure,
} from "../support/token-checking-azure.ts";

// A wait that is longer than its tokens live, at an Entra ID that can be told what to say next.

const secret = "aB3~client.secret-of-the-application_0123";

const clientId = "1b2c3d4e-0000-4000-8000-000000000002";

/** Whoever takes a token bears with its travelling time. */
const leewayMs = 1_500;

const running: Entra[] = [];

type Options = NonNullable<Parameters<typeof startEntra>[0]>;

async function entraOf(options: Options): Promise<Entra> {
  const applications = [{ clientId, secrets: [{ value: secret }] }];
  const entra = await startEntra({ applications, ...options });
  running.push(entra);
  return entra;
}

// The first makes the key that all of them sign with.
beforeAll(() => entraOf({}));

afterAll(() => Promise.all(running.map((each) => each.close())));

const inputsAt = (azure: TokenCheckingAzure, entra: Entra, more = {}) => {
  const { token: _, ...where } = inputsFor(azure);
  return { ...where, "client-id": clientId, "client-secret": secret, "token-url": entra.tokenUrl, ...more };
};

function expectKept(result: ActionResult, entra: Entra): void {
  expectSecretsMasked(result, { secrets: [secret, ...entra.issued] });
}

const patches = ({ requests }: TokenCheckingAzure) => requests.filter(({ method }) => method === "PATCH");

/** The run goes on without us, and whoever reads the log finds it. */
function expectLeftAlone(result: ActionResult, azure: TokenCheckingAzure): void {
  expect(patches(azure)).toEqual([]);
  expect(result.post?.log.trim()).toBe("");
  expect(result.main.log).toContain(runUrl);
  expect(result.main.outputs).toMatchObject({ "run-id": "345", status: "inProgress", result: "" });
}

describe.concurrent("a wait that outlives three tokens", () => {
  it.each(["number", "text", "expires_on"] as const)("their life told as %s", async (lifeAs) => {
    const entra = await entraOf({ lifeSeconds: 2, lifeAs });
    await using azure = await tokenCheckingAzure({
      accepts: (token) => entra.isLive(token, leewayMs),
      pollsBeforeCompletion: 6,
    });
    const result = await runAction(inputsAt(azure, entra));
    expect([result.main.exitCode, result.main.outputs["result"]], result.main.log).toEqual([0, "succeeded"]);
    expect(azure.acceptedTokens.length).toBeGreaterThan(3);
    expectRefreshedInTime(azure);
    expectKept(result, entra);
  });
});

describe.concurrent("a 401 in the middle of a wait", () => {
  it.each<[string, Reply | undefined]>([
    ["401", undefined],
    ["203", htmlReply(203, "Azure DevOps Services | Sign In")],
    ["302", { ...htmlReply(302, "Object moved"), headers: { location: "https://spsprod.example/_signin" } }],
  ])("or its like is answered with another token, once: %s", async (_, rejection) => {
    const entra = await entraOf({});
    // The first token is revoked before its time.
    let revoked: string | undefined;
    await using azure = await tokenCheckingAzure({
      accepts: (token) => entra.isLive(token) && token !== revoked,
      pollsBeforeCompletion: 2,
      ...(rejection && { rejection }),
      onPoll: (count) => {
        if (count === 1) revoked = entra.issued[0];
        return undefined;
      },
    });
    const result = await runAction(inputsAt(azure, entra));
    expect([result.main.exitCode, result.main.outputs["result"]], result.main.log).toEqual([0, "succeeded"]);
    expect([entra.issued.length, azure.rejectedCount]).toEqual([2, 1]);
    expectKept(result, entra);
  });

  it("to that one too ends the step; the run is left alone, and its address shown", async () => {
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
    expectLeftAlone(result, azure);
    expectKept(result, entra);
  });
});

describe.concurrent("a renewal", () => {
  it("that fails in passing is tried again", async () => {
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
    expectKept(result, entra);
  });

  it("that is refused ends the step, with the run left alone and its address shown", async () => {
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
    expectLeftAlone(result, azure);
    expectKept(result, entra);
  });

  it("that is long in coming does not outstay the `timeout`", async () => {
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
    expectLeftAlone(result, azure);
  });
});
