/** How a task ends. */
export type TaskResult = "succeeded" | "succeededWithIssues" | "failed" | "skipped";

export interface IssueSpec {
  readonly type: "error" | "warning";
  readonly message: string;
  readonly category?: string | null;
  /** Free-form; `logFileLineNumber` is filled in when the simulator writes the line itself. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface TaskSpec {
  readonly name: string;
  readonly seconds: number;
  /** A list: one result per attempt; the last one repeats. */
  readonly result?: TaskResult | readonly TaskResult[];
  /** A task of an agentless job that ends only when `validate` is called, as ManualValidation does. */
  readonly waitsForValidation?: boolean;
  /** The lines between the task's own header and footer; a function for logs too long to keep; null: the task has no log. */
  readonly log?: readonly string[] | (() => Iterable<string>) | null;
  /** When absent, a failed task gets the usual "exited with code '1'"; an empty list means none. */
  readonly issues?: readonly IssueSpec[];
  /** Runs after a failure or a cancellation too, as `condition: always()` does. */
  readonly always?: boolean;
  readonly refName?: string;
  readonly task?: { readonly id: string; readonly name: string; readonly version: string };
}

export interface JobSpec {
  readonly name: string;
  readonly displayName?: string;
  /** Its condition is false: a Phase record without a Job record. */
  readonly skipped?: boolean;
  /** One Job record for each leg. */
  readonly matrix?: readonly string[];
  /** The agent is lost midway: the job fails (or is abandoned) without a log, its remaining tasks are abandoned. */
  readonly agentLost?: boolean | "abandoned";
  /** Stays pending until the run is cancelled. */
  readonly neverGetsAgent?: boolean;
  /** Fails at once, with this issue on the job itself (no parallelism, no such pool). */
  readonly refused?: string;
  /** No machine can be provisioned: the job is canceled before its first task, with an error on the job itself. */
  readonly notProvisioned?: boolean;
  /** The machine is reclaimed midway: the job has a warning and a log, its tasks have neither. The value is its result. */
  readonly machineTakenAway?: "failed" | "canceled";
  /** The job is canceled after that many simulated minutes; tasks with `always` still run. */
  readonly timeLimitMinutes?: number;
  /** Agentless (`pool: server`): no worker, no log of the job, no steps of an agent. */
  readonly server?: boolean;
  /** How many attempts have the troubles above; later ones run normally. Blank: all attempts. */
  readonly troubledAttempts?: number;
  /** Issues of the job itself, instead of those that the fields above add. */
  readonly issues?: readonly IssueSpec[];
  readonly queueSeconds?: number;
  readonly tasks: readonly TaskSpec[];
}

export interface ApprovalSpec {
  readonly approvers?: readonly string[];
  readonly executionOrder?: "anyOrder" | "inSequence";
  readonly instructions?: string;
  readonly minRequiredApprovers?: number;
}

export interface TaskCheckSpec {
  readonly name?: string;
  readonly seconds: number;
  readonly result?: "succeeded" | "failed";
}

export interface StageSpec {
  /** The identifier; `__default` for a pipeline without stages. */
  readonly name: string;
  readonly displayName?: string;
  /** Blank: the stage before; none for a manual stage. */
  readonly dependsOn?: readonly string[];
  /** The stage waits until somebody starts it; the run completes without it. */
  readonly trigger?: "manual";
  readonly approval?: ApprovalSpec | boolean;
  /** A resource that this pipeline may not use yet; an object names it. */
  readonly authorization?: boolean | { readonly type: string; readonly id: string };
  readonly taskCheck?: TaskCheckSpec | readonly TaskCheckSpec[];
  readonly condition?: "skipped" | "always";
  /** Issues of the stage itself. */
  readonly issues?: readonly IssueSpec[];
  readonly jobs: readonly JobSpec[];
}

export interface RepositorySpec {
  readonly type: "TfsGit" | "GitHub" | "GitHubEnterprise";
  /** `owner/name` for GitHub. */
  readonly name: string;
  readonly url?: string;
  readonly defaultBranch: string;
  /** Full ref to sha. Blank: every full ref exists. */
  readonly branches?: Readonly<Record<string, string>>;
  /** Oldest first. The changes of a run are taken from these. */
  readonly commits?: readonly CommitSpec[];
}

export interface CommitSpec {
  readonly sha: string;
  readonly message: string;
  readonly author?: string;
}

