import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { happyPath } from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const definition = {
  "GET build/definitions/42": { body: { id: 42, name: "ci", repository: { type: "TfsGit" } } },
};

/** Bytes of the bundle that are loaded before the first request. */
async function bytesLoaded(inputs: Readonly<Record<string, string>>): Promise<number> {
  const file = join(temporaryFolder(), "loaded.json");
  const preload = import.meta.resolve("../support/loaded-files.ts");
  await using azure = await scriptedAzure({ ...happyPath, ...definition });
  const { main } = await runAction(inputsFor(azure, { wait: "false", ...inputs }), {
    env: { NODE_OPTIONS: `--import=${preload}`, LOADED_FILES: file },
  });
  expect(main.exitCode, main.log).toBe(0);
  const urls = JSON.parse(readFileSync(file, "utf8")) as string[];
  const bundled = urls.filter((url) => url.includes("/dist/"));
  expect(bundled).not.toEqual([]);
  return bundled.reduce((sum, url) => sum + statSync(new URL(url)).size, 0);
}

// Loading is most of the time until the first request: what is needed later is loaded later.
describe.concurrent("before its first request the action loads", () => {
  it("at most 320 kB where the ref is given", async () => {
    expect(await bytesLoaded({})).toBeLessThanOrEqual(320_000);
  });

  it("no more where the ref is guessed and `parameters` are scalars and lists in brackets", async () => {
    const inputs = { ref: "", parameters: "env: 'prod'\nregions: [westeurope, northeurope]" };
    expect(await bytesLoaded(inputs)).toBeLessThanOrEqual(320_000);
  });

  it("at most 620 kB where `parameters` need the YAML library", async () => {
    const inputs = { ref: "", parameters: "env: 'prod'\nregions:\n  - westeurope" };
    expect(await bytesLoaded(inputs)).toBeLessThanOrEqual(620_000);
  });
});
