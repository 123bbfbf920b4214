import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runAction } from "../../runner-emulator/runner.ts";
import { type WithBlock, workflowInputs } from "../../runner-emulator/workflow-inputs.ts";
import { type PipelineSpec, type Simulator, startSimulator } from "../../simulator/index.ts";
import { textOf } from "../meta/repository.ts";
import { startRunExternally } from "../support/external-client.ts";
import { startGitHubServer, withGitHub } from "../support/github-server.ts";
import { expectFailure, token } from "../support/scenario.ts";

const head = "1f3870be274f6c49b3e31a0c6728957f1f3870be";
const repository = { full_name: "octo/shop", default_branch: "main" };

function pipeline(id: number, smoke: "succeeded" | "failed" = "succeeded"): PipelineSpec {
  return {
    id,
    name: `ci-${id}`,
    repository: {
      type: "GitHub",
      name: "octo/shop",
      defaultBranch: "refs/heads/main",
      branches: { "refs/heads/main": "a".repeat(40), "refs/heads/topic": head },
    },
    stages: [
      { name: "Test", jobs: [{ name: "Smoke", tasks: [{ name: "Run", seconds: 60, result: smoke }] }] },
    ],
  };
}

/** The inputs of the step in an example workflow, for the simulator, with a token instead of OIDC. */
function exampleInputs(file: string, azure: Simulator, runId?: number): Record<string, string> {
  const { jobs } = parse(textOf(`examples/${file}`)) as {
    jobs: Record<string, { steps: { uses?: string; with?: WithBlock }[] }>;
  };
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const step = steps.find(({ uses }) => uses?.includes("/run-azure-pipeline@"));
  const omitted = ["tenant-id", "client-id", "run-id", "timeout"];
  const inputs = Object.entries(workflowInputs(step?.with ?? {}));
  return {
    ...Object.fromEntries(inputs.filter(([name]) => !omitted.includes(name))),
    organization: azure.organization,
    token,
    "poll-interval": "1s",
    ...(runId !== undefined && { "run-id": String(runId) }),
  };
}

const pullRequest = {
  name: "pull_request",
  payload: {
    repository,
    number: 12,
    pull_request: {
      number: 12,
      head: { ref: "topic", sha: head, repo: { full_name: "octo/shop" } },
      base: { ref: "main", sha: "a".repeat(40) },
    },
  },
};

/** What the stage of examples/azure/report-to-github.yml sends. */
const dispatch = (runId: number) => ({
  name: "repository_dispatch",
  payload: { repository, action: "azure-run-completed", client_payload: { run_id: runId } },
});

const schedule = { name: "schedule", payload: { repository, schedule: "23 * * * *" } };

async function startGate(smoke?: "succeeded" | "failed") {
  const github = await startGitHubServer();
  const pipelines = [pipeline(42, smoke), pipeline(7)];
  const azure = await startSimulator({ speed: 0, accepts: () => "yes", pipelines });
  const started = await runAction(
    exampleInputs("gate-start.yml", azure),
    withGitHub(github, { event: pullRequest }),
  );
  expect(started.main.exitCode, started.main.log).toBe(0);
  const runId = Number(started.main.outputs["run-id"]);
  const step = (file: string, event: { name: string; payload: unknown }, id = runId) =>
    runAction({ ...exampleInputs(file, azure, id), timeout: "3s" }, withGitHub(github, { event }));
  return {
    github,
    azure,
    runId,
    step,
    [Symbol.asyncDispose]: async () => {
      await azure.close();
      await github.close();
    },
  };
}

describe.concurrent("a gate without a runner", () => {
  it("opens the check on the head, and closes it there when the run is reported", async () => {
    await using gate = await startGate();
    expect(gate.github.checkRuns).toMatchObject([
      { name: "azure-ci", head_sha: head, status: "in_progress", external_id: String(gate.runId) },
    ]);
    gate.azure.advance(1_000);
    const { main } = await gate.step("gate-close.yml", dispatch(gate.runId));
    expect(main.exitCode, main.log).toBe(0);
    expect(gate.github.checkRuns).toMatchObject([
      { head_sha: head, status: "completed", conclusion: "success" },
    ]);
  });

  it("closes the check as failed when the run has failed, and the closing step fails too", async () => {
    await using gate = await startGate("failed");
    gate.azure.advance(1_000);
    const { main } = await gate.step("gate-close.yml", dispatch(gate.runId));
    expect(main.exitCode, main.log).toBe(1);
    expect(gate.github.checkRuns).toMatchObject([
      { head_sha: head, status: "completed", conclusion: "failure" },
    ]);
  });

  it("does not follow a run of another pipeline, whatever is dispatched", async () => {
    await using gate = await startGate();
    const other = await startRunExternally(gate.azure, 7);
    gate.azure.advance(1_000);
    expectFailure(await gate.step("gate-close.yml", dispatch(other), other), "bad-input");
    expect(gate.github.checkRuns).toMatchObject([{ status: "in_progress" }]);
  });

  it("keeps the check of a running run open in the sweep, and closes it when the run has ended", async () => {
    await using gate = await startGate();
    const running = await gate.step("gate-sweep.yml", schedule);
    expect(running.main.exitCode, running.main.log).toBe(0);
    expect(gate.github.checkRuns).toMatchObject([{ status: "in_progress" }]);
    gate.azure.advance(1_000);
    const ended = await gate.step("gate-sweep.yml", schedule);
    expect(ended.main.exitCode, ended.main.log).toBe(0);
    expect(gate.github.checkRuns).toMatchObject([
      { head_sha: head, status: "completed", conclusion: "success" },
    ]);
  });
});
