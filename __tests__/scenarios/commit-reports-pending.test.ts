import { describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import { completedReply, happyPath, pollRoute } from "../support/azure-responses.ts";
import { reportInputs, startGitHubServer, withGitHub } from "../support/github-server.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const patching = { method: "PATCH", path: /check-runs/ };

const outage = { kind: "html", status: 502 } as const;

/** Acts while the request that completes the check run is stalled. */
async function actDuringCompletion(act: "cancel" | "kill", result: string) {
  await using github = await startGitHubServer();
  github.order({ on: patching, nth: 1, fault: { kind: "stall" } });
  await using azure = await scriptedAzure({ ...happyPath, [pollRoute]: completedReply(result) });
  await using action = startAction(inputsFor(azure, { "check-run": "azure" }), withGitHub(github));
  const patches = () => github.requests.filter(({ method }) => method === "PATCH").length;
  await expect.poll(patches, { timeout: 15_000 }).toBe(1);
  action[act]();
  const ran = await action.done;
  return { ...ran, lines: azure.requestLines(), checkRuns: github.checkRuns };
}

describe.concurrent("the completion of a check run that GitHub did not receive", () => {
  it("is sent by the post step if the job was cancelled meanwhile", async () => {
    const ran = await actDuringCompletion("cancel", "failed");
    const { main } = ran;
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(main.log).toMatch(/^##\[error]The step was cancelled\. The run had already ended: https:/m);
    expect(main.log).not.toMatch(/SIGINT|timed out after/);
    expect(ran.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    expect(ran.checkRuns[0]?.output).toMatchObject({
      title: expect.stringContaining("failed"),
      summary: expect.stringContaining("web › ci: failed"),
    });
    expect(ran.lines.filter((line) => line.startsWith("PATCH"))).toEqual([]);
  });

  it("is sent by the post step if the main step was killed meanwhile", async () => {
    const { checkRuns } = await actDuringCompletion("kill", "succeeded");
    expect(checkRuns).toMatchObject([{ status: "completed", conclusion: "success" }]);
  });

  it("is sent by the post step after an outage of GitHub, and nothing else is", async () => {
    await using github = await startGitHubServer();
    github.order({ on: patching, nth: 1, times: 2, fault: outage });
    await using azure = await scriptedAzure(happyPath);
    const { main, post } = await runAction(inputsFor(azure, reportInputs), withGitHub(github));
    expect([main.exitCode, post?.exitCode, post?.annotations], main.log).toEqual([0, 0, []]);
    expect(main.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The check run "azure" could not .* The post step tries once more\.$/),
    ]);
    expect(github.checkRuns).toMatchObject([{ status: "completed", conclusion: "success" }]);
    expect(github.statuses.map(({ state }) => state)).toEqual(["pending", "success"]);
  });

  it("leads to no second check run if only the response was lost", async () => {
    await using github = await startGitHubServer();
    github.order({ on: patching, nth: 1, times: 2, fault: { kind: "reset-after" } });
    await using azure = await scriptedAzure({ ...happyPath, [pollRoute]: completedReply("failed") });
    const { main } = await runAction(inputsFor(azure, { "check-run": "azure" }), withGitHub(github));
    expect(main.exitCode, main.log).toBe(1);
    expect(github.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
  });

  it("is not sent by the post step if the token has no permission", async () => {
    await using github = await startGitHubServer({ denied: ["checks", "statuses"] });
    await using azure = await scriptedAzure(happyPath);
    const { post } = await runAction(inputsFor(azure, reportInputs), withGitHub(github));
    expect([post?.exitCode, post?.log.trim()]).toEqual([0, ""]);
    expect(github.requests).toHaveLength(2);
  });
});
