import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  errorReply,
  happyPath,
  pollRoute,
  startRequestLine,
  startRoute,
} from "../support/azure-responses.ts";
import { expectFailure, expectSecretAbsent, inputsFor, token } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const denied =
  "TF215106: Access denied. Release Robot needs Queue builds permissions for build pipeline 42:ci in team project web to perform the action. For more information, contact the Azure DevOps administrator.";

describe.concurrent("a refused start", () => {
  it("is one error with the service's message and a hint, and the post step sends no request", async () => {
    await using azure = await scriptedAzure({
      [startRoute]: errorReply(403, "AccessDeniedException", denied),
    });
    const result = await runAction(inputsFor(azure), { startsIdlePost: true });
    const text = expectFailure(result, "forbidden");
    expect(text).toContain(denied);
    expect(text).toContain("467548ad-8e34-48ce-9a51-1b427f17692d");
    expect(text.split("\n").at(-1)).toMatch(/permission "Queue builds"/);
    expect(azure.requestLines()).toEqual([startRequestLine]);
    expect(result.post?.log.trim()).toBe("");
    expect(result.main.raw).not.toMatch(/\bat .+:\d+:\d+/);
  });
});

describe.concurrent("a bad token", () => {
  it("causes unauthorized without a retry, and is not shown", async () => {
    await using azure = await startSimulator({
      accepts: () => "expired",
      quirks: { badTokenFace: "203-html" },
    });
    const result = await runAction(inputsFor(azure));
    expect(expectFailure(result, "unauthorized")).toMatch(/token/);
    expect(azure.requests).toHaveLength(1);
    expectSecretAbsent(result, token);
  });

  const gone = errorReply(404, "BuildNotFoundException", "The requested build 345 could not be found.");

  it.each([
    ["unauthorized", { status: 401 }, "The run continues: "],
    ["not-found", gone, "The run was not cancelled: "],
  ])("during the wait causes %s, and the run is not cancelled", async (code, reply, note) => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [{ body: { id: 345, status: "inProgress" } }, reply],
    });
    const result = await runAction(inputsFor(azure));
    expect(expectFailure(result, code)).toContain(note);
    expect(result.main.outputs).toMatchObject({ "run-id": "345", status: "inProgress" });
    expect(azure.requestLines().some((line) => line.startsWith("PATCH"))).toBe(false);
    expect(result.post?.log.trim()).toBe("");
  });
});

describe.concurrent("the token", () => {
  it("is never sent to a redirect's target", async () => {
    await using elsewhere = await scriptedAzure({});
    await using azure = await scriptedAzure({
      [startRoute]: {
        status: 307,
        headers: { location: `${elsewhere.origin}/contoso/web/_apis/pipelines/42/runs` },
      },
    });
    const text = expectFailure(await runAction(inputsFor(azure)), "unauthorized");
    expect(text).toContain(`a redirect to ${new URL(elsewhere.origin).host} (307)`);
    expect(text).toMatch(/\nCheck `organization`/);
    expect(elsewhere.requests).toEqual([]);
  });
});

describe.concurrent("the log of a refused start", () => {
  const refusal = { [startRoute]: errorReply(403, "AccessDeniedException", denied) };

  it("shows the stack trace with ACTIONS_STEP_DEBUG, but no token", async () => {
    await using azure = await scriptedAzure(refusal);
    const result = await runAction(inputsFor(azure), { debug: true });
    expect(result.main.log).toMatch(/##\[debug\]ActionError: .*\n##\[debug\]\s+at /);
    expectSecretAbsent(result, token);
  });
});

it("a refused preview fails with the service's message", async () => {
  await using azure = await scriptedAzure({
    "POST pipelines/42/preview": errorReply(
      400,
      "PipelineValidationException",
      "Unexpected parameter 'nosuch'",
    ),
  });
  const result = await runAction(inputsFor(azure, { preview: "true" }));
  expect(expectFailure(result, "rejected")).toContain("Unexpected parameter 'nosuch'");
  expect(azure.requestLines()).toHaveLength(1);
});
