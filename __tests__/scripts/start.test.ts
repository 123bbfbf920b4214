import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { readArguments } from "../../scripts/arguments.ts";
import { isForSimulator, simulatorInputs, withToken } from "../../scripts/start/inputs.ts";
import { demoPipelines, demoToken } from "../../simulator/index.ts";
import { filesOf, root, textOf } from "../meta/repository.ts";

interface ScriptResult {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

// With VITEST, the temporary folders would be removed by vitest, which does not run in the script's process.
const env = { ...process.env, VITEST: "" };

function call(script: string, ...args: string[]): Promise<ScriptResult> {
  const environment = { ...env, INIT_CWD: temporaryFolder() };
  return new Promise((settle) => {
    execFile(process.execPath, [join(root, script), ...args], { env: environment }, (error, out, err) =>
      settle({ code: error?.code ?? 0, out, err }),
    );
  });
}

function expectHelp({ code, out, err }: ScriptResult): void {
  expect([code, err]).toEqual([0, ""]);
  const [first = ""] = out.split("\n");
  expect(first).toMatch(/^(npm (start|run \w+)|node scripts\/\w+\.ts) /);
  for (const line of out.split("\n").filter((each) => each.startsWith("  --")))
    expect(line).toMatch(/^ {2}--[a-z-]+ {2,}\S/);
}

describe.concurrent("npm start", () => {
  it("lists every pipeline of the simulator and every input with --help", async () => {
    const result = await call("scripts/start.ts", "--help");
    expectHelp(result);
    const { out } = result;
    for (const { id } of demoPipelines) expect(out).toMatch(new RegExp(`^ {2}${id} {2}[a-z]`, "m"));
    expect(out).toMatch(/^ {2}--preview {2,}\S/m);
  });

  it("accepts inputs for the simulator, and prints the whole expanded YAML", async () => {
    const { code, out, err } = await call("scripts/start.ts", "--pipeline-id", "43", "--preview");
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/^ {2}final-yaml\n\nstages:\s[\s\S]*^- stage: Production/m);
  });
});

const scripts: readonly [file: string, help: string][] = [
  ["scripts/start.ts", "npm start -- --help"],
  ["simulator/main.ts", "npm run simulator -- --help"],
  ["scripts/authorize.ts", "npm run authorize -- --help"],
  ["scripts/build.ts", "npm run build -- --help"],
  ["scripts/readme.ts", "npm run readme -- --help"],
  ["scripts/portability.ts", "npm run portability -- --help"],
  ["scripts/faults.ts", "npm run faults -- --help"],
  ["scripts/bench.ts", "npm run bench -- --help"],
  ["scripts/scale.ts", "npm run scale -- --help"],
  ["scripts/sbom.ts", "node scripts/sbom.ts --help"],
  ["scripts/mutation.ts", "node scripts/mutation.ts --help"],
];

describe.concurrent("every script", () => {
  it.each(scripts.filter(([file]) => file !== "scripts/start.ts"))(
    "%s explains each option on one line",
    async (script) => expectHelp(await call(script, "--help")),
  );

  // All others begin as this one does.
  it.each(["scripts/mutation.ts", "scripts/authorize.ts"])(
    "%s --help ends quietly if its reader is gone",
    async (script) => {
      const child = spawn(process.execPath, [join(root, script), "--help"], { env });
      child.stdout.destroy();
      let err = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        err += text;
      });
      const [code] = (await once(child, "close")) as [number | null];
      expect([code, err]).toEqual([0, ""]);
    },
  );

  // All scripts read their options with the same function.
  it.each(["scripts/authorize.ts", "scripts/mutation.ts"])(
    "%s names an unknown option, and the command that lists the options",
    async (script) => {
      const [, help = ""] = scripts.find(([file]) => file === script) ?? [];
      const { code, out, err } = await call(script, "--foo");
      expect([code, out, err]).toEqual([1, "", `Unknown option '--foo'. See \`${help}\`.\n`]);
    },
  );

  it("checks first that the packages are installed", async () => {
    const { scripts: commands } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const unchecked = Object.values(commands).filter((command) => /^node (?!.*check-install)/.test(command));
    expect(unchecked).toEqual([]);
    const folder = temporaryFolder();
    cpSync(join(root, "scripts/check-install.js"), join(folder, "scripts/check-install.mjs"));
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "scripts/check-install.mjs")]);
    expect([status, stderr.toString()]).toEqual([1, "The packages are not installed: run `npm ci`.\n"]);
  });

  it("is tested here", () => {
    const files = filesOf("scripts/*.ts").filter((path) => textOf(path).includes("parseArguments("));
    const { scripts: commands } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const run = Object.values(commands).flatMap((command) => command.match(/\S+\.ts/g) ?? []);
    const tested = scripts.map(([file]) => file);
    expect(
      [...files, ...run].filter((file) => !tested.includes(file) && file !== "scripts/arguments.ts"),
    ).toEqual([]);
  });
});

