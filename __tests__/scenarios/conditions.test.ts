import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  completedReply,
  errorReply,
  happyPath,
  pollRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectFailure, expectSingleError, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const simulated = () => startSimulator({ speed: 40, accepts: () => "yes" });

const stagesIn = (text: string | undefined) =>
  JSON.parse(text ?? "") as { name: string; status: string; result: string | null }[];

describe.concurrent("stop-when", () => {
  it("ends the wait after a stage, and the run continues", async () => {
    await using azure = await simulated();
    const stop = "stages[?name == 'Build'] | [0].status == 'completed'";
    // The run waits for an approval that is not given.
    const { main, post } = await runAction(inputsFor(azure, { "pipeline-id": "45", "stop-when": stop }));
    expect([main.exitCode, main.outputs["status"], main.outputs["result"]], main.log).toEqual([
      0,
      "inProgress",
      "",
    ]);
    expect(stagesIn(main.outputs["stages"])[0]).toMatchObject({ name: "Build", result: "succeeded" });
    expect([post?.log.trim(), azure.runs[0]?.cancelledAt]).toEqual(["", undefined]);
  });

  it("waits for two stages, whose results success-when evaluates", async () => {
    await using azure = await simulated();
    const both = "stages[?name == 'Build' || name == 'Staging']";
    const { main } = await runAction(
      inputsFor(azure, {
        "pipeline-id": "43",
        "stop-when": `length(${both}[] | [?status == 'completed']) == \`2\``,
        "success-when": `length(${both} | [?result == 'succeeded']) == \`2\``,
      }),
    );
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, undefined]);
    const [first, second] = stagesIn(main.outputs["stages"]);
    expect([first?.result, second?.result]).toEqual(["succeeded", "failed"]);
  });

  it("ends the wait after a failure with its cause, and no artifacts are downloaded", async () => {
    const [stage, phase, job, task] = timelineRecords("completed", "failed");
    const going = { state: "inProgress", result: null, finishTime: null };
    const all = [{ ...stage, ...going }, { ...phase, ...going }, { ...job, ...going }, task];
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: statusReplies("inProgress"),
      [timelineRoute]: { body: { id: "t", changeId: 1, records: all } },
    });
    const { main } = await runAction(
      inputsFor(azure, {
        "stop-when": "errors > `0`",
        "success-when": "errors == `0`",
        "download-artifacts": "web",
        logs: "none",
      }),
    );
    expect(main.annotations.at(-1)?.message).toMatch(
      /is still running, and success-when is false\. Deploy › Smoke tests › Run the tests: The tests failed\. http/,
    );
    expect(main.summary).toMatch(/: success-when is false, with errors in \*Deploy › Smoke tests\*\n/);
    expect(main.log).toContain("No artifacts were downloaded, since the run is not completed.");
  });

  it("can match a pending approval, also while the run is queued", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: statusReplies("notStarted"),
      [timelineRoute]: { body: { id: "t", changeId: 1, records: approval() } },
    });
    const { main } = await runAction(
      inputsFor(azure, { "stop-when": "length(waitingFor[?kind == 'approval']) > `0`" }),
    );
    expect([main.exitCode, main.outputs["status"]], main.log).toEqual([0, "notStarted"]);
    expect(JSON.parse(main.outputs["run"] ?? "")).toMatchObject({
      waitingFor: [{ kind: "approval", id: "approval-1", stage: "Deploy" }],
    });
  });

  it("ends with the run if it never holds", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [timelineRoute]: { body: { id: "t", changeId: 1, records: timelineRecords("completed", "succeeded") } },
    });
    const inputs = {
      "stop-when": "stages[?name == 'Production'].status | [0] == 'completed'",
      "success-when": "stages[?name == 'Production'].result | [0] == 'succeeded'",
    };
    const { main } = await runAction(inputsFor(azure, inputs));
    expect([main.exitCode, main.outputs["status"], main.outputs["error-code"]], main.log).toEqual([
      1,
      "completed",
      undefined,
    ]);
    expect(expectSingleError({ main })).toMatch(/succeeded, and success-when is false/);
    expect(main.summary).toMatch(/^## ❌ web › ci: succeeded, and success-when is false\n/);
  });

  it("is bad-input before any request if it does not parse", async () => {
    await using azure = await scriptedAzure({});
    const result = await runAction(
      inputsFor(azure, {
        "stop-when": "stages[?name == 'Build'",
        "success-when": "nosuch(result)",
        "map-outputs": "tag: a..b",
      }),
    );
    const text = expectFailure(result, "bad-input");
    expect(text).toMatch(/^stop-when: /m);
    expect(text).toMatch(/^success-when: .*nosuch/m);
    expect(text).toMatch(/^map-outputs: tag: unexpected \. at column 3/m);
    expect(azure.requestLines()).toEqual([]);
  });

  it("causes one warning if it cannot be evaluated, and the wait continues", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: statusReplies("inProgress", "inProgress", "completed"),
    });
    const { main } = await runAction(inputsFor(azure, { "stop-when": "contains(result, 'fail')" }));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    expect(main.annotations.map(({ level, message }) => [level, message])).toEqual([
      ["warning", expect.stringMatching(/^stop-when could not be evaluated: .*contains/)],
    ]);
  });
});

const completedWith = (result: string) => ({ ...happyPath, [pollRoute]: completedReply(result) });

