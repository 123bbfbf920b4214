/** How a task ends. With a list: one word per attempt, the last one repeats. */
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
  readonly result?: TaskResult | readonly TaskResult[];
  /** The lines between the task's own header and footer; a function for logs too long to keep. */
  readonly log?: readonly string[] | (() => Iterable<string>);
  /** Without any, a failed task gets the usual "exited with code '1'"; an empty list means none. */
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
  /** The agent vanishes half-way: the job fails without a log, what is left is abandoned. */
  readonly agentLost?: boolean;
  /** Stays pending until the run is cancelled. */
  readonly neverGetsAgent?: boolean;
  /** Fails at once, with this issue on the job itself (no parallelism, no such pool). */
  readonly refused?: string;
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
  readonly seconds: number;
  readonly result?: "succeeded" | "failed";
}

export interface StageSpec {
  /** The identifier; `__default` for a pipeline without stages. */
  readonly name: string;
  readonly displayName?: string;
  /** Blank: the stage before. */
  readonly dependsOn?: readonly string[];
  readonly approval?: ApprovalSpec | boolean;
  /** A resource that this pipeline may not use yet; an object names it. */
  readonly authorization?: boolean | { readonly type: string; readonly id: string };
  readonly taskCheck?: TaskCheckSpec;
  readonly condition?: "skipped" | "always";
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

export interface TestsSpec {
  readonly passed: number;
  readonly failed: number;
  readonly notExecuted?: number;
  readonly failedNames?: readonly string[];
}

/** A pipeline, and how each of its runs goes. Times are simulated seconds. */
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
  /** How long a running task takes to give up when the run is cancelled. */
  readonly cancelSeconds?: number;
  readonly disabled?: boolean;
  readonly stages: readonly StageSpec[];
  readonly artifacts?: readonly ArtifactSpec[];
  readonly tests?: TestsSpec;
  readonly finalYaml?: string;
  /** What past runs took, in seconds, latest first. */
  readonly history?: readonly number[];
}
