import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { buildJson, happyPath, pollRoute } from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { type Reply, scriptedAzure } from "../support/scripted-azure.ts";

const done = { body: buildJson("completed") };

describe.concurrent("a poll that fails with a transient error", () => {
  it.each<[string, Reply]>([
    ["a connection that is reset", { fault: "reset" }],
    ["a body that is cut off", { body: buildJson("completed"), fault: "cut" }],
  ])("is retried: %s", async (_, trouble) => {
    await using azure = await scriptedAzure({ ...happyPath, [pollRoute]: [trouble, done] });
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    const polls = azure.requests.filter(({ path }) => path.includes("builds/345?"));
    expect(polls).toHaveLength(2);
    expect((polls[1]?.at ?? 0) - (polls[0]?.at ?? 0)).toBeGreaterThan(450);
  });

  it("is followed by a wait for Retry-After, on 429 and on 200", async () => {
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
    const at = azure.requests.filter(({ path }) => path.includes("builds/345?")).map((request) => request.at);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(1_950);
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThan(1_950);
  });
});
