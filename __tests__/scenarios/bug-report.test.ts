import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { textOf } from "../meta/repository.ts";
import { startRoute } from "../support/azure-responses.ts";
import { expectFailure, expectSecretAbsent, inputsFor, token } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const { version } = JSON.parse(textOf("package.json")) as { version: string };

describe.concurrent("the block for a bug report", () => {
  it("is logged with an unexpected error, without secrets, names or URLs", async () => {
    const preview = { body: { id: -1, state: "unknown", finalYaml: "a: 1" } };
    await using azure = await scriptedAzure({ [startRoute]: preview });
    const given = inputsFor(azure, { parameters: "who: mona", timeout: "1h" });
    const result = await runAction(given, { env: { https_proxy: "", no_proxy: "*" } });
    expectFailure(result, "unexpected-response");
    const [, group = ""] =
      /##\[group\](Details for a bug report[\s\S]*?)##\[endgroup\]/.exec(result.main.log) ?? [];
    expect(group.split("\n")).toEqual([
      "Details for a bug report",
      "error-code: unexpected-response",
      `action: ${version}, octo/run-azure-pipeline@v1`,
      expect.stringMatching(/^runner: github-hosted, (Linux|Windows|macOS) \w+ \(.+\), Node v24\./),
      "event: push",
      "github.com: yes",
      "proxy: no",
      "NODE_EXTRA_CA_CERTS: no",
      "Azure DevOps: Server, api-version 7.1",
      "sign-in: token",
      "inputs: organization, project, pipeline-id, ref, parameters, token, poll-interval, timeout",
      "",
    ]);
    expectSecretAbsent(result, token);
    expect(result.main.log.trimEnd()).toMatch(/##\[endgroup\]\n##\[error\]Nothing was started/);
  });

  it("is not logged with an error in the inputs", async () => {
    const { main } = await runAction({ organization: "contoso" });
    expect(main.outputs["error-code"]).toBe("bad-input");
    expect(main.log).not.toContain("Details for a bug report");
  });
});
