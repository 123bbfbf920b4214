import { expect, it } from "vitest";
import { startAction } from "../../runner-emulator/runner.ts";
import { buildJson, happyPath, pollRoute, statusReplies } from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const reportsExit = `const { exit } = process; process.exit = (code) => { console.log("process.exit was called"); exit(code); };`;

const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(reportsExit)}` };

const largeResponse = { body: buildJson("completed", { filler: "x".repeat(20 * 1024 * 1024) }) };

it.concurrent.each([
  ["has succeeded, after a response of 20 MB", { ...happyPath, [pollRoute]: largeResponse }, false, 0],
  ["was cancelled", { ...happyPath, [pollRoute]: statusReplies("inProgress") }, true, 1],
])(
  "a step that %s ends without process.exit, which can deadlock",
  async (_, responses, cancels, exitCode) => {
    await using azure = await scriptedAzure({
      ...responses,
      "PATCH build/builds/345": { body: buildJson("cancelling") },
    });
    await using action = startAction(inputsFor(azure), { env, startsIdlePost: true });
    await azure.waitForRequest(/^GET build\/builds\/345\?/);
    if (cancels) action.cancel();
    const { main, post } = await action.done;
    expect([main.exitCode, post?.exitCode], main.log).toEqual([exitCode, 0]);
    expect(`${main.raw}${post?.raw}`).not.toContain("process.exit was called");
  },
);
