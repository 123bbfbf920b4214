import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import { createFakeAction, runFakeAction } from "./fake-action.ts";

describe("an emulated step", () => {
  const ignoresSignals = `
    for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => say("got " + name));
    append("STATE", "run=7\\n");
    say("ready");
    stay();`;
  const graceMs = { interrupt: 100, terminate: 300 };
  const post = 'say("post of " + env.STATE_run)';

  it("fails if its exit code is 3, and the post step still runs", async () => {
    const { main, post: after } = await runFakeAction({ main: "process.exitCode = 3", post });
    expect(main).toMatchObject({ exitCode: 3, signal: null, result: "failure" });
    expect(after?.log).toBe("post of undefined\n");
  });

  it("gets SIGINT, SIGTERM and SIGKILL when it is cancelled", async () => {
    const result = await runFakeAction({ main: ignoresSignals, post }, { cancelWhen: /ready/, graceMs });
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

  it("has the result cancelled even if it exits with 0 after the signal", async () => {
    const main = 'process.on("SIGTERM", () => process.exit(0)); say("ready"); stay();';
    const cancelled = await runFakeAction(
      { main },
      { cancelWhen: (log) => log.includes("ready"), signal: "SIGTERM" },
    );
    expect(cancelled.main).toMatchObject({ exitCode: 0, result: "cancelled" });
  });

  it("gets only SIGKILL when it is killed, and keeps its state", async () => {
    const { main, post: after } = await runFakeAction({ main: ignoresSignals, post }, { killWhen: /ready/ });
    expect(main).toMatchObject({ signal: "SIGKILL", result: "failure", log: "ready\n" });
    expect(after?.log).toBe("post of 7\n");
  });

  it("gets no signal in a container, and runs until the post step has ended", async () => {
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

  it("gets no signal as a post step with `always()` when the job is cancelled", async () => {
    const action = createFakeAction({ main: "", post: 'say("post"); setTimeout(() => say("done"), 100)' });
    await using running = startAction({}, { action });
    await running.waitFor(/post/);
    running.cancel();
    const { post: after } = await running.done;
    expect([after?.exitCode, after?.log]).toEqual([0, "post\ndone\n"]);
  });

  it("fails after its timeout-minutes, which main and post each have in full", async () => {
    const { main, post: after } = await runFakeAction(
      { main: ignoresSignals, post: "stay()" },
      { timeoutMinutes: 0.03, graceMs },
    );
    expect([main.result, after?.result]).toEqual(["failure", "failure"]);
    const timeout = "##[error]The action 'ado' has timed out after 0.03 minutes.\n";
    expect([main.log, after?.log]).toEqual([`ready\ngot SIGINT\ngot SIGTERM\n${timeout}`, timeout]);
  });

  it("has the conclusion success with continue-on-error, in main and in post", async () => {
    const fails = "process.exitCode = 1";
    const { main, post: after } = await runFakeAction(
      { main: fails, post: fails, postIf: "success()" },
      { continueOnError: true },
    );
    expect([main.result, main.conclusion]).toEqual(["failure", "success"]);
    expect([after?.result, after?.conclusion]).toEqual(["failure", "success"]);
  });

  it("runs no post step without `post`, after a runner shutdown, or if post-if is false", async () => {
    expect((await runFakeAction({ main: "" })).post).toBeUndefined();
    expect((await runFakeAction({ main: "", post }, { post: false })).post).toBeUndefined();
    expect((await runFakeAction({ main: "", post, postIf: "failure()" })).post).toBeUndefined();
  });

  it("rejects with its log if it runs for longer than timeoutMs", async () => {
    await expect(runFakeAction({ main: ignoresSignals }, { timeoutMs: 300 })).rejects.toThrow(
      /not ended after 300 ms; its log:/,
    );
  });
});

describe("startAction", () => {
  it("lets a test wait for several log lines and act in between", async () => {
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

  it("keeps the workspace after the step", async () => {
    const action = createFakeAction({ main: 'appendFileSync("made.txt", "x")' });
    const { workspace } = await runAction({}, { action });
    expect(existsSync(join(workspace, "made.txt"))).toBe(true);
  });

  it("measures time, and memory where the kernel reports it", async () => {
    const action = createFakeAction({ main: 'say("up"); stay();' });
    await using running = startAction({}, { action });
    await running.waitFor(/up/);
    running.kill();
    const { main } = await running.done;
    expect(main.peakRssKb).toBeGreaterThanOrEqual(0);
    expect(main.millis).toBeGreaterThan(0);
  });
});
