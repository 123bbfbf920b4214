import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  happyPath,
  pollRoute,
  runJson,
  startRoute,
  statusReplies,
} from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

describe.concurrent("the error of a timeout", () => {
  it("says why the last poll failed if none succeeded", async () => {
    await using azure = await scriptedAzure({
      [startRoute]: { body: runJson() },
      [pollRoute]: { status: 503, body: "away" },
    });
    const result = await runAction(inputsFor(azure, { timeout: "1s" }));
    expect(expectFailure(result, "timeout")).toMatch(
      /no poll succeeded \(the service answered 503: away\)\. The run was left running\..*\nCheck that Azure DevOps is up/,
    );
    expect(result.main.summary).toMatch(/^## ⏱️ web › ci: timed out after 1 s$/m);
    expect(result.main.summary).toContain("The run was left running.");
  });
});

describe.concurrent("queue-timeout", () => {
  it("ends a wait in which no job has run, and says so", async () => {
    await using azure = await startSimulator({ speed: 1, accepts: () => "yes" });
    const inputs = { "pipeline-id": "46", "queue-timeout": "1s", "on-timeout": "cancel" };
    const result = await runAction(inputsFor(azure, inputs));
    const text = expectFailure(result, "timeout");
    expect(text).toMatch(
      /^No job of \S+ ran within 1 s in the queue: still in the queue, waiting for an agent\./,
    );
    expect(text).toMatch(/The run was cancelled \(on-timeout: cancel\)\./);
    expect(result.main.summary).toMatch(/not run after 1 s in the queue/);
  });

  it("does not count the time that an approval takes, nor the time that jobs run", async () => {
    await using azure = await startSimulator({ speed: 200, accepts: () => "yes" });
    const inputs = { "pipeline-id": "45", "queue-timeout": "1s", timeout: "3s", "on-timeout": "leave" };
    const { main } = await runAction(inputsFor(azure, inputs));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.annotations.at(-1)?.message).toMatch(
      /was not completed after 3 s: still waiting for approval of Deploy to production/,
    );
  });
});

describe.concurrent("on-timeout: cancel", () => {
  const inProgress = { ...happyPath, [pollRoute]: statusReplies("inProgress") };

  it("reports that the run could not be cancelled", async () => {
    await using azure = await scriptedAzure({
      ...inProgress,
      "PATCH build/builds/345": { status: 403, body: { message: "TF215106: Access denied." } },
    });
    const inputs = { timeout: "1s", "on-timeout": "cancel" };
    const text = expectFailure(await runAction(inputsFor(azure, inputs)), "timeout");
    expect(text).toMatch(/could not be cancelled .*TF215106.* and is still running/);
  });

  it("reports that the run has just ended", async () => {
    let status = "inProgress";
    await using azure = await scriptedAzure({
      ...inProgress,
      [pollRoute]: () => ({ body: buildJson(status) }),
      "PATCH build/builds/345": () => {
        status = "completed";
        return { status: 400, body: { message: "The build is completed already." } };
      },
    });
    const inputs = { timeout: "1s", "on-timeout": "cancel" };
    const text = expectFailure(await runAction(inputsFor(azure, inputs)), "timeout");
    expect(text).toMatch(/The run had already completed/);
  });

  it("has no effect if the run completes or stop-when holds in time", async () => {
    await using azure = await scriptedAzure({
      ...inProgress,
      [pollRoute]: [{ body: buildJson("completed") }],
    });
    const inputs = { timeout: "1s", "on-timeout": "cancel" };
    const { main } = await runAction(inputsFor(azure, inputs));
    expect(main.exitCode, main.log).toBe(0);
    await using early = await scriptedAzure(inProgress);
    const stopped = await runAction(inputsFor(early, { ...inputs, "stop-when": "status == 'inProgress'" }));
    expect(stopped.main.exitCode, stopped.main.log).toBe(0);
  });
});
