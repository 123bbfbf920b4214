import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type RunOptions, runAction, startAction } from "../../runner-emulator/runner.ts";
import { createFakeAction, runFakeAction } from "./fake-action.ts";

async function environmentOf(options: RunOptions = {}): Promise<Record<string, string>> {
  const { main } = await runFakeAction(
    { main: "say(JSON.stringify({ ...env, cwd: process.cwd() }))" },
    options,
  );
  return JSON.parse(main.raw) as Record<string, string>;
}

describe("the environment of an emulated step", () => {
  it("has each input's value, or else its default", async () => {
    const inputs = `
  my-long name: { default: 1.10 }
  token: { default: "\${{ github.token }}" }
  key: { default: "\${{ github.job }}/\${{ strategy.job-index }}/\${{ github.action }}" }
  blank:
  given: { default: x }`;
    const print =
      "say(Object.keys(env).filter((n) => n.startsWith('INPUT_')).map((n) => n + '=' + env[n]).join('\\n'))";
    const { main, post } = await runFakeAction(
      { inputs, main: print, post: print },
      { jobIndex: 3 },
      { GIVEN: "y" },
    );
    const expected =
      "INPUT_MY-LONG_NAME=1.10 INPUT_TOKEN=*** INPUT_KEY=build/3/ado INPUT_BLANK= INPUT_GIVEN=y";
    expect(main.log.trim().split("\n")).toEqual(expected.split(" "));
    expect(post?.log).toBe(main.log);
  });

  it("cannot be created with an input that action.yml lacks, unless allowUnknown is set", async () => {
    const action = createFakeAction({ main: "", inputs: "  organization:" });
    expect(() => startAction({ organisation: "x" }, { action })).toThrow('no input "organisation"');
    const { main } = await runAction({ other: "x" }, { action, allowUnknown: true });
    expect(main.result).toBe("success");
  });

  it("causes a warning in main and in post for an unknown input, with allowUnknown", async () => {
    const action = createFakeAction({ main: "", post: "", inputs: "  organization:\n  project:" });
    const { main, post } = await runAction({ other: "x", PROJECT: "y" }, { action, allowUnknown: true });
    const warning = "Unexpected input(s) 'other', valid inputs are ['organization', 'project']";
    expect([main.annotations, post?.annotations]).toEqual(
      [1, 2].map(() => [{ level: "warning", message: warning }]),
    );
  });

  it("is that of a push, without the variables of the test's own process", async () => {
    const env = await environmentOf();
    const foreign = Object.keys(env).filter((name) => !/^(INPUT|GITHUB|RUNNER)_/.test(name));
    // Node sets this variable itself, for its compile cache.
    expect(foreign.filter((name) => name !== "NODE_COMPILE_CACHE").sort()).toEqual([
      "ACTIONS_CACHE_MODE",
      "ACTIONS_ORCHESTRATION_ID",
      "CI",
      "HOME",
      "PATH",
      "cwd",
    ]);
    expect(env).toMatchObject({
      GITHUB_EVENT_NAME: "push",
      GITHUB_REF_NAME: "main",
      GITHUB_REPOSITORY: "octo/shop",
      GITHUB_RUN_ATTEMPT: "1",
      cwd: env["GITHUB_WORKSPACE"],
    });
    expect(env["GITHUB_SHA"]).toMatch(/^[0-9a-f]{40}$/);
    for (const name of ["OUTPUT", "STATE", "ENV", "PATH", "STEP_SUMMARY", "ARTIFACTS", "ARTIFACTS_LIST"]) {
      expect(existsSync(env[`GITHUB_${name}`] ?? ""), name).toBe(true);
    }
    expect(readFileSync(env["GITHUB_EVENT_PATH"] ?? "", "utf8")).toContain(env["GITHUB_SHA"]);
  });

  it("has Node 20 on Linux ARM32, with a warning in main and in post", async () => {
    const print = "say(process.versions.node + ' ' + typeof Map.groupBy)";
    const { main, post } = await runFakeAction({ main: print, post: print }, { linuxArm32: true });
    const message = "Node 24 is not supported on Linux ARM32 platforms. Falling back to Node 20.";
    for (const step of [main, post]) {
      expect(step?.raw).toBe("20.20.2 undefined\n");
      expect(step?.annotations).toEqual([{ level: "warning", message }]);
    }
  });

  it("is that of a pull request and a second attempt, if the test asks for them", async () => {
    const payload = { pull_request: { number: 7, head: { ref: "fix" }, base: { ref: "main" } } };
    const env = await environmentOf({
      event: { name: "pull_request", payload },
      attempt: 2,
      env: { A: "b" },
    });
    expect(env).toMatchObject({
      GITHUB_REF: "refs/pull/7/merge",
      GITHUB_REF_NAME: "7/merge",
      GITHUB_HEAD_REF: "fix",
      GITHUB_BASE_REF: "main",
      GITHUB_RUN_ATTEMPT: "2",
      A: "b",
    });
  });
});
