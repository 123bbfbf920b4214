import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { isForSimulator, simulatorInputs, withToken } from "../../scripts/start/inputs.ts";
import { demoPipelines, demoToken } from "../../simulator/index.ts";
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
    expect(out).toContain("--stop-when");
  });

  it("takes inputs for the simulator too, and prints the whole expanded YAML", async () => {
    const { code, out, err } = await call("scripts/start.ts", "--pipeline-id", "43", "--preview", "true");
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/^ {2}final-yaml\n\nstages:\s[\s\S]*^- stage: Production/m);
  });
});

test.each(["start", "bench", "faults", "scale"])("npm run %s says what it does not know", async (script) => {
  const { code, out, err } = await call(`scripts/${script}.ts`, "--foo");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/^Unknown option '--foo'/);
  expect(err).toContain(script === "start" ? "npm start -- " : `npm run ${script} -- `);
  expect(err).not.toMatch(/^\s+at /m);
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
