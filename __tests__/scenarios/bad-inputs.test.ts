import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

/** The text of the one error. Expects that no request was sent. */
async function inputErrors(inputs: Readonly<Record<string, string>>): Promise<string> {
  await using azure = await scriptedAzure({});
  const result = await runAction(inputsFor(azure, inputs), { post: false });
  const text = expectFailure(result, "bad-input");
  expect(azure.requestLines()).toEqual([]);
  return text;
}

describe.concurrent("invalid inputs", () => {
  it("are all reported by name before any request", async () => {
    const text = await inputErrors({
      "pipeline-id": "forty-two",
      wait: "yes",
      "poll-interval": "10ms",
      timeout: "soon",
      "on-timeout": "explode",
      parameters: "- a\n- b",
      variables: "a: {b: c}",
      "request-body": "a: 1\na: 2",
      "stop-when": "status ==",
      "map-outputs": "run-id: id",
      "api-version": "latest",
      logs: "some",
      auth: "magic",
    });
    for (const name of [
      "pipeline-id",
      "wait",
      "poll-interval",
      "timeout",
      "on-timeout",
      "parameters",
      "variables",
      "request-body",
      "stop-when",
      "map-outputs",
      "api-version",
      "logs",
      "auth",
    ]) {
      expect(text).toMatch(new RegExp(`^${name}:`, "m"));
    }
  });

  it("are reported without secrets", async () => {
    const text = await inputErrors({ "secret-variables": "key: [hush-hush-hush", variables: "a: &x *y" });
    expect(text).toMatch(/secret-variables:/);
    expect(text).not.toContain("hush");
  });
});
