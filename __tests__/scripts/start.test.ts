import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { isForSimulator, simulatorInputs, withToken } from "../../scripts/start/inputs.ts";
import { demoPipelines, demoToken, startSimulator } from "../../simulator/index.ts";
import { root } from "../meta/repository.ts";

interface Said {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

function call(script: string, ...args: string[]): Promise<Said> {
  // The runner of the tests is at work in there as well, and goes by this variable.
  const env = { ...process.env, VITEST: "", INIT_CWD: temporaryFolder() };
  return new Promise((settle) => {
    execFile(process.execPath, [join(root, script), ...args], { env }, (error, out, err) =>
      settle({ code: error?.code ?? 0, out, err }),
    );
  });
}

describe.concurrent("npm start", () => {
  it("says with what it can be called: every pipeline of the simulator, every input", async () => {
    const { code, out } = await call("scripts/start.ts", "--help");
    expect(code).toBe(0);
    for (const { id } of demoPipelines) expect(out).toMatch(new RegExp(`^ {2}${id} {2}[a-z]`, "m"));
    expect(out).toMatch(/^ {2}--preview {2,}\S/m);
  });

  it("takes inputs for the simulator too, and prints the whole expanded YAML", async () => {
    const { code, out, err } = await call("scripts/start.ts", "--pipeline-id", "43", "--preview");
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/^ {2}final-yaml\n\nstages:\s[\s\S]*^- stage: Production/m);
  });
});

test.each(["start", "bench", "faults", "scale"])("npm run %s says what it does not know", async (script) => {
  const { code, out, err } = await call(`scripts/${script}.ts`, "--foo");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/^Unknown option '--foo'.*\n$/);
  expect(err).toContain(script === "start" ? "npm start -- " : `npm run ${script} -- `);
  expect(err).not.toMatch(/^\s+at /m);
});

test.each([
  ["scripts/start.ts", ["--piepline-id", "1"], "did you mean --pipeline-id?"],
  ["scripts/start.ts", ["--ref"], "--ref"],
  ["scripts/start.ts", ["43"], "Unexpected argument '43'"],
  ["scripts/authorize.ts", ["--client", "x"], "did you mean --client-id?"],
  ["scripts/authorize.ts", [], "Options are missing: --tenant and --client-id."],
  ["simulator/main.ts", ["--port", "abc"], "--port abc is not a number from 0 to 65535."],
  ["simulator/main.ts", ["--speed", "abc"], "--speed abc is not a number"],
])("%s %j is answered in one sentence", async (script, args, words) => {
  const { code, out, err } = await call(script, ...args);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain(words);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
});

test("a port that is in use is named", async () => {
  await using simulator = await startSimulator();
  const { port } = new URL(simulator.url);
  const { code, err } = await call("simulator/main.ts", "--port", port);
  expect([code, err]).toEqual([
    1,
    `Port ${port} is in use: choose another with --port, or any free one with --port 0.\n`,
  ]);
});

describe("the inputs of npm start", () => {
  const place = { organization: "http://127.0.0.1:1/contoso", project: "web" };

  it("go to the simulator where no organization is named", () => {
    expect(isForSimulator({ "pipeline-id": "43" })).toBe(true);
    expect(isForSimulator({ organization: "contoso" })).toBe(false);
    expect(isForSimulator({ url: "https://dev.azure.com/contoso/web/_build?definitionId=1" })).toBe(false);
  });

  it("come before those of the demonstration, and make them give way", () => {
    const demo = { ...place, "pipeline-id": "42", ref: "main", "poll-interval": "1s", token: demoToken };
    expect(simulatorInputs({}, place)).toEqual(demo);
    expect(simulatorInputs({ "pipeline-id": "43", "poll-interval": "2s" }, place)).toEqual({
      ...demo,
      "pipeline-id": "43",
      "poll-interval": "2s",
    });
    const { "pipeline-id": _, ...unnamed } = demo;
    expect(simulatorInputs({ "pipeline-name": "ci" }, place)).toEqual({ ...unnamed, "pipeline-name": "ci" });
    const { ref: __, ...unreferenced } = unnamed;
    expect(simulatorInputs({ "run-id": "7" }, place)).toEqual({ ...unreferenced, "run-id": "7" });
  });

  it("have the environment's token, unless they name a way to sign in", () => {
    expect(withToken({ project: "web" }, "t")).toEqual({ project: "web", token: "t" });
    for (const given of [{ token: "mine" }, { "tenant-id": "x", "client-id": "y" }, { auth: "azure-cli" }])
      expect(withToken(given, "t")).toBe(given);
    expect(withToken({ project: "web" }, undefined)).toEqual({ project: "web" });
  });
});
