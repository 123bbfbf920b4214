import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  errorReply,
  happyPath,
  htmlReply,
  pollRoute,
  throttlingMessage,
} from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { type Reply, scriptedAzure } from "../support/scripted-azure.ts";

const done = { body: buildJson("completed") };

describe.concurrent("a look that fails in passing", () => {
  const troubles: Readonly<Record<string, Reply>> = {
    "a connection that is reset": { fault: "reset" },
    "a body that is cut off": { body: buildJson("completed"), fault: "cut" },
    "a gateway's 502": htmlReply(502),
    "a 503": htmlReply(503),
    "a 504": htmlReply(504),
    "a 500": { status: 500, body: { message: "Something went wrong." } },
    "a 408": { status: 408, body: "late" },
    "a 429": { status: 429, body: { message: "Request was blocked", typeKey: "RequestBlockedException" } },
    "a 403 that is throttling": errorReply(403, "VssServiceException", throttlingMessage),
    "JSON that ends too early": {
      body: '{"id":345,"status":"compl',
      headers: { "content-type": "application/json" },
    },
    "JSON of something else": { body: { value: [] } },
    "an empty answer": { status: 200 },
    "a front door's 403": htmlReply(403, "The request is blocked."),
    "a gateway's 404": { status: 404, body: "no healthy upstream" },
    "a gateway's 451 in JSON": { status: 451, body: { error: "blocked" } },
  };

  it.each(Object.entries(troubles))("%s: is made again", async (_, trouble) => {
    await using azure = await scriptedAzure({ ...happyPath, [pollRoute]: [trouble, done] });
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    const looks = azure.requests.filter(({ path }) => path.includes("builds/345?"));
    expect(looks).toHaveLength(2);
    expect((looks[1]?.at ?? 0) - (looks[0]?.at ?? 0)).toBeGreaterThan(450);
  });

  it("is given the time the server asks for, on 429 and on 200", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [
        { status: 429, headers: { "retry-after": "2" }, body: "slow down" },
        { body: buildJson("notStarted"), headers: { "retry-after": "2" } },
        done,
      ],
    });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
    const at = azure.requests.filter(({ path }) => path.includes("builds/345?")).map((asked) => asked.at);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(1_950);
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThan(1_950);
  });

  it("obeys a Retry-After that is a date", async () => {
    const soon = () => new Date(Date.now() + 3_000).toUTCString();
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: (() => {
        let call = 0;
        return (): Reply => {
          call += 1;
          return call === 1 ? { status: 503, headers: { "retry-after": soon() }, body: "away" } : done;
        };
      })(),
    });
    await runAction(inputsFor(azure));
    const at = azure.requests.filter(({ path }) => path.includes("builds/345?")).map((asked) => asked.at);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(1_900);
  });
});
