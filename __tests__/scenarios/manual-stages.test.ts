import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import { buildJson, happyPath, pollRoute } from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const pipeline = {
  id: 42,
  name: "ci",
  repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
  stages: [
    { name: "Build", jobs: [{ name: "Compile", tasks: [{ name: "Build", seconds: 0 }] }] },
    { name: "Deploy", trigger: "manual", jobs: [{ name: "Push", tasks: [{ name: "Push", seconds: 0 }] }] },
    { name: "Smoke", dependsOn: ["Deploy"], jobs: [{ name: "Curl", tasks: [{ name: "Curl", seconds: 0 }] }] },
  ],
} as const;

describe.concurrent("a manual stage that was not started", () => {
  it.each(["completed", "pending"] as const)("is no failure when its record is %s", async (manualStage) => {
    await using azure = await startSimulator({
      speed: 30,
      accepts: () => "yes",
      pipelines: [pipeline],
      quirks: { manualStage },
    });
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    const stages = JSON.parse(main.outputs["stages"] ?? "");
    expect(stages).toMatchObject([
      { name: "Build", result: "succeeded" },
      { name: "Deploy", status: "completed", result: "manual" },
      { name: "Smoke", status: "completed", result: "manual" },
    ]);
    expect(main.log).toContain(`⏸ Deploy not started (manual). Start it at ${main.outputs["run-url"]}`);
    expect(main.log).not.toContain("✘");
    expect(main.summary).toContain("not started (manual)");
    expect(main.annotations).toEqual([]);
  });
});

describe.concurrent("the build status abandoned", () => {
  it.each([
    [undefined, "failed", 1],
    ["succeeded", "succeeded", 0],
  ])("is an end: result %s counts as %s", async (result, expected, exitCode) => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: { ...buildJson("completed"), status: "abandoned", result } },
    });
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["status"], main.outputs["result"]], main.log).toEqual([
      exitCode,
      "completed",
      expected,
    ]);
  });
});
