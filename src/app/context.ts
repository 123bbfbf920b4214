import type { Trigger } from "../core/default-ref.ts";
import type { RunSource } from "../core/report-commit.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import { secretInputs } from "../inputs/fields.ts";
import { type Inputs, readInputs } from "../inputs/inputs.ts";
import type { Clock } from "../lib/time.ts";
import type { ArtifactStore, AzureDevOps, CommitReporter, JobRuns, Runner, SignIn } from "../ports.ts";
import type { CommitReports } from "./commit-report.ts";
import type { Outputs } from "./outputs.ts";
import type { BugReportField } from "./report-error.ts";
import type { FindingsReader } from "./run-findings.ts";
import type { StepState } from "./step-state.ts";
import type { TaskLogs } from "./task-logs.ts";

/** The inputs and dependencies of a use case. */
export interface ActionDeps extends AzureDevOps {
  readonly store: ArtifactStore;
  readonly signIn: SignIn;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly outputs: Outputs;
  readonly stepState: StepState;
  readonly jobRuns: JobRuns;
}

/** The dependencies once a run is being followed. */
export interface TrackingContext {
  readonly inputs: Inputs;
  readonly deps: ActionDeps;
  readonly logs: TaskLogs;
  readonly reports: CommitReports;
  readonly findings: FindingsReader;
  readonly trigger: Workflow["trigger"];
}

/** The environment of the action: the job, the clock, Azure DevOps, and the signal that the job was cancelled. */
export interface Environment {
  readonly runner: Runner;
  readonly clock: Clock;
  readonly input: (name: string) => string;
  readonly connect: (inputs: Inputs) => Connection;
  readonly workflow: Workflow;
  /** The platform of this step, for a bug report. */
  readonly environmentFields: () => readonly BugReportField[];
  readonly signal: AbortSignal;
  /** Saves how the post step can stop this main step. */
  readonly saveLifecycle: () => void;
}

export interface Connection extends AzureDevOps {
  readonly signIn: SignIn;
  readonly store: ArtifactStore;
  readonly jobRuns: JobRuns;
}

/** The facts about the workflow run that the action uses. */
export interface Workflow {
  readonly runId: string;
  readonly attempt: number;
  /** The default of `rerun-key`. */
  readonly stepKey: string;
  readonly trigger: () => Promise<Trigger>;
  /** The head of a merge commit, read from GitHub; `undefined`, with a warning, if it cannot be read. */
  readonly mergedHead: (
    inputs: Inputs,
    mergeCommit: string,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** Check run and commit status, as far as they are requested. */
  readonly commitReporters: (
    inputs: Inputs,
    run: Pick<TrackedRun, "isExternal"> & {
      /** Failures to write are permanent. */
      readonly isLast?: boolean;
      /** `undefined` if there is no run. */
      readonly readSource: ((signal: AbortSignal) => Promise<RunSource>) | undefined;
    },
  ) => Promise<readonly CommitReporter[]>;
}

export interface ActionContext {
  readonly inputs: Inputs;
  readonly deps: ActionDeps;
  readonly workflow: Workflow;
  /** Called as soon as a run is being followed. */
  readonly onTracking: (tracking: TrackingContext) => void;
}

interface InputEnvironment {
  readonly runner: Pick<Runner, "mask">;
  readonly input: (name: string) => string;
}

/** Reads the inputs, after masking the secrets among them. Main and post step mask the same values. */
export async function readMaskedInputs({ runner, input }: InputEnvironment): Promise<Inputs> {
  for (const name of secretInputs) runner.mask(input(name));
  const inputs = await readInputs(input);
  for (const secret of Object.values(inputs.secretVariables ?? {})) runner.mask(secret);
  return inputs;
}