export interface ParameterSpec {
  readonly name: string;
  readonly type?: "string" | "number" | "boolean" | "object";
  readonly values?: readonly string[];
  readonly default?: string;
}

export interface ArtifactSpec {
  readonly name: string;
  readonly kind: "Container" | "PipelineArtifact";
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Published when this stage is over. Blank: the first one. */
  readonly stage?: string;
}

/** The test results of one attempt. */
export interface TestsSpec {
  readonly passed: number;
  readonly failed: number;
  readonly notExecuted?: number;
  /** Further outcomes in PascalCase (`Aborted`, `Timeout`, `Error`, `Inconclusive`, …), with their counts. */
  readonly otherOutcomes?: Readonly<Record<string, number>>;
  readonly failedNames?: readonly string[];
  /** Details of the first failed tests, in order; `name` wins over `failedNames`. */
  readonly failures?: readonly TestFailureSpec[];
  /** How many of the failed tests passed in the run before. Blank: all. */
  readonly newFailures?: number;
  /** Published when this stage is over. Blank: the first one. */
  readonly stage?: string;
}

export interface TestFailureSpec {
  readonly name?: string;
  /** Blank: a default; null: none. */
  readonly errorMessage?: string | null;
  readonly stackTrace?: string | null;
}

export type BuildReason =
  | "manual"
  | "individualCI"
  | "batchedCI"
  | "schedule"
  | "pullRequest"
  | "buildCompletion"
  | "resourceTrigger";

/** A run that Azure DevOps starts itself: for a push, a pull request or a schedule. */
export interface TriggeredRunSpec {
  /** Simulated seconds after the start of the simulator; negative: before it. Blank: 0. */
  readonly afterSeconds?: number;
  /** Blank: `individualCI`. */
  readonly reason?: BuildReason;
  /** Blank: the default branch. */
  readonly ref?: string;
  /** Blank: the head of `ref`. */
  readonly version?: string;
  /** `ci.sourceSha`, `pr.number`, … */
  readonly triggerInfo?: Readonly<Record<string, string>>;
  readonly templateParameters?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** A display name. Blank: the simulator's identity. */
  readonly requestedFor?: string;
  /** The stages of this run. Blank: those of the pipeline. */
  readonly stages?: readonly StageSpec[];
}

/** A timeline record of a type that clients don't know. */
export interface OtherRecordSpec {
  readonly type: string;
  readonly name: string;
  /** The stage that it is below. Blank: none. */
  readonly stage?: string;
  readonly result?: string;
  readonly issues?: readonly IssueSpec[];
}

export type QueueStatus = "enabled" | "paused" | "disabled";

/** A pipeline and what happens in each of its runs. Times are simulated seconds. */
export interface PipelineSpec {
  readonly id: number;
  readonly name: string;
  /** With backslashes; the root is `\`. */
  readonly folder?: string;
  readonly repository: RepositorySpec;
  readonly parameters?: readonly ParameterSpec[];
  /** Blank: none may be set at queue time, as in a pipeline that declares none. */
  readonly settableVariables?: readonly string[];
  readonly queueSeconds?: number;
  /** How long a running task takes to end after the run is cancelled. */
  readonly cancelSeconds?: number;
  readonly disabled?: boolean;
  /** A paused pipeline accepts runs and starts none until `setQueueStatus` enables it. `disabled` is the same as the flag above. */
  readonly queueStatus?: QueueStatus;
  /** Each run is `postponed` for that many seconds before it is queued. */
  readonly postponedSeconds?: number;
  /** Each run has the status `abandoned` from that second on, and ends with it. */
  readonly abandoned?: {
    readonly afterSeconds: number;
    readonly result?: "failed" | "canceled" | "succeeded";
  };
  /** Filters of the list of definitions that miss this pipeline. A name with a leading dot is always missed by `name`. */
  readonly missedBy?: readonly ("name" | "path")[];
  readonly stages: readonly StageSpec[];
  readonly otherRecords?: readonly OtherRecordSpec[];
  /** Runs that Azure DevOps starts itself. */
  readonly triggeredRuns?: readonly TriggeredRunSpec[];
  readonly artifacts?: readonly ArtifactSpec[];
  /** A list: one item per attempt; the last one repeats. Results of earlier attempts stay in the lists. */
  readonly tests?: TestsSpec | readonly TestsSpec[];
  readonly finalYaml?: string;
  /** Durations of past runs, in seconds, latest first. */
  readonly history?: readonly number[];
}