describe.concurrent("success-when", () => {
  it.each([
    ["partial success", "partiallySucceeded", true],
    ["anything but canceled", "canceled", false],
  ])("can accept %s: the result %s passes: %s", async (name, result, isGood) => {
    const conditions: Record<string, string> = {
      "partial success": "contains(['succeeded', 'partiallySucceeded'], result)",
      "anything but canceled": "result != 'canceled'",
    };
    await using azure = await scriptedAzure(completedWith(result));
    const { main } = await runAction(inputsFor(azure, { "success-when": conditions[name] ?? "" }));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([isGood ? 0 : 1, result]);
    if (!isGood) expectSingleError({ main });
  });

  it("rejects a partially succeeded run by default", async () => {
    await using azure = await scriptedAzure(completedWith("partiallySucceeded"));
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, undefined]);
    expect(expectSingleError({ main })).toContain("To accept such a run, set `success-when:");
  });

  it("rejects by default a run whose stage has failed when stop-when ends the wait", async () => {
    const [stage] = timelineRecords("completed", "failed");
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: statusReplies("inProgress"),
      [timelineRoute]: { body: { id: "t", changeId: 1, records: [stage] } },
    });
    const stop = "stages[?name == 'Deploy'] | [0].status == 'completed'";
    const { main } = await runAction(inputsFor(azure, { "stop-when": stop }));
    expect([main.exitCode, main.outputs["status"], main.outputs["error-code"]], main.log).toEqual([
      1,
      "inProgress",
      undefined,
    ]);
  });

  it("can depend on one job only", async () => {
    await using azure = await simulated();
    const job = (name: string) => `stages[].jobs[] | [?name == '${name}'] | [0].result == 'succeeded'`;
    const ran = async (name: string) =>
      (await runAction(inputsFor(azure, { "pipeline-id": "43", "success-when": job(name) }))).main;
    const [good, bad] = await Promise.all([ran("Compile"), ran("Smoke")]);
    expect([good.exitCode, good.outputs["result"]], good.log).toEqual([0, "failed"]);
    expect([bad.exitCode, bad.outputs["result"]], bad.log).toEqual([1, "failed"]);
  });

  it("is bad-input if it yields neither true nor false at the end", async () => {
    await using azure = await scriptedAzure(completedWith("succeeded"));
    const outcome = await runAction(inputsFor(azure, { "success-when": "starts_with(pipeline, 'x')" }));
    const text = expectFailure(outcome, "bad-input");
    expect(text).toMatch(/could not be evaluated: .*starts_with/);
    expect(text).toContain(outcome.main.outputs["run-url"]);
    expect(outcome.main.outputs["result"]).toBe("succeeded");
  });

  it("causes a warning for a text in double quotes inside a filter", async () => {
    await using azure = await scriptedAzure(completedWith("succeeded"));
    const condition = 'length(stages[?name == "Deploy"]) == `0`';
    const { main } = await runAction(inputsFor(azure, { "success-when": condition }));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.annotations.map(({ level, message }) => [level, message])).toEqual([
      ["warning", expect.stringMatching(/^success-when: "Deploy" in double quotes .*: 'Deploy'$/)],
    ]);
  });
});

describe.concurrent("on-stop: cancel", () => {
  const stopped = {
    ...happyPath,
    [pollRoute]: statusReplies("inProgress"),
    [timelineRoute]: { body: { id: "t", changeId: 1, records: timelineRecords("inProgress") } },
  };
  const inputs = { "stop-when": "status == 'inProgress'", "on-stop": "cancel" };

  it("cancels the run without waiting for its end, and success-when decides the step", async () => {
    await using azure = await scriptedAzure({
      ...stopped,
      "PATCH build/builds/345": { body: buildJson("cancelling") },
    });
    const { main } = await runAction(inputsFor(azure, inputs));
    expect([main.exitCode, main.outputs["status"]], main.log).toEqual([0, "inProgress"]);
    expect(main.log).toMatch(/The run was cancelled \(on-stop: cancel\)\./);
    expect(azure.requests.at(-1)?.body).toBe('{"status":"cancelling"}');
    await using failing = await scriptedAzure({
      ...stopped,
      "PATCH build/builds/345": { body: buildJson("cancelling") },
    });
    const red = await runAction(inputsFor(failing, { ...inputs, "success-when": "result == 'succeeded'" }));
    expect([red.main.exitCode, red.main.outputs["error-code"]], red.main.log).toEqual([1, undefined]);
    expect(failing.requestLines().filter((line) => line.startsWith("PATCH"))).toHaveLength(1);
  });

  it("causes a warning if the service refuses the cancellation", async () => {
    await using azure = await scriptedAzure({
      ...stopped,
      "PATCH build/builds/345": errorReply(403, "AccessDeniedException", "TF215106: Access denied."),
    });
    const { main } = await runAction(inputsFor(azure, inputs));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.annotations.map(({ level, message }) => [level, message])).toEqual([
      ["warning", expect.stringMatching(/could not be cancelled .*TF215106.*and is still running/)],
    ]);
  });

  it("cancels nothing if the run completed", async () => {
    await using azure = await scriptedAzure(completedWith("succeeded"));
    const { main } = await runAction(inputsFor(azure, { ...inputs, "stop-when": "errors > `0`" }));
    expect(main.exitCode, main.log).toBe(0);
    expect(azure.requestLines().some((line) => line.startsWith("PATCH"))).toBe(false);
  });
});

/** The records of a first stage with a pending approval. */
function approval() {
  const common = { state: "inProgress", result: null, attempt: 1, startTime: "2026-06-02T14:41:09Z" };
  return [
    {
      ...common,
      id: "s",
      parentId: null,
      type: "Stage",
      name: "Deploy",
      identifier: "Deploy",
      state: "pending",
    },
    { ...common, id: "c", parentId: "s", type: "Checkpoint", name: "Checkpoint", identifier: "Checkpoint" },
    { ...common, id: "approval-1", parentId: "c", type: "Checkpoint.Approval", name: "Checkpoint.Approval" },
  ];
}
