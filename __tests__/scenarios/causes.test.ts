import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { type JobSpec, type PipelineSpec, startSimulator } from "../../simulator/index.ts";
import { inputsFor } from "../support/scenario.ts";

const pipeline: PipelineSpec = {
  id: 42,
  name: "ci",
  repository: { type: "GitHub", name: "octo/app", defaultBranch: "refs/heads/main" },
  stages: [],
};

/** Runs a pipeline of one stage with these jobs until it completes. */
async function runJobs(jobs: readonly JobSpec[], inputs: Readonly<Record<string, string>> = {}) {
  const stages = [{ name: "Build", jobs }];
  await using azure = await startSimulator({
    speed: 400,
    accepts: () => "yes",
    pipelines: [{ ...pipeline, stages }],
  });
  const { main } = await runAction(inputsFor(azure, inputs));
  const errors = main.annotations.filter(({ level }) => level === "error").map(({ message }) => message);
  const { causes } = JSON.parse(main.outputs["run"] ?? "");
  return { main, errors, ownError: errors[0] ?? "", causes };
}

describe.concurrent("the causes of a failed run", () => {
  it("have a job's time limit first, then its failed clean-up, and the log of the stalled task is shown", async () => {
    const tasks = [
      { name: "Test", seconds: 300, log: ["waiting for the database"] },
      { name: "Publish", seconds: 1, always: true, result: "failed", issues: [error("Not found Pathto")] },
    ] as const;
    const { main, ownError, causes } = await runJobs([{ name: "Do", timeLimitMinutes: 1, tasks }]);
    expect(main.exitCode).toBe(1);
    expect(ownError).toMatch(
      /^\S+ was canceled in Build › Do: .*ran longer than the maximum time of 1 minutes.* Also failed: Build › Do › Publish\./,
    );
    expect(causes).toMatchObject([
      { stage: "Build", job: "Do", task: null, message: expect.stringContaining("ran longer than") },
      { stage: "Build", job: "Do", task: "Publish", message: "Not found Pathto" },
    ]);
    expect(main.summary).toMatch(/What went wrong\n\n\*\*Build › Do\*\*[\s\S]*ran longer than/);
    expect(main.summary).toMatch(/Log of \[Test]\(http\S+\):[\s\S]*waiting for the database/);
    const [errorText, excerpt] = main.log.split("##[group]⊘ Build › Do › Test: the whole log, ");
    expect(errorText).toContain(ownError);
    expect(excerpt).toContain(" │ waiting for the database");
  });

  it.each<readonly [string, JobSpec, RegExp]>([
    [
      "an agent that did not renew its lock",
      { name: "Do", agentLost: "abandoned", tasks: [] },
      /renew the lock/,
    ],
    ["a deprovisioned machine", { name: "Do", machineTakenAway: "failed", tasks: [] }, /deprovision/],
  ])("include %s: %j: %s", async (_, job, message) => {
    const tasks = [{ name: "long", seconds: 60 }];
    const { main, ownError, causes } = await runJobs([{ ...job, tasks }]);
    expect(main.exitCode).toBe(1);
    expect(ownError).toMatch(message);
    expect(ownError).toMatch(/ in Build › Do: /);
    expect(causes).toEqual([
      { stage: "Build", job: "Do", task: null, message: expect.stringMatching(message) },
    ]);
    expect(main.summary).toMatch(message);
  });

  it("include a job without a machine as well as a failed one", async () => {
    const { main, ownError } = await runJobs([
      { name: "Fails", tasks: [{ name: "x", seconds: 1, result: "failed" }] },
      { name: "Waits", notProvisioned: true, tasks: [{ name: "y", seconds: 1 }] },
    ]);
    expect(ownError).toMatch(/Build › Fails/);
    expect(ownError).toMatch(/Build › Waits/);
    expect(main.summary).toMatch(/provisioning resources/);
    // It has no log.
    expect(main.summary).toContain("**Build › Waits** · [in Azure DevOps](http");
  });

  it("neither list nor count what continueOnError ignored", async () => {
    const { main, ownError, errors, causes } = await runJobs([
      {
        name: "Do",
        tasks: [
          { name: "Lint", seconds: 1, result: "succeededWithIssues", issues: [error("only style")] },
          { name: "Compile", seconds: 1, result: "failed", issues: [error("broken")] },
        ],
      },
    ]);
    expect(ownError).toMatch(/^\S+ failed in Build › Do › Compile: broken\. http/);
    expect(errors).toHaveLength(1);
    expect(causes).toHaveLength(1);
    expect(main.summary).not.toMatch(/and 1 more|Lint\*\*/);
    expect(main.annotations.find(({ message }) => message.endsWith(": only style"))?.level).toBe("warning");
  });
});

describe.concurrent("a step that succeeds", () => {
  it("shows the errors of a task that passed on a retry as warnings", async () => {
    const tasks = [{ name: "Flaky", seconds: 1, issues: [error("first try failed")] }];
    const { main, errors, causes } = await runJobs([{ name: "Do", tasks }]);
    expect([main.exitCode, errors, causes]).toEqual([0, [], []]);
    expect(main.annotations.map(({ level, message }) => [level, message])).toContainEqual([
      "warning",
      "Build › Do › Flaky: first try failed",
    ]);
  });

  it("shows the errors of a run that success-when accepts as warnings", async () => {
    const tasks = [{ name: "Lint", seconds: 1, result: "failed", issues: [error("style")] }] as const;
    const { main, errors } = await runJobs([{ name: "Do", tasks }], { "success-when": "result == 'failed'" });
    expect([main.exitCode, errors]).toEqual([0, []]);
  });
});

function error(message: string) {
  return { type: "error", message } as const;
}
