import { describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  errorReply,
  happyPath,
  pollRoute,
  runJson,
  startRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectFailure, expectSecretAbsent, inputsFor, token } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

describe.concurrent("a job that is cancelled before a run is started", () => {
  it("sends no request, and neither does its post step", async () => {
    await using azure = await scriptedAzure(happyPath);
    await using action = startAction(inputsFor(azure));
    action.cancel();
    const { main, post } = await action.done;
    expect(main.result).toBe("cancelled");
    expect(post?.exitCode).toBe(0);
    expect(azure.requestLines()).toEqual([]);
  });

  it("cancels no run while the service throttles the start", async () => {
    const similarRun = buildJson("inProgress", { queueTime: new Date(Date.now() + 60_000).toISOString() });
    await using azure = await scriptedAzure({
      [startRoute]: {
        ...errorReply(429, "RequestBlockedException", "too many"),
        headers: { "retry-after": "20" },
      },
      "GET build/builds": { body: { count: 1, value: [similarRun] } },
    });
    await using action = startAction(inputsFor(azure));
    await action.waitFor(/throttling/);
    action.cancel();
    const { main } = await action.done;
    expect([main.result, main.outputs["error-code"]]).toEqual(["cancelled", "canceled"]);
    expect(main.log).toMatch(/No run was started/);
    expect(azure.requestLines()).toHaveLength(1);
  });
});

describe.concurrent("a task's log that cannot be read", () => {
  it("does not delay the timeout or the polls", async () => {
    const failed = timelineRecords("completed", "failed").map((record) => ({ ...record, log: { id: 10 } }));
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: statusReplies("inProgress"),
      [timelineRoute]: { body: { records: failed, changeId: 1 } },
      "GET build/builds/345/logs/10": { body: {}, fault: "stall" },
    });
    const { main } = await runAction(inputsFor(azure, { timeout: "3s" }));
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "timeout"]);
    expect(main.annotations.map(({ message }) => message)).toEqual([
      "Deploy › Smoke tests › Run the tests: The tests failed.",
      expect.stringContaining("was not completed after 3 s"),
    ]);
  });

  it("is requested again at the next polls", async () => {
    const failed = timelineRecords("completed", "failed").map((record) => ({ ...record, log: { id: 10 } }));
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [
        ...statusReplies("inProgress", "inProgress", "inProgress"),
        { body: buildJson("completed") },
      ],
      [timelineRoute]: { body: { records: failed, changeId: 1 } },
      "GET build/builds/345/logs/10": [
        { status: 500, body: "" },
        { headers: { "content-type": "text/plain" }, body: "the end of it\n" },
      ],
    });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.log).toContain("the end of it");
  });
});

describe.concurrent("a secret that the service sends back", () => {
  const basic = Buffer.from(`:${token}`).toString("base64");

  it("is redacted in the error", async () => {
    await using azure = await scriptedAzure({
      [startRoute]: errorReply(
        400,
        "PipelineValidationException",
        `Authorization: Basic ${basic}, that is ${token}`,
      ),
    });
    const result = await runAction(inputsFor(azure));
    expect(expectFailure(result, "rejected")).toContain("***");
    expectSecretAbsent(result, token);
  });

  it("is redacted in the log, the outputs and the summary", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [startRoute]: { body: runJson({ pipeline: { id: 42, name: `ci ${token}` } }) },
      [pollRoute]: [
        { body: buildJson("completed", { buildNumber: token, definition: { id: 42, name: token } }) },
      ],
    });
    const result = await runAction(inputsFor(azure));
    expect(result.main.exitCode, result.main.log).toBe(0);
    expect(result.main.summary).toContain("***");
    expectSecretAbsent(result, token);
  });
});
