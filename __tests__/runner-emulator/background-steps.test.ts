import { describe, expect, it } from "vitest";
import { runJob, type StepOutputs, startJob } from "../../runner-emulator/workflow-job.ts";
import { createFakeAction } from "./fake-action.ts";

const graceMs = { interrupt: 100, terminate: 100 };

const quick = createFakeAction({
  main: 'append("OUTPUT", "key=" + env.GITHUB_ACTION + "\\n"); append("ENV", "BY_" + env.GITHUB_ACTION + "=1\\n"); append("STATE", "id=" + env.GITHUB_ACTION + "\\n");',
  post: 'say("post of " + env.STATE_id)',
});

const endless = createFakeAction({
  main: 'process.on("SIGINT", () => process.exit(3)); append("STATE", "id=7\\n"); say(env.GITHUB_ACTION + " is up"); stay();',
  post: 'say("post of " + env.STATE_id)',
});

const ignoresSignals = createFakeAction({
  main: `
    for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => {});
    append("STATE", "pid=" + process.pid + "\\n");
    append("OUTPUT", "pid=" + process.pid + "\\n");
    say("up " + process.pid);
    stay();`,
  post: 'say("state " + env.STATE_pid)',
});

const fails = createFakeAction({ main: "process.exitCode = 1" });

describe("a background step", () => {
  it("passes its outputs and variables to the steps after the wait", async () => {
    const seen: StepOutputs[] = [];
    const see = { run: (steps: StepOutputs) => void seen.push(steps) };
    const printer = createFakeAction({ main: "say(env.BY_first ?? 'unset')" });
    const { conclusion, steps, posts } = await runJob([
      { id: "first", action: quick, with: {}, background: true },
      see,
      { id: "before", action: printer, with: {} },
      { wait: "first" },
      see,
      { id: "after", action: printer, with: {} },
    ]);
    expect(conclusion).toBe("success");
    expect(seen.map(({ first }) => first)).toEqual([undefined, { key: "first" }]);
    expect([steps["before"]?.log, steps["after"]?.log]).toEqual(["unset\n", "1\n"]);
    expect(posts["first"]?.log).toBe("post of first\n");
  });

  it("is waited for at the end of the job if no step waits for it, and post steps run in reverse order", async () => {
    const order: string[] = [];
    const { posts } = await runJob(
      [
        {
          parallel: [
            { id: "a", action: quick, with: {} },
            { id: "b", action: quick, with: {} },
          ],
        },
        { id: "c", action: quick, with: {}, background: true },
      ],
      { onLine: (line) => order.push(line) },
    );
    expect(order).toEqual(["post of c", "post of b", "post of a"]);
    expect(Object.keys(posts)).toEqual(["c", "b", "a"]);
  });

  it("fails the job at the step that waits for it", async () => {
    const { conclusion, steps } = await runJob([
      { id: "bad", action: fails, with: {}, background: true },
      { id: "before", action: quick, with: {} },
      { wait: ["bad"] },
      { id: "after", action: quick, with: {} },
      { id: "report", action: quick, with: {}, if: "failure()" },
    ]);
    expect(conclusion).toBe("failure");
    expect(Object.keys(steps).sort()).toEqual(["bad", "before", "report"]);
  });

  it("is signalled by a cancel step, and does not fail the job", async () => {
    const job = startJob(
      [
        { id: "long", action: endless, with: {}, background: true },
        { run: () => job.waitFor(/long is up/) },
        { cancel: "long" },
        { id: "after", action: quick, with: {} },
      ],
      { graceMs: { interrupt: 5_000, terminate: 100 } },
    );
    await using running = job;
    const { conclusion, steps, posts } = await running.done;
    expect([conclusion, steps["long"]?.result, steps["after"]?.result]).toEqual([
      "success",
      "cancelled",
      "success",
    ]);
    expect(posts["long"]?.log).toBe("post of 7\n");
  });

  it("outlives a cancel step if it ignores the signal, and its post step has no state", async () => {
    const states: boolean[] = [];
    const job = startJob(
      [
        { id: "slow", action: ignoresSignals, with: {}, background: true },
        { run: () => job.waitFor(/up \d+/) },
        { cancel: "slow" },
        {
          run: async ({ slow: outputs }) => {
            const pid = Number((await job.waitFor(/(?<=up )\d+/)) ?? 0);
            states.push(outputs === undefined, process.kill(pid, 0));
          },
        },
      ],
      { graceMs: { interrupt: 100, terminate: 10_000 } },
    );
    await using running = job;
    const { conclusion, steps, posts } = await running.done;
    expect(states).toEqual([true, true]);
    expect(posts["slow"]?.log).toBe("state undefined\n");
    expect([conclusion, steps["slow"]?.result]).toEqual(["success", "cancelled"]);
    expect(() => process.kill(Number(steps["slow"]?.state["pid"]), 0)).toThrow("ESRCH");
  });

  it("is signalled when the job is cancelled whatever its condition, and its post step waits for its end", async () => {
    const job = startJob(
      [
        { id: "always", action: ignoresSignals, with: {}, background: true, if: "always()" },
        { wait: "always" },
        { id: "after", action: quick, with: {} },
      ],
      { graceMs, cancelWhen: /up/ },
    );
    await using running = job;
    const { conclusion, steps, posts } = await running.done;
    expect([conclusion, Object.keys(steps)]).toEqual(["cancelled", ["always"]]);
    expect(steps["always"]).toMatchObject({ result: "cancelled", signal: "SIGKILL" });
    expect(posts["always"]?.log).toBe(`state ${steps["always"]?.state["pid"]}\n`);
  });

  it("keeps its file commands if its output is lost", async () => {
    const action = createFakeAction({ main: 'say("::error::lost"); append("OUTPUT", "result=failed\\n");' });
    const { steps } = await runJob([{ id: "lost", action, with: {}, background: true, outputLost: true }]);
    expect(steps["lost"]).toMatchObject({ log: "", annotations: [], outputs: { result: "failed" } });
  });
});

describe("a composite action", () => {
  it("gives its steps its own github.action, states of their own, and ten errors together", async () => {
    const noisy = createFakeAction({
      inputs: `  key: { default: "\${{ github.action }}" }`,
      main: 'say(...Array(6).fill("::error::" + env.INPUT_KEY)); append("STATE", "id=" + env.GITHUB_ACTION + "\\n")',
      post: 'say("post of " + env.STATE_id)',
    });
    const { steps, posts } = await runJob([
      {
        id: "deploy",
        composite: [
          { id: "a", action: noisy, with: {} },
          { id: "b", action: noisy, with: {} },
        ],
      },
    ]);
    const [a, b] = [steps["deploy/a"], steps["deploy/b"]];
    expect([a?.annotations.length, b?.annotations.length]).toEqual([6, 4]);
    expect(b?.annotations[0]?.message).toBe("deploy");
    expect(Object.values(posts).map(({ log }) => log)).toEqual(["post of deploy\n", "post of deploy\n"]);
  });

  it("logs twice, without a name, that one of its steps has timed out", async () => {
    const { steps } = await runJob(
      [{ id: "deploy", composite: [{ id: "a", action: endless, with: {}, timeoutMinutes: 0.01 }] }],
      { graceMs },
    );
    expect(steps["deploy/a"]?.annotations.map(({ message }) => message)).toEqual([
      "The action has timed out.",
      "The action has timed out.",
    ]);
  });
});
