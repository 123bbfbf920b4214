import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mayBeCommand, parseCommand, splitLines } from "../../runner-emulator/commands.ts";
import { runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  happyPath,
  pollRoute,
  runJson,
  startRoute,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectSecretAbsent, inputsFor, token } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

/** The commands that this action uses. Any other command in its output would come from elsewhere. */
const ours = ["add-mask", "error", "warning", "notice", "group", "endgroup", "debug"];

function strangeCommands(raw: string): string[] {
  return splitLines(raw).filter((line) => {
    const command = parseCommand(line)?.command ?? (mayBeCommand(line) ? "hidden" : undefined);
    return command !== undefined && !ours.includes(command);
  });
}

describe.concurrent("names and texts from Azure DevOps", () => {
  it("are not executed as commands in any part of the log", async () => {
    await using azure = await startSimulator({ speed: 30, accepts: () => "yes" });
    const result = await runAction(
      inputsFor(azure, { "pipeline-id": "48", ref: "refs/heads/feature/#1&<b>x</b>" }),
    );
    const { main } = result;
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([1, "failed"]);
    expect(strangeCommands(main.raw)).toEqual([]);
    expect(main.outputs["stolen"]).toBeUndefined();
    expect(main.outputs["x"]).toBeUndefined();
    expect(main.masks).not.toContain("production");
    expect(main.masks).not.toContain("a");
    expect(main.masks.every((mask) => mask.length > 8)).toBe(true);
    expect([main.env, main.paths, main.matchers]).toEqual([{}, [], []]);
    expectSecretAbsent(result, token);
  });

  it("are not executed as commands in the start, in an error or in an issue", async () => {
    const evil =
      "x\r::set-output name=stolen::1\n##[add-mask]main\u2028::add-mask::main\u200b\n::stop-commands::all";
    const [stage, ...rest] = timelineRecords("completed", "failed");
    await using azure = await scriptedAzure({
      ...happyPath,
      [startRoute]: { body: runJson({ name: evil, pipeline: { name: evil } }) },
      [pollRoute]: { body: buildJson("completed", { result: evil, buildNumber: evil }) },
      [timelineRoute]: {
        body: {
          records: [
            { ...stage, name: evil, identifier: evil, issues: [{ type: "error", message: evil }] },
            ...rest.map((record) => ({ ...record, name: evil })),
          ],
        },
      },
    });
    const { main } = await runAction(inputsFor(azure, { logs: "none" }));
    expect(main.exitCode).toBe(1);
    expect(strangeCommands(main.raw)).toEqual([]);
    expect(main.outputs["stolen"]).toBeUndefined();
    expect(main.masks).not.toContain("main");
    await using refusing = await scriptedAzure({ [startRoute]: { status: 400, body: { message: evil } } });
    const refused = await runAction(inputsFor(refusing));
    expect(strangeCommands(refused.main.raw)).toEqual([]);
    expect(refused.main.outputs).toEqual({ "error-code": "rejected" });
  });
});

describe.concurrent("a process that ends without a verdict", () => {
  it("fails the step after a promise that never settles", async () => {
    // These connections do not keep the event loop alive, so it ends during a request.
    const preload = join(temporaryFolder(), "dry.mjs");
    writeFileSync(
      preload,
      `import http from "node:http"; import { EventEmitter } from "node:events"; import { syncBuiltinESMExports } from "node:module";
       http.request = () => Object.assign(new EventEmitter(), { end() {}, destroy() {}, setTimeout() {} });
       const timer = globalThis.setTimeout; globalThis.setTimeout = (...given) => timer(...given).unref();
       syncBuiltinESMExports();`,
    );
    await using azure = await scriptedAzure(happyPath);
    const { main } = await runAction(inputsFor(azure), {
      env: { NODE_OPTIONS: `--import=file://${preload}` },
      post: false,
    });
    expect(azure.requestLines()).toEqual([]);
    expect(main.result).toBe("failure");
    expect(main.exitCode).not.toBe(0);
  });

  it("fails the step after an uncaught exception", async () => {
    const preload = join(temporaryFolder(), "thrown.mjs");
    writeFileSync(preload, `setTimeout(() => { throw new Error("out of the blue"); }, 300);`);
    await using azure = await scriptedAzure({ ...happyPath, [pollRoute]: { body: buildJson("inProgress") } });
    const { main } = await runAction(inputsFor(azure), {
      env: { NODE_OPTIONS: `--import=file://${preload}` },
      post: false,
    });
    expect(main.result).toBe("failure");
  });
});
