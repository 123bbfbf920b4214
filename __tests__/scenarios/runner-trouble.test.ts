import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import {
  buildJson,
  buildList,
  happyPath,
  pollRoute,
  runJson,
  startRoute,
} from "../support/azure-responses.ts";
import { expectFailure, expectSingleError, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const cancelRoute = "PATCH build/builds/345";

const running = {
  ...happyPath,
  [pollRoute]: { body: buildJson("inProgress") },
  [cancelRoute]: { body: buildJson("cancelling") },
};

const isLinux = process.platform === "linux";

describe.concurrent("a failure on the runner", () => {
  it.runIf(isLinux)("when writing the outputs cancels the run, and is one error that names it", async () => {
    await using azure = await scriptedAzure(running);
    const { main, post } = await runAction(inputsFor(azure), {
      commandFiles: { GITHUB_OUTPUT: "/dev/full" },
    });
    expect(main.exitCode, main.log).toBe(1);
    const text = expectSingleError({ main });
    expect(text).toMatch(/GITHUB_OUTPUT: ENOSPC.*\nThe run was cancelled too: http.*buildId=345/s);
    expect(main.raw).not.toMatch(/^\s+at /m);
    expect(azure.requestLines()).toContain(`${cancelRoute}?api-version=7.1`);
    expect(post?.exitCode).toBe(0);
  });

  it.each<[string, Record<string, string>]>([
    ["a missing variable for outputs", { GITHUB_OUTPUT: "" }],
    ["a missing file for outputs", { GITHUB_OUTPUT: join(temporaryFolder(), "gone") }],
    ["a missing variable for the state", { GITHUB_STATE: "" }],
    ["a missing file for the state", { GITHUB_STATE: join(temporaryFolder(), "gone") }],
    ["a missing file for the summary", { GITHUB_STEP_SUMMARY: join(temporaryFolder(), "gone") }],
    ...(isLinux
      ? [["a full disk for the state", { GITHUB_STATE: "/dev/full" }] as [string, Record<string, string>]]
      : []),
  ])("by %s is reported before a run is started", async (_, commandFiles) => {
    await using azure = await scriptedAzure(running);
    const { main } = await runAction(inputsFor(azure), { commandFiles });
    expect(main.exitCode, main.log).toBe(1);
    const [variable = ""] = Object.keys(commandFiles);
    expect(expectSingleError({ main })).toMatch(new RegExp(`${variable}: .*\\nNo run was started\\.`, "s"));
    expect(main.raw).not.toMatch(/^\s+at /m);
    expect(azure.requests).toEqual([]);
  });

  it("by a missing GITHUB_RUN_ID with on-rerun is reported before a run is started", async () => {
    await using azure = await scriptedAzure(running);
    const env = { GITHUB_RUN_ID: "" };
    const { main } = await runAction(inputsFor(azure, { "on-rerun": "attach" }), { env });
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "internal"]);
    expect(expectSingleError({ main })).toMatch(/GITHUB_RUN_ID/);
    expect(azure.requests.some(({ method }) => method === "POST")).toBe(false);
  });

  it.runIf(isLinux)("when writing the summary fails the step", async () => {
    await using azure = await scriptedAzure(happyPath);
    const commandFiles = { GITHUB_STEP_SUMMARY: "/dev/full" };
    const { main } = await runAction(inputsFor(azure), { commandFiles });
    expect(main.exitCode, main.log).toBe(1);
    expect(expectSingleError({ main })).toMatch(/summary could not be written: ENOSPC.*buildId=345/s);
    expect(main.outputs["result"]).toBe("succeeded");
  });

  it("by a closed log cancels the run, and the error is written to stderr", async () => {
    let closeLog = () => {};
    const startReply = () => {
      // Before the response, since later the step may have nothing more to write for a minute.
      closeLog();
      return { body: runJson() };
    };
    await using azure = await scriptedAzure({ ...running, [startRoute]: startReply });
    await using action = startAction(inputsFor(azure));
    closeLog = () => action.closeLog();
    const { main, post } = await action.done;
    expect([main.exitCode, main.raw]).toEqual([
      1,
      expect.stringMatching(/log could not be written: .*EPIPE/),
    ]);
    expect(main.raw).not.toMatch(/^\s+at /m);
    expect(azure.requestLines()).toContain(`${cancelRoute}?api-version=7.1`);
    expect(post?.exitCode).toBe(0);
  });
});

describe.concurrent("the environment of the job", () => {
  const forged = {
    STATE_main: "/",
    STATE_phase: JSON.stringify({ at: "following", runId: 7, isOwn: true }),
    STATE_token: "{}",
  };

  it("decides neither which step runs nor which run is cancelled", async () => {
    await using azure = await scriptedAzure(happyPath);
    const { main, post } = await runAction(inputsFor(azure), { env: forged, startsIdlePost: true });
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    expect([post?.exitCode, post?.log]).toEqual([0, ""]);
    expect(azure.requestLines().some((line) => line.startsWith("PATCH"))).toBe(false);
  });

  it("never contains a state that is too large to start the post step", async () => {
    const parameters = JSON.stringify({ text: '"'.repeat(50_000) });
    const queueTime = () => new Date().toISOString();
    const run = () =>
      buildJson("inProgress", { queueTime: queueTime(), templateParameters: JSON.parse(parameters) });
    await using azure = await scriptedAzure({
      ...running,
      [startRoute]: { fault: "stall", body: runJson() },
      "GET build/builds": () => buildList(run()),
    });
    await using action = startAction(inputsFor(azure, { parameters }));
    await azure.waitForRequest(/^POST pipelines/);
    action.kill();
    const { main, post } = await action.done;
    expect(JSON.stringify(main.state).length).toBeLessThan(2_000);
    expect(post?.log).toMatch(
      /20260602\.13 was being started when this step was interrupted, and was cancelled/,
    );
  });
});

describe("Node 20, which the runner uses on Linux ARM32", () => {
  it("is rejected before the first request", async () => {
    await using azure = await scriptedAzure(running);
    const result = await runAction(inputsFor(azure), { linuxArm32: true });
    expect(expectFailure(result, "unsupported-runner")).toMatch(/needs Node 24.*Node 20\.20\.2/);
    expect([result.post?.exitCode, result.post?.raw]).toEqual([0, ""]);
    expect(azure.requests).toEqual([]);
  });
});
