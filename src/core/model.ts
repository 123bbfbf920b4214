import type { PipelineRepository } from "./default-ref.ts";

/** The state of a run. `postponed` and `canceling` runs have not ended. */
export type RunStatus = "notStarted" | "postponed" | "inProgress" | "canceling" | "completed";

/** How a run ended. Unknown results count as failed. */
export type RunResult = "succeeded" | "partiallySucceeded" | "failed" | "canceled";

export type NodeStatus = "pending" | "inProgress" | "completed";

export type NodeResult =
  | "succeeded"
  | "succeededWithIssues"
  | "failed"
  | "canceled"
  | "skipped"
  | "abandoned"
  /** A manual stage that has not been started, or a stage that depends on one. */
  | "manual";

/** The run at one poll, without its stages. Times are ISO-8601 in UTC, null while unknown. */
export interface RunFacts {
  readonly id: number;
  readonly name: string;
  readonly status: RunStatus;
  readonly result: RunResult | null;
  /** The service's own value, if it is an unknown one. */
  readonly unknownResult: string | undefined;
  readonly url: string;
  readonly pipeline: {
    readonly id: number | null;
    readonly name: string | null;
    readonly folder: string | null;
  };
  readonly source: { readonly ref: string | null; readonly commit: string | null };
  /** `undefined` if the response lacks it. */
  readonly repository: PipelineRepository | undefined;
  /** The head of the pull request whose merge the run builds, if Azure DevOps itself started it for one. */
  readonly prSourceSha: string | undefined;
  /** Missing in some responses. */
  readonly project?: ProjectNames | undefined;
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly requestedBy: string | null;
  /** The pipeline is paused: its queued runs do not start. */
  readonly isPipelinePaused: boolean;
  readonly tags: readonly string[];
  /** Why it could not start at all: for example, YAML that does not compile. */
  readonly problems: readonly string[];
  /** The unchanged response. */
  readonly raw: unknown;
}

export interface Issue {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** Line in the log of the issue's record, from 1. */
  readonly logLine: number | undefined;
  /** Path in the sources that were built, as the tool printed it. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly code: string | undefined;
}

/** One decoded record of the timeline. */
export interface TimelineRecord {
  readonly id: string;
  readonly parentId: string | null;
  /** Stage, Phase, Job, Task, Checkpoint, Checkpoint.Approval …; others are ignored. */
  readonly type: string;
  readonly name: string;
  readonly refName: string | null;
  readonly identifier: string | null;
  readonly status: NodeStatus;
  readonly result: NodeResult | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly order: number | null;
  readonly attempt: number;
  readonly worker: string | null;
  /** The task's name in the catalogue, such as `ManualValidation`; null for other records. */
  readonly taskName: string | null;
  readonly logId: number | null;
  readonly errors: number;
  readonly warnings: number;
  readonly issues: readonly Issue[];
}

/** A run's records by id, at the last poll. */
export type Records = ReadonlyMap<string, TimelineRecord>;

interface DocumentNode {
  readonly name: string;
  readonly displayName: string;
  readonly status: NodeStatus;
  readonly result: NodeResult | null;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface DocumentJob extends DocumentNode {
  readonly worker: string | null;
}

export interface DocumentStage extends DocumentNode {
  readonly jobs: readonly DocumentJob[];
}

export interface PendingCheck {
  readonly kind: "approval" | "authorization" | "check" | "manual-validation" | "delay" | "manual";
  /** The record's id; for an approval it is the approval's id too, for a manual stage the stage's, for a task that waits the task's. */
  readonly id: string;
  /** The stage's name (its identifier). */
  readonly stage: string | null;
  /** The service's display name; null if it has no name. */
  readonly name: string | null;
}

/** Why a run did not succeed. Names are those of `stages` and `jobs`. */
export interface DocumentCause {
  readonly stage: string | null;
  readonly job: string | null;
  readonly task: string | null;
  readonly message: string | null;
}

/** The document that conditions and mappings read, and that the output `run` contains. Public: names are fixed. */
export interface RunDocument {
  readonly id: number;
  readonly name: string;
  readonly status: RunStatus;
  readonly result: RunResult | null;
  /** The highest attempt of its stages. */
  readonly attempt: number;
  readonly url: string;
  readonly pipeline: RunFacts["pipeline"];
  readonly source: RunFacts["source"];
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly queueSeconds: number | null;
  readonly runSeconds: number | null;
  readonly stages: readonly DocumentStage[];
  readonly waitingFor: readonly PendingCheck[];
  readonly causes: readonly DocumentCause[];
  readonly errors: number;
  readonly warnings: number;
  readonly raw: { readonly run: unknown; readonly build: unknown };
}

/** A run that was just started or found. */
export interface StartedRun {
  readonly id: number;
  readonly name: string;
  /** Its page in the browser; `undefined` if the response has no link to it. */
  readonly url: string | undefined;
  readonly pipelineName: string | null;
  readonly ref: string | null;
  readonly commit: string | null;
  /** The response of Run Pipeline or Get Run, without the values of secret variables. */
  readonly raw: unknown;
}

/** Stages and jobs could not be read. */
export interface TimelineUnavailable {
  readonly reason: string;
  /** The next poll would fail in the same way: for example, a permission is missing. */
  readonly isPermanent: boolean;
}

/** A project's name and id in a response; null if missing. */
export interface ProjectNames {
  readonly id: string | null;
  readonly name: string | null;
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Whether a name or GUID can mean this project. Missing values match everything. */
export function matchesProject(nameOrId: string, { id, name }: ProjectNames): boolean {
  const actual = isGuid(nameOrId) ? id : name;
  return actual === null || actual.toLowerCase() === nameOrId.toLowerCase();
}