test.each([
  ["scripts/start.ts", ["--keep", "--organization", "contoso"], "--keep is only for the simulator"],
  ["scripts/authorize.ts", [], "Set --tenant and --client-id. See `npm run authorize -- --help`."],
  ["simulator/main.ts", ["--port", "abc"], "--port abc is not a whole number from 0 to 65535."],
  ["scripts/bench.ts", ["--rounds", "abc"], "--rounds abc is not a whole number from 1 to 1000."],
  ["scripts/faults.ts", ["--runs", "abc"], "--runs abc is not a whole number from 1 to 100000."],
])("%s with %j prints one sentence: %s", async (script, args, words) => {
  const { code, out, err } = await call(script, ...args);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain(words);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
});

test.each([
  [["--ref"], "The option --ref needs a value. See `npm start -- --help`."],
  [["--ref", "--keep"], "The option --ref needs a value. See `npm start -- --help`."],
  [["--keep=1"], "The option --keep takes no value. See `npm start -- --help`."],
  [["43"], "Unexpected argument '43'. See `npm start -- --help`."],
  [["--reff=1"], "Unknown option '--reff': did you mean --ref? See `npm start -- --help`."],
])("readArguments rejects %j: %s", (args, message) => {
  const options = { ref: { type: "string" }, keep: { type: "boolean" } } as const;
  const read = () => readArguments("npm start    runs it", options, args);
  expect(read).toThrow(message);
});

test.each(["-----BEGIN CERTIFICATE-----", "- Build", "-1"])("readArguments accepts the value %j", (value) => {
  const options = { ref: { type: "string" } } as const;
  expect(readArguments("npm start    runs it", options, ["--ref", value])).toEqual({ ref: value });
});

describe("the inputs of npm start", () => {
  const simulatorProject = { organization: "http://127.0.0.1:1/contoso", project: "web" };

  it("are for the simulator if no organization is set", () => {
    expect(isForSimulator({ "pipeline-id": "43" })).toBe(true);
    expect(isForSimulator({ organization: "contoso" })).toBe(false);
    expect(isForSimulator({ url: "https://dev.azure.com/contoso/web/_build?definitionId=1" })).toBe(false);
  });

  it("override the defaults of the demonstration", () => {
    const demo = {
      ...simulatorProject,
      "pipeline-id": "42",
      ref: "main",
      "poll-interval": "1s",
      token: demoToken,
    };
    expect(simulatorInputs({}, simulatorProject)).toEqual(demo);
    expect(simulatorInputs({ "pipeline-id": "43", "poll-interval": "2s" }, simulatorProject)).toEqual({
      ...demo,
      "pipeline-id": "43",
      "poll-interval": "2s",
    });
    const { "pipeline-id": _, ...unnamed } = demo;
    expect(simulatorInputs({ "pipeline-name": "ci" }, simulatorProject)).toEqual({
      ...unnamed,
      "pipeline-name": "ci",
    });
    const { ref: __, ...unreferenced } = unnamed;
    expect(simulatorInputs({ "run-id": "7" }, simulatorProject)).toEqual({ ...unreferenced, "run-id": "7" });
  });

  it("include the environment's token, unless they set another credential", () => {
    expect(withToken({ project: "web" }, "t")).toEqual({ project: "web", token: "t" });
    for (const given of [{ token: "mine" }, { "tenant-id": "x", "client-id": "y" }, { auth: "azure-cli" }])
      expect(withToken(given, "t")).toBe(given);
    expect(withToken({ project: "web" }, undefined)).toEqual({ project: "web" });
  });
});
