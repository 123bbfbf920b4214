import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import { createFakeAction, runFakeAction } from "./fake-action.ts";

describe("how a step ends", () => {
  const deaf = `
    for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => say("got " + name));
    append("STATE", "run=7\\n");
    say("ready");
    stay();`;
  const graceMs = { interrupt: 100, terminate: 300 };
  const post = 'say("post of " + env.STATE_run)';

  it("fails by its exit code, and the post step follows", async () => {
    const { main, post: after } = await runFakeAction({ main: "process.exitCode = 3", post });
    expect(main).toMatchObject({ exitCode: 3, signal: null, result: "failure" });
    expect(after?.log).toBe("post of undefined\n");
  });

  it("goes through the runner's signals when cancelled", async () => {
    const result = await runFakeAction({ main: deaf, post }, { cancelWhen: /ready/, graceMs });
    expect(result.main).toMatchObject({
      exitCode: null,
      signal: "SIGKILL",
      result: "cancelled",
      state: { run: "7" },
    });
    expect(result.main.log).toBe("ready\ngot SIGINT\ngot SIGTERM\n##[error]The operation was canceled.\n");
    expect(result.main.millis).toBeGreaterThanOrEqual(400);
    expect(result.post).toMatchObject({ log: "post of 7\n", result: "success" });
  });

  it("is cancelled even when it ends well", async () => {
    const main = 'process.on("SIGTERM", () => process.exit(0)); say("ready"); stay();';
    const cancelled = await runFakeAction(
      { main },
      { cancelWhen: (log) => log.includes("ready"), signal: "SIGTERM" },
    );
    expect(cancelled.main).toMatchObject({ exitCode: 0, result: "cancelled" });
  });

  it("dies unheard when killed, its state kept", async () => {
    const { main, post: after } = await runFakeAction({ main: deaf, post }, { killWhen: /ready/ });
    expect(main).toMatchObject({ signal: "SIGKILL", result: "failure", log: "ready\n" });
    expect(after?.log).toBe("post of 7\n");
  });

  it("hears nothing in a container, and lives until the post step is over", async () => {
    const main = `
      process.on("SIGINT", () => say("got SIGINT"));
      append("STATE", "pid=" + process.pid + "\\n");
      say("ready");
      stay();`;
    const result = await runFakeAction(
      { main, post: "process.kill(Number(env.STATE_pid), 0); say('alive')" },
      { cancelWhen: /ready/, container: true },
    );
    expect(result.main).toMatchObject({ exitCode: null, result: "cancelled" });
    expect(result.post?.log).toBe("alive\n");
    expect(() => process.kill(Number(result.main.state["pid"]), 0)).toThrow("ESRCH");
  });

  it("is not signalled where it runs in a cancelled job too: a post step, as a rule", async () => {
    const action = createFakeAction({ main: "", post: 'say("post"); setTimeout(() => say("done"), 100)' });
    await using running = startAction({}, { action });
    await running.waitFor(/post/);
    running.cancel();
    const { post: after } = await running.done;
    expect([after?.exitCode, after?.log]).toEqual([0, "post\ndone\n"]);
  });

  it("fails at its timeout-minutes, main and post each in a window of their own", async () => {
    const { main, post: after } = await runFakeAction(
      { main: deaf, post: "stay()" },
      { timeoutMinutes: 0.01, graceMs },
    );
    expect([main.result, after?.result]).toEqual(["failure", "failure"]);
    const timeout = "##[error]The action 'ado' has timed out after 0.01 minutes.\n";
    expect([main.log, after?.log]).toEqual([`ready\ngot SIGINT\ngot SIGTERM\n${timeout}`, timeout]);
  });

  it("counts as a success with continue-on-error, main and post alike", async () => {
    const fails = "process.exitCode = 1";
    const { main, post: after } = await runFakeAction(
      { main: fails, post: fails, postIf: "success()" },
      { continueOnError: true },
    );
    expect([main.result, main.conclusion]).toEqual(["failure", "success"]);
    expect([after?.result, after?.conclusion]).toEqual(["failure", "success"]);
  });

  it("has no post step when there is none, or the runner is shut down", async () => {
    expect((await runFakeAction({ main: "" })).post).toBeUndefined();
    expect((await runFakeAction({ main: "", post }, { post: false })).post).toBeUndefined();
    expect((await runFakeAction({ main: "", post, postIf: "failure()" })).post).toBeUndefined();
  });

  it("is told with the log when it takes too long", async () => {
    await expect(runFakeAction({ main: deaf }, { timeoutMs: 300 })).rejects.toThrow(
      /not ended after 300 ms; its log:/,
    );
  });
});

describe("startAction", () => {
  it("lets a story have several moments", async () => {
    const main = 'say("one"); process.on("SIGUSR2", () => say("two")); say("pid " + process.pid); stay();';
    const action = createFakeAction({ main, post: 'say("three")' });
    await using running = startAction({}, { action });
    const pid = await running.waitFor(/(?<=pid )\d+(?=\n)/);
    process.kill(Number(pid), "SIGUSR2");
    await running.waitFor(/two/);
    running.cancel();
    await running.waitFor(/three/);
    const { main: ran, post } = await running.done;
    expect(running.log()).toBe(ran.log + post?.log);
    await expect(running.waitFor(/four/)).rejects.toThrow("/four/");
  });

  it("keeps the workspace for the test to look into", async () => {
    const action = createFakeAction({ main: 'appendFileSync("made.txt", "x")' });
    const { workspace } = await runAction({}, { action });
    expect(existsSync(join(workspace, "made.txt"))).toBe(true);
  });

  it("measures memory where the kernel tells", async () => {
    const action = createFakeAction({ main: 'say("up"); stay();' });
    await using running = startAction({}, { action });
    await running.waitFor(/up/);
    running.kill();
    const { main } = await running.done;
    expect(main.peakRssKb).toBeGreaterThanOrEqual(0);
    expect(main.millis).toBeGreaterThan(0);
  });
});
