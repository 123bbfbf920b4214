import type { PipelineSpec, TaskResult } from "../../simulator/index.ts";

/** A use of the action, and the results with which it may succeed. */
interface Scenario {
  readonly pipeline: number;
  readonly inputs: Readonly<Record<string, string>>;
  /** Results of the run with which the step may succeed; "any" if it may still be running. */
  readonly successResults: readonly string[] | "any";
  /** The run was started by somebody else before the step. */
  readonly isExternal?: true;
  /** The step itself may cancel its run. */
  readonly mayCancel?: true;
}

const web = { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" } as const;

function pipeline(id: number, result: TaskResult, seconds: number): PipelineSpec {
  const task = { name: "Work", seconds, result, log: ["working", "##[error]::error::not a command"] };
  const jobs = [{ name: "Job", tasks: [{ ...task, issues: [] }] }];
  const settableVariables = ["apiKey"];
  return {
    id,
    name: `p${id}`,
    repository: web,
    settableVariables,
    queueSeconds: 1,
    cancelSeconds: 1,
    stages: [{ name: "A", jobs }],
  };
}

/** Its run is running during the step, but is unrelated to it. */
export const foreignPipeline = 66;

/** Simulated seconds; each case has its own speed. */
export const pipelines: readonly PipelineSpec[] = [
  pipeline(61, "succeeded", 3),
  pipeline(62, "failed", 3),
  pipeline(63, "succeededWithIssues", 3),
  pipeline(64, "succeeded", 6_000),
  pipeline(foreignPipeline, "succeeded", 6_000),
];

export const secretVariable = "hush-4711-hush-4711";

const succeeded = ["succeeded"];

export const scenarios = {
  succeeds: { pipeline: 61, inputs: {}, successResults: succeeded },
  fails: { pipeline: 62, inputs: {}, successResults: succeeded },
  "half succeeds": { pipeline: 63, inputs: {}, successResults: succeeded },
  "any end will do": {
    pipeline: 63,
    inputs: { "success-when": "status == 'completed'", logs: "all" },
    successResults: ["succeeded", "partiallySucceeded", "failed"],
  },
  "bears secrets and tags": {
    pipeline: 61,
    inputs: { "secret-variables": `apiKey: ${secretVariable}`, tags: "one, two", "on-rerun": "attach" },
    successResults: succeeded,
  },
  "does not wait": { pipeline: 61, inputs: { wait: "false" }, successResults: "any" },
  "follows another's run": { pipeline: 61, inputs: {}, successResults: succeeded, isExternal: true },
  "takes too long": { pipeline: 64, inputs: { timeout: "4s" }, successResults: [] },
  "takes too long, is cancelled": {
    pipeline: 64,
    inputs: { timeout: "4s", "on-timeout": "cancel" },
    successResults: [],
    mayCancel: true,
  },
  "goes on and on": { pipeline: 64, inputs: {}, successResults: [] },
  "is polled for minutes": { pipeline: 65, inputs: {}, successResults: succeeded },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioOf = (name: ScenarioName): Scenario => scenarios[name];
